"""Choosing another plan: at once where nothing is paid, else with the merchant's word at Shopify."""

from dataclasses import dataclass, replace
from uuid import UUID

from backend.billing.desk import Desk
from backend.billing.plans import Plan, Price
from backend.billing.record import load_standing, store_standing
from backend.billing.standing import Pending, PlanStatus, Standing
from backend.billing.subscription import SubscriptionStatus
from backend.billing.verify import ATTEMPTS, follow
from backend.database import connection, rows
from backend.errors import ErrorCode, Refused, Unavailable, UserError
from backend.jobs.queue import transaction
from backend.shopify.billing import ShopBilling

_FIELD = ("planId",)
# As `access.loaders` counts them for the page.
_USED = """
SELECT count(DISTINCT CASE WHEN c.main_id = $1 THEN l.main_gid ELSE l.dependent_gid END) AS number
FROM connection c JOIN product_link l ON l.connection_id = c.id
WHERE $1 IN (c.main_id, c.dependent_id) AND c.state <> 'DISCONNECTED'
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """`confirmation_url` is where the merchant approves, None where the plan has changed already. `warning`:
    it was done all the same."""

    confirmation_url: str | None = None
    warning: UserError | None = None


async def change_plan(
    shop: UUID, plan_id: str, billing: ShopBilling, desk: Desk, *, return_url: str
) -> Changed:
    """Have the shop on another plan. Choosing the present one takes back a change that waits, or takes note
    that a subscription has ended.

    Raises UserError PLAN_UNKNOWN, PLAN_UNCHANGED, or PLAN_REFUSED with Shopify's words, and what calling
    raises.
    """
    plan = desk.plans.find(plan_id)
    if plan is None or not plan.offered:
        raise UserError(ErrorCode.PLAN_UNKNOWN, "There is no such plan to choose.", field=_FIELD)
    for _ in range(ATTEMPTS):
        standing = await load_standing(shop, desk.plans)
        if standing.chosen(desk.plans) == plan:
            if await _stay(shop, standing, desk):
                return Changed()
            continue
        warning = await _below_use(shop, plan)
        try:
            if plan.price is not None:
                url = await _ask(shop, plan, plan.price, billing, desk, return_url)
                return Changed(url, warning)
            if await _pay_nothing(shop, standing, plan, billing, desk):
                return Changed(warning=warning)
        except Refused as refusal:
            said = {"message": refusal.message}
            raise UserError(ErrorCode.PLAN_REFUSED, refusal.message, params=said) from refusal
    raise Unavailable("the plan changes all the time", sent=False)


async def _stay(shop: UUID, standing: Standing, desk: Desk) -> bool:
    if standing.pending is None and standing.status is not PlanStatus.CANCELLED:
        raise UserError(ErrorCode.PLAN_UNCHANGED, "The shop has this plan already.", field=_FIELD)
    noted = PlanStatus.ACTIVE if standing.status is PlanStatus.CANCELLED else standing.status
    return await _put(shop, standing, replace(standing, status=noted, pending=None), desk)


async def _put(shop: UUID, before: Standing, after: Standing, desk: Desk) -> bool:
    """False, and nothing is stored, where the standing is another one than was decided on: the merchant's
    word at Shopify, for one, may come in at the same time."""
    async with transaction() as client:
        if await load_standing(shop, desk.plans, client) != before:
            return False
        await store_standing(client, shop, after, desk.clock.now())
    return True


async def _below_use(shop: UUID, plan: Plan) -> UserError | None:
    if plan.product_limit is None:
        return None
    used = int((await rows(connection(), _USED, shop))[0]["number"])
    if used <= plan.product_limit:
        return None
    return UserError(
        ErrorCode.PLAN_BELOW_USE,
        "More is linked than the plan allows. It goes on; nothing new is linked.",
        field=_FIELD,
        params={"used": str(used), "allowed": str(plan.product_limit)},
    )


async def _pay_nothing(shop: UUID, standing: Standing, plan: Plan, billing: ShopBilling, desk: Desk) -> bool:
    # What waits for the merchant may have been approved already, unheard of here.
    for gid in (standing.subscription, standing.pending.gid if standing.pending else None):
        if gid is not None:
            await _cancel(gid, billing)
    after = Standing(plan.id, status=PlanStatus.ACTIVE)
    if not await _put(shop, standing, after, desk):
        return False
    await follow(shop, standing, after, desk)
    return True


async def _cancel(gid: str, billing: ShopBilling) -> None:
    """One that is over already, by whoever's hand, is what is wanted."""
    try:
        await billing.cancel(gid)
    except Refused:
        told = (await billing.read([gid])).known[gid]
        if told is not None and told.status in (SubscriptionStatus.ACTIVE, SubscriptionStatus.FROZEN):
            raise


async def _ask(
    shop: UUID, plan: Plan, price: Price, billing: ShopBilling, desk: Desk, return_url: str
) -> str:
    test_only = (await billing.read()).test_only
    asked = await billing.ask(plan.name, price, return_url, test=test_only)
    async with transaction() as client:
        standing = await load_standing(shop, desk.plans, client)
        now = desk.clock.now()
        pending = Pending(plan.id, asked.gid, now)
        await store_standing(client, shop, replace(standing, pending=pending), now)
    return asked.confirmation_url
