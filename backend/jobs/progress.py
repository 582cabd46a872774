"""How far a job is and when it will be done."""

from datetime import datetime, timedelta

# Before this many seconds a measured rate says little.
_WARM_UP = 1.0
# What is later than expected is expected to take so much longer, at least.
_LATE = 0.1
_AT_LEAST = 1.0


def eta(
    done: int, total: int | None, started: datetime, now: datetime, expected: float | None = None
) -> datetime | None:
    """When the phase begun at `started` ends; None while nobody knows.

    `expected` is how many seconds it was estimated to take as a whole: that counts from the first second. The
    rate measured so far takes its place, the more of the work is done.
    """
    elapsed = max(0.0, (now - started).total_seconds())
    measured: float | None = None
    share = 0.0
    if total and done > 0 and elapsed >= _WARM_UP:
        share = min(1.0, done / total)
        measured = elapsed * (1 - share) / share
    if expected is None:
        return None if measured is None else now + timedelta(seconds=measured)
    estimated = max(expected - elapsed, elapsed * _LATE, _AT_LEAST)
    left = estimated if measured is None else share * measured + (1 - share) * estimated
    return now + timedelta(seconds=left)
