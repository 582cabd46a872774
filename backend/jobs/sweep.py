"""Sends again what was lost: a message that a wiped Redis forgot, a job whose worker was killed, a wait that
is over; shops that nobody looks at, products that nobody plans."""

from datetime import datetime, timedelta

from backend.database import connection, rows
from backend.jobs.queue import Message, Queue, send, transaction
from backend.jobs.runner import RESEND_SECONDS
from backend.live.dirty import connections_waiting, want_live_job
from backend.live.pending import shops_waiting
from backend.live.wake import wake

SWEEP_SECONDS = 2.0

# A job that waits in a long queue is not lost: its message stands there, and another one would only join it.
_QUEUED_AGAIN = timedelta(seconds=15)

# What is due and was told is under way long before.
_LOST = timedelta(seconds=1)

# The next time is set first, so that two schedulers do not send the same job twice in a row.
_DUE = """
UPDATE job SET next_run_at = CASE WHEN state = 'QUEUED' THEN $4::timestamptz ELSE $2::timestamptz END
WHERE id IN (
    SELECT id FROM job
    WHERE state IN ('QUEUED', 'RUNNING', 'WAITING', 'CANCELING') AND next_run_at <= $1
      AND NOT EXISTS (SELECT 1 FROM lease WHERE resource = 'job:' || job.id AND expires_at > $1)
    ORDER BY next_run_at LIMIT $3 FOR UPDATE SKIP LOCKED
)
RETURNING id, queue, state
"""


async def sweep(now: datetime, *, limit: int = 500) -> int:
    """Send every job that is due and that nobody works on; how many."""
    later = now + timedelta(seconds=RESEND_SECONDS)
    found = await rows(connection(), _DUE, now, later, limit, now + _QUEUED_AGAIN)
    await send([Message(row["id"], Queue(row["queue"])) for row in found])
    await _look(now)
    await _plan(now)
    return len(found)


async def _look(now: datetime) -> None:
    """A shop whose look is under way is seen to be so by the worker."""
    await wake(await shops_waiting(now - _LOST))


async def _plan(now: datetime) -> None:
    for owner, stream in await connections_waiting(now - _LOST):
        async with transaction() as client:
            await want_live_job(client, owner, stream, now)
