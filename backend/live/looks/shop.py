"""What happens to a shop as a whole: its facts change, a bulk operation ends, the app is removed."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from tortoise.expressions import Q

from backend.billing.verify import end_subscription, verify
from backend.database import connection, rows
from backend.jobs import ending
from backend.jobs.bulk_finished import wake_waiting
from backend.jobs.context import contexts_of
from backend.jobs.events import Recall, publish
from backend.jobs.facts import refresh_facts
from backend.jobs.queue import transaction
from backend.jobs.requests import sync_all
from backend.jobs.state import ALIVE
from backend.live.pending import Taken, forget_pending
from backend.live.view import View
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Trigger
from backend.models.shop import Shop

_NOW = timedelta(0)
_LAST = """
SELECT DISTINCT ON (connection_id) connection_id AS connection, state, cursor ->> 'basis' AS basis FROM job
WHERE connection_id = ANY($1::uuid[]) AND kind = 'SYNC_ALL' ORDER BY connection_id, created_at DESC
"""
log = structlog.get_logger(__name__)


async def facts(view: View, taken: Sequence[Taken]) -> None:
    """Read the shop's facts again. Where currency or locations are others than those that a connection was
    last synced by, all that follows from them is computed anew, whoever has read them first."""
    shop, clock = view.shop, view.runtime.clock
    await refresh_facts(shop, view.open(), view.runtime, fresh=_NOW)
    moved = await _moved(shop)
    async with transaction() as client:
        await forget_pending(client, taken, clock.now())
        if moved:
            await sync_all(moved, now=clock.now(), trigger=Trigger.CHANGE)


async def _moved(shop: Shop) -> list[UUID]:
    """The connections of the shop that stand on something else now than in their last sync. One that is under
    way sees to that itself."""
    ties = Connection.filter(Q(main_id=shop.id) | Q(dependent_id=shop.id), state=ConnectionState.ACTIVE)
    chosen = await ties.filter(settings_version__not_isnull=True).select_related("main", "dependent")
    last = await rows(connection(), _LAST, [each.id for each in chosen])
    stood = {row["connection"]: row["basis"] for row in last}
    alive = {row["connection"] for row in last if row["state"] in ALIVE}
    return [
        each.connection
        for each in await contexts_of([tie for tie in chosen if tie.id not in alive])
        if stood.get(each.connection) != each.basis
    ]


async def operations(view: View, taken: Sequence[Taken]) -> None:
    """A bulk operation has ended: whoever waits for one looks now."""
    now = view.runtime.clock.now()
    async with transaction() as client:
        await wake_waiting(client, view.shop.id, now)
        await forget_pending(client, taken, now)


async def plan(view: View, taken: Sequence[Taken]) -> None:
    """What the shop pays for may have changed."""
    await verify(view.shop.id, view.open().billing, view.runtime.desk)
    async with transaction() as client:
        await forget_pending(client, taken, view.runtime.clock.now())


async def app_is_gone(view: View, taken: Sequence[Taken]) -> None:
    """The app was uninstalled: no access any more, its connections stop. Links and settings stay, so that an
    installation finds them again. An event that is older than the present installation is late."""
    shop, now = view.shop, view.runtime.clock.now()
    async with transaction() as client:
        if any(each.latest_at >= shop.installed_at for each in taken):
            await Shop.filter(id=shop.id).using_db(client).update(uninstalled_at=now)
            await ending.suspend(shop.id)
            await end_subscription(shop.id, view.runtime.desk)
            log.info("app uninstalled", shop=shop.domain)
        await forget_pending(client, taken, now)
    await publish(view.runtime.redis, Recall(shop.id))


async def redact(view: View, taken: Sequence[Taken]) -> None:
    """Shopify asks, 48 hours after the app was uninstalled, to delete what is kept of the shop. A shop that
    has the app again keeps it."""
    shop = view.shop
    async with transaction() as client:
        if shop.uninstalled_at is not None:
            await Shop.filter(id=shop.id).using_db(client).delete()
            log.info("shop deleted", shop=shop.domain)
        else:
            await forget_pending(client, taken, view.runtime.clock.now())
