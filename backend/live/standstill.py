"""Work that waits though it is its turn, and that no worker is there to do.

Each queue has workers of its own, and whoever works holds a lease: where a queue has none, what is due there
has been left alone. What waits in a long queue is not meant.
"""

from datetime import datetime, timedelta
from uuid import UUID

from backend.database import connection, rows

# A message that was lost is sent again long before.
_LONG = timedelta(minutes=1)

# A connection that is paused or suspended waits as it should, and so does what was set aside.
_SINCE = """
WITH busy AS (
    SELECT 'live' AS queue FROM lease WHERE resource LIKE 'look:%' AND expires_at > $2
    UNION
    SELECT job.queue FROM lease
    JOIN job ON job.id = CASE WHEN resource LIKE 'job:%' THEN substring(resource FROM 5)::uuid END
    WHERE expires_at > $2
), tie AS (
    SELECT * FROM connection WHERE state = 'ACTIVE' AND (main_id = $1 OR dependent_id = $1)
), due AS (
    SELECT 'live' AS queue, due_at AS since FROM pending_subject
    WHERE set_aside_at IS NULL AND shop_id IN (SELECT main_id FROM tie UNION SELECT dependent_id FROM tie)
    UNION ALL
    SELECT 'live', due_at FROM dirty_product
    WHERE set_aside_at IS NULL AND connection_id IN (SELECT id FROM tie WHERE settings_version IS NOT NULL)
    UNION ALL
    SELECT queue, created_at FROM job WHERE state = 'QUEUED' AND connection_id IN (SELECT id FROM tie)
)
SELECT min(since) AS since FROM due WHERE since <= $3 AND queue NOT IN (SELECT queue FROM busy)
"""


async def unattended_since(shop: UUID, now: datetime) -> datetime | None:
    """Since when the oldest work of the shop's active connections has waited for a worker; None where it has
    not for long, or where somebody works in its queue."""
    since: datetime | None = (await rows(connection(), _SINCE, shop, now, now - _LONG))[0]["since"]
    return since
