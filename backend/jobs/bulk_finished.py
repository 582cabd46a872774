"""A bulk operation of a shop has ended: whoever waits for one looks at once instead of when it meant to."""

from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, rows
from backend.jobs.queue import Queue, enqueue

_LOOK_NOW = "UPDATE refresh SET cursor = cursor - 'look_at' WHERE shop_id = $1 AND state = 'RUNNING'"
_READING = """
UPDATE job SET next_run_at = $2
WHERE state = 'WAITING' AND phase = 'REFRESH' AND (
    main_refresh_id IN (SELECT id FROM refresh WHERE shop_id = $1 AND state = 'RUNNING')
    OR dependent_refresh_id IN (SELECT id FROM refresh WHERE shop_id = $1 AND state = 'RUNNING')
)
RETURNING id, queue
"""
# A waiting job has nobody who works on it: nobody else writes its cursor.
_CREATING = """
UPDATE job SET next_run_at = $2, cursor = cursor - 'creations_look_at'
WHERE state = 'WAITING' AND phase = 'APPLY' AND coalesce(cursor -> 'creations', '{}'::jsonb) <> '{}'::jsonb
  AND connection_id IN (SELECT id FROM connection WHERE dependent_id = $1)
RETURNING id, queue
"""


async def wake_waiting(client: BaseDBAsyncClient, shop: UUID, now: datetime) -> None:
    """Have the jobs that wait for a bulk operation in `shop` run now; inside `queue.transaction`."""
    await execute(client, _LOOK_NOW, shop)
    for sql in (_READING, _CREATING):
        for row in await rows(client, sql, shop, now):
            enqueue(row["id"], Queue(row["queue"]))
