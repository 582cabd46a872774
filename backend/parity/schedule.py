"""When links are checked: every one within a day, a few at a time, at a small share of what Shopify lets the
app read."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, rows
from backend.jobs.queue import Queue, enqueue, transaction
from backend.models.job import Job, JobKind, Trigger
from backend.models.link import ProductLink
from backend.parity.check import MARKED
from backend.parity.record import tidy

# Run so often, by one scheduler at a time.
EVERY = timedelta(minutes=1)
# A link comes up again after so long, which leaves hours to get through all of them within the day.
CHECK_AGAIN = timedelta(hours=18)
# Of the points that a shop's bucket gets back in the time between two runs; the larger share where there are
# so many links that the day would be over first. The rate is the one of Shopify's smallest plan, in points
# per second: who has more is checked no more often, and pays less of it.
SHARE_OF_POINTS, LARGEST_SHARE = 0.05, 0.2
SMALLEST_RATE = 100.0
# What a product costs before any was checked, and the bounds of one run.
USUAL_POINTS = 6.0
FEWEST, MOST = 10, 250

# The others may begin when main has been read for the first of them.
_AFTER_MAIN = timedelta(seconds=10)
_KEPT = timedelta(days=1)

_ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('parity', 0)) AS mine"
# Not while all is read anyway; a sync that waits for a grace to end is far away.
_READY = """
SELECT c.id, c.main_id, coalesce(oldest.at <= $1, false) AS due
FROM connection c
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM product_link l WHERE l.connection_id = c.id AND l.checked_at IS NULL)
        THEN '-infinity'::timestamptz
        ELSE (SELECT min(l.checked_at) FROM product_link l WHERE l.connection_id = c.id)
    END AS at
) AS oldest
WHERE c.state = 'ACTIVE' AND c.settings_version IS NOT NULL
  AND NOT EXISTS (
    SELECT 1 FROM job j
    WHERE j.connection_id = c.id AND j.kind IN ('CHECK', 'SYNC_ALL', 'REPAIR')
      AND j.state IN ('QUEUED', 'RUNNING', 'WAITING', 'CANCELING')
      AND NOT (j.state = 'QUEUED' AND j.next_run_at > $2)
  )
ORDER BY oldest.at, c.id
"""
_PRICE = """
SELECT sum(points) / sum((counts ->> 'links.checked')::int) AS price FROM job
WHERE connection_id = $1 AND kind = 'CHECK' AND created_at > $2 AND (counts ->> 'links.checked')::int > 0
HAVING sum(points) > 0
"""
_OLDEST = """
(SELECT main_gid, dependent_gid FROM product_link WHERE connection_id = $1 AND checked_at IS NULL
 ORDER BY main_gid LIMIT $3)
UNION ALL
(SELECT main_gid, dependent_gid FROM product_link WHERE connection_id = $1 AND checked_at <= $2
 ORDER BY checked_at, main_gid LIMIT $3)
LIMIT $3
"""
# Links of siblings come along when half of their time is over: so one read of main serves them all.
_ALONG = """
SELECT main_gid, dependent_gid FROM product_link
WHERE connection_id = $1 AND main_gid = ANY($2::text[]) AND (checked_at IS NULL OR checked_at <= $3)
"""
_QUIET = """
DELETE FROM job WHERE kind = 'CHECK' AND state = 'SUCCEEDED' AND finished_at < $1 AND counts @> $2::jsonb
"""


@dataclass(frozen=True, slots=True)
class _Pair:
    main: str
    dependent: str


async def schedule_checks(now: datetime) -> list[UUID]:
    """Queue the checks that are due, and forget what is settled; the ids of the jobs. Nothing happens where
    another scheduler does it at this moment.

    Of each main, the dependent that has waited longest says which products are looked at; main is read for it
    alone, and its siblings check the same products from that reading, be it a little early.
    """
    async with transaction() as client:
        if not (await rows(client, _ALONE))[0]["mine"]:
            return []
        await tidy(client)
        await execute(client, _QUIET, now - _KEPT, f'{{"{MARKED}": 0}}')
        families: dict[UUID, list[UUID]] = {}
        for row in await rows(client, _READY, now - CHECK_AGAIN, now + EVERY):
            if row["due"] or row["main_id"] in families:
                families.setdefault(row["main_id"], []).append(row["id"])
        jobs: list[UUID] = []
        for first, *others in families.values():
            jobs += await _family(client, first, others, now)
        return jobs


async def _family(
    client: BaseDBAsyncClient, first: UUID, others: Sequence[UUID], now: datetime
) -> list[UUID]:
    links = await ProductLink.filter(connection_id=first).using_db(client).count()
    size = slice_size(await _price(client, first, now), links)
    pairs = _pairs(await rows(client, _OLDEST, first, now - CHECK_AGAIN, size))
    mains = sorted(each.main for each in pairs)
    jobs = [await _queue(client, first, pairs, now, mains=mains)]
    for each in others:
        along = _pairs(await rows(client, _ALONG, each, mains, now - CHECK_AGAIN / 2))
        if along:
            jobs.append(await _queue(client, each, along, now, delay=_AFTER_MAIN))
    return jobs


def slice_size(price: float | None, links: int) -> int:
    """How many products one run may look at, by the points that one costs and by how many there are."""
    points = SMALLEST_RATE * EVERY.total_seconds() / (price or USUAL_POINTS)
    usual, most = int(SHARE_OF_POINTS * points), int(LARGEST_SHARE * points)
    needed = math.ceil(links * (EVERY / CHECK_AGAIN))
    return max(FEWEST, min(MOST, max(usual, min(most, needed))))


async def _price(client: BaseDBAsyncClient, owner: UUID, now: datetime) -> float | None:
    found = await rows(client, _PRICE, owner, now - _KEPT)
    return float(found[0]["price"]) if found else None


def _pairs(found: Sequence[Mapping[str, Any]]) -> list[_Pair]:
    return [_Pair(row["main_gid"], row["dependent_gid"]) for row in found]


async def _queue(
    client: BaseDBAsyncClient,
    owner: UUID,
    pairs: Sequence[_Pair],
    now: datetime,
    *,
    mains: Sequence[str] = (),
    delay: timedelta = timedelta(),
) -> UUID:
    """A job that reads the dependents' side of `pairs`, and main's of `mains`, and compares the pairs."""
    job = await Job.create(
        id=uuid4(),
        run_id=uuid4(),
        connection_id=owner,
        kind=JobKind.CHECK,
        trigger=Trigger.SCHEDULE,
        payload={
            "main_products": list(mains),
            "products": sorted(each.dependent for each in pairs),
            "links": sorted(each.main for each in pairs),
        },
        dedupe_key=f"{JobKind.CHECK}:{owner}",
        created_at=now,
        queue=Queue.BACKGROUND.value,
        next_run_at=now + delay + timedelta(seconds=3),
        using_db=client,
    )
    enqueue(job.id, Queue.BACKGROUND, delay=delay.total_seconds())
    return job.id
