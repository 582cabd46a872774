"""How far a job is and when it will be done."""

from datetime import datetime, timedelta

# Before this many seconds a measured rate says little.
_WARM_UP = 1.0


def eta(done: int, total: int | None, started: datetime, now: datetime) -> datetime | None:
    """When the phase begun at `started` ends, at the rate measured so far; None while that is a guess."""
    elapsed = (now - started).total_seconds()
    if not total or done <= 0 or elapsed < _WARM_UP:
        return None
    remaining = max(0, total - done)
    return now + timedelta(seconds=elapsed * remaining / done)
