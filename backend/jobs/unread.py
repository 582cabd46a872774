"""Connections whose shops were never read whole, because the sync that was to do it failed: nothing new is
matched there until one has."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.database import connection, rows
from backend.errors import UserError
from backend.jobs.requests import sync_all
from backend.models.job import Trigger

EVERY = timedelta(minutes=5)
# What failed for good fails again most of the time.
_TRY_AGAIN = timedelta(hours=1)

# A sync that a person has canceled is not begun again by itself, nor one that was not wanted yet (settings
# can be saved without starting one).
_UNREAD = """
SELECT c.id FROM connection c
CROSS JOIN LATERAL (
    SELECT state, finished_at FROM job
    WHERE job.connection_id = c.id AND kind = 'SYNC_ALL' ORDER BY created_at DESC LIMIT 1
) AS last
WHERE c.state = 'ACTIVE' AND c.settings_version IS NOT NULL AND c.read_at IS NULL
  AND last.state = 'FAILED' AND last.finished_at <= $1
ORDER BY c.id
"""


async def read_unread(now: datetime) -> list[UUID]:
    """Have these synced; the ids of the connections."""
    begun = []
    for row in await rows(connection(), _UNREAD, now - _TRY_AGAIN):
        try:
            await sync_all([row["id"]], now=now, trigger=Trigger.SCHEDULE)
        except UserError:
            continue  # paused or ended a moment ago
        begun.append(row["id"])
    return begun
