"""The least that reading a shop's prices and stock costs, by the strategy that the run took.

By pages it is Shopify's formula over the fields that are owned, at the page size that is cheapest for each
object: 244, the largest before the factor of a connection steps from 10 to 11.
"""

from __future__ import annotations

import math

from sandbox.web.traffic import Count

PAGE = 244
# The shop, its locations, what the app may do and how many products and variants there are.
FACTS = 20
_OPERATION = 10
_FACTS_ASKED = frozenset(
    {"currentAppInstallation", "location", "locations", "productVariantsCount", "productsCount", "shop"}
)


def by_pages(products: int, variants: int) -> int:
    """Ids of products, then variants with product, inventory item and its level at one location."""
    item_and_level = 3
    return (
        FACTS
        + math.ceil(products / PAGE) * _connection(0)
        + math.ceil(variants / PAGE) * _connection(1 + item_and_level)
    )


def in_bulk(count: Count) -> int:
    """Each operation as a mutation, and a point for each look at it."""
    started = count.mutations["bulkOperationRunQuery"]
    looks = sum(number for name, number in count.queries.items() if name not in _FACTS_ASKED)
    return FACTS + _OPERATION * started + looks


def _connection(children: int) -> int:
    return 2 + math.floor(2 * math.log(PAGE)) * (1 + children)
