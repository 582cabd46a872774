"""What happens to a shop as a whole: its facts change, a bulk operation ends, the app is removed."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from tortoise.expressions import Q

from backend.billing.verify import end_subscription, verify
from backend.jobs import ending
from backend.jobs.bulk_finished import wake_waiting
from backend.jobs.events import Recall, publish
from backend.jobs.facts import refresh_facts
from backend.jobs.queue import transaction
from backend.jobs.requests import sync_all
from backend.live.pending import Taken, forget_pending
from backend.live.view import View
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Trigger
from backend.models.shop import Shop, ShopLocation, ShopToken

_NOW = timedelta(0)
log = structlog.get_logger(__name__)


async def facts(view: View, taken: Sequence[Taken]) -> None:
    """Read the shop's facts again. Where currency or locations are others now, what follows from them is
    computed anew for every connection of the shop."""
    shop, clock = view.shop, view.runtime.clock
    before = await _footing(shop)
    await refresh_facts(shop, view.open(), view.runtime, fresh=_NOW)
    moved = await _footing(shop) != before
    async with transaction() as client:
        await forget_pending(client, taken, clock.now())
    if moved:
        ties = Connection.filter(Q(main_id=shop.id) | Q(dependent_id=shop.id), state=ConnectionState.ACTIVE)
        chosen = await ties.filter(settings_version__not_isnull=True).order_by("id")
        if chosen:
            await sync_all([each.id for each in chosen], now=clock.now(), trigger=Trigger.CHANGE)


async def _footing(shop: Shop) -> tuple[object, ...]:
    places = await ShopLocation.filter(shop_id=shop.id).order_by("gid").values_list("gid", "is_active")
    return shop.currency, shop.primary_location_gid, list(places)


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
            await ShopToken.filter(shop_id=shop.id).using_db(client).delete()
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
