"""App subscriptions: asked for through the API, answered on a page, ended by time, the app or Shopify."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from sandbox.app import create_app
from sandbox.clock import VirtualClock
from sandbox.commands import billing
from sandbox.commands.errors import RefusedError
from sandbox.commands.shops import add_shop, install_app, register_app
from sandbox.context import Call
from sandbox.store.change import Event
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from tests.sandbox.caller import CLIENT_ID, Caller, caller, errors_of

CREATE = """
mutation($name: String!, $return: URL!, $items: [AppSubscriptionLineItemInput!]!, $test: Boolean, $trial: Int,
         $how: AppSubscriptionReplacementBehavior) {
    appSubscriptionCreate(name: $name, returnUrl: $return, lineItems: $items, test: $test, trialDays: $trial,
                          replacementBehavior: $how) {
        appSubscription { id name status test trialDays returnUrl createdAt currentPeriodEnd
            lineItems { id plan { pricingDetails { __typename
                ... on AppRecurringPricing { interval price { amount currencyCode } }
                ... on AppUsagePricing { terms cappedAmount { amount } } } } } }
        confirmationUrl
        userErrors { field message } } }
"""
CANCEL = """
mutation($id: ID!) { appSubscriptionCancel(id: $id, prorate: true) {
    appSubscription { id status } userErrors { field message } } }
"""
STANDING = """
{ currentAppInstallation { activeSubscriptions { name status currentPeriodEnd }
    allSubscriptions(first: 10, reverse: true) { nodes { name status } } } }
"""
RETURN = "https://app.test/plan?from=here"


def recurring(price: str = "19.00", currency: str = "USD", interval: str = "EVERY_30_DAYS") -> dict[str, Any]:
    details = {"price": {"amount": price, "currencyCode": currency}, "interval": interval}
    return {"plan": {"appRecurringPricingDetails": details}}


USAGE = {
    "plan": {"appUsagePricingDetails": {"cappedAmount": {"amount": 5, "currencyCode": "USD"}, "terms": "x"}}
}


def asked(shop: Caller, name: str = "Growth", **given: Any) -> dict[str, Any]:
    variables = {"name": name, "return": RETURN, "items": [recurring()]} | given
    found: dict[str, Any] = shop.mutate(CREATE, variables)
    return found


def number(payload: dict[str, Any]) -> int:
    return int(payload["appSubscription"]["id"].rsplit("/", 1)[1])


def approve(shop: Caller, payload: dict[str, Any]) -> None:
    installation = shop.call.installation
    billing.approve(shop.shop, installation, installation.app_subscriptions[number(payload)])


def listened(shop: Caller) -> list[tuple[str, str]]:
    """What is told of from now on: name and status."""
    told: list[tuple[str, str]] = []

    def hear(event: Event) -> None:
        if event.topic == "app_subscriptions/update":
            assert event.client_id == CLIENT_ID
            assert event.details is not None
            body = event.details["app_subscription"]
            assert body["admin_graphql_api_id"] == event.subject
            told.append((body["name"], body["status"]))

    shop.shop.listeners.append(hear)
    return told


def test_what_is_asked_for_waits_for_the_merchant() -> None:
    shop = caller()
    told = listened(shop)
    payload = asked(shop, trial=7, items=[recurring(), USAGE], test=True)
    subscription = payload["appSubscription"]
    assert (subscription["name"], subscription["status"], subscription["test"]) == ("Growth", "PENDING", True)
    assert (subscription["trialDays"], subscription["returnUrl"]) == (7, RETURN)
    assert subscription["currentPeriodEnd"] is None
    details = [item["plan"]["pricingDetails"] for item in subscription["lineItems"]]
    assert details == [
        {
            "__typename": "AppRecurringPricing",
            "interval": "EVERY_30_DAYS",
            "price": {"amount": "19.0", "currencyCode": "USD"},
        },
        {"__typename": "AppUsagePricing", "terms": "x", "cappedAmount": {"amount": "5.0"}},
    ]
    assert (
        "/RecurringApplicationCharge/confirm_recurring_application_charge?signature="
        in payload["confirmationUrl"]
    )
    assert told == []
    standing = shop.data(STANDING)["currentAppInstallation"]
    assert standing["activeSubscriptions"] == []
    assert standing["allSubscriptions"]["nodes"] == [{"name": "Growth", "status": "PENDING"}]


def test_who_approves_one_ends_the_other() -> None:
    shop = caller()
    first, second = asked(shop, "Growth"), asked(shop, "Scale", items=[recurring("49.00")])
    approve(shop, first)
    told = listened(shop)
    shop.wait(86_400)
    approve(shop, second)
    assert sorted(told) == [("Growth", "CANCELLED"), ("Scale", "ACTIVE")]
    standing = shop.data(STANDING)["currentAppInstallation"]
    end = (shop.shop.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert standing["activeSubscriptions"] == [{"name": "Scale", "status": "ACTIVE", "currentPeriodEnd": end}]
    assert [each["status"] for each in standing["allSubscriptions"]["nodes"]] == ["ACTIVE", "CANCELLED"]


def test_after_two_days_nobody_can_approve_it() -> None:
    shop = caller()
    payload = asked(shop)
    told = listened(shop)
    shop.wait(2 * 86_400 - 1)
    found = "query($id: ID!) { node(id: $id) { ... on AppSubscription { status } } }"
    ident = {"id": payload["appSubscription"]["id"]}
    assert shop.data(found, ident)["node"] == {"status": "PENDING"}
    shop.wait(1)
    assert shop.data(found, ident)["node"] == {"status": "EXPIRED"}
    assert told == [("Growth", "EXPIRED")]
    with pytest.raises(RefusedError, match="Cannot transition status via :accept from :expired"):
        approve(shop, payload)


def test_what_the_app_cancels_is_over() -> None:
    shop = caller()
    payload = asked(shop)
    approve(shop, payload)
    told = listened(shop)
    ident = {"id": payload["appSubscription"]["id"]}
    assert shop.mutate(CANCEL, ident)["appSubscription"]["status"] == "CANCELLED"
    assert told == [("Growth", "CANCELLED")]
    again = shop.refused(CANCEL, ident)
    assert again["appSubscription"] is None
    assert errors_of(again) == [(None, "id", "Cannot transition status via :cancel from :cancelled")]
    strange = shop.refused(CANCEL, {"id": "gid://shopify/AppSubscription/1"})
    assert errors_of(strange) == [(None, "id", "Couldn't find RecurringApplicationCharge")]
    assert shop.error(CANCEL, {"id": "one"})["message"] == "Invalid global id 'one'"


@pytest.mark.parametrize(
    "given, error",
    [
        ({"name": " "}, ("name", "Name can't be blank")),
        ({"items": []}, ("lineItems", "Line items can't be blank")),
        (
            {"items": [recurring(), recurring()]},
            ("lineItems", "Only one pricing plan can be defined for each available type"),
        ),
        (
            {"items": [recurring("0.49")]},
            (None, "Validation failed: Price must be greater than or equal to 0.5"),
        ),
        ({"items": [recurring(currency="CHF")]}, ("lineItems", "Currency code must be USD")),
        ({"return": "ftp://app.test/plan"}, ("returnUrl", "Return url is invalid")),
        ({"trial": -1}, ("trialDays", "Trial days must be greater than or equal to 0")),
    ],
)
def test_what_cannot_be_charged(given: dict[str, Any], error: tuple[str | None, str]) -> None:
    shop = caller()
    payload = shop.refused(CREATE, {"name": "Growth", "return": RETURN, "items": [recurring()]} | given)
    assert errors_of(payload) == [(None, *error)]
    assert (payload["appSubscription"], payload["confirmationUrl"]) == (None, None)
    assert shop.call.installation.app_subscriptions == {}


def test_what_is_put_off_at_shopify_is_not_simulated() -> None:
    shop = caller()
    approve(shop, asked(shop, items=[recurring(interval="ANNUAL")]))
    variables = {"name": "Less", "return": RETURN, "items": [recurring("5.00")]}
    assert "not simulated" in shop.error(CREATE, variables)["message"]
    assert (
        "not simulated" in shop.error(CREATE, variables | {"how": "APPLY_ON_NEXT_BILLING_CYCLE"})["message"]
    )
    approve(shop, shop.mutate(CREATE, variables | {"how": "APPLY_IMMEDIATELY"}))


def test_it_costs_what_mutations_cost() -> None:
    shop = caller()
    answer = shop.raw(CREATE, {"name": "Growth", "return": RETURN, "items": [recurring()]})
    assert 10 <= answer["extensions"]["cost"]["requestedQueryCost"] <= 13


@pytest.fixture
def charged() -> tuple[Sandbox, Shop, Call]:
    clock = VirtualClock()
    sandbox = Sandbox(clock)
    app = register_app(sandbox, CLIENT_ID, "secret", title="Sync", url="http://app.test")
    shop = add_shop(sandbox, "main-shop.myshopify.com")
    installation = install_app(sandbox, shop, app.client_id)
    return sandbox, shop, Call(sandbox, shop, installation, "2026-10")


def browser(sandbox: Sandbox) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(sandbox))
    return httpx.AsyncClient(transport=transport, base_url=sandbox.base_url)


@pytest.mark.parametrize("word, status", [("approve", "ACTIVE"), ("decline", "DECLINED")])
async def test_the_page_asks_and_leads_back(
    charged: tuple[Sandbox, Shop, Call], word: str, status: str
) -> None:
    sandbox, shop, call = charged
    payload = asked(Caller(sandbox, shop, call, VirtualClock()))
    async with browser(sandbox) as http:
        shown = await http.get(payload["confirmationUrl"])
        assert shown.status_code == 200
        for text in ("Sync", "Growth", "19.00 USD every 30 days"):
            assert text in shown.text
        answered = await http.post(payload["confirmationUrl"], data={"answer": word})
        assert answered.status_code == 303
        assert answered.headers["location"] == f"{RETURN}&charge_id={number(payload)}"
        assert call.installation.app_subscriptions[number(payload)].status == status
        again = await http.get(payload["confirmationUrl"])
        assert f"The subscription Growth is {status.lower()}" in again.text
        twice = await http.post(payload["confirmationUrl"], data={"answer": "approve"})
        assert urlsplit(twice.headers["location"]).path == urlsplit(payload["confirmationUrl"]).path
        assert call.installation.app_subscriptions[number(payload)].status == status


async def test_nobody_answers_without_the_link(charged: tuple[Sandbox, Shop, Call]) -> None:
    sandbox, shop, call = charged
    payload = asked(Caller(sandbox, shop, call, VirtualClock()))
    address = payload["confirmationUrl"]
    async with browser(sandbox) as http:
        for wrong in (
            address[:-1] + "x",
            address.partition("?")[0],
            address.replace(str(number(payload)), "7"),
        ):
            assert (await http.get(wrong)).status_code == 404
            assert (await http.post(wrong, data={"answer": "approve"})).status_code == 404
        assert (await http.post(address, data={})).status_code == 400
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert (await http.post(address, data={"answer": "approve"}, headers=foreign)).status_code == 403
    assert call.installation.app_subscriptions[number(payload)].status == "PENDING"


async def test_a_development_store_pays_for_tests_alone(charged: tuple[Sandbox, Shop, Call]) -> None:
    sandbox, shop, call = charged
    shop.partner_development = True
    owner = Caller(sandbox, shop, call, VirtualClock())
    real, test = asked(owner), asked(owner, test=True)
    async with browser(sandbox) as http:
        assert "The shop cannot accept the provided charge" in (await http.get(real["confirmationUrl"])).text
        await http.post(real["confirmationUrl"], data={"answer": "approve"})
        assert call.installation.app_subscriptions[number(real)].status == "PENDING"
        await http.post(test["confirmationUrl"], data={"answer": "approve"})
        assert call.installation.app_subscriptions[number(test)].status == "ACTIVE"


async def test_the_apps_own_address_leads_into_its_frame(charged: tuple[Sandbox, Shop, Call]) -> None:
    sandbox, shop, _ = charged
    async with browser(sandbox) as http:
        found = await http.get(f"/{shop.domain}/admin/apps/{CLIENT_ID}/plan?charge_id=5")
        assert (found.status_code, found.headers["location"]) == (
            302,
            "/store/main-shop/app/plan?charge_id=5",
        )
        assert (await http.get(f"/{shop.domain}/admin/apps/{CLIENT_ID}")).headers["location"] == (
            "/store/main-shop/app"
        )
        assert (await http.get(f"/{shop.domain}/admin/apps/another")).status_code == 404


async def test_what_shopify_does_to_it(charged: tuple[Sandbox, Shop, Call]) -> None:
    sandbox, shop, call = charged
    payload = asked(Caller(sandbox, shop, call, VirtualClock()))
    address = f"/_control/shops/{shop.domain}/subscriptions"
    async with browser(sandbox) as http:
        refused = await http.post(f"{address}/{number(payload)}", json={"action": "freeze"})
        assert (refused.status_code, refused.json()) == (422, {"error": "The subscription is PENDING."})
        for action, status in (
            ("approve", "ACTIVE"),
            ("freeze", "FROZEN"),
            ("unfreeze", "ACTIVE"),
            ("cancel", "CANCELLED"),
        ):
            told = await http.post(f"{address}/{number(payload)}", json={"action": action})
            assert told.json()["status"] == status
        (listed,) = (await http.get(address)).json()
        assert (listed["name"], listed["price"], listed["status"]) == ("Growth", "19.00", "CANCELLED")
        assert (await http.post(f"{address}/7", json={"action": "approve"})).status_code == 404
        assert (await http.post(f"{address}/{number(payload)}", json={"action": "sell"})).status_code == 422
        shown = await http.get("/store/main-shop/settings")
        assert "Growth" not in shown.text
        approve_again = asked(Caller(sandbox, shop, call, VirtualClock()))
        await http.post(f"{address}/{number(approve_again)}", json={"action": "approve"})
        assert "Stop paying" in (await http.get("/store/main-shop/settings")).text
        await http.post(f"/store/main-shop/subscriptions/{number(approve_again)}/freeze")
        assert call.installation.app_subscriptions[number(approve_again)].status == "FROZEN"


async def test_the_app_hears_of_it_when_the_time_is_up(charged: tuple[Sandbox, Shop, Call]) -> None:
    sandbox, shop, call = charged
    owner = Caller(sandbox, shop, call, VirtualClock())
    told = listened(owner)
    asked(owner)
    (task,) = sandbox.tasks
    clock = sandbox.clock
    assert isinstance(clock, VirtualClock)
    await asyncio.sleep(0)
    clock.advance(billing.PATIENCE.total_seconds())
    await asyncio.wait_for(task, 5)
    assert told == [("Growth", "EXPIRED")]
