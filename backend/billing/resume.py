"""Links what waited for a plan, as soon as there is room: after an upgrade at once, and now and then, because
room also comes when a product is unlinked or another dependent leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.billing.limits import Places, ProductLimit, room_for
from backend.billing.room import Lacking
from backend.database import connection, execute, rows
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
_NOTE = """
UPDATE waiting_product w SET by_main = s.by_main, by_dependent = s.by_dependent
FROM unnest($2::text[], $3::bool[], $4::bool[]) AS s (gid, by_main, by_dependent)
WHERE w.connection_id = $1 AND w.main_gid = s.gid
  AND (w.by_main, w.by_dependent) <> (s.by_main, s.by_dependent)
"""


async def resume_waiting(limit: ProductLimit, now: datetime, shop: UUID | None = None) -> int:
    """Start what links the products that wait and have room now, on the connections of `shop` or on all; how
    many products. Lowest ids come first. Of the others it is noted whose plan they wait for now."""
    count = 0
    for row in await rows(connection(), _WAITING, shop):
        chosen, lacking = await _divided(row, limit)
        await execute(
            connection(),
            _NOTE,
            row["id"],
            list(lacking),
            [each.main for each in lacking.values()],
            [each.dependent for each in lacking.values()],
        )
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


async def _divided(
    row: Mapping[str, Any], limit: ProductLimit
) -> tuple[Sequence[ProductId], Mapping[ProductId, Lacking]]:
    """The products that have room and are not under way already, which take their places too; and what the
    others lack."""
    products = [ProductId(gid) for gid in row["products"]]
    places = Places(row["id"], row["main_id"], row["dependent_id"])
    room = await room_for(connection(), limit, places, products, writes=False)
    lacking = {each: lack for each in products if room and (lack := room.take(each))}
    passed_over = {*lacking, *(row["under_way"] or ())}
    return [each for each in products if each not in passed_over], lacking
