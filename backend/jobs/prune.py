"""Removing what nobody looks at any more: changes, calls and stock batches of old jobs, reads and local
edits of long ago, ids of webhooks that Shopify will not repeat."""

from datetime import datetime, timedelta

from backend.database import connection, execute
from backend.live.inbox import prune_webhooks

# Few enough rows at once that nobody waits for the lock.
_BATCH = 5_000
# Shopify repeats a delivery for four hours at most.
_WEBHOOKS = timedelta(days=7)

_STATEMENTS = (
    """
    DELETE FROM change WHERE id IN (
        SELECT change.id FROM change JOIN job ON job.id = change.job_id
        WHERE job.finished_at < $1 AND change.state <> 'HELD' LIMIT $2
    )
    """,
    """
    DELETE FROM stock_batch WHERE id IN (
        SELECT stock_batch.id FROM stock_batch JOIN job ON job.id = stock_batch.job_id
        WHERE job.finished_at < $1 LIMIT $2
    )
    """,
    """
    DELETE FROM call WHERE id IN (
        SELECT call.id FROM call JOIN job ON job.id = call.job_id WHERE job.finished_at < $1 LIMIT $2
    )
    """,
    "DELETE FROM refresh WHERE id IN (SELECT id FROM refresh WHERE finished_at < $1 LIMIT $2)",
    """
    DELETE FROM mirror_product WHERE id IN (
        SELECT p.id FROM mirror_product p WHERE p.gone_at < $1
        AND NOT EXISTS (SELECT 1 FROM product_link l WHERE l.main_gid = p.gid) LIMIT $2
    )
    """,
    "DELETE FROM mirror_variant WHERE id IN (SELECT id FROM mirror_variant WHERE gone_at < $1 LIMIT $2)",
    """
    DELETE FROM local_edit WHERE id IN (
        SELECT id FROM local_edit WHERE NOT kept AND found_at < $1 LIMIT $2
    )
    """,
    "DELETE FROM lease WHERE resource IN (SELECT resource FROM lease WHERE expires_at < $1 LIMIT $2)",
)


async def prune(now: datetime, keep: timedelta) -> int:
    """Remove what ended longer than `keep` ago; how many rows."""
    removed = 0
    for statement in _STATEMENTS:
        while True:
            count = await execute(connection(), statement, now - keep, _BATCH)
            removed += count
            if count < _BATCH:
                break
    return removed + await prune_webhooks(connection(), now - _WEBHOOKS)
