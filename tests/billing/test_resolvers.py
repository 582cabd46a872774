"""Plans through the API: what there is, what a shop has, and changing it with Shopify's confirmation."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest

from backend.billing import schedule
from backend.billing.change import change_plan
from backend.billing.verify import verify
from backend.live.look import look_at
from backend.models.billing import ShopPlan, WaitingProduct
from backend.models.job import Job, JobKind
from backend.models.link import ProductLink
from backend.models.live import LocalEdit, PendingSubject
from backend.models.shop import Role, Shop
from backend.shopify.billing import ShopBilling
from backend.shopify.bucket import Priority
from sandbox.commands import billing
from sandbox.failures import FieldError
from sandbox.store.app import Installation
from sandbox.store.billing import AppSubscription
from tests.api import (
    BASE,
    CLIENT_ID,
    Api,
    a_conflict,
    a_connection,
    a_link,
    a_local_edit,
    a_product,
    an_api,
    chosen,
    everything,
)
from tests.resolvers.test_statements import counted

CURRENT = """{ currentPlan { status used allowed waiting waitingForOthers plan { id }
    pending { plan { id } since } } }"""
CHANGE = """mutation($id: ID!) { changePlan(planId: $id) { confirmationUrl
    currentPlan { status allowed plan { id } pending { plan { id } } }
    warnings { code params { name value } } userErrors { code field message } } }"""
REFRESH = """mutation($charge: ID) { refreshPlan(chargeId: $charge) { outcome
    currentPlan { status allowed plan { id } pending { plan { id } } } userErrors { code field } } }"""
FREE = {"status": "ACTIVE", "allowed": 2, "plan": {"id": "free"}, "pending": None}
GROWTH = {"status": "ACTIVE", "allowed": 4, "plan": {"id": "growth"}, "pending": None}


@pytest.fixture
async def shop(api: Api) -> Shop:
    return await api.a_shop("main", Role.MAIN)


async def current(api: Api, shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = (await api.ask(shop.domain, CURRENT))["currentPlan"]
    return found


async def change(api: Api, shop: Shop, plan: str) -> dict[str, Any]:
    found: dict[str, Any] = (await api.ask(shop.domain, CHANGE, {"id": plan}))["changePlan"]
    return found


async def refresh(api: Api, shop: Shop, charge: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = (await api.ask(shop.domain, REFRESH, {"charge": charge}))["refreshPlan"]
    return found


def installation(api: Api, shop: Shop) -> Installation:
    return api.shops[shop.domain].installations[CLIENT_ID]


def subscriptions(api: Api, shop: Shop) -> list[AppSubscription]:
    return list(installation(api, shop).app_subscriptions.values())


def approve(api: Api, shop: Shop) -> str:
    """The last one that was asked for; answers its charge id."""
    last = subscriptions(api, shop)[-1]
    billing.approve(api.shops[shop.domain], installation(api, shop), last)
    return str(last.id)


async def on_plan(api: Api, shop: Shop, plan: str) -> AppSubscription:
    """On a paid plan, with everything said."""
    await change(api, shop, plan)
    assert (await refresh(api, shop, approve(api, shop)))["outcome"] == "ACTIVE"
    return subscriptions(api, shop)[-1]


async def test_plans_are_those_on_offer_in_their_order(api: Api, shop: Shop) -> None:
    data = await api.ask(
        shop.domain,
        '{ plans { id name german: name(language: "de-AT") productLimit price currency interval } }',
    )
    free, growth, scale = data["plans"]
    assert free == {
        "id": "free", "name": "Free", "german": "Kostenlos", "productLimit": 2, "price": None,
        "currency": None, "interval": None,
    }  # fmt: skip
    assert growth == {
        "id": "growth", "name": "Growth", "german": "Growth", "productLimit": 4, "price": "19.00",
        "currency": "USD", "interval": "EVERY_30_DAYS",
    }  # fmt: skip
    assert (scale["id"], scale["productLimit"]) == ("scale", None)
    await ShopPlan.create(shop_id=shop.id, plan="former", changed_at=api.clock.now())
    data = await api.ask(shop.domain, "{ plans { id } }")
    assert [each["id"] for each in data["plans"]] == ["free", "growth", "scale", "former"]


async def test_a_shop_begins_with_the_first_plan(api: Api, shop: Shop) -> None:
    assert await current(api, shop) == {
        "status": "ACTIVE", "used": 0, "allowed": 2, "waiting": 0, "waitingForOthers": 0,
        "plan": {"id": "free"}, "pending": None,
    }  # fmt: skip
    assert await ShopPlan.all().count() == 0


async def test_every_shop_counts_its_own(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    near, far = await api.a_shop("near", Role.DEPENDENT), await api.a_shop("far", Role.DEPENDENT)
    first, second = await a_connection(main, near), await a_connection(main, far)
    for tie, numbers in ((first, (1, 2)), (second, (2, 3, 4))):
        for number in numbers:
            await a_link(tie, number)
    now = api.clock.now()
    for tie, gid, by_main, by_dependent in (
        (first, "a", True, True), (first, "b", False, True),
        (second, "a", True, False), (second, "c", True, False),
    ):  # fmt: skip
        await WaitingProduct.create(
            connection=tie, main_gid=gid, by_main=by_main, by_dependent=by_dependent, since=now, seen_at=now
        )
    counts = {
        shop.domain: [(await current(api, shop))[name] for name in ("used", "waiting", "waitingForOthers")]
        for shop in (main, near, far)
    }
    assert counts == {main.domain: [4, 2, 1], near.domain: [2, 2, 0], far.domain: [3, 0, 2]}


async def test_a_paid_plan_waits_for_the_merchant(api: Api, shop: Shop) -> None:
    payload = await change(api, shop, "growth")
    assert payload["userErrors"] == payload["warnings"] == []
    assert payload["currentPlan"] == FREE | {"pending": {"plan": {"id": "growth"}}}
    (asked,) = subscriptions(api, shop)
    assert urlsplit(payload["confirmationUrl"]).path.startswith("/store/main/charges/")
    assert (asked.name, asked.status, asked.test) == ("Growth", "PENDING", False)
    assert asked.recurring is not None
    assert (str(asked.recurring.price), asked.recurring.currency) == ("19.00", "USD")
    assert asked.return_url == f"{BASE}/{shop.domain}/admin/apps/{CLIENT_ID}/plan"
    # Coming back proves nothing.
    assert await refresh(api, shop, str(asked.id)) == {
        "outcome": "PENDING", "currentPlan": FREE | {"pending": {"plan": {"id": "growth"}}}, "userErrors": [],
    }  # fmt: skip
    assert await refresh(api, shop, approve(api, shop)) == {
        "outcome": "ACTIVE", "currentPlan": GROWTH, "userErrors": [],
    }  # fmt: skip
    row = await ShopPlan.get(shop_id=shop.id)
    assert row.subscription_gid == f"gid://shopify/AppSubscription/{asked.id}"


@pytest.mark.parametrize("outcome", ["DECLINED", "EXPIRED"])
async def test_without_a_yes_the_plan_stays(api: Api, shop: Shop, outcome: str) -> None:
    await change(api, shop, "growth")
    (asked,) = subscriptions(api, shop)
    if outcome == "DECLINED":
        billing.decline(api.shops[shop.domain], installation(api, shop), asked)
    else:
        billing.set_status(api.shops[shop.domain], asked, "EXPIRED")
    for _ in range(2):
        # The second time nothing is known of it here any more.
        told = await refresh(api, shop, str(asked.id))
        assert (told["outcome"], told["currentPlan"]) == (outcome, FREE)


async def test_the_webhook_says_to_ask(api: Api, shop: Shop) -> None:
    await change(api, shop, "growth")
    approve(api, shop)
    await schedule.ask_waiting(api.clock.now())
    assert [each.kind.value for each in await PendingSubject.all()] == ["PLAN"]
    await look_at(shop.id, api.services.runtime)
    assert {name: value for name, value in (await current(api, shop)).items() if name in GROWTH} == GROWTH
    assert await PendingSubject.all().count() == 0
    (paid,) = subscriptions(api, shop)
    for status, expected in (
        ("FROZEN", ["growth", 2]),
        ("ACTIVE", ["growth", 4]),
        ("CANCELLED", ["free", 2]),
    ):
        billing.set_status(api.shops[shop.domain], paid, status)
        assert await schedule.ask_waiting(api.clock.now()) == 0
        assert await schedule.ask_paid(api.clock.now()) == 1
        await look_at(shop.id, api.services.runtime)
        found = await current(api, shop)
        assert [found["plan"]["id"], found["allowed"]] == expected
        assert found["status"] == status
    assert await schedule.ask_paid(api.clock.now()) == 0


async def test_an_upgrade_lets_in_what_waits(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    for number in (1, 2):
        await a_link(tie, number)
    now = api.clock.now()
    for number in (3, 4, 5):
        await WaitingProduct.create(
            connection=tie, main_gid=f"gid://shopify/Product/{number}", by_main=False, by_dependent=True,
            since=now, seen_at=now,
        )  # fmt: skip
    await on_plan(api, main, "growth")
    assert await Job.all().count() == 0
    await on_plan(api, dependent, "growth")
    (job,) = await Job.all()
    assert (job.kind, job.connection_id, job.trigger.value) == (JobKind.LIVE, tie.id, "CHANGE")


async def test_parting_and_connecting_again_makes_no_room(api: Api) -> None:
    """Main's plan has two places: while the first dependent is away, the second one's products take them."""
    main, first, tie = await api.a_pair()
    second = await a_connection(main, await api.a_shop("other", Role.DEPENDENT))
    await chosen(tie)
    for number in (2, 1, 3):
        await a_link(tie, number)
    await a_local_edit(tie, 3)
    ended = f'(connectionId: "{tie.id}")'
    await api.change(first.domain, "disconnect", ended, answer="connection { id }")
    # One that both have counts once.
    for number in (2, 4):
        await a_link(second, number)
    key = (await api.ask(main.domain, "{ shop { connectionKey } }"))["shop"]["connectionKey"]
    answer = await api.change(first.domain, "connectWithKey", f'(key: "{key}")', answer="connection { id }")
    assert answer["userErrors"] == []

    kept = await ProductLink.filter(connection_id=tie.id)
    assert [each.main_gid for each in kept] == ["gid://shopify/Product/2"]
    waiting = await WaitingProduct.filter(connection_id=tie.id).order_by("main_gid")
    assert [(each.main_gid, each.by_main, each.by_dependent) for each in waiting] == [
        ("gid://shopify/Product/1", True, False),
        ("gid://shopify/Product/3", True, False),
    ]
    assert await LocalEdit.all().count() == 0
    assert ((await current(api, main))["used"], (await current(api, main))["waiting"]) == (2, 2)


async def test_connecting_again_brings_back_what_has_its_place(api: Api) -> None:
    main, first, tie = await api.a_pair()
    for number in (1, 2):
        await a_link(tie, number)
    before = await ProductLink.all().order_by("id").values()
    for _ in range(2):
        ended = f'(connectionId: "{tie.id}")'
        await api.change(first.domain, "disconnect", ended, answer="connection { id }")
        key = (await api.ask(main.domain, "{ shop { connectionKey } }"))["shop"]["connectionKey"]
        await api.change(first.domain, "connectWithKey", f'(key: "{key}")', answer="connection { id }")
    assert await ProductLink.all().order_by("id").values() == before
    assert await WaitingProduct.all().count() == 0


LINK = """mutation($c: ID!, $m: ID!, $d: ID!) {
    linkProducts(connectionId: $c, mainProductId: $m, dependentProductId: $d) { job { kind }
        warnings { code params { name value } } userErrors { code } } }"""
RESOLVE = """mutation($id: ID!) { createFromConflict(id: $id) { job { kind }
    warnings { code params { name value } } userErrors { code } } }"""


async def test_a_link_by_hand_that_waits_says_for_whose_plan(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    other = await a_connection(main, await api.a_shop("other", Role.DEPENDENT))
    await chosen(tie)
    for number in (1, 2, 3):
        await a_product(main, number, f"Tea {number}", f"T-{number}")
        await a_product(dependent, 1000 + number, f"Tea {number}", f"T-{number}")
    await a_link(tie, 1)
    pair = {"c": str(tie.id), "m": "gid://shopify/Product/3", "d": "gid://shopify/Product/1003"}

    async def linked() -> dict[str, Any]:
        found: dict[str, Any] = (await api.ask(dependent.domain, LINK, pair))["linkProducts"]
        return found

    def waits_for(*shops: Shop) -> list[dict[str, Any]]:
        params = [[{"name": "shop", "value": each.domain}] for each in shops]
        return [{"code": "PRODUCT_LIMIT_REACHED", "params": each} for each in params]

    done = {"job": {"kind": "RESOLVE"}, "userErrors": []}
    assert await linked() == done | {"warnings": []}
    await a_link(other, 2)
    assert await linked() == done | {"warnings": waits_for(main)}
    await a_link(tie, 2)
    assert await linked() == done | {"warnings": waits_for(main, dependent)}
    await on_plan(api, main, "scale")
    assert await linked() == done | {"warnings": waits_for(dependent)}

    conflict = await a_conflict(tie, 3, code="DUPLICATE_SKU_IN_DEPENDENT")
    answer = (await api.ask(dependent.domain, RESOLVE, {"id": str(conflict.id)}))["createFromConflict"]
    assert answer == done | {"warnings": waits_for(dependent)}


async def test_a_free_plan_changes_at_once_and_ends_the_subscription(api: Api, shop: Shop) -> None:
    paid = await on_plan(api, shop, "scale")
    dependent = await api.a_shop("dependent", Role.DEPENDENT)
    tie = await a_connection(shop, dependent)
    for number in range(3):
        await a_link(tie, number)
    payload = await change(api, shop, "free")
    assert payload == {
        "confirmationUrl": None,
        "currentPlan": FREE,
        "warnings": [
            {
                "code": "PLAN_BELOW_USE",
                "params": [{"name": "allowed", "value": "2"}, {"name": "used", "value": "3"}],
            }
        ],
        "userErrors": [],
    }
    assert paid.status == "CANCELLED"
    assert (await refresh(api, shop))["currentPlan"] == FREE


class Meanwhile:
    """Shopify's billing of a shop; something else happens while a subscription is being cancelled there."""

    def __init__(self, billing: ShopBilling, event: Callable[[], Awaitable[object]]) -> None:
        self._billing, self._event = billing, event

    def __getattr__(self, name: str) -> Any:
        return getattr(self._billing, name)

    async def cancel(self, gid: str) -> None:
        await self._billing.cancel(gid)
        await self._event()


def billing_of(api: Api, shop: Shop) -> ShopBilling:
    return api.services.runtime.open(shop, Priority.INTERACTIVE).billing


async def agreed(api: Api, shop: Shop) -> str:
    """The plan here, once it is certain that Shopify charges for that one and for nothing else."""
    found = await current(api, shop)
    charged = [each.name.lower() for each in subscriptions(api, shop) if each.status == "ACTIVE"]
    plan: str = found["plan"]["id"]
    assert charged == ([] if plan == "free" else [plan])
    assert (await refresh(api, shop))["currentPlan"]["plan"]["id"] == plan
    return plan


@pytest.mark.parametrize("heard", [True, False])
async def test_the_free_plan_is_chosen_while_another_one_is_confirmed(
    api: Api, shop: Shop, heard: bool
) -> None:
    await on_plan(api, shop, "growth")
    await change(api, shop, "scale")

    async def confirmed() -> None:
        if subscriptions(api, shop)[-1].status == "PENDING":
            approve(api, shop)
        if heard:
            await verify(shop.id, billing_of(api, shop), api.services.runtime.desk)

    meanwhile: Any = Meanwhile(billing_of(api, shop), confirmed)
    await change_plan(shop.id, "free", meanwhile, api.services.runtime.desk, return_url="https://app.test")
    assert await agreed(api, shop) == "free"


async def test_the_free_plan_and_a_confirmation_at_once(api: Api, shop: Shop) -> None:
    """Whichever comes first: what the shop has is what is charged."""
    for _ in range(5):
        await on_plan(api, shop, "growth")
        await change(api, shop, "scale")
        charge = approve(api, shop)
        await asyncio.gather(change(api, shop, "free"), *(refresh(api, shop, charge) for _ in range(3)))
        assert await agreed(api, shop) == "free"


async def test_the_present_plan_is_chosen_while_another_one_is_confirmed(api: Api, shop: Shop) -> None:
    await on_plan(api, shop, "growth")
    await change(api, shop, "scale")
    charge = approve(api, shop)
    await asyncio.gather(change(api, shop, "growth"), refresh(api, shop, charge))
    await refresh(api, shop)
    assert await agreed(api, shop) == "scale"


async def test_a_smaller_paid_plan_needs_a_yes_too_and_replaces_the_larger(api: Api, shop: Shop) -> None:
    large = await on_plan(api, shop, "scale")
    small = await on_plan(api, shop, "growth")
    assert (large.status, small.status) == ("CANCELLED", "ACTIVE")
    assert (await refresh(api, shop))["currentPlan"] == GROWTH


async def test_a_subscription_that_shopify_has_ended_already_is_no_obstacle(api: Api, shop: Shop) -> None:
    paid = await on_plan(api, shop, "growth")
    billing.set_status(api.shops[shop.domain], paid, "CANCELLED")
    payload = await change(api, shop, "free")
    assert (payload["userErrors"], payload["currentPlan"]) == ([], FREE)


async def test_a_frozen_subscription_is_shopifys_to_end(api: Api, shop: Shop) -> None:
    paid = await on_plan(api, shop, "growth")
    billing.set_status(api.shops[shop.domain], paid, "FROZEN")
    payload = await change(api, shop, "free")
    assert payload["userErrors"] == [
        {
            "code": "PLAN_REFUSED", "field": None,
            "message": "Cannot transition status via :cancel from :frozen",
        }
    ]  # fmt: skip
    assert (await ShopPlan.get(shop_id=shop.id)).subscription_gid is not None


async def test_choosing_the_present_plan(api: Api, shop: Shop) -> None:
    before = await everything()
    payload = await change(api, shop, "free")
    assert [(each["code"], each["field"]) for each in payload["userErrors"]] == [
        ("PLAN_UNCHANGED", ["planId"])
    ]
    assert await everything() == before
    await change(api, shop, "growth")
    taken_back = await change(api, shop, "free")
    assert (taken_back["userErrors"], taken_back["currentPlan"]) == ([], FREE)
    # Who approves all the same pays for it, and has it.
    approve(api, shop)
    assert (await refresh(api, shop))["currentPlan"] == GROWTH


async def test_an_ended_subscription_is_told_until_somebody_has_seen_it(api: Api, shop: Shop) -> None:
    paid = await on_plan(api, shop, "growth")
    billing.set_status(api.shops[shop.domain], paid, "CANCELLED")
    assert (await refresh(api, shop))["currentPlan"] == FREE | {"status": "CANCELLED"}
    assert (await change(api, shop, "free"))["currentPlan"] == FREE
    assert [each["code"] for each in (await change(api, shop, "free"))["userErrors"]] == ["PLAN_UNCHANGED"]


async def test_a_development_store_is_asked_for_a_test(api: Api, shop: Shop) -> None:
    api.shops[shop.domain].partner_development = True
    paid = await on_plan(api, shop, "growth")
    assert (paid.test, paid.status) == (True, "ACTIVE")


@pytest.mark.parametrize(
    "plan, code, field",
    [
        ("", "PLAN_UNKNOWN", ["planId"]),
        ("platinum", "PLAN_UNKNOWN", ["planId"]),
        ("former", "PLAN_UNKNOWN", ["planId"]),
        ("GROWTH", "PLAN_UNKNOWN", ["planId"]),
        ("gro\x00wth", "INVALID_INPUT", ["planId"]),
        ("g" * 5_000, "TOO_LONG", ["planId"]),
    ],
)
async def test_plans_that_nobody_can_choose(
    api: Api, shop: Shop, plan: str, code: str, field: list[str]
) -> None:
    payload = await change(api, shop, plan)
    assert [(each["code"], each["field"]) for each in payload["userErrors"]] == [(code, field)]
    assert (payload["confirmationUrl"], payload["currentPlan"]) == (None, None)
    assert (subscriptions(api, shop), await ShopPlan.all().count()) == ([], 0)


@pytest.mark.parametrize("charge", ["", "x", "-1", "gid://shopify/AppSubscription/1", "1" * 21, "١"])
async def test_charges_that_are_none(api: Api, shop: Shop, charge: str) -> None:
    assert (await refresh(api, shop, charge))["userErrors"] == [{"code": "INVALID_ID", "field": ["chargeId"]}]


async def test_a_charge_of_another_shop_is_a_missing_one(api: Api, shop: Shop) -> None:
    other = await api.a_shop("other", Role.MAIN)
    foreign = await on_plan(api, other, "growth")
    assert await refresh(api, shop, str(foreign.id)) == await refresh(api, shop, "7")
    assert (await refresh(api, shop, str(foreign.id)))["outcome"] is None
    assert [row.shop_id for row in await ShopPlan.all()] == [other.id]


async def test_nobody_changes_a_plan_without_a_token(api: Api, shop: Shop) -> None:
    for document, given in (
        (CHANGE, {"id": "growth"}),
        (REFRESH, {}),
        (CURRENT, {}),
        ("{ plans { id } }", {}),
    ):
        assert (await api.post(None, document, given)).status_code == 401
    assert await ShopPlan.all().count() == 0


async def test_what_shopify_refuses_changes_nothing(api: Api, shop: Shop, monkeypatch: Any) -> None:
    def refuse(*_: Any) -> Any:
        raise FieldError("The app is away", "INTERNAL_SERVER_ERROR")

    monkeypatch.setitem(_mutations(), "appSubscriptionCreate", refuse)
    payload = await change(api, shop, "growth")
    assert [each["code"] for each in payload["userErrors"]] == ["SHOPIFY_UNAVAILABLE"]
    monkeypatch.setitem(
        _mutations(),
        "appSubscriptionCreate",
        lambda *_: {
            "appSubscription": None,
            "confirmationUrl": None,
            "userErrors": [{"field": None, "message": "Managed Pricing Apps cannot use the Billing API"}],
        },
    )
    payload = await change(api, shop, "growth")
    assert [(each["code"], each["message"]) for each in payload["userErrors"]] == [
        ("PLAN_REFUSED", "Managed Pricing Apps cannot use the Billing API")
    ]
    assert await ShopPlan.all().count() == 0


def _mutations() -> dict[str, Any]:
    from sandbox.execute import REGISTRY

    return REGISTRY._types["Mutation"]


async def test_an_app_that_is_removed_takes_its_subscription_along(api: Api, shop: Shop) -> None:
    await on_plan(api, shop, "growth")
    now = api.clock.now()
    await PendingSubject.create(shop=shop, kind="GONE_APP", happened_at=now, latest_at=now, due_at=now)
    await look_at(shop.id, api.services.runtime)
    row = await ShopPlan.get(shop_id=shop.id)
    assert (row.plan, row.subscription_gid, row.status) == ("free", None, "CANCELLED")


async def test_the_plan_costs_few_statements(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    main, _, tie = await api.a_pair()
    counts: list[int] = []
    for number in (1, 40):
        for each in range(number):
            await a_link(tie, number * 100 + each)
        with counted(monkeypatch) as statements:
            await current(api, main)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[0] <= 8


async def test_whoever_hosts_it_for_themselves_has_one_plan_without_limit(
    database_url: str, redis_url: str
) -> None:
    async with an_api(database_url, redis_url) as api:
        shop = await api.a_shop("own", Role.MAIN)
        data = await api.ask(shop.domain, "{ plans { id price productLimit } }")
        assert data["plans"] == [{"id": "self-hosted", "price": None, "productLimit": None}]
        assert (await current(api, shop))["allowed"] is None
        assert await api.services.runtime.product_limit(shop.id) is None


async def test_the_limit_of_the_plan_reaches_the_jobs(api: Api, shop: Shop) -> None:
    limit = api.services.runtime.product_limit
    assert await limit(shop.id) == 2
    await on_plan(api, shop, "scale")
    assert await limit(shop.id) is None
    assert await limit(UUID(int=7)) == 2


async def test_the_page_of_the_sandbox_leads_through(api: Api, shop: Shop) -> None:
    payload = await change(api, shop, "growth")
    transport = api.services.runtime.http._transport
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as browser:
        answered = await browser.post(payload["confirmationUrl"], data={"answer": "approve"})
    charge = answered.headers["location"].rpartition("charge_id=")[2]
    assert (await refresh(api, shop, charge))["currentPlan"] == GROWTH
