"""Where a shop stands with its plan, and what follows from what Shopify says. Pure.

waits for the merchant ──approved──▶ ACTIVE ──not paid──▶ FROZEN ──paid──▶ ACTIVE
        │ declined, expired             │ cancelled           │ cancelled
        ▼                               ▼                     ▼
   the plan of before               CANCELLED: the first plan, which costs nothing
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from backend.billing.plans import Plan, Plans
from backend.billing.subscription import BillingRead, Subscription, SubscriptionStatus


class PlanStatus(StrEnum):
    """FROZEN: payments have stopped, and with them what the plan allows beyond the first one; it comes back
    with them. CANCELLED: Shopify or the merchant there has ended the subscription; the first plan applies."""

    ACTIVE = "ACTIVE"
    FROZEN = "FROZEN"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Pending:
    """A change to `plan` that waits for the merchant's word at Shopify on the subscription `gid`."""

    plan: str
    gid: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """`plan` by its id; `subscription` is Shopify's id of what pays for it, None for nothing."""

    plan: str
    subscription: str | None = None
    status: PlanStatus = PlanStatus.ACTIVE
    pending: Pending | None = None

    def chosen(self, plans: Plans) -> Plan:
        """The plan that the shop has, be it frozen; the first one where it is none of the configuration."""
        return plans.find(self.plan) or plans.first

    def in_force(self, plans: Plans) -> Plan:
        """The plan whose limit applies."""
        return plans.first if self.status is PlanStatus.FROZEN else self.chosen(plans)


def beginning(plans: Plans) -> Standing:
    """Of a shop that has chosen nothing yet."""
    return Standing(plans.first.id)


def ended(plans: Plans) -> Standing:
    """Of a shop whose subscription is over."""
    return Standing(plans.first.id, status=PlanStatus.CANCELLED)


def settle(standing: Standing, read: BillingRead, plans: Plans) -> Standing:
    """What follows from `read`, which has every subscription that `standing` names. What Shopify charges for
    counts, whatever is remembered here."""
    after = _answered(standing, read)
    current = read.known.get(after.subscription) if after.subscription else None
    status = current.status if current else None
    if status is SubscriptionStatus.ACTIVE:
        return replace(after, status=PlanStatus.ACTIVE)
    if found := _adopted(read, plans):
        subscription, plan = found
        return replace(after, plan=plan.id, subscription=subscription.gid, status=PlanStatus.ACTIVE)
    if status is SubscriptionStatus.FROZEN:
        return replace(after, status=PlanStatus.FROZEN)
    return after if after.subscription is None else replace(ended(plans), pending=after.pending)


def _answered(standing: Standing, read: BillingRead) -> Standing:
    """After the merchant's word on what was pending, if there is one."""
    pending = standing.pending
    if pending is None:
        return standing
    told = read.known.get(pending.gid)
    match told.status if told else None:
        case SubscriptionStatus.PENDING:
            return standing
        case SubscriptionStatus.ACTIVE | SubscriptionStatus.FROZEN:
            return Standing(pending.plan, pending.gid)
        case _:
            return replace(standing, pending=None)


def _adopted(read: BillingRead, plans: Plans) -> tuple[Subscription, Plan] | None:
    """What is paid for and was not known of: the merchant approved an older request, or this database was
    restored. Told by name and price; the latest of them."""
    for each in sorted(read.active, key=lambda found: (found.created_at, found.gid), reverse=True):
        for plan in plans.all:
            if plan.price is not None and (plan.name, plan.price) == (each.name, each.price):
                return each, plan
    return None
