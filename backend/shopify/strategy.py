"""By pages or in bulk? Estimated before a whole catalogue is read, by what Shopify charges and by measured
rates."""

import math
from dataclasses import dataclass
from enum import StrEnum

from backend.shopify.bucket import KEPT_FOR_PEOPLE, ThrottleStatus
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
BULK_START_SECONDS = 5.0
# What a shop's answers are expected to hold beside products and variants, before anything is known.
MEDIA_PER_PRODUCT = 3
METAFIELDS_PER_PRODUCT = 2
# The smallest plan's bucket, while Shopify has told nothing.
STANDARD = ThrottleStatus(maximum=2000, available=2000, rate=100)


class Kind(StrEnum):
    PAGES = "PAGES"
    BULK = "BULK"


@dataclass(frozen=True, slots=True)
class Strategy:
    """`points` and `calls` are Shopify's, `seconds` the time it takes when nobody else spends points."""

    kind: Kind
    seconds: float
    points: int
    calls: int


def estimate(
    counts: Counts,
    wanted: Wanted,
    status: ThrottleStatus | None,
    bulk_rate: float = BULK_OBJECTS_PER_SECOND,
) -> Strategy:
    """The faster of the two; pages where they are as fast, since they show progress from the first second.

    `bulk_rate` is objects per second of one bulk operation, as measured in this shop before.
    """
    pages, bulk = by_pages(counts, wanted, status), in_bulk(counts, wanted, bulk_rate)
    return bulk if bulk.seconds < pages.seconds else pages


def by_pages(counts: Counts, wanted: Wanted, status: ThrottleStatus | None) -> Strategy:
    bucket = status or STANDARD
    sizes = Sizes()
    product_pages = max(1, math.ceil(counts.products / sizes.page))
    variant_pages = max(1, math.ceil(counts.variants / sizes.page))
    points = product_pages * page_cost("Products", wanted) + variant_pages * page_cost("Variants", wanted)
    calls = product_pages + variant_pages
    free = max(0.0, bucket.available - KEPT_FOR_PEOPLE * bucket.maximum)
    seconds = max(calls * PAGE_SECONDS, (points - free) / bucket.rate)
    return Strategy(Kind.PAGES, seconds, points, calls)


def in_bulk(counts: Counts, wanted: Wanted, rate: float = BULK_OBJECTS_PER_SECOND) -> Strategy:
    """The operations run at the same time; the one with most objects decides."""
    media = MEDIA_PER_PRODUCT if wanted.owns(DetailField.MEDIA) else 0
    metafields = METAFIELDS_PER_PRODUCT if wanted.owns(DetailField.METAFIELDS) else 0
    per_variant = 1 + int(wanted.owns(DetailField.VARIANT_MEDIA))
    operations = [counts.products * (1 + media + metafields), counts.variants * per_variant]
    if wanted.reads_items:
        operations.append(counts.variants * 3)
    seconds = BULK_START_SECONDS + max(operations) / rate
    polls = len(operations) * (1 + math.ceil(seconds / 10))
    return Strategy(Kind.BULK, seconds, len(operations) * MUTATION + polls, calls=len(operations) * 2 + polls)


def page_cost(name: str, wanted: Wanted) -> int:
    """The points of one full page of Products or Variants."""
    rendered = document(name, wanted.flags(), len(wanted.named_locations))
    return requested(rendered, Sizes().variables())
