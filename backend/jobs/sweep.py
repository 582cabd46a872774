"""Sends again what was lost: a message that a wiped Redis forgot, a job whose worker was killed, a wait that
is over."""

from datetime import datetime, timedelta

from backend.database import connection, rows
from backend.jobs.queue import Message, Queue, send
from backend.jobs.runner import RESEND_SECONDS

SWEEP_SECONDS = 2.0

# A job that waits in a long queue is not lost: its message stands there, and another one would only join it.
_QUEUED_AGAIN = timedelta(seconds=15)

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
    return len(found)
