"""Subscriptions of the calling app in the shop: found, asked for, cancelled."""

import asyncio
import hashlib
import hmac
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from sandbox.commands import billing
from sandbox.commands.billing import PATIENCE, SubscriptionSpec
from sandbox.commands.errors import RefusedError, UserError
from sandbox.context import Call, number_of
from sandbox.failures import FieldError, NotSimulatedError
from sandbox.paging import Connection, Key, connect_sorted, sort_value
from sandbox.plan import Args
from sandbox.resolvers.fields import Fields, attr, money, own_id
from sandbox.resolvers.payload import Payload, demand_gid, refused
from sandbox.store.app import Installation
from sandbox.store.billing import AppSubscription, Recurring, Usage
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop


def _line_items(source: AppSubscription, args: Args, ctx: Call) -> list[dict[str, Any]]:
    return [
        {
            "id": f"gid://shopify/AppSubscriptionLineItem/{source.id}?v=1&index={index}",
            "plan": {"pricingDetails": _pricing(item)},
        }
        for index, item in enumerate(source.items)
    ]


def _pricing(item: Recurring | Usage) -> dict[str, Any]:
    if isinstance(item, Recurring):
        return {
            "__typename": "AppRecurringPricing",
            "price": money(item.price, item.currency),
            "interval": item.interval,
            "discount": None,
            "planHandle": None,
        }
    return {
        "__typename": "AppUsagePricing",
        "cappedAmount": money(item.capped_amount, item.currency),
        "balanceUsed": money(Decimal(0), item.currency),
        "interval": "EVERY_30_DAYS",
        "terms": item.terms,
    }


SUBSCRIPTION: Fields = {
    "id": own_id("AppSubscription"),
    "name": attr("name"),
    "status": attr("status"),
    "returnUrl": attr("return_url"),
    "test": attr("test"),
    "trialDays": attr("trial_days"),
    "createdAt": attr("created_at"),
    "currentPeriodEnd": lambda s, args, ctx: billing.period_end(s, ctx.now),
    "lineItems": _line_items,
}


def active(source: Installation, args: Args, ctx: Call) -> list[AppSubscription]:
    return [each for each in _all(source, ctx) if each.status == "ACTIVE"]


def every(source: Installation, args: Args, ctx: Call) -> Connection:
    by_time = args.get("sortKey", "CREATED_AT") == "CREATED_AT"

    def key(row: AppSubscription) -> Key:
        return (sort_value(row.created_at) if by_time else row.id, row.id)

    entries = sorted(((key(row), row) for row in _all(source, ctx)), key=lambda entry: entry[0])
    return connect_sorted(entries, args, "allSubscriptions", unpaged=ctx.unpaged)


def _all(source: Installation, ctx: Call) -> Iterable[AppSubscription]:
    billing.expire(ctx.shop, source)
    return source.app_subscriptions.values()


def create(source: Any, args: Args, ctx: Call) -> Payload:
    if args.get("replacementBehavior") == "APPLY_ON_NEXT_BILLING_CYCLE":
        raise NotSimulatedError("replacing a subscription later than at once")
    address = urlsplit(args["returnUrl"])
    if address.scheme not in ("http", "https") or not address.netloc:
        errors = [UserError(("returnUrl",), "Return url is invalid")]
        return refused(errors, "appSubscription", "confirmationUrl")
    spec = SubscriptionSpec(
        args["name"],
        args["returnUrl"],
        tuple(_item(each["plan"]) for each in args["lineItems"]),
        test=bool(args.get("test")),
        trial_days=args.get("trialDays") or 0,
    )
    if args.get("replacementBehavior") in (None, "STANDARD") and _is_deferred(ctx, spec):
        raise NotSimulatedError("replacing an annual subscription later than at once")
    try:
        made = billing.subscribe(ctx.shop, ctx.installation, spec)
    except RefusedError as refusal:
        return refused(refusal.errors, "appSubscription", "confirmationUrl")
    _expire_in_time(ctx)
    return {
        "appSubscription": made,
        "confirmationUrl": confirmation_url(ctx.sandbox, ctx.shop, ctx.app_id, made),
        "userErrors": [],
    }


def _item(plan: dict[str, Any]) -> Recurring | Usage:
    recurring, usage = plan.get("appRecurringPricingDetails"), plan.get("appUsagePricingDetails")
    match recurring, usage:
        case {"discount": dict()}, None:
            raise NotSimulatedError("discounts of subscriptions")
        case {"price": price, **rest}, None:
            interval = str(rest.get("interval") or "EVERY_30_DAYS")
            return Recurring(Decimal(price["amount"]), price["currencyCode"], interval)
        case None, {"cappedAmount": capped, "terms": terms}:
            return Usage(Decimal(capped["amount"]), capped["currencyCode"], terms)
    raise FieldError(
        "Exactly one of appRecurringPricingDetails and appUsagePricingDetails must be given", "BAD_REQUEST"
    )


def _is_deferred(ctx: Call, spec: SubscriptionSpec) -> bool:
    """What STANDARD puts off to the next cycle: leaving an annual plan for a smaller or a monthly one."""
    wanted = next((item for item in spec.items if isinstance(item, Recurring)), None)
    for each in active(ctx.installation, {}, ctx):
        present = each.recurring
        if present is None or wanted is None or present.interval != "ANNUAL":
            continue
        if present.currency == wanted.currency:
            return wanted.interval != "ANNUAL" or wanted.price < present.price
    return False


def cancel(source: Any, args: Args, ctx: Call) -> Payload:
    demand_gid(args["id"])
    try:
        gone = billing.cancel(ctx.shop, ctx.installation, number_of(args["id"], "AppSubscription"))
    except RefusedError as refusal:
        return refused(refusal.errors, "appSubscription")
    return {"appSubscription": gone, "userErrors": []}


def confirmation_url(sandbox: Sandbox, shop: Shop, app: int, subscription: AppSubscription) -> str:
    """The admin's page that asks the merchant, in the form of Shopify's own address of it."""
    handle = shop.domain.removesuffix(".myshopify.com")
    return (
        f"{sandbox.base_url}/store/{handle}/charges/{app}/{subscription.id}/RecurringApplicationCharge"
        f"/confirm_recurring_application_charge?signature={signature(sandbox, shop, subscription)}"
    )


def signature(sandbox: Sandbox, shop: Shop, subscription: AppSubscription) -> str:
    text = f"charge/{shop.domain}/{subscription.id}"
    return hmac.new(sandbox.secret, text.encode(), hashlib.sha256).hexdigest()


def _expire_in_time(ctx: Call) -> None:
    """Where somebody serves, the app hears of it when the merchant's time is up, though nobody looks."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return

    async def wait() -> None:
        await ctx.sandbox.clock.sleep(PATIENCE.total_seconds())
        if ctx.shop.installations.get(ctx.installation.app.client_id) is ctx.installation:
            billing.expire(ctx.shop, ctx.installation)

    task = loop.create_task(wait())
    ctx.sandbox.tasks.add(task)
    task.add_done_callback(ctx.sandbox.tasks.discard)


MUTATIONS: Fields = {"appSubscriptionCreate": create, "appSubscriptionCancel": cancel}
