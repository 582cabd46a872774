"""Links what waited for a plan, as soon as there is room: after an upgrade at once, and now and then, because
room also comes when a product is unlinked or another dependent leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.billing.limits import Places, ProductLimit, room_for
from backend.database import connection, rows
from backend.errors import UserError
from backend.jobs.queue import transaction
from backend.jobs.requests import sync_all
from backend.live.dirty import Dirt, put_dirt
from backend.models.job import Trigger
from backend.models.live import Stream
from backend.sync.catalog import ProductId

EVERY = timedelta(minutes=1)
# What a live job takes at once; more is a matter for a sync of everything, which creates in bulk.
_FEW = 250

# What is to be planned already is left alone, and so is what failed and was set aside.
_WAITING = """
SELECT c.id, c.main_id, c.dependent_id, array_agg(w.main_gid ORDER BY w.main_gid) AS products,
       array_agg(w.main_gid) FILTER (WHERE EXISTS (
           SELECT 1 FROM dirty_product d
           WHERE d.connection_id = c.id AND d.stream = 'PRODUCT' AND d.main_gid = w.main_gid
       )) AS under_way
FROM waiting_product w JOIN connection c ON c.id = w.connection_id
WHERE c.state = 'ACTIVE' AND c.settings_version IS NOT NULL
  AND ($1::uuid IS NULL OR $1 IN (c.main_id, c.dependent_id))
  AND NOT EXISTS (
    SELECT 1 FROM job j WHERE j.connection_id = c.id AND j.kind = 'SYNC_ALL'
      AND j.state IN ('QUEUED', 'RUNNING', 'WAITING', 'CANCELING')
  )
GROUP BY c.id ORDER BY c.id
"""


async def resume_waiting(limit: ProductLimit, now: datetime, shop: UUID | None = None) -> int:
    """Start what links the products that wait and have room now, on the connections of `shop` or on all; how
    many products. Lowest ids come first."""
    count = 0
    for row in await rows(connection(), _WAITING, shop):
        chosen = await _with_room(row, limit)
        if len(chosen) > _FEW:
            try:
                await sync_all([row["id"]], now=now, trigger=Trigger.CHANGE)
            except UserError:
                # Paused or ended this very moment.
                continue
        elif chosen:
            async with transaction() as client:
                dirt = [Dirt(row["id"], Stream.PRODUCT, product, now, now) for product in chosen]
                await put_dirt(client, dirt, now)
        count += len(chosen)
    return count


async def _with_room(row: Mapping[str, Any], limit: ProductLimit) -> Sequence[ProductId]:
    products = [ProductId(gid) for gid in row["products"]]
    places = Places(row["id"], row["main_id"], row["dependent_id"])
    room = await room_for(connection(), limit, places, products, writes=False)
    under_way = set(row["under_way"] or ())
    # Those take their places too.
    fitting = products if room is None else [each for each in products if room.take(each) is None]
    return [each for each in fitting if each not in under_way]
