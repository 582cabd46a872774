"""What follows from what Shopify says of a shop's subscriptions."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from backend.billing.plans import Interval, Plan, Plans, Price
from backend.billing.room import Lacking, Room
from backend.billing.standing import Pending, PlanStatus, Standing, beginning, ended, settle
from backend.billing.subscription import BillingRead, Subscription, SubscriptionStatus
from backend.sync.catalog import ProductId

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
GROWTH_PRICE = Price(Decimal("19.00"), "USD", Interval.EVERY_30_DAYS)
SCALE_PRICE = Price(Decimal("49.00"), "USD", Interval.EVERY_30_DAYS)
PLANS = Plans(
    (
        Plan("free", "Free", 5),
        Plan("growth", "Growth", 100, GROWTH_PRICE),
        Plan("scale", "Scale", None, SCALE_PRICE),
    )
)
OVER = [SubscriptionStatus.DECLINED, SubscriptionStatus.EXPIRED, SubscriptionStatus.CANCELLED, None]


def told(
    gid: str,
    status: SubscriptionStatus,
    name: str = "Growth",
    price: Price | None = GROWTH_PRICE,
    hours: int = 0,
) -> Subscription:
    return Subscription(gid, name, status, price, NOW + timedelta(hours=hours))


def read(*found: Subscription, missing: tuple[str, ...] = ()) -> BillingRead:
    active = tuple(each for each in found if each.status is SubscriptionStatus.ACTIVE)
    return BillingRead(active, {each.gid: each for each in found} | dict.fromkeys(missing))


def waiting(plan: str = "growth", gid: str = "new") -> Pending:
    return Pending(plan, gid, NOW)


def test_an_approved_change_takes_effect() -> None:
    before = Standing("free", pending=waiting())
    assert settle(before, read(told("new", SubscriptionStatus.ACTIVE)), PLANS) == Standing("growth", "new")


def test_a_change_that_waits_goes_on_waiting() -> None:
    before = Standing("free", pending=waiting())
    assert settle(before, read(told("new", SubscriptionStatus.PENDING)), PLANS) == before


@pytest.mark.parametrize("status", OVER)
def test_without_approval_the_old_plan_stays(status: SubscriptionStatus | None) -> None:
    old = told("old", SubscriptionStatus.ACTIVE)
    new = read(old, told("new", status, "Scale", SCALE_PRICE)) if status else read(old, missing=("new",))
    before = Standing("growth", "old", pending=waiting("scale"))
    assert settle(before, new, PLANS) == Standing("growth", "old")


def test_the_replaced_subscription_is_no_loss() -> None:
    before = Standing("growth", "old", pending=waiting("scale"))
    found = read(
        told("old", SubscriptionStatus.CANCELLED),
        told("new", SubscriptionStatus.ACTIVE, "Scale", SCALE_PRICE),
    )
    assert settle(before, found, PLANS) == Standing("scale", "new")


def test_payments_that_stop_freeze_and_payments_that_resume_thaw() -> None:
    paid = Standing("growth", "old")
    frozen = settle(paid, read(told("old", SubscriptionStatus.FROZEN)), PLANS)
    assert frozen == Standing("growth", "old", PlanStatus.FROZEN)
    assert frozen.in_force(PLANS).id == "free"
    assert frozen.chosen(PLANS).id == "growth"
    assert settle(frozen, read(told("old", SubscriptionStatus.ACTIVE)), PLANS) == paid


@pytest.mark.parametrize("status", OVER)
def test_a_subscription_that_ends_leaves_the_first_plan(status: SubscriptionStatus | None) -> None:
    found = read(told("old", status)) if status else read(missing=("old",))
    after = settle(Standing("growth", "old"), found, PLANS)
    assert after == ended(PLANS) == Standing("free", None, PlanStatus.CANCELLED)
    assert settle(after, read(), PLANS) == after


def test_a_change_goes_on_waiting_when_the_old_subscription_ends() -> None:
    before = Standing("growth", "old", pending=waiting("scale"))
    found = read(
        told("old", SubscriptionStatus.CANCELLED),
        told("new", SubscriptionStatus.PENDING, "Scale", SCALE_PRICE),
    )
    assert settle(before, found, PLANS) == Standing(
        "free", None, PlanStatus.CANCELLED, pending=waiting("scale")
    )


def test_what_is_paid_for_counts_though_nobody_knew_of_it() -> None:
    first = told("first", SubscriptionStatus.ACTIVE)
    later = told("later", SubscriptionStatus.ACTIVE, "Scale", SCALE_PRICE, hours=1)
    strange = told("strange", SubscriptionStatus.ACTIVE, "Other", hours=2)
    used = told("used", SubscriptionStatus.ACTIVE, "Growth", None, hours=2)
    assert settle(beginning(PLANS), read(first), PLANS) == Standing("growth", "first")
    assert settle(ended(PLANS), read(later, first, strange, used), PLANS) == Standing("scale", "later")
    assert settle(beginning(PLANS), read(strange, used), PLANS) == beginning(PLANS)
    known = Standing("growth", "first")
    assert settle(known, read(first, later), PLANS) == known


def test_a_plan_that_is_not_configured_any_more_is_the_first_one() -> None:
    assert Standing("forgotten", "old").in_force(PLANS).id == "free"


def test_room_is_of_both_shops_and_main_counts_a_product_once() -> None:
    first, second, third = (ProductId(each) for each in "abc")
    room = Room(main=1, dependent=2, counted=frozenset({first}))
    assert room.take(first) is None
    assert room.take(second) is None
    assert room.take(third) == Lacking(main=True, dependent=True)
    assert (room.taken_of_main, room.taken_of_dependent) == (1, 2)
    assert Room(main=None, dependent=0).take(first) == Lacking(main=False, dependent=True)
    assert Room(main=-3, dependent=None).take(first) == Lacking(main=True, dependent=False)
    assert Room(main=-3, dependent=None, counted=frozenset({first})).take(first) is None
