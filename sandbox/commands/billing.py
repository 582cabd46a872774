"""App subscriptions: asked for, approved or declined, ended by either side.

A subscription waits two days for the merchant; whoever approves one ends the app's other one in that shop
(AppSubscriptionStatus in the schema). Refusals in words that were seen in real shops, told by third parties.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sandbox.commands.errors import RefusedError, UserError, refuse_if
from sandbox.ids import gid
from sandbox.store.app import Installation
from sandbox.store.billing import AppSubscription, Recurring, Usage
from sandbox.store.change import Change
from sandbox.store.shop import Shop
from sandbox.webhook_payloads import app_subscription

PATIENCE = timedelta(days=2)
CENT = Decimal("0.01")
LEAST_PRICE = Decimal("0.5")
_DAYS = {"EVERY_30_DAYS": 30, "ANNUAL": 365}
_CANCELLABLE = ("PENDING", "ACTIVE")
MISSING = UserError(("id",), "Couldn't find RecurringApplicationCharge")
# Said on the confirmation page of a development store, which has no way to pay.
UNPAYABLE = UserError(None, "The shop cannot accept the provided charge")


@dataclass(frozen=True, slots=True)
class SubscriptionSpec:
    name: str
    return_url: str
    items: tuple[Recurring | Usage, ...]
    test: bool = False
    trial_days: int = 0


def subscribe(shop: Shop, installation: Installation, spec: SubscriptionSpec) -> AppSubscription:
    """A subscription that waits for the merchant. Nobody is told: nothing has changed for anybody yet."""
    refuse_if(_faults(shop, spec))
    now = shop.now()
    made = AppSubscription(
        shop.ids.next(),
        installation.app.client_id,
        spec.name.strip(),
        spec.return_url,
        spec.items,
        spec.test,
        spec.trial_days,
        created_at=now,
        updated_at=now,
    )
    installation.app_subscriptions[made.id] = made
    return made


def _faults(shop: Shop, spec: SubscriptionSpec) -> Iterator[UserError]:
    if not spec.name.strip():
        yield UserError(("name",), "Name can't be blank")
    recurring = [item for item in spec.items if isinstance(item, Recurring)]
    if not spec.items:
        yield UserError(("lineItems",), "Line items can't be blank")
    elif len(recurring) > 1 or len(spec.items) - len(recurring) > 1:
        yield UserError(("lineItems",), "Only one pricing plan can be defined for each available type")
    for item in spec.items:
        amount = item.price if isinstance(item, Recurring) else item.capped_amount
        if amount < LEAST_PRICE:
            yield UserError(None, f"Validation failed: Price must be greater than or equal to {LEAST_PRICE}")
        if item.currency not in ("USD", shop.currency):
            yield UserError(("lineItems",), "Currency code must be USD")
    if spec.trial_days < 0:
        yield UserError(("trialDays",), "Trial days must be greater than or equal to 0")


def approve(shop: Shop, installation: Installation, subscription: AppSubscription) -> None:
    """By the merchant. RefusedError where it waits no more, or the shop cannot pay."""
    _demand_pending(shop, installation, subscription)
    if shop.partner_development and not subscription.test:
        raise RefusedError(UNPAYABLE)
    with shop.change() as change:
        for other in installation.app_subscriptions.values():
            if other.status in ("ACTIVE", "FROZEN"):
                _become(shop, change, other, "CANCELLED")
        subscription.activated_at = change.now
        _become(shop, change, subscription, "ACTIVE")


def decline(shop: Shop, installation: Installation, subscription: AppSubscription) -> None:
    """By the merchant. RefusedError where it waits no more."""
    _demand_pending(shop, installation, subscription)
    with shop.change() as change:
        _become(shop, change, subscription, "DECLINED")


def cancel(shop: Shop, installation: Installation, number: int | None) -> AppSubscription:
    """By the app."""
    expire(shop, installation)
    found = None if number is None else installation.app_subscriptions.get(number)
    if found is None:
        raise RefusedError(MISSING)
    if found.status not in _CANCELLABLE:
        message = f"Cannot transition status via :cancel from :{found.status.lower()}"
        raise RefusedError(UserError(("id",), message))
    with shop.change() as change:
        _become(shop, change, found, "CANCELLED")
    return found


def set_status(shop: Shop, subscription: AppSubscription, status: str) -> None:
    """By Shopify: FROZEN while the merchant does not pay, ACTIVE again, CANCELLED."""
    if subscription.status != status:
        with shop.change() as change:
            _become(shop, change, subscription, status)


def expire(shop: Shop, installation: Installation) -> None:
    """End what has waited for too long."""
    overdue = [
        each
        for each in installation.app_subscriptions.values()
        if each.status == "PENDING" and each.created_at + PATIENCE <= shop.now()
    ]
    if overdue:
        with shop.change() as change:
            for each in overdue:
                _become(shop, change, each, "EXPIRED")


def period_end(subscription: AppSubscription, now: datetime) -> datetime | None:
    """When the period under way ends; the first one begins after the trial. None while nothing is charged."""
    if subscription.status != "ACTIVE" or subscription.activated_at is None:
        return None
    recurring = subscription.recurring
    length = timedelta(days=_DAYS[recurring.interval if recurring else "EVERY_30_DAYS"])
    end = subscription.activated_at + timedelta(days=subscription.trial_days) + length
    while end <= now:
        end += length
    return end


def _demand_pending(shop: Shop, installation: Installation, subscription: AppSubscription) -> None:
    expire(shop, installation)
    if subscription.status != "PENDING":
        message = f"Cannot transition status via :accept from :{subscription.status.lower()}"
        raise RefusedError(UserError(None, message))


def _become(shop: Shop, change: Change, subscription: AppSubscription, status: str) -> None:
    subscription.status, subscription.updated_at = status, change.now
    recurring, usage = subscription.recurring, subscription.usage
    currency = (recurring or usage or Recurring(CENT, "USD", "EVERY_30_DAYS")).currency
    change.event(
        "app_subscriptions/update",
        gid("AppSubscription", subscription.id),
        client_id=subscription.client_id,
        details=app_subscription(
            shop,
            subscription.id,
            name=subscription.name,
            status=status,
            plan_handle=None,
            created_at=subscription.created_at,
            updated_at=subscription.updated_at,
            price=recurring.price if recurring else None,
            capped_amount=usage.capped_amount if usage else None,
            currency=currency,
            interval=(recurring.interval if recurring else "EVERY_30_DAYS").lower(),
        ),
    )
