"""Asking every few minutes what changed, whether or not an event told of it."""

from datetime import datetime, timedelta

from backend.database import connection, rows
from backend.jobs.queue import enqueue_look, transaction
from backend.live.pending import Mark, mark_pending
from backend.models.live import SubjectKind

# An event that was lost costs so much delay at most.
EVERY = timedelta(minutes=4)
# Shopify's index lags behind, and its times are whole seconds.
OVERLAP = timedelta(seconds=30)

_DUE = """
SELECT s.id FROM shop s
WHERE s.uninstalled_at IS NULL AND (
    s.changes_read_until <= $1 OR (s.changes_read_until IS NULL AND s.role = 'DEPENDENT')
  )
  AND EXISTS (
    SELECT 1 FROM connection c
    WHERE (c.main_id = s.id OR c.dependent_id = s.id) AND c.state = 'ACTIVE'
      AND c.settings_version IS NOT NULL
  )
  AND NOT EXISTS (
    SELECT 1 FROM pending_subject p WHERE p.shop_id = s.id AND p.kind = 'CHANGED' AND p.set_aside_at IS NULL
  )
"""


async def poll(now: datetime) -> int:
    """Have every connected shop asked that was not asked for long; how many."""
    shops = [row["id"] for row in await rows(connection(), _DUE, now - EVERY)]
    async with transaction() as client:
        await mark_pending(client, [Mark(shop, SubjectKind.CHANGED, "", now, now) for shop in shops])
        for shop in shops:
            enqueue_look(shop)
    return len(shops)
