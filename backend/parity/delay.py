"""How long a change took from where it happened to where it belongs, as measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.database import connection, rows
from backend.sync.fields import Lane

WINDOW = timedelta(hours=24)

# Of live jobs alone: a full sync brings what was left lying, however old. Two clocks are compared, so a
# change may seem to arrive before it happened.
_DELAYS = """
WITH measured AS (
    SELECT c.connection_id, c.lane, c.action = 'BOOK' AS booked,
           greatest(0, extract(epoch FROM c.applied_at - c.happened_at)) AS seconds
    FROM change c JOIN job j ON j.id = c.job_id AND j.kind = 'LIVE'
    WHERE c.connection_id = ANY($1::uuid[]) AND c.lane = ANY($3::text[]) AND c.applied_at > $2
      AND c.happened_at IS NOT NULL AND c.state IN ('APPLIED', 'UNDONE')
)
SELECT connection_id AS key, lane, booked, count(*) AS number,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS p95
FROM measured GROUP BY connection_id, lane, booked
"""
_ORDER = {lane: rank for rank, lane in enumerate(Lane)}


@dataclass(frozen=True, slots=True)
class Delay:
    """`median` and `p95` are in seconds, over `count` changes of the lane that were applied since `since`.
    `booked` are those the other way round: from a dependent's sale until main knew of it."""

    lane: Lane
    median: float
    p95: float
    count: int
    since: datetime
    booked: bool = False


def window(now: datetime) -> datetime:
    """Since when is measured; by whole minutes, so that all that one answer tells is of the same time."""
    return (now - WINDOW).replace(second=0, microsecond=0)


async def delays_of(connections: Sequence[UUID], since: datetime) -> dict[UUID, list[Delay]]:
    """By connection, in the order of the lanes and in one statement; a lane in which nothing was applied is
    absent."""
    found: dict[UUID, list[Delay]] = {}
    for row in await rows(
        connection(), _DELAYS, list(connections), since, sorted(lane.value for lane in Lane)
    ):
        lane, number = Lane(row["lane"]), int(row["number"])
        delay = Delay(lane, float(row["median"]), float(row["p95"]), number, since, row["booked"])
        found.setdefault(row["key"], []).append(delay)
    return {
        key: sorted(each, key=lambda delay: (_ORDER[delay.lane], delay.booked)) for key, each in found.items()
    }


def oversell_window(delays: Sequence[Delay]) -> float | None:
    """In seconds: of twenty quantities, nineteen were right everywhere within this time. Until then two shops
    can sell the same last piece. The longer of the two ways counts: many short ones in one direction must not
    hide the long ones in the other. None where no quantity was applied."""
    return max((each.p95 for each in delays if each.lane is Lane.STOCK), default=None)
