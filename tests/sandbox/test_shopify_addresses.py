from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox.catalogue import Recipe, generate
from sandbox.commands.shops import uninstall_app
from sandbox.place import place
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from tests.sandbox.edges import (
    CLIENT_ID,
    DOMAIN,
    exchange,
    installed_token,
    make_sandbox,
    only_shop,
    serving,
    virtual,
)

GRAPHQL = f"/{DOMAIN}/admin/api/2026-10/graphql.json"
WRONG_TOKEN = {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}


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


async def post(
    client: httpx.AsyncClient, token: str, query: str = "{ shop { name } }", address: str = GRAPHQL
) -> httpx.Response:
    return await client.post(address, headers={"X-Shopify-Access-Token": token}, json={"query": query})


async def test_a_query_is_answered_with_its_cost_and_the_version(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    response = await post(client, installed_token(sandbox, shop))
    assert response.json()["data"] == {"shop": {"name": shop.name}}
    assert response.json()["extensions"]["cost"]["actualQueryCost"] == 1
    assert response.headers["X-Shopify-API-Version"] == "2026-10"
    assert len(response.headers["X-Request-Id"]) == 36


@pytest.mark.parametrize(
    ("asked", "served"), [("2026-07", "2026-07"), ("2025-01", "2026-07"), ("2026-10", "2026-10")]
)
async def test_retired_versions_fall_forward(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient, asked: str, served: str
) -> None:
    address = f"/{DOMAIN}/admin/api/{asked}/graphql.json"
    response = await post(client, installed_token(sandbox, shop), address=address)
    assert (response.status_code, response.headers["X-Shopify-API-Version"]) == (200, served)


async def test_wrong_expired_and_missing_tokens_and_uninstalled_apps_are_401(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    token = installed_token(sandbox, shop)
    missing = await client.post(GRAPHQL, json={"query": "{ shop { name } }"})
    for response in (await post(client, "shpat_wrong"), missing):
        assert (response.status_code, response.json()) == (401, WRONG_TOKEN)
    assert (await post(client, token)).status_code == 200
    virtual(sandbox).advance(3600)
    assert (await post(client, token)).status_code == 401
    fresh = installed_token(sandbox, shop)
    assert (await post(client, fresh)).status_code == 200
    uninstall_app(shop, CLIENT_ID)
    assert (await post(client, fresh)).status_code == 401


async def test_a_token_is_good_in_its_own_shop_only(sandbox: Sandbox, shop: Shop) -> None:
    two = make_sandbox("one.myshopify.com", "two.myshopify.com")
    token = installed_token(two, two.shops["one.myshopify.com"])
    async with serving(two) as client:
        address = "/{}/admin/api/2026-10/graphql.json"
        assert (await post(client, token, address=address.format("one.myshopify.com"))).status_code == 200
        assert (await post(client, token, address=address.format("two.myshopify.com"))).status_code == 401


async def test_an_unknown_shop_is_404(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    response = await client.post("/nobody.myshopify.com/admin/api/2026-10/graphql.json", json={})
    assert response.status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"query": 5}', b'{"query": "{shop{name}}", "variables": 3}']
)
async def test_bodies_that_are_no_request_are_400(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient, body: bytes
) -> None:
    headers = {"X-Shopify-Access-Token": installed_token(sandbox, shop), "Content-Type": "application/json"}
    response = await client.post(GRAPHQL, headers=headers, content=body)
    assert response.status_code == 400
    assert "errors" in response.json()


async def test_the_bare_graphql_content_type_is_understood(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    headers = {
        "X-Shopify-Access-Token": installed_token(sandbox, shop),
        "Content-Type": "application/graphql",
    }
    response = await client.post(GRAPHQL, headers=headers, content="{ shop { currencyCode } }")
    assert response.json()["data"] == {"shop": {"currencyCode": "EUR"}}


async def test_tokens_are_given_for_json_and_for_forms(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    installed_token(sandbox, shop)
    address = f"/{DOMAIN}/admin/oauth/access_token"
    parameters = exchange(sandbox, shop)
    for response in (
        await client.post(address, json=parameters),
        await client.post(address, data=parameters),
    ):
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.json()["access_token"].startswith("shpat_")
    refused = await client.post(address, json={**parameters, "client_secret": "wrong"})
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    broken = await client.post(address, content=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()["error"]) == (400, "invalid_request")


async def test_media_are_served_from_the_sandbox_itself(shop: Shop, client: httpx.AsyncClient) -> None:
    product = place(shop, next(generate(Recipe(images=2), 1)), settled=True)
    first, second = [await client.get(file.url) for file in product.media]
    assert first.status_code == second.status_code == 200
    assert first.headers["content-type"].startswith("image/svg+xml")
    assert first.text.startswith(f'<svg xmlns="http://www.w3.org/2000/svg" width="{product.media[0].width}"')
    assert first.text != second.text
    assert (await client.get(f"/{DOMAIN}/cdn/files/1/x.jpg")).status_code == 404
