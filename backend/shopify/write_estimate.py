"""What is left to write, in points and seconds: from the number of changes of each sort and the bucket. Pure.

The mutations and their costs are those of `backend.shopify.writer`.
"""

import math
from dataclasses import dataclass

from backend.shopify.bucket import KEPT_FOR_PEOPLE, ThrottleStatus
from backend.shopify.cost import MUTATION
from backend.shopify.creation_plan import (
    SIDE_BY_SIDE,
    SIZES,
    BatchSizes,
    bulk_share,
    pace,
)
from backend.shopify.creation_plan import seconds as creation_seconds
from backend.shopify.strategy import STANDARD

_CALL_SECONDS = 0.3
_ARRAY = 250
_METAFIELDS = 25
# Uploading and starting a bulk operation for creating and one for publishing, and some looks at them.
_BULK_POINTS = 2 * (11 + MUTATION) + 10


@dataclass(frozen=True, slots=True)
class ToCreate:
    """Products that do not exist yet, and what they bring in all; `published` of them are published."""

    products: int = 0
    variants: int = 0
    media: int = 0
    metafields: int = 0
    published: int = 0

    @property
    def points(self) -> float:
        """Of single creations. shopify.dev, productSet: 0.2 a variant, 1.9 a file, 0.4 a metafield, the
        origin among them."""
        return (
            MUTATION * (self.products + self.published)
            + 0.2 * self.variants
            + 1.9 * self.media
            + 0.4 * (self.metafields + self.products)
        )


@dataclass(frozen=True, slots=True)
class ToWrite:
    """`levels` are stock levels, `products` those with values of their own; `variants` are written or made by
    `variant_calls` calls; `metafields` belong to `owners`; `others` are changes that take a call each."""

    levels: int = 0
    products: int = 0
    variants: int = 0
    variant_calls: int = 0
    metafields: int = 0
    owners: int = 0
    others: int = 0
    create: ToCreate = ToCreate()


@dataclass(frozen=True, slots=True)
class WriteEstimate:
    points: int
    seconds: int


def writing(
    left: ToWrite,
    status: ThrottleStatus | None,
    lines_per_second: float | None = None,
    sizes: BatchSizes = SIZES,
) -> WriteEstimate:
    """`status` is the bucket as it is now, `lines_per_second` the measured pace of a bulk creation."""
    bucket = status or STANDARD
    calls = (
        math.ceil(left.levels / _ARRAY)
        + left.products
        + left.variant_calls
        + math.ceil(left.metafields / _METAFIELDS)
        + left.others
    )
    # metafieldsSet costs 4 a product and 2 a variant besides; whose they are does not matter here.
    points = MUTATION * calls + 0.2 * left.variants + 3 * left.owners
    free = max(0.0, bucket.available - KEPT_FOR_PEOPLE * bucket.maximum)
    seconds = max(calls * _CALL_SECONDS / SIDE_BY_SIDE, (points - free) / bucket.rate, 0.0)
    create = left.create
    if create.products:
        at = pace(create.points / create.products, bucket, lines_per_second)
        share = bulk_share(create.products, at, sizes)
        batches = math.ceil(create.products * share / sizes.most)
        points += create.points * (1 - share) + batches * _BULK_POINTS
        unspent = max(0.0, free - MUTATION * calls) / bucket.rate
        seconds += max(0.0, creation_seconds(create.products, at, sizes) - unspent)
    return WriteEstimate(math.ceil(points), math.ceil(seconds))
