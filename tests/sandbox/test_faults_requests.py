"""Faults of requests, in one process: what the client meets, and what took effect in the shop."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandbox.commands.shops import install_app
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from tests.sandbox.edges import (
    BASE,
    CLIENT_ID,
    DOMAIN,
    exchange,
    installed_token,
    make_sandbox,
    only_shop,
    refresh,
    serving,
    virtual,
)

GRAPHQL = f"/{DOMAIN}/admin/api/2026-10/graphql.json"
TOKEN = f"/{DOMAIN}/admin/oauth/access_token"
SET = """mutation($input: ProductSetInput!) { productSet(input: $input, synchronous: true) {
  product { title } userErrors { message } } }"""
CUP = {"input": {"title": "Cup"}}
STAGE = """mutation($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url parameters { name value } } userErrors { message } } }"""


@pytest.fixture
def sandbox() -> Sandbox:
    return make_sandbox()


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    return only_shop(sandbox)


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(sandbox) as made:
        yield made


async def plan(client: httpx.AsyncClient, *rules: dict[str, Any], **more: Any) -> None:
    response = await client.put("/_control/faults", json={"seed": 3, "rules": rules, **more})
    assert response.status_code == 200, response.text


async def struck(client: httpx.AsyncClient) -> dict[str, int]:
    counts: dict[str, int] = (await client.get("/_control/faults")).json()["struck"]
    return counts


class Caller:
    def __init__(self, sandbox: Sandbox, client: httpx.AsyncClient) -> None:
        self.client, self.token = client, installed_token(sandbox, only_shop(sandbox))

    async def post(self, query: str, variables: dict[str, Any] | None = None) -> httpx.Response:
        headers = {"X-Shopify-Access-Token": self.token}
        return await self.client.post(GRAPHQL, headers=headers, json={"query": query, "variables": variables})

    async def make_cup(self) -> httpx.Response:
        return await self.post(SET, CUP)


@pytest.fixture
def caller(sandbox: Sandbox, client: httpx.AsyncClient) -> Caller:
    return Caller(sandbox, client)


def titles(shop: Shop) -> list[str]:
    return [product.title for product in shop.products]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize(("when", "after"), [("before", []), ("after", ["Cup"])])
async def test_a_status_stands_in_for_the_answer(
    client: httpx.AsyncClient, caller: Caller, shop: Shop, status: int, when: str, after: list[str]
) -> None:
    await plan(client, {"kind": "status", "status": status, "when": when, "times": 1})
    response = await caller.make_cup()
    assert (response.status_code, response.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert titles(shop) == after
    assert (await caller.post("{ shop { name } }")).status_code == 200
    assert await struck(client) == {"status": 1}


async def test_429_says_how_long_to_wait(client: httpx.AsyncClient, caller: Caller, shop: Shop) -> None:
    await plan(client, {"kind": "status", "status": 429, "retryAfter": 1.5, "match": "productSet"})
    assert (await caller.post("{ shop { name } }")).status_code == 200
    response = await caller.make_cup()
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1.5")
    assert titles(shop) == []


async def test_throttled_is_a_200_with_the_cost_and_runs_nothing(
    client: httpx.AsyncClient, caller: Caller, shop: Shop, sandbox: Sandbox
) -> None:
    await plan(client, {"kind": "throttled", "times": 1})
    response = await caller.make_cup()
    body = response.json()
    assert (response.status_code, "data" in body) == (200, False)
    assert [error["extensions"]["code"] for error in body["errors"]] == ["THROTTLED"]
    cost = body["extensions"]["cost"]
    assert cost["actualQueryCost"] is None
    assert cost["throttleStatus"] == {
        "maximumAvailable": 2000.0,
        "currentlyAvailable": 0,
        "restoreRate": 100.0,
    }
    assert titles(shop) == []
    missing = cost["requestedQueryCost"] / 100
    virtual(sandbox).advance(missing - 0.05)
    assert "errors" in (await caller.make_cup()).json()
    virtual(sandbox).advance(0.05)
    assert "errors" not in (await caller.make_cup()).json()
    assert titles(shop) == ["Cup"]
    assert (await client.get("/_control/counts")).json()[DOMAIN]["throttled"] == 2


@pytest.mark.parametrize(
    ("rule", "error"),
    [({"kind": "reset"}, httpx.ReadError), ({"kind": "timeout", "seconds": 25}, httpx.ReadTimeout)],
)
@pytest.mark.parametrize(("when", "after"), [("before", []), ("after", ["Cup"])])
async def test_no_answer_comes_before_or_after_the_work_is_done(
    sandbox: Sandbox,
    client: httpx.AsyncClient,
    caller: Caller,
    shop: Shop,
    rule: dict[str, Any],
    error: type[httpx.TransportError],
    when: str,
    after: list[str],
) -> None:
    await plan(client, {**rule, "when": when, "times": 1})
    started = sandbox.clock.monotonic()
    with pytest.raises(error):
        await virtual(sandbox).run_until(caller.make_cup())
    assert sandbox.clock.monotonic() - started == rule.get("seconds", 0)
    assert titles(shop) == after
    assert (await caller.make_cup()).status_code == 200
    assert titles(shop) == [*after, "Cup"]


async def test_a_stock_change_that_was_not_answered_has_effect_once(
    sandbox: Sandbox, client: httpx.AsyncClient, caller: Caller, shop: Shop
) -> None:
    body = {"title": "Cup", "sku": "CUP", "available": 4}
    await client.post(f"/_control/shops/{DOMAIN}/products", json=body)
    variant = next(iter(shop.variants))
    adjust = """mutation($item: ID!, $location: ID!) { inventoryAdjustQuantities(input: {
      reason: "correction", name: "available", changes: [{delta: -1, inventoryItemId: $item,
      locationId: $location, changeFromQuantity: 4}]}) @idempotent(key: "one") { userErrors { message } } }"""
    variables = {
        "item": f"gid://shopify/InventoryItem/{variant.item.id}",
        "location": f"gid://shopify/Location/{shop.primary_location.id}",
    }
    await plan(client, {"kind": "reset", "when": "after", "times": 2})
    for _ in range(2):
        with pytest.raises(httpx.ReadError):
            await caller.post(adjust, variables)
        assert variant.item.available == 3
    answer = (await caller.post(adjust, variables)).json()
    assert answer["data"] == {"inventoryAdjustQuantities": {"userErrors": []}}
    assert variant.item.available == 3


async def test_garbage_is_a_page_with_200(client: httpx.AsyncClient, caller: Caller, shop: Shop) -> None:
    await plan(client, {"kind": "garbage", "when": "after", "times": 1})
    response = await caller.make_cup()
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert response.text.startswith("<!doctype html>")
    assert titles(shop) == ["Cup"]


@pytest.mark.parametrize(("when", "after"), [("before", []), ("after", ["Cup"])])
async def test_an_internal_error_stands_among_the_errors_of_a_200(
    client: httpx.AsyncClient, caller: Caller, shop: Shop, when: str, after: list[str]
) -> None:
    await plan(client, {"kind": "internal_error", "when": when, "times": 1})
    response = await caller.make_cup()
    (error,) = response.json().pop("errors")
    assert (response.status_code, error["extensions"]["code"]) == (200, "INTERNAL_SERVER_ERROR")
    assert error["extensions"]["requestId"] == response.headers["X-Request-Id"]
    assert set(response.json()) == {"errors"}
    assert titles(shop) == after


async def test_a_slow_answer_is_right_but_late(
    sandbox: Sandbox, client: httpx.AsyncClient, caller: Caller, shop: Shop
) -> None:
    await plan(client, {"kind": "slow", "seconds": [3, 5], "times": 1}, {"kind": "slow", "seconds": 2})
    started = sandbox.clock.monotonic()
    response = await virtual(sandbox).run_until(caller.make_cup())
    assert 5 <= sandbox.clock.monotonic() - started <= 7
    assert response.json()["data"]["productSet"]["product"] == {"title": "Cup"}
    started = sandbox.clock.monotonic()
    await virtual(sandbox).run_until(caller.make_cup())
    assert sandbox.clock.monotonic() - started == 2


async def test_a_revoked_token_is_refused_until_it_is_refreshed(
    sandbox: Sandbox, client: httpx.AsyncClient, shop: Shop
) -> None:
    install_app(sandbox, shop, CLIENT_ID)
    pair = (await client.post(TOKEN, json=exchange(sandbox, shop))).json()
    caller = Caller(sandbox, client)
    caller.token = pair["access_token"]
    assert (await caller.make_cup()).status_code == 200
    await plan(client, {"kind": "token_revoked", "match": "productSet", "times": 1})
    assert (await caller.make_cup()).status_code == 401
    assert (await caller.post("{ shop { name } }")).status_code == 401
    caller.token = (await client.post(TOKEN, json=refresh(pair["refresh_token"]))).json()["access_token"]
    assert (await caller.make_cup()).status_code == 200
    assert titles(shop) == ["Cup", "Cup"]


async def test_a_token_that_cannot_be_refreshed_needs_the_app_to_be_opened(
    sandbox: Sandbox, client: httpx.AsyncClient, shop: Shop
) -> None:
    install_app(sandbox, shop, CLIENT_ID)
    pair = (await client.post(TOKEN, json=exchange(sandbox, shop))).json()
    caller = Caller(sandbox, client)
    caller.token = pair["access_token"]
    await plan(client, {"kind": "token_revoked", "refreshable": False, "when": "after", "times": 1})
    assert (await caller.make_cup()).json()["data"]["productSet"]["userErrors"] == []
    assert (await caller.make_cup()).status_code == 401
    refused = await client.post(TOKEN, json=refresh(pair["refresh_token"]))
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    opened = await client.post(TOKEN, json=exchange(sandbox, shop))
    caller.token = opened.json()["access_token"]
    assert (await caller.make_cup()).status_code == 200


@pytest.mark.parametrize(("when", "status", "after"), [("before", 401, []), ("after", 200, ["Cup"])])
async def test_the_app_is_uninstalled_in_that_moment(
    client: httpx.AsyncClient, caller: Caller, shop: Shop, when: str, status: int, after: list[str]
) -> None:
    topics: list[str] = []
    shop.listeners.append(lambda event: topics.append(event.topic))
    await plan(client, {"kind": "uninstalled", "when": when, "after": 1})
    assert (await caller.post("{ shop { name } }")).status_code == 200
    assert (await caller.make_cup()).status_code == status
    assert (titles(shop), shop.installations, topics[-1]) == (after, {}, "app/uninstalled")
    assert (await caller.make_cup()).status_code == 401
    assert topics.count("app/uninstalled") == 1


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ({"kind": "status", "status": 502, "when": "after"}, 502),
        ({"kind": "garbage"}, 200),
        ({"kind": "throttled"}, 200),
    ],
)
async def test_the_token_endpoint_is_struck_by_what_concerns_it(
    sandbox: Sandbox, client: httpx.AsyncClient, shop: Shop, rule: dict[str, Any], status: int
) -> None:
    install_app(sandbox, shop, CLIENT_ID)
    await plan(client, {**rule, "match": "token"} if rule["kind"] != "throttled" else rule)
    response = await client.post(TOKEN, json=exchange(sandbox, shop))
    assert response.status_code == status
    assert ("access_token" in response.text) is (rule["kind"] == "throttled")
    assert len(shop.installations[CLIENT_ID].tokens) == (0 if rule["kind"] == "garbage" else 1)


async def test_a_refresh_whose_answer_was_lost_can_be_tried_again(
    sandbox: Sandbox, client: httpx.AsyncClient, shop: Shop
) -> None:
    install_app(sandbox, shop, CLIENT_ID)
    pair = (await client.post(TOKEN, json=exchange(sandbox, shop))).json()
    await plan(client, {"kind": "reset", "when": "after", "match": "token", "times": 1})
    with pytest.raises(httpx.ReadError):
        await client.post(TOKEN, json=refresh(pair["refresh_token"]))
    again = (await client.post(TOKEN, json=refresh(pair["refresh_token"]))).json()
    caller = Caller(sandbox, client)
    caller.token = again["access_token"]
    assert (await caller.make_cup()).status_code == 200


async def test_uploads_are_struck_too(
    sandbox: Sandbox, client: httpx.AsyncClient, caller: Caller, shop: Shop
) -> None:
    wanted = {
        "resource": "BULK_MUTATION_VARIABLES",
        "filename": "lines.jsonl",
        "mimeType": "text/jsonl",
        "httpMethod": "POST",
    }
    staged = (await caller.post(STAGE, {"input": [wanted]})).json()["data"]["stagedUploadsCreate"]
    (target,) = staged["stagedTargets"]
    fields = {each["name"]: each["value"] for each in target["parameters"]}
    await plan(client, {"kind": "reset", "match": "upload", "times": 1})
    with pytest.raises(httpx.ReadError):
        await client.post(target["url"], data=fields, files={"file": ("x", b"{}")})
    assert [stored.content for stored in shop.staged_uploads.values()] == [None]
    sent = await client.post(target["url"], data=fields, files={"file": ("x", b"{}")})
    assert sent.status_code == 201


async def test_what_is_no_graphql_can_be_struck_and_is_else_refused(
    client: httpx.AsyncClient, caller: Caller
) -> None:
    headers = {"X-Shopify-Access-Token": caller.token}
    await plan(client, {"kind": "status", "times": 1}, {"kind": "reset", "match": "productSet"})
    answers = [await client.post(GRAPHQL, headers=headers, content=b"{") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 400]
    assert (await caller.post("{ nonsense")).json()["errors"][0]["message"].startswith("syntax error")


async def test_a_plan_is_for_the_shops_it_names(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    await client.post("/_control/shops", json={"domain": "other.myshopify.com"})
    other = sandbox.shops["other.myshopify.com"]
    await plan(client, {"kind": "status"}, shops=[DOMAIN])
    installed_token(sandbox, other)
    for shop, status in ((only_shop(sandbox), 503), (other, 200)):
        install_app(sandbox, shop, CLIENT_ID)
        address = f"{BASE}/{shop.domain}/admin/oauth/access_token"
        response = await client.post(address, json=exchange(sandbox, shop))
        assert response.status_code == status


async def test_a_plan_is_shown_replaced_and_ended(client: httpx.AsyncClient, caller: Caller) -> None:
    assert (await client.get("/_control/faults")).json() == {"active": False, "rules": [], "struck": {}}
    await plan(client, {"kind": "status"})
    await caller.make_cup()
    shown = (await client.get("/_control/faults")).json()
    assert (shown["active"], shown["struck"]) == (True, {"status": 1})
    assert shown["rules"][0]["seen"] == {DOMAIN: 1}
    await plan(client, {"kind": "garbage"})
    assert await struck(client) == {}
    assert (await caller.make_cup()).headers["Content-Type"].startswith("text/html")
    ended = (await client.delete("/_control/faults")).json()
    assert (ended["active"], ended["seed"], ended["struck"]) == (False, 3, {"garbage": 1})
    assert (await caller.make_cup()).status_code == 200
    assert (await client.delete("/_control/faults")).json()["active"] is False


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"rules": [{"kind": "reset", "probability": 2}]}, "rules[0].probability must be between 0 and 1."),
        (
            {"shops": ["x.myshopify.com"], "rules": [{"kind": "reset"}]},
            "shops has some that are not here: x.myshopify.com.",
        ),
    ],
)
async def test_a_bad_plan_leaves_the_one_that_is_there(
    client: httpx.AsyncClient, caller: Caller, body: dict[str, Any], message: str
) -> None:
    await plan(client, {"kind": "status", "status": 504})
    refused = await client.put("/_control/faults", json=body)
    assert (refused.status_code, refused.json()) == (422, {"error": message})
    assert (await caller.make_cup()).status_code == 504


async def test_the_bucket_is_set_and_refills(
    sandbox: Sandbox, client: httpx.AsyncClient, caller: Caller
) -> None:
    address = f"/_control/shops/{DOMAIN}/bucket"
    full = {"available": 2000, "maximum": 2000, "restoreRate": 100}
    assert (await client.get(address)).json() == full
    assert (await client.post(address, json={"available": 0})).json() == {**full, "available": 0}
    assert "errors" in (await caller.make_cup()).json()
    virtual(sandbox).advance(3)
    assert (await client.get(address)).json()["available"] == 300
    assert "errors" not in (await caller.make_cup()).json()
    for wrong in (-1, 2001, "5", True, None):
        assert (await client.post(address, json={"available": wrong})).status_code == 422
    assert (await client.post(address, json={})).status_code == 400
