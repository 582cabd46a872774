"""Creating many products: one by one, or in bulk beside? Pure.

Single creations cost points, bulk ones do not, so both run at the same time from opposite ends: what decides
is only whether an operation, with all the time it takes to start, is through before the single ones would
have done its share.
"""

import math
from dataclasses import dataclass

from backend.shopify.bucket import ThrottleStatus
from backend.shopify.bulk_slices import AT_ONCE, START_SECONDS
from backend.shopify.strategy import STANDARD

# Nobody publishes how fast bulk mutations run; a careful guess until this shop has told.
LINES_PER_SECOND = 5.0
# A creation and its publishing, some of them side by side.
CALL_SECONDS = 0.6
SIDE_BY_SIDE = 6


@dataclass(frozen=True, slots=True)
class BatchSizes:
    """Lines of an operation: with fewer than `fewest` it is not worth its start, with more than `most` it is
    late with what it could tell. `start_seconds` is what it takes before it does anything."""

    fewest: int = 50
    most: int = 250
    start_seconds: float = START_SECONDS


SIZES = BatchSizes()


@dataclass(frozen=True, slots=True)
class Pace:
    """Products a second: by single creations, and by one bulk operation."""

    singles: float
    lines: float


def pace(points: float, status: ThrottleStatus | None, lines_per_second: float | None = None) -> Pace:
    """`points` is what one single creation costs, with its publishing. What the bucket holds now is spent
    soon; what counts for many is its rate."""
    rate = (status or STANDARD).rate
    singles = min(SIDE_BY_SIDE / CALL_SECONDS, rate / max(1.0, points))
    return Pace(singles, lines_per_second or LINES_PER_SECOND)


def next_lines(left: int, free_places: int, at: Pace, sizes: BatchSizes = SIZES) -> int:
    """How many of the `left` creations that nobody has begun the next operation takes; 0 where single ones
    are sooner through with all of them."""
    if free_places <= 0:
        return 0
    # While the operation runs, single creations go on from the other end: what they do is theirs.
    lines = min(sizes.most, math.ceil(left / (free_places + 1)))
    meanwhile = at.singles * (sizes.start_seconds + lines / at.lines)
    lines = min(lines, math.floor(left - meanwhile))
    return lines if lines >= sizes.fewest else 0


def seconds(left: int, at: Pace, sizes: BatchSizes = SIZES) -> float:
    """How long `left` creations take, by both ways at once where that is sooner."""
    alone = left / at.singles
    if next_lines(left, AT_ONCE, at, sizes) == 0:
        return alone
    return min(alone, sizes.start_seconds + left / (at.singles + AT_ONCE * at.lines))


def bulk_share(left: int, at: Pace, sizes: BatchSizes = SIZES) -> float:
    """What part of `left` creations bulk operations take."""
    if next_lines(left, AT_ONCE, at, sizes) == 0:
        return 0.0
    bulk = AT_ONCE * at.lines
    return bulk / (bulk + at.singles)
