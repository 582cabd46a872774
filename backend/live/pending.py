"""What of a shop is to be looked at: marked any number of times, taken by one, forgotten only where nothing
new has happened since."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import connection, execute, rows
from backend.models.live import SubjectKind

# Looks that began and never said how they ended, before a subject is set aside.
MOST_ATTEMPTS = 3
# Whoever took subjects has this long before they are there for others: longer than any look, lease included.
_TAKEN_SECONDS = 20.0
_NO_WORD = "The look at it ended three times without an answer."

# What was set aside has one more chance when something new happens to it; else the count of attempts stands,
# or a subject that kills its reader and changes all the time would never be set aside.
_MARK = """
INSERT INTO pending_subject (shop_id, kind, gid, seq, happened_at, latest_at, due_at, attempts, reason)
SELECT s.shop, s.kind, s.gid, 1, min(s.happened_at), max(s.happened_at), min(s.due_at), 0, ''
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
    AS s (shop, kind, gid, happened_at, due_at)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (shop_id, kind, gid) DO UPDATE SET
    seq = pending_subject.seq + 1,
    happened_at = least(pending_subject.happened_at, excluded.happened_at),
    latest_at = greatest(pending_subject.latest_at, excluded.latest_at),
    due_at = least(pending_subject.due_at, excluded.due_at),
    attempts = CASE WHEN pending_subject.set_aside_at IS NULL THEN pending_subject.attempts ELSE $6 END,
    set_aside_at = NULL, reason = ''
"""
# In the order of time. What was attempted before is taken among a few like it, the last time alone: so it
# can't take others down with it, and those whose reader died for another reason are soon through.
FEW = 16
_TAKE = f"""
WITH aside AS (
    UPDATE pending_subject SET set_aside_at = $3, reason = coalesce(nullif(reason, ''), $6) WHERE id IN (
        SELECT id FROM pending_subject
        WHERE shop_id = $1 AND kind = $2 AND set_aside_at IS NULL AND due_at <= $3 AND attempts >= $7
        FOR UPDATE SKIP LOCKED
    )
), due AS (
    SELECT id, due_at, attempts FROM pending_subject
    WHERE shop_id = $1 AND kind = $2 AND set_aside_at IS NULL AND due_at <= $3 AND attempts < $7
    ORDER BY due_at, id LIMIT $4 FOR UPDATE SKIP LOCKED
), first AS (
    SELECT attempts FROM due ORDER BY due_at, id LIMIT 1
), chosen AS (
    SELECT id FROM due WHERE attempts = (SELECT attempts FROM first) ORDER BY due_at, id
    LIMIT CASE (SELECT attempts FROM first) WHEN 0 THEN $4 WHEN 1 THEN {FEW} ELSE 1 END
)
UPDATE pending_subject SET attempts = attempts + 1, due_at = $5 WHERE id IN (SELECT id FROM chosen)
RETURNING id, kind, gid, seq, happened_at, latest_at
"""  # noqa: S608
_DONE = """
DELETE FROM pending_subject USING unnest($1::bigint[], $2::bigint[]) AS seen (id, seq)
WHERE pending_subject.id = seen.id AND pending_subject.seq = seen.seq RETURNING pending_subject.id
"""
# Something new happened during the look: it is due at once, and what was dealt with counts no more.
_AGAIN = """
UPDATE pending_subject SET due_at = $2, happened_at = latest_at, attempts = 0
WHERE id = ANY($1::bigint[])
"""
_POSTPONE = """
UPDATE pending_subject SET due_at = $2, reason = $3, attempts = greatest(0, attempts - $4)
WHERE id = ANY($1::bigint[])
"""
_HASTEN = """
UPDATE pending_subject SET due_at = $2 WHERE shop_id = $1 AND set_aside_at IS NULL AND due_at > $2
"""
_DUE = """
SELECT kind FROM unnest($2::text[]) AS wanted (kind) WHERE EXISTS (
    SELECT 1 FROM pending_subject p
    WHERE p.shop_id = $1 AND p.kind = wanted.kind AND p.set_aside_at IS NULL AND p.due_at <= $3
)
"""
_WAITING = """
SELECT DISTINCT shop_id FROM pending_subject p
WHERE set_aside_at IS NULL AND due_at <= $1 LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that is to be looked at from `due_at` on. `happened_at` is when it changed."""

    shop: UUID
    kind: SubjectKind
    gid: str
    happened_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    id: int
    kind: SubjectKind
    gid: str
    seq: int
    happened_at: datetime
    latest_at: datetime


async def mark_pending(client: BaseDBAsyncClient, marks: Iterable[Mark]) -> None:
    """Store what is to be looked at; the same subject is one row, however often it is marked."""
    found = list(marks)
    if not found:
        return
    await execute(
        client,
        _MARK,
        [each.shop for each in found],
        [each.kind.value for each in found],
        [each.gid for each in found],
        [each.happened_at for each in found],
        [each.due_at for each in found],
        MOST_ATTEMPTS - 1,
    )


async def take_pending(shop: UUID, kind: SubjectKind, now: datetime, *, limit: int) -> list[Taken]:
    """The next subjects, counted as attempted before anything is done with them; what ended without a word
    three times is set aside."""
    back = now + timedelta(seconds=_TAKEN_SECONDS)
    values = (shop, kind.value, now, limit, back, _NO_WORD, MOST_ATTEMPTS)
    return [
        Taken(
            row["id"],
            SubjectKind(row["kind"]),
            row["gid"],
            row["seq"],
            row["happened_at"],
            row["latest_at"],
        )
        for row in await rows(connection(), _TAKE, *values)
    ]


async def forget_pending(client: BaseDBAsyncClient, taken: Sequence[Taken], now: datetime) -> None:
    """These were looked at: they are over, unless something new has happened since they were taken."""
    seen = {each.id: each.seq for each in taken}
    over = {row["id"] for row in await rows(client, _DONE, list(seen), list(seen.values()))}
    if over != seen.keys():
        await execute(client, _AGAIN, sorted(seen.keys() - over), now)


async def postpone_pending(taken: Sequence[Taken], due_at: datetime, reason: str, *, counts: bool) -> None:
    """The look failed, for `reason`; `counts` tells whether it speaks against the subjects."""
    ids = [each.id for each in taken]
    await execute(connection(), _POSTPONE, ids, due_at, reason[:500], 0 if counts else 1)


async def hasten_pending(client: BaseDBAsyncClient, shop: UUID, now: datetime) -> None:
    """What waited because the shop was out of reach is due now that it is back."""
    await execute(client, _HASTEN, shop, now)


async def kinds_due(shop: UUID, kinds: Collection[SubjectKind], now: datetime) -> frozenset[SubjectKind]:
    """Those of which something is to be looked at now."""
    found = await rows(connection(), _DUE, shop, sorted(each.value for each in kinds), now)
    return frozenset(SubjectKind(row["kind"]) for row in found)


async def shops_waiting(now: datetime, *, limit: int = 500) -> list[UUID]:
    """Shops with something to look at."""
    return [row["shop_id"] for row in await rows(connection(), _WAITING, now, limit)]
