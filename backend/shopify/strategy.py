"""By pages, in bulk, or some of each? Estimated before a whole catalogue is read: by what Shopify charges, by
the bucket as it is now, and by how fast this shop's bulk operations were.

Products and variants are read side by side, so each may go its own way: products with many details cost
points where their variants cost few, and the other way round.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product as pairs

from backend.shopify.bucket import KEPT_FOR_PEOPLE, ThrottleStatus
from backend.shopify.bulk_operation import poll_delay
from backend.shopify.bulk_slices import LIMITS, BulkKind, SliceLimits, longest, slice_counts
from backend.shopify.connections import Sizes
from backend.shopify.cost import MUTATION, requested
from backend.shopify.documents import document
from backend.shopify.pages import Counts
from backend.shopify.wanted import Wanted
from backend.sync.settings import DetailField

# A page's round trip when points are no limit.
PAGE_SECONDS = 0.3
# Recorded bulk queries ran at 232 to 2,700 objects a second; this is a cautious middle.
BULK_OBJECTS_PER_SECOND = 600.0
# The lowest and the highest id, asked for where a kind is cut into slices.
EXTREMES_POINTS = 6
# What a shop's answers are expected to hold beside products and variants, before anything is known.
MEDIA_PER_PRODUCT = 3
METAFIELDS_PER_PRODUCT = 2
# Ways whose times are so close to the fastest's are as fast: no estimate is better than that.
AS_FAST = 1.25
AS_FAST_SECONDS = 2.0
AS_CHEAP = 1.1
# The smallest plan's bucket, while Shopify has told nothing.
STANDARD = ThrottleStatus(maximum=2000, available=2000, rate=100)

_STREAMS = (BulkKind.PRODUCTS, BulkKind.VARIANTS)


class Kind(StrEnum):
    PAGES = "PAGES"
    BULK = "BULK"
    MIXED = "BULK+PAGES"


@dataclass(frozen=True, slots=True)
class Strategy:
    """`bulk` are the kinds read in bulk, the others are read by pages. `points` and `calls` are Shopify's,
    `seconds` the time it takes when nobody else spends points."""

    bulk: frozenset[BulkKind]
    seconds: float
    points: int
    calls: int

    @property
    def kind(self) -> Kind:
        if not self.bulk:
            return Kind.PAGES
        return Kind.BULK if self.bulk.issuperset(_STREAMS) else Kind.MIXED


def estimate(
    counts: Counts,
    wanted: Wanted,
    status: ThrottleStatus | None,
    bulk_rate: float = BULK_OBJECTS_PER_SECOND,
    limits: SliceLimits = LIMITS,
) -> Strategy:
    """The fastest way; of those that are about as fast, the one that costs the fewest points, which others
    can use meanwhile; of those that cost about as little, the one with the least in bulk, since pages show
    progress from the first second.

    `bulk_rate` is objects per second of one bulk operation, as measured in this shop before.
    """
    ways = every_way(counts, wanted, status, bulk_rate, limits)
    fastest = min(each.seconds for each in ways)
    bearable = max(fastest * AS_FAST, fastest + AS_FAST_SECONDS)
    as_fast = [each for each in ways if each.seconds <= bearable]
    cheap = min(each.points for each in as_fast) * AS_CHEAP
    return min(
        (each for each in as_fast if each.points <= cheap),
        key=lambda each: (len(each.bulk), each.points, each.seconds),
    )


def every_way(
    counts: Counts,
    wanted: Wanted,
    status: ThrottleStatus | None,
    bulk_rate: float = BULK_OBJECTS_PER_SECOND,
    limits: SliceLimits = LIMITS,
) -> tuple[Strategy, ...]:
    """Both streams by pages, both in bulk, or one of them."""
    found = []
    for choice in pairs((False, True), repeat=len(_STREAMS)):
        in_bulk = frozenset(kind for kind, chosen in zip(_STREAMS, choice, strict=True) if chosen)
        found.append(_way(in_bulk, counts, wanted, status or STANDARD, bulk_rate, limits))
    return tuple(found)


def by_pages(counts: Counts, wanted: Wanted, status: ThrottleStatus | None) -> Strategy:
    return _way(frozenset(), counts, wanted, status or STANDARD, BULK_OBJECTS_PER_SECOND, LIMITS)


def in_bulk(
    counts: Counts,
    wanted: Wanted,
    rate: float = BULK_OBJECTS_PER_SECOND,
    limits: SliceLimits = LIMITS,
) -> Strategy:
    return _way(frozenset(_STREAMS), counts, wanted, STANDARD, rate, limits)


def bulk_objects(counts: Counts, wanted: Wanted, bulk: frozenset[BulkKind]) -> dict[BulkKind, int]:
    """How many objects the operations of each kind are expected to bring. Stock everywhere, which variants in
    bulk leave out, has operations of its own."""
    media = MEDIA_PER_PRODUCT if wanted.owns(DetailField.MEDIA) else 0
    metafields = METAFIELDS_PER_PRODUCT if wanted.owns(DetailField.METAFIELDS) else 0
    objects: dict[BulkKind, int] = {}
    if BulkKind.PRODUCTS in bulk:
        objects[BulkKind.PRODUCTS] = counts.products * (1 + media + metafields)
    if BulkKind.VARIANTS in bulk:
        objects[BulkKind.VARIANTS] = counts.variants * (1 + int(wanted.owns(DetailField.VARIANT_MEDIA)))
        if wanted.reads_items:
            objects[BulkKind.ITEMS] = counts.variants * 3
    return objects


def page_cost(name: str, wanted: Wanted) -> int:
    """The points of one full page of Products or Variants."""
    rendered = document(name, wanted.flags(), len(wanted.named_locations))
    return requested(rendered, Sizes().variables())


def _way(
    bulk: frozenset[BulkKind],
    counts: Counts,
    wanted: Wanted,
    bucket: ThrottleStatus,
    rate: float,
    limits: SliceLimits,
) -> Strategy:
    """Streams run at the same time; the slowest decides, and all pages share one bucket."""
    pages: list[int] = []
    points = 0
    for kind, name, number in (
        (BulkKind.PRODUCTS, "Products", counts.products),
        (BulkKind.VARIANTS, "Variants", counts.variants),
    ):
        if kind not in bulk:
            pages.append(max(1, math.ceil(number / Sizes().page)))
            points += pages[-1] * page_cost(name, wanted)
    free = max(0.0, bucket.available - KEPT_FOR_PEOPLE * bucket.maximum)
    seconds = max(max(pages, default=0) * PAGE_SECONDS, (points - free) / bucket.rate if pages else 0.0)
    calls = sum(pages)
    objects = bulk_objects(counts, wanted, bulk)
    if objects:
        running, operations, looks = _bulk(objects, rate, limits)
        seconds = max(seconds, running)
        sliced = sum(1 for number in slice_counts(objects, limits).values() if number > 1)
        points += operations * MUTATION + looks + sliced * EXTREMES_POINTS
        calls += operations * 2 + looks + sliced
    return Strategy(bulk, seconds, points, calls)


def _bulk(objects: Mapping[BulkKind, int], rate: float, limits: SliceLimits) -> tuple[float, int, int]:
    """(seconds, operations, looks at them)"""
    seconds = limits.start_seconds + longest(objects, limits) / rate
    looks, at = 1, 0.0
    while at < seconds and looks < 1_000:
        at += poll_delay(at, seconds)
        looks += 1
    return seconds, sum(slice_counts(objects, limits).values()), looks
