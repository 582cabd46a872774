"""What the database says: whether there is anything left to do, and whether anything is stuck."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg

T = TypeVar("T")

_LEFT = """
SELECT 'subject ' || p.kind || ' ' || p.gid || ' ' || p.attempts || ' ' || p.reason AS what
FROM pending_subject p
WHERE p.set_aside_at IS NULL AND EXISTS (
    SELECT 1 FROM connection c
    WHERE (c.main_id = p.shop_id OR c.dependent_id = p.shop_id) AND c.state = 'ACTIVE'
)
UNION ALL
SELECT 'product ' || d.main_gid || ' on ' || d.stream || ' ' || d.reason FROM dirty_product d
JOIN connection c ON c.id = d.connection_id AND c.state = 'ACTIVE'
WHERE d.set_aside_at IS NULL AND d.due_at < now() + interval '1 minute'
UNION ALL
SELECT 'job ' || j.kind || ' ' || j.state || ' ' || j.phase || ' ' || j.id FROM job j
JOIN connection c ON c.id = j.connection_id AND c.state = 'ACTIVE'
WHERE j.state IN ('QUEUED', 'RUNNING', 'WAITING', 'CANCELING')
  AND NOT (j.state = 'QUEUED' AND (j.kind = 'CHECK' OR j.next_run_at > now() + interval '5 minutes'))
"""
# What a job that failed had sent is read again; of bookings the changes stay SENT until they are settled. A
# job of which every change failed, each with its reason, is no riddle: what it left is planned again.
_STUCK = """
SELECT 'a ' || c.state || ' change of a finished ' || j.kind || ' job: ' || c.action || ' ' || c.field || ' '
       || c.title AS what
FROM change c JOIN job j ON j.id = c.job_id
JOIN connection t ON t.id = j.connection_id AND t.state <> 'DISCONNECTED'
WHERE c.state IN ('SENT', 'PLANNED') AND j.kind NOT IN ('PREVIEW', 'CHECK')
  AND j.state IN ('SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELED')
UNION ALL
SELECT 'a stock batch that was never settled' FROM stock_batch b JOIN job j ON j.id = b.job_id
JOIN connection t ON t.id = j.connection_id AND t.state <> 'DISCONNECTED'
WHERE b.sent_at IS NOT NULL AND b.settled_at IS NULL AND j.state IN ('SUCCEEDED', 'PARTIAL')
UNION ALL
SELECT 'a connection is ' || state FROM connection WHERE state NOT IN ('ACTIVE', 'DISCONNECTED')
UNION ALL
SELECT 'a ' || j.kind || ' job failed: ' || coalesce(j.error_code, '') || ' ' || coalesce(j.error_message, '')
FROM job j JOIN connection t ON t.id = j.connection_id AND t.state <> 'DISCONNECTED'
WHERE j.state = 'FAILED' AND j.error_code IS DISTINCT FROM 'INTERNAL'
  AND j.error_code IS DISTINCT FROM 'SHOPIFY_ACCESS_LOST'
  AND NOT (
    j.error_code IS NULL
    AND EXISTS (SELECT 1 FROM change c WHERE c.job_id = j.id AND c.state = 'FAILED' AND c.code IS NOT NULL)
  )
UNION ALL
SELECT 'a ' || j.kind || ' job ended by a defect: ' || j.error_message FROM job j
JOIN connection t ON t.id = j.connection_id AND t.state = 'ACTIVE' WHERE j.error_code = 'INTERNAL'
"""
_SET_ASIDE = """
SELECT 'subject ' || kind || ' ' || gid || ': ' || reason AS what FROM pending_subject
WHERE set_aside_at IS NOT NULL
UNION ALL
SELECT 'product ' || main_gid || ': ' || reason FROM dirty_product WHERE set_aside_at IS NOT NULL
"""
# As the poll does every few minutes.
_ASK_ALL = """
INSERT INTO pending_subject (shop_id, kind, gid, seq, happened_at, latest_at, due_at, attempts, reason)
SELECT s.id, 'CHANGED', '', 1, now(), now(), now(), 0, '' FROM shop s
WHERE EXISTS (
    SELECT 1 FROM connection c WHERE (c.main_id = s.id OR c.dependent_id = s.id) AND c.state = 'ACTIVE'
)
ON CONFLICT (shop_id, kind, gid) DO UPDATE SET seq = pending_subject.seq + 1, due_at = now()
"""
# An opened app asks for another token where one was lost, but not more often than every ten minutes.
_AGE_TOKENS = "UPDATE shop_token SET updated_at = updated_at - interval '11 minutes'"
# What could not be read without access is tried again after five minutes.
_TRY_AGAIN = "UPDATE pending_subject SET due_at = now() WHERE due_at > now()"
_SUSPENDED = """
SELECT m.domain || ' to ' || d.domain AS what FROM connection c
JOIN shop m ON m.id = c.main_id JOIN shop d ON d.id = c.dependent_id WHERE c.state = 'SUSPENDED'
"""
_UNCHECK = "UPDATE product_link SET checked_at = NULL"
_UNCHECKED = """
SELECT count(*) AS n FROM product_link l JOIN connection c ON c.id = l.connection_id AND c.state = 'ACTIVE'
WHERE l.checked_at IS NULL
"""
_LATER = (
    "UPDATE mirror_product SET gone_at = gone_at - $1::interval WHERE gone_at IS NOT NULL",
    "UPDATE mirror_variant SET gone_at = gone_at - $1::interval WHERE gone_at IS NOT NULL",
    "UPDATE dirty_product SET due_at = due_at - $1::interval",
    """
    UPDATE job SET next_run_at = next_run_at - $1::interval,
        payload = payload || jsonb_build_object('asked_at', now())
    WHERE state = 'QUEUED' AND payload ? 'asked_at'
    """,
)
_FAILED = """
SELECT c.state || ' ' || c.action || ' ' || c.field || ' ' || coalesce(c.code, '') || ' ' || c.message AS what
FROM change c WHERE c.state = 'FAILED'
"""


class Truth:
    """Each question has a connection of its own, so that a database that was restarted is no matter."""

    def __init__(self, database_url: str) -> None:
        self._address = database_url.replace("asyncpg://", "postgresql://")
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self._runner.close()

    def left(self) -> list[str]:
        """What is still to be done. Not what waits for the grace that products gone from main
        have, nor checks that have not begun."""
        return self._lines(_LEFT)

    def stuck(self) -> list[str]:
        return self._lines(_STUCK)

    def set_aside(self) -> list[str]:
        return self._lines(_SET_ASIDE)

    def failed(self) -> list[str]:
        return self._lines(_FAILED)

    def ask_all(self) -> None:
        """Have every shop asked what changed."""
        self._run(self._execute(_ASK_ALL))

    def suspended(self) -> list[str]:
        """Connections that wait until the app is opened again."""
        return self._lines(_SUSPENDED)

    def age_tokens(self) -> None:
        """Ten minutes pass since the app has got its tokens."""
        self._run(self._execute(_AGE_TOKENS))

    def try_again(self) -> None:
        """Time passes for what waits to be read."""
        self._run(self._execute(_TRY_AGAIN))

    def uncheck(self) -> None:
        """Have every link due for a check."""
        self._run(self._execute(_UNCHECK))

    def unchecked(self) -> int:
        return int(self._run(self._fetch(_UNCHECKED))[0]["n"])

    def let_pass(self, minutes: int) -> None:
        """So much time passes for what is gone from main."""
        for statement in _LATER:
            self._run(self._execute(statement.replace("$1::interval", f"interval '{minutes} minutes'")))

    def _lines(self, statement: str) -> list[str]:
        return [str(row["what"]) for row in self._run(self._fetch(statement))]

    async def _fetch(self, statement: str) -> list[Any]:
        connection = await asyncpg.connect(self._address)
        try:
            found: list[Any] = await connection.fetch(statement)
            return found
        finally:
            await connection.close()

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self._address)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)
