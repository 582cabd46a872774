"""What Shopify says of a shop's subscription, taken over: whoever hears that something may have changed (a
webhook, the merchant's return, the clock) asks."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from backend.billing.desk import Desk
from backend.billing.record import load_standing, store_standing
from backend.billing.resume import resume_waiting
from backend.billing.standing import Standing, ended, settle
from backend.billing.subscription import BillingRead, SubscriptionStatus
from backend.errors import Unavailable
from backend.jobs.queue import transaction
from backend.shopify.billing import ShopBilling

# Readings that another change has overtaken, before somebody else shall try.
ATTEMPTS = 3

log = structlog.get_logger(__name__)


async def verify(
    shop: UUID, billing: ShopBilling, desk: Desk, *, charge: str | None = None
) -> tuple[Standing, SubscriptionStatus | None]:
    """The shop's standing as Shopify has it, stored; and what became of the subscription `charge`, None for
    none. Raises what reading raises."""
    for _ in range(ATTEMPTS):
        before = await load_standing(shop, desk.plans)
        read = await billing.read(_ids(before, charge))
        if (after := await _take_over(shop, before, read, desk)) is not None:
            told = read.known.get(charge) if charge else None
            return after, told.status if told else None
    raise Unavailable("the plan changes all the time", sent=False)


def _ids(standing: Standing, charge: str | None) -> Sequence[str]:
    pending = standing.pending.gid if standing.pending else None
    return sorted({gid for gid in (standing.subscription, pending, charge) if gid})


async def _take_over(shop: UUID, before: Standing, read: BillingRead, desk: Desk) -> Standing | None:
    """None where the standing is another one than the one that was asked about."""
    after = settle(before, read, desk.plans)
    if after == before:
        return after
    async with transaction() as client:
        if await load_standing(shop, desk.plans, client) != before:
            return None
        await store_standing(client, shop, after, desk.clock.now())
    log.info("plan changed", shop=str(shop), plan=after.plan, status=after.status.value)
    await follow(shop, before, after, desk)
    return after


async def follow(shop: UUID, before: Standing, after: Standing, desk: Desk) -> None:
    """What a change of the plan brings about: more room lets in what waits. Less takes nothing away; it is
    noted whose plan is waited for."""
    old, new = (each.in_force(desk.plans).product_limit for each in (before, after))
    if old != new:
        await resume_waiting(desk.limit, desk.clock.now(), shop)


async def end_subscription(shop: UUID, desk: Desk) -> None:
    """The app was removed from the shop, and with it its subscription (shopify.dev,
    AppSubscriptionStatus.CANCELLED)."""
    async with transaction() as client:
        standing = await load_standing(shop, desk.plans, client)
        if standing.subscription is not None or standing.pending is not None:
            after = standing if standing.subscription is None else ended(desk.plans)
            after = Standing(after.plan, after.subscription, after.status)
            await store_standing(client, shop, after, desk.clock.now())
