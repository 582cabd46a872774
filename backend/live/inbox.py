"""Deliveries in the database: each id once, and with it what it says to look at, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, rows
from backend.live.pending import Mark, mark_pending
from backend.live.topics import Subject
from backend.models.live import SubjectKind
from backend.models.shop import Role

# A dependent's products change mostly by our own writes, and those come in bursts: one read for all of them.
# Its stock may have been sold, which must not wait.
ECHO_DELAY = timedelta(seconds=2)
# Few enough rows at once that nobody waits for the lock.
_BATCH = 5_000

# Sorted, so that two processes that get the same deliveries never wait for each other in a circle.
_RECEIVE = """
WITH known AS (SELECT id, domain, role FROM shop WHERE domain = ANY($3::text[])),
fresh AS (
    INSERT INTO webhook (id, event_id, shop_domain, topic, triggered_at, received_at)
    SELECT d.id, d.event_id, d.shop_domain, d.topic, d.triggered_at, $6
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
        AS d (id, event_id, shop_domain, topic, triggered_at)
    JOIN known ON known.domain = d.shop_domain
    ORDER BY d.id
    ON CONFLICT (id) DO NOTHING
    RETURNING id, shop_domain
)
SELECT known.domain, known.id AS shop, known.role,
       array(SELECT id FROM fresh WHERE shop_domain = known.domain) AS fresh
FROM known
"""
# The mirror already has the number, and so has the agreement ("main's number/dependent's number") where there
# is one: an own write did this. The mirror alone does not tell: a read may have seen the number before its
# event came, and a sale would go unnoticed.
_ECHOES = """
SELECT e.number FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::bigint[])
    AS e (number, shop, item, location, available)
JOIN mirror_stock s ON s.shop_id = e.shop AND s.inventory_item_gid = e.item AND s.location_gid = e.location
    AND s.available = e.available
WHERE NOT EXISTS (
    SELECT 1 FROM mirror_variant v
    JOIN connection c ON c.dependent_id = v.shop_id
    JOIN variant_link l ON l.connection_id = c.id AND l.dependent_gid = v.gid
    WHERE v.shop_id = e.shop AND v.inventory_item_gid = e.item
      AND split_part(l.base ->> ('STOCK:' || e.location), '/', 2) <> e.available::text
)
"""
_PRUNE = "DELETE FROM webhook WHERE id IN (SELECT id FROM webhook WHERE received_at < $1 LIMIT $2)"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A verified delivery and what it concerns. `id` is Shopify's id of the delivery, the same on each of
    its retries; `shop` is a domain."""

    id: str
    event_id: str
    shop: str
    topic: str
    triggered_at: datetime
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """`fresh` are the ids that had not come before; `known` the domains that are shops of ours. `due` names
    the shops with something new to look at, and in how many seconds."""

    fresh: frozenset[str]
    known: frozenset[str]
    due: frozenset[tuple[UUID, float]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """One subject of one delivery that is new."""

    shop: UUID
    role: Role | None
    subject: Subject
    happened_at: datetime


async def receive(client: BaseDBAsyncClient, arrivals: Sequence[Arrival], now: datetime) -> Received:
    """Store a group of deliveries, each id once; `client` is a transaction."""
    first = {each.id: each for each in reversed(arrivals)}
    given = list(first.values())
    found = await rows(
        client,
        _RECEIVE,
        [each.id for each in given],
        [each.event_id for each in given],
        [each.shop for each in given],
        [each.topic for each in given],
        [each.triggered_at for each in given],
        now,
    )
    fresh = frozenset(id_ for row in found for id_ in row["fresh"])
    shops = {row["domain"]: row for row in found}
    seen = [
        _Seen(shops[each.shop]["shop"], _role(shops[each.shop]["role"]), subject, min(each.triggered_at, now))
        for each in given
        if each.id in fresh
        for subject in each.subjects
    ]
    echoes = await _echoes(client, seen)
    marks = [
        Mark(each.shop, each.subject.kind, each.subject.gid, each.happened_at, now + _delay(each))
        for number, each in enumerate(seen)
        if number not in echoes
    ]
    await mark_pending(client, marks)
    due = frozenset((mark.shop, (mark.due_at - now).total_seconds()) for mark in marks)
    return Received(fresh, frozenset(shops), due)


async def prune_webhooks(client: BaseDBAsyncClient, before: datetime) -> int:
    """Forget deliveries that came before then; how many. Shopify repeats one for four hours at most."""
    removed = 0
    while True:
        count = await execute(client, _PRUNE, before, _BATCH)
        removed += count
        if count < _BATCH:
            return removed


async def _echoes(client: BaseDBAsyncClient, seen: Sequence[_Seen]) -> frozenset[int]:
    """Which of these tell a dependent's stock that we wrote ourselves, by their place."""
    told = [
        (number, each.shop, each.subject.gid, level.location, level.available)
        for number, each in enumerate(seen)
        if each.role is Role.DEPENDENT and (level := each.subject.level) is not None
    ]
    if not told:
        return frozenset()
    found = await rows(client, _ECHOES, *map(list, zip(*told, strict=True)))
    return frozenset(row["number"] for row in found)


def _delay(seen: _Seen) -> timedelta:
    is_late = seen.role is Role.DEPENDENT and seen.subject.kind is SubjectKind.PRODUCT
    return ECHO_DELAY if is_late else timedelta(0)


def _role(stored: str | None) -> Role | None:
    return None if stored is None else Role(stored)
