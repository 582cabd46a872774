"""Main products that a connection has to plan anew, and the live jobs that do it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import connection, execute, rows
from backend.jobs.queue import Queue, enqueue
from backend.live.pending import FEW, MOST_ATTEMPTS
from backend.models.live import Stream
from backend.sync.catalog import ProductId

_TAKEN_SECONDS = 20.0
_NO_WORD = "The work on it ended three times without an answer."
# A live job whose message is lost is sent again after this long.
_RESEND_SECONDS = 3.0

# What changed in main counts from then: an echo of ours, or an edit in the dependent, that waited at the same
# product makes it no older.
_MARK = """
INSERT INTO dirty_product (connection_id, stream, main_gid, seq, happened_at, latest_at, due_at, from_main,
                           attempts, reason)
SELECT d.connection, d.stream, d.gid, 1,
       coalesce(min(d.happened_at) FILTER (WHERE d.from_main), min(d.happened_at)), max(d.happened_at),
       min(d.due_at), bool_or(d.from_main), 0, ''
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::bool[])
    AS d (connection, stream, gid, happened_at, due_at, from_main)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (connection_id, stream, main_gid) DO UPDATE SET
    seq = dirty_product.seq + 1,
    happened_at = CASE
        WHEN dirty_product.from_main = excluded.from_main
            THEN least(dirty_product.happened_at, excluded.happened_at)
        WHEN excluded.from_main THEN excluded.happened_at ELSE dirty_product.happened_at
    END,
    latest_at = greatest(dirty_product.latest_at, excluded.latest_at),
    due_at = least(dirty_product.due_at, excluded.due_at),
    from_main = dirty_product.from_main OR excluded.from_main,
    attempts = CASE WHEN dirty_product.set_aside_at IS NULL THEN dirty_product.attempts ELSE $7 END,
    set_aside_at = NULL, reason = ''
"""
_WANT_JOBS = """
INSERT INTO job (id, run_id, connection_id, kind, trigger, state, phase, payload, dedupe_key, created_by,
                 cursor, done, counts, checksum, strategy, points, calls, attempts, queue, error_message,
                 created_at, next_run_at)
SELECT wanted.id, wanted.id, c.id, 'LIVE', 'CHANGE', 'QUEUED', 'PLAN',
       jsonb_build_object('stream', wanted.stream), 'LIVE:' || c.id || ':' || wanted.stream, '', '{}',
       0, '{}', '', '', 0, 0, 0, $4, '', $5, $6
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS wanted (id, owner, stream)
JOIN connection c ON c.id = wanted.owner AND c.state = 'ACTIVE' AND c.settings_version IS NOT NULL
ORDER BY c.id, wanted.stream ON CONFLICT (dedupe_key) DO NOTHING RETURNING id
"""
_TAKE = f"""
WITH aside AS (
    UPDATE dirty_product SET set_aside_at = $3, reason = coalesce(nullif(reason, ''), $6) WHERE id IN (
        SELECT id FROM dirty_product
        WHERE connection_id = $1 AND stream = $2 AND set_aside_at IS NULL AND due_at <= $3 AND attempts >= $7
        FOR UPDATE SKIP LOCKED
    )
), due AS (
    SELECT id, due_at, attempts FROM dirty_product
    WHERE connection_id = $1 AND stream = $2 AND set_aside_at IS NULL AND due_at <= $3 AND attempts < $7
    ORDER BY due_at, id LIMIT $4 FOR UPDATE SKIP LOCKED
), first AS (
    SELECT attempts FROM due ORDER BY due_at, id LIMIT 1
), chosen AS (
    SELECT id FROM due WHERE attempts = (SELECT attempts FROM first) ORDER BY due_at, id
    LIMIT CASE (SELECT attempts FROM first) WHEN 0 THEN $4 WHEN 1 THEN {FEW} ELSE 1 END
)
UPDATE dirty_product SET attempts = attempts + 1, due_at = $5 WHERE id IN (SELECT id FROM chosen)
RETURNING id, main_gid, seq, happened_at, from_main
"""  # noqa: S608
# In the order in which they are marked: two that touch the same rows don't wait for each other.
_LOCK = """
SELECT id FROM dirty_product WHERE id = ANY($1::bigint[])
ORDER BY connection_id, stream, main_gid FOR UPDATE
"""
_DONE = """
DELETE FROM dirty_product USING unnest($1::bigint[], $2::bigint[]) AS seen (id, seq)
WHERE dirty_product.id = seen.id AND dirty_product.seq = seen.seq RETURNING dirty_product.id
"""
_AGAIN = """
UPDATE dirty_product SET due_at = $2, happened_at = latest_at, attempts = 0 WHERE id = ANY($1::bigint[])
"""
_POSTPONE = """
UPDATE dirty_product SET due_at = $2, reason = $3, attempts = greatest(0, attempts - $4)
WHERE id = ANY($1::bigint[])
"""
_NOW = """
UPDATE dirty_product SET due_at = $2 WHERE id IN (
    SELECT id FROM dirty_product WHERE connection_id = $1 AND set_aside_at IS NULL AND due_at > $2
    ORDER BY connection_id, stream, main_gid FOR UPDATE
)
"""
_SET_THIS_ASIDE = """
INSERT INTO dirty_product (connection_id, stream, main_gid, seq, happened_at, latest_at, due_at, from_main,
                           attempts, set_aside_at, reason)
VALUES ($1, 'PRODUCT', $2, 1, $3, $3, $3, true, $4, $3, $5)
ON CONFLICT (connection_id, stream, main_gid) DO UPDATE SET
    attempts = excluded.attempts, set_aside_at = excluded.set_aside_at, reason = excluded.reason
"""
_NOT_ASIDE = """
DELETE FROM dirty_product
WHERE connection_id = $1 AND main_gid = ANY($2::text[]) AND set_aside_at IS NOT NULL
"""
_IS_DUE = """
SELECT 1 FROM dirty_product
WHERE connection_id = $1 AND stream = $2 AND set_aside_at IS NULL AND due_at <= $3 LIMIT 1
"""
_WAITING = """
SELECT DISTINCT d.connection_id, d.stream FROM dirty_product d
JOIN connection c ON c.id = d.connection_id AND c.state = 'ACTIVE' AND c.settings_version IS NOT NULL
WHERE d.set_aside_at IS NULL AND d.due_at <= $1
  AND NOT EXISTS (SELECT 1 FROM job WHERE dedupe_key = 'LIVE:' || d.connection_id || ':' || d.stream)
LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Dirt:
    """One main product that one connection has to plan anew, from `due_at` on. `from_main`: because main
    changed, and not only the dependent."""

    connection: UUID
    stream: Stream
    main: ProductId
    happened_at: datetime
    due_at: datetime
    from_main: bool = True


@dataclass(frozen=True, slots=True)
class Taken:
    id: int
    main: ProductId
    seq: int
    happened_at: datetime
    from_main: bool


async def put_dirt(client: BaseDBAsyncClient, dirt: Iterable[Dirt], now: datetime) -> None:
    """Mark products, and have a live job for every connection and stream that has something due."""
    found = list(dirt)
    if not found:
        return
    await execute(
        client,
        _MARK,
        [each.connection for each in found],
        [each.stream.value for each in found],
        [each.main for each in found],
        [each.happened_at for each in found],
        [each.due_at for each in found],
        [each.from_main for each in found],
        MOST_ATTEMPTS - 1,
    )
    due = {(each.connection, each.stream) for each in found if each.due_at <= now}
    await want_live_jobs(client, due, now)


async def mark_dirty(
    client: BaseDBAsyncClient,
    owner: UUID,
    mains: Iterable[ProductId],
    stream: Stream,
    happened_at: datetime,
    now: datetime,
) -> None:
    """Have the connection plan these main products anew; `happened_at` is when they changed."""
    await put_dirt(client, [Dirt(owner, stream, main, happened_at, now) for main in mains], now)


async def want_live_job(
    client: BaseDBAsyncClient, owner: UUID, stream: Stream, now: datetime, *, delay: float = 0.0
) -> None:
    """A live job of the connection that begins after this moment: the queued one, or a new one. None for a
    connection that is not active: what is dirty waits."""
    await want_live_jobs(client, [(owner, stream)], now, delay=delay)


async def want_live_jobs(
    client: BaseDBAsyncClient, wanted: Collection[tuple[UUID, Stream]], now: datetime, *, delay: float = 0.0
) -> None:
    """As `want_live_job`, for each of these connections and streams."""
    if not wanted:
        return
    owners, streams = zip(*wanted, strict=True)
    again = now + timedelta(seconds=delay + _RESEND_SECONDS)
    values = ([uuid4() for _ in wanted], list(owners), [each.value for each in streams])
    for row in await rows(client, _WANT_JOBS, *values, Queue.LIVE.value, now, again):
        enqueue(row["id"], Queue.LIVE, delay=delay)


async def take_dirty(owner: UUID, stream: Stream, now: datetime, *, limit: int) -> list[Taken]:
    """The next products, counted as attempted before anything is done with them; what ended without a word
    three times is set aside."""
    back = now + timedelta(seconds=_TAKEN_SECONDS)
    values = (owner, stream.value, now, limit, back, _NO_WORD, MOST_ATTEMPTS)
    return [
        Taken(row["id"], ProductId(row["main_gid"]), row["seq"], row["happened_at"], row["from_main"])
        for row in await rows(connection(), _TAKE, *values)
    ]


async def forget_dirty(client: BaseDBAsyncClient, taken: Sequence[Taken], now: datetime) -> None:
    """These were planned: they are clean, unless something new has happened since they were taken."""
    if not taken:
        return
    seen = {each.id: each.seq for each in taken}
    await execute(client, _LOCK, list(seen))
    over = {row["id"] for row in await rows(client, _DONE, list(seen), list(seen.values()))}
    if over != seen.keys():
        await execute(client, _AGAIN, sorted(seen.keys() - over), now)


async def postpone_dirty(
    client: BaseDBAsyncClient, taken: Sequence[Taken], due_at: datetime, reason: str, *, counts: bool
) -> None:
    """They were not planned, for `reason`; `counts` tells whether it speaks against them."""
    if taken:
        ids = [each.id for each in taken]
        await execute(client, _LOCK, ids)
        await execute(client, _POSTPONE, ids, due_at, reason[:500], 0 if counts else 1)


async def take_up(client: BaseDBAsyncClient, owner: UUID, now: datetime) -> None:
    """Whatever waits on the connection is planned now."""
    await execute(client, _NOW, owner, now)
    await want_live_job(client, owner, Stream.PRODUCT, now)


async def set_aside(
    client: BaseDBAsyncClient, owner: UUID, main: ProductId, reason: str, now: datetime
) -> None:
    """This product can't be planned at all, for `reason`: it waits until something new happens to it, or a
    person asks."""
    await execute(client, _SET_THIS_ASIDE, owner, main, now, MOST_ATTEMPTS, reason[:500])


async def forget_aside(client: BaseDBAsyncClient, owner: UUID, mains: Iterable[ProductId]) -> None:
    """These could be planned after all."""
    await execute(client, _NOT_ASIDE, owner, list(mains))


async def is_dirty(owner: UUID, stream: Stream, now: datetime) -> bool:
    return bool(await rows(connection(), _IS_DUE, owner, stream.value, now))


async def connections_waiting(now: datetime, *, limit: int = 500) -> list[tuple[UUID, Stream]]:
    """Active connections with something to plan and no queued job for it."""
    found: Sequence[Mapping[str, object]] = await rows(connection(), _WAITING, now, limit)
    return [(UUID(str(row["connection_id"])), Stream(str(row["stream"]))) for row in found]
