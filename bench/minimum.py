"""The least that reading a shop's prices and stock costs, by the way in which the run went.

What the run itself did is never asked: how many operations it started and how often it looked at them, how
many pages it read. By pages it is Shopify's formula over the fields that are owned, at the page size that is
cheapest for each object: 244, the largest before the factor of a connection steps from 10 to 11. In bulk it
is what the design promises: all places of Shopify's are used as long as each operation has enough to read,
and an operation is looked at every ten seconds, and when it has ended.
"""

from __future__ import annotations

import math

from sandbox.store.sandbox import BulkPace

PAGE = 244
# The shop and what the app may do there 6, its locations 14.
FACTS = 20
# How many products and variants there are: a mirror that was read before knows it well enough.
COUNTS = 20
# The lowest and the highest id of a kind that is cut: a mirror that was read before knows them, too.
EXTREMES = 6
_OPERATION = 10
# Where Shopify stops counting: nobody knows of more before a mirror was read.
_COUNTED = 25_001
_PLACES = 5
_WORTH_AN_OPERATION = 10_000
_SECONDS_BETWEEN_LOOKS = 10.0


def by_pages(products: int, variants: int, *, mirrored: bool) -> int:
    return _facts(mirrored) + _product_pages(products) + _variant_pages(variants)


def in_bulk(products: int, variants: int, *, mirrored: bool) -> int:
    return _facts(mirrored) + _operations({"products": products, "variants": variants}, mirrored)


def mixed(products: int, variants: int, *, mirrored: bool) -> int:
    """Products by pages, variants in bulk."""
    return _facts(mirrored) + _product_pages(products) + _operations({"variants": variants}, mirrored)


def _product_pages(products: int) -> int:
    """Of ids."""
    return math.ceil(products / PAGE) * _connection(0)


def _variant_pages(variants: int) -> int:
    """With product, inventory item and its level at one location."""
    item_and_level = 3
    return math.ceil(variants / PAGE) * _connection(1 + item_and_level)


def _operations(objects: dict[str, int], mirrored: bool) -> int:
    """Each as a mutation; one look tells of all of them."""
    known = {kind: number if mirrored else min(number, _COUNTED) for kind, number in objects.items()}
    worth = {kind: max(1, number // _WORTH_AN_OPERATION) for kind, number in known.items()}
    places = min(_PLACES, sum(worth.values()))
    others = len(objects) - 1
    largest = max(objects, key=lambda kind: objects[kind])
    longest = objects[largest] / min(worth[largest], places - others)
    pace = BulkPace()
    seconds = pace.start_delay_seconds + longest / pace.objects_per_second
    looks = 1 + math.floor(seconds / _SECONDS_BETWEEN_LOOKS)
    cut = 0 if mirrored else sum(number > 1 for number in worth.values())
    return _OPERATION * places + looks + EXTREMES * cut


def _facts(mirrored: bool) -> int:
    return FACTS if mirrored else FACTS + COUNTS


def _connection(children: int) -> int:
    return 2 + math.floor(2 * math.log(PAGE)) * (1 + children)
