"""A shop's standing in the database."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.billing.plans import Plans
from backend.billing.standing import Pending, PlanStatus, Standing, beginning
from backend.database import execute
from backend.models.billing import ShopPlan

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_STORE = """
INSERT INTO shop_plan (shop_id, plan, subscription_gid, status, pending_plan, pending_gid, pending_since,
                       changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (shop_id) DO UPDATE SET
    plan = excluded.plan, subscription_gid = excluded.subscription_gid, status = excluded.status,
    pending_plan = excluded.pending_plan, pending_gid = excluded.pending_gid,
    pending_since = excluded.pending_since, changed_at = excluded.changed_at
"""


def standing_of(row: ShopPlan | None, plans: Plans) -> Standing:
    """Without a row, the first plan."""
    if row is None:
        return beginning(plans)
    pending = None
    if row.pending_plan and row.pending_gid and row.pending_since:
        pending = Pending(row.pending_plan, row.pending_gid, row.pending_since)
    return Standing(row.plan, row.subscription_gid, PlanStatus(row.status), pending)


async def standings(shops: Collection[UUID], plans: Plans) -> dict[UUID, Standing]:
    """Of every one of these shops, in one statement."""
    found = {row.shop_id: row for row in await ShopPlan.filter(shop_id__in=list(shops))}
    return {shop: standing_of(found.get(shop), plans) for shop in shops}


async def load_standing(shop: UUID, plans: Plans, client: BaseDBAsyncClient | None = None) -> Standing:
    """With `client`, locked until its transaction ends: also where there is no row yet."""
    query = ShopPlan.filter(shop_id=shop)
    if client is not None:
        await execute(client, _LOCK, f"standing:{shop}")
        query = query.using_db(client)
    return standing_of(await query.get_or_none(), plans)


async def store_standing(client: BaseDBAsyncClient, shop: UUID, standing: Standing, now: datetime) -> None:
    pending = standing.pending
    await execute(
        client,
        _STORE,
        shop,
        standing.plan,
        standing.subscription,
        standing.status.value,
        pending.plan if pending else None,
        pending.gid if pending else None,
        pending.since if pending else None,
        now,
    )
