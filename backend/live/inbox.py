"""Deliveries in the database: each id once, and with it what it says to look at. A group is one statement,
and so one transaction and one round trip."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, rows
from backend.live.pending import MOST_ATTEMPTS
from backend.live.topics import Subject

# A dependent's products change mostly by our own writes, and in bursts: what comes within this time is due
# together and read together. Its stock may have been sold, which must not wait.
ECHO_DELAY = timedelta(seconds=2)
# Few enough rows at once that nobody waits for the lock.
_BATCH = 5_000

# Rows are inserted in the order of their keys, so that two processes that get the same deliveries never wait
# for each other in a circle.
#
# echo: a dependent's stock of which the mirror already has the number, and so has the agreement where stock
# is shared ("#7"). Then it was an own write. The mirror alone does not tell: a read may have seen the number
# before its event came, and a sale would go unnoticed.
#
# The first row at or after a key is asked for, where an equal one would do, because only one index has that
# order. A plan that was made while the tables were empty is kept for a while after they have grown, and among
# empty indexes the planner takes any.
#
# What was set aside has one more chance when something new happens to it. Who is being looked at keeps its
# count of attempts: else a subject that kills its reader and changes all the time would never be set aside.
_RECEIVE = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb)
        AS d (id text, event_id text, shop text, topic text, triggered_at timestamptz, subjects jsonb)
), known AS (
    SELECT id, domain, role FROM shop WHERE domain IN (SELECT shop FROM given)
), fresh AS (
    INSERT INTO webhook (id, event_id, shop_domain, topic, triggered_at, received_at)
    SELECT given.id, event_id, shop, topic, triggered_at, $2
    FROM given JOIN known ON known.domain = given.shop ORDER BY given.id
    ON CONFLICT (id) DO NOTHING RETURNING id
), subject AS (
    SELECT known.id AS shop, s.kind, s.gid, least(given.triggered_at, $2) AS happened_at,
           CASE WHEN known.role = 'DEPENDENT' AND s.kind = 'PRODUCT'
                THEN date_bin($3, $2, 'epoch') + 2 * $3::interval ELSE $2 END AS due_at
    FROM fresh JOIN given ON given.id = fresh.id JOIN known ON known.domain = given.shop
    CROSS JOIN jsonb_to_recordset(given.subjects) AS s (kind text, gid text, location text, available bigint)
    WHERE known.role IS DISTINCT FROM 'DEPENDENT' OR s.available IS NULL OR s.available IS DISTINCT FROM (
        SELECT m.available FROM mirror_stock m
        WHERE m.shop_id = known.id AND m.inventory_item_gid = s.gid AND m.location_gid = s.location
    ) OR EXISTS (
        SELECT 1 FROM connection c
        CROSS JOIN LATERAL (
            SELECT v.gid, v.inventory_item_gid FROM mirror_variant v
            WHERE v.shop_id = known.id AND v.inventory_item_gid >= s.gid
            ORDER BY v.inventory_item_gid LIMIT 1
        ) AS v
        CROSS JOIN LATERAL (
            SELECT l.dependent_gid, l.base ->> ('STOCK:' || s.location) AS agreed FROM variant_link l
            WHERE l.connection_id = c.id AND l.dependent_gid >= v.gid
            ORDER BY l.dependent_gid LIMIT 1
        ) AS l
        WHERE c.dependent_id = known.id AND v.inventory_item_gid = s.gid AND l.dependent_gid = v.gid
          AND l.agreed LIKE '#%' AND l.agreed <> '#' || s.available
    )
), marked AS (
    INSERT INTO pending_subject AS p
        (shop_id, kind, gid, seq, happened_at, latest_at, due_at, attempts, reason)
    SELECT shop, kind, gid, count(*), min(happened_at), max(happened_at), min(due_at), 0, ''
    FROM subject GROUP BY shop, kind, gid ORDER BY shop, kind, gid
    ON CONFLICT (shop_id, kind, gid) DO UPDATE SET
        seq = p.seq + excluded.seq,
        happened_at = least(p.happened_at, excluded.happened_at),
        latest_at = greatest(p.latest_at, excluded.latest_at),
        due_at = least(p.due_at, excluded.due_at),
        attempts = CASE WHEN p.set_aside_at IS NULL THEN p.attempts ELSE $4 END,
        set_aside_at = NULL, reason = ''
)
SELECT array(SELECT id FROM fresh) AS fresh, array(SELECT domain FROM known) AS known,
       array(SELECT DISTINCT shop FROM subject WHERE due_at <= $2) AS now,
       array(SELECT DISTINCT shop FROM subject WHERE due_at > $2) AS later,
       (SELECT min(due_at) FROM subject WHERE due_at > $2) AS later_at
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


async def receive(client: BaseDBAsyncClient, arrivals: Sequence[Arrival], now: datetime) -> Received:
    """Store a group of deliveries, each id once, all or none of them."""
    first = {each.id: each for each in reversed(arrivals)}
    given = orjson.dumps([_row(each) for each in first.values()]).decode()
    (found,) = await rows(client, _RECEIVE, given, now, ECHO_DELAY, MOST_ATTEMPTS - 1)
    due = {(shop, 0.0) for shop in found["now"]}
    if found["later"]:
        # In tenths, so that what came one after the other is woken by one message.
        late = math.ceil((found["later_at"] - now).total_seconds() * 10) / 10
        due |= {(shop, late) for shop in found["later"]}
    return Received(frozenset(found["fresh"]), frozenset(found["known"]), frozenset(due))


async def prune_webhooks(client: BaseDBAsyncClient, before: datetime) -> int:
    """Forget deliveries that came before then; how many. Shopify repeats one for four hours at most."""
    removed = 0
    while True:
        count = await execute(client, _PRUNE, before, _BATCH)
        removed += count
        if count < _BATCH:
            return removed


def _row(arrival: Arrival) -> dict[str, object]:
    return {
        "id": arrival.id,
        "event_id": arrival.event_id,
        "shop": arrival.shop,
        "topic": arrival.topic,
        "triggered_at": arrival.triggered_at,
        "subjects": [_subject(each) for each in arrival.subjects],
    }


def _subject(subject: Subject) -> dict[str, object]:
    told: dict[str, object] = {"kind": subject.kind.value, "gid": subject.gid}
    if subject.level is not None:
        told |= {"location": subject.level.location, "available": subject.level.available}
    return told
