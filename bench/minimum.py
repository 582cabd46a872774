"""The least that reading a shop's prices and stock costs, by the strategy that the run took.

By pages it is Shopify's formula over the fields that are owned, at the page size that is cheapest for each
object: 244, the largest before the factor of a connection steps from 10 to 11.
"""

from __future__ import annotations

import math

from sandbox.web.traffic import Count

PAGE = 244
# The shop and what the app may do there 6, its locations 14.
FACTS = 20
# How many products and variants there are: a mirror that was read before knows it well enough.
COUNTS = 20
_OPERATION = 10
_FACTS_ASKED = frozenset(
    {"currentAppInstallation", "location", "locations", "productVariantsCount", "productsCount", "shop"}
)


def by_pages(products: int, variants: int, *, mirrored: bool) -> int:
    """Ids of products, then variants with product, inventory item and its level at one location."""
    item_and_level = 3
    return (
        _facts(mirrored)
        + math.ceil(products / PAGE) * _connection(0)
        + math.ceil(variants / PAGE) * _connection(1 + item_and_level)
    )


def in_bulk(count: Count, *, mirrored: bool) -> int:
    """Each operation as a mutation, and a point for each look at it."""
    started = count.mutations["bulkOperationRunQuery"]
    looks = sum(number for name, number in count.queries.items() if name not in _FACTS_ASKED)
    return _facts(mirrored) + _OPERATION * started + looks


def mixed(count: Count, *, mirrored: bool) -> int:
    """Products by pages, variants in bulk: what is asked for as a page costs what a page does."""
    return in_bulk(count, mirrored=mirrored) + count.queries["products"] * (_connection(0) - 1)


def _facts(mirrored: bool) -> int:
    return FACTS if mirrored else FACTS + COUNTS


def _connection(children: int) -> int:
    return 2 + math.floor(2 * math.log(PAGE)) * (1 + children)
