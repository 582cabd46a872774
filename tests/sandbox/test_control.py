from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandbox import auth
from sandbox.commands.shops import install_app
from sandbox.ids import gid
from sandbox.session_token import verify
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from tests.sandbox.edges import (
    CLIENT_ID,
    DOMAIN,
    ask,
    installed_token,
    make_sandbox,
    only_shop,
    serving,
    the_app,
    virtual,
)

SHOP = f"/_control/shops/{DOMAIN}"


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


async def made(client: httpx.AsyncClient, **changed: Any) -> dict[str, Any]:
    body = {"title": "Cup", "price": "9.50", "sku": "CUP", "available": 4, **changed}
    response = await client.post(f"{SHOP}/products", json=body)
    assert response.status_code == 200, response.text
    product: dict[str, Any] = response.json()
    return product


def number(text: str) -> str:
    return text.rpartition("/")[2]


async def test_shops_are_made_and_listed(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    body = {"domain": "new.myshopify.com", "currency": "GBP", "tier": "plus", "locations": ["A", "B"]}
    assert (await client.post("/_control/shops", json=body)).status_code == 200
    listed = (await client.get("/_control/shops")).json()
    assert [(each["domain"], each["currency"], each["tier"]) for each in listed] == [
        (DOMAIN, "EUR", "STANDARD"),
        ("new.myshopify.com", "GBP", "PLUS"),
    ]
    assert [place.name for place in sandbox.shops["new.myshopify.com"].locations] == ["A", "B"]
    assert (await client.post("/_control/shops", json=body)).status_code == 422
    assert (await client.post("/_control/shops", json={})).status_code == 422


async def test_a_dump_tells_everything(shop: Shop, client: httpx.AsyncClient) -> None:
    product = await made(client)
    dump = (await client.get(SHOP)).json()
    assert dump["products"] == [product]
    assert dump["locations"] == [
        {
            "id": gid("Location", shop.primary_location.id),
            "name": "Main Warehouse",
            "isActive": True,
            "isPrimary": True,
        }
    ]
    (variant,) = product["variants"]
    assert (variant["price"], variant["sku"], variant["tracked"]) == ("9.50", "CUP", True)
    assert variant["levels"] == {
        gid("Location", shop.primary_location.id): {"available": 4, "onHand": 4, "isActive": True}
    }
    assert set(product["publications"]) == {gid("Publication", each.id) for each in shop.publications}


async def test_products_of_large_shops_are_told_in_parts(shop: Shop, client: httpx.AsyncClient) -> None:
    for title in ("A", "B", "C"):
        await made(client, title=title)
    whole = (await client.get(SHOP)).json()["products"]
    first = (await client.get(f"{SHOP}/products?first=2")).json()
    rest = (await client.get(f"{SHOP}/products?after={number(first[-1]['id'])}")).json()
    assert [*first, *rest] == whole
    assert [len(first), len(rest)] == [2, 1]
    assert (await client.get(f"{SHOP}/products?after=x")).status_code == 422


async def test_products_variants_and_stock_are_edited(shop: Shop, client: httpx.AsyncClient) -> None:
    product = await made(client)
    own, variant = number(product["id"]), number(product["variants"][0]["id"])
    changes = {"title": "Mug", "status": "DRAFT", "tags": "b, a", "productType": "Cups"}
    edited = (await client.patch(f"{SHOP}/products/{own}", json=changes)).json()
    assert (edited["title"], edited["status"], edited["tags"], edited["productType"]) == (
        "Mug", "DRAFT", ["a", "b"], "Cups",
    )  # fmt: skip
    fields = {"price": "12", "compareAtPrice": "15", "sku": "MUG", "barcode": None, "cost": "3.1"}
    one = (await client.patch(f"{SHOP}/variants/{variant}", json=fields)).json()
    assert (one["price"], one["compareAtPrice"], one["sku"], one["barcode"], one["cost"]) == (
        "12.00", "15.00", "MUG", None, "3.10",
    )  # fmt: skip
    stocked = (await client.put(f"{SHOP}/variants/{variant}/stock", json={"available": 9})).json()
    assert [level["available"] for level in stocked["levels"].values()] == [9]
    place = {"location": gid("Location", shop.primary_location.id), "available": 2}
    stocked = (await client.put(f"{SHOP}/variants/{variant}/stock", json=place)).json()
    assert [level["available"] for level in stocked["levels"].values()] == [2]
    stocked = (await client.put(f"{SHOP}/variants/{variant}/stock", json={"change": -3})).json()
    assert [level["available"] for level in stocked["levels"].values()] == [-1]
    untracked = (await client.patch(f"{SHOP}/variants/{variant}", json={"tracked": False})).json()
    assert untracked["tracked"] is False
    assert (await client.delete(f"{SHOP}/products/{own}")).json() == {"deleted": True}
    assert len(shop.products) == 0


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("PATCH", "/products/1", {"title": "x"}, 404),
        ("PATCH", "/variants/1", {"price": "1"}, 404),
        ("PATCH", "/variants/VARIANT", {"price": "-1"}, 422),
        ("PUT", "/variants/VARIANT/stock", {"location": "gid://shopify/Location/1", "available": 1}, 404),
        ("PUT", "/variants/VARIANT/stock", {"available": "many"}, 422),
        ("POST", "/locations", {}, 400),
        ("POST", "/catalogue", {}, 400),
        ("POST", "/tokens/revoke", {}, 404),
        ("POST", "/products", {"title": ""}, 422),
    ],
)
async def test_mistakes_are_told(
    shop: Shop, client: httpx.AsyncClient, method: str, address: str, body: dict[str, Any], status: int
) -> None:
    variant = number((await made(client))["variants"][0]["id"])
    before = shop.revision
    response = await client.request(method, SHOP + address.replace("VARIANT", variant), json=body)
    assert response.status_code == status
    assert response.json()["error"]
    assert shop.revision == before


async def test_catalogues_are_made_and_imported(shop: Shop, client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{SHOP}/catalogue", json={"count": 12, "seed": 3, "variants": 4})
    assert answer.json() == {"products": 12}
    assert len(shop.variants) == 48
    headers = {"Content-Type": "text/csv"}
    content = b"Handle,Title,Variant Price\na,A,1\nb,,2\n"
    report = (await client.post(f"{SHOP}/import", content=content, headers=headers)).json()
    assert (report["created"], report["updated"], report["skipped"]) == (1, 0, [])
    assert report["refused"] == [{"row": 3, "handle": "b", "reason": "Title can't be blank", "rows": 1}]
    bad = await client.post(f"{SHOP}/import", content=b"x", headers=headers)
    assert bad.status_code == 422


async def test_locations_are_made_and_switched(shop: Shop, client: httpx.AsyncClient) -> None:
    own = number((await client.post(f"{SHOP}/locations", json={"name": "Annex"})).json()["id"])
    after = (await client.patch(f"{SHOP}/locations/{own}", json={"active": False})).json()
    assert [(place["name"], place["isActive"]) for place in after] == [
        ("Main Warehouse", True),
        ("Annex", False),
    ]


async def test_the_app_is_installed_and_its_tokens_are_ended(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    scopes = (await client.post(f"{SHOP}/install")).json()["scopes"]
    assert scopes == ["read_locations", "write_inventory", "write_products"]
    session = (await client.post(f"{SHOP}/session-token")).json()["token"]
    verify(session, the_app(sandbox), shop, sandbox.clock.now())
    token = installed_token(sandbox, shop)
    assert (await client.post(f"{SHOP}/tokens/expire")).json() == {"expired": 1}
    assert auth.authenticate(shop, token) is None
    token = installed_token(sandbox, shop)
    assert auth.authenticate(shop, token) is not None
    assert (await client.post(f"{SHOP}/tokens/revoke")).json() == {"revoked": 1}
    assert auth.authenticate(shop, token) is None
    assert (await client.post(f"{SHOP}/uninstall")).json() == {"uninstalled": True}
    assert CLIENT_ID not in shop.installations


async def test_requests_are_counted_since_a_mark(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    token = installed_token(sandbox, shop)
    await ask(client, token, "{ shop { name } }")
    await client.post("/_control/marks", json={"name": "here"})
    answer = await ask(client, token, "query Two { products(first: 250) { nodes { id } } shop { id } }")
    delete = 'mutation { productDelete(input: {id: "gid://shopify/Product/1"}) { userErrors { message } } }'
    await ask(client, token, delete)
    counts = (await client.get("/_control/counts?since=here")).json()[DOMAIN]
    assert counts == {
        "requests": 2,
        "points": answer["extensions"]["cost"]["actualQueryCost"] + 10,
        "throttled": 0,
        "queries": {"products": 1, "shop": 1},
        "mutations": {"productDelete": 1},
    }
    whole = (await client.get("/_control/counts")).json()[DOMAIN]
    assert (whole["requests"], whole["queries"]) == (3, {"products": 1, "shop": 2})
    assert (await client.get("/_control/counts?since=nowhere")).status_code == 404


async def test_throttled_requests_are_counted_apart(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    token = installed_token(sandbox, shop)
    await ask(client, token, "{ shop { name } }")
    shop.buckets[CLIENT_ID].level = 5.0
    answer = await ask(client, token, "{ products(first: 250) { nodes { id } } }")
    assert answer["errors"][0]["extensions"]["code"] == "THROTTLED"
    counts = (await client.get("/_control/counts")).json()[DOMAIN]
    assert (counts["requests"], counts["throttled"], counts["points"]) == (2, 1, 1)
    assert counts["queries"] == {"shop": 1}


async def test_settings_change_latency_and_the_pace_of_bulk(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    token = installed_token(sandbox, shop)
    wanted = {
        "latencySeconds": 0.0,
        "bulkObjectsPerSecond": 50,
        "bulkStartDelaySeconds": 0,
        "bulkLinesPerSecond": 9,
    }
    assert (await client.patch("/_control/settings", json=wanted)).json() == wanted
    assert (await client.get("/_control/settings")).json() == wanted
    assert sandbox.bulk.objects_per_second == 50
    await client.patch("/_control/settings", json={"latencySeconds": 0.25})
    before = sandbox.clock.monotonic()
    await virtual(sandbox).run_until(ask(client, token, "{ shop { name } }"))
    assert sandbox.clock.monotonic() - before == pytest.approx(0.25)
    for wrong in ({"latencySeconds": -1}, {"bulkObjectsPerSecond": 0}, {"latencySeconds": "x"}, {"other": 1}):
        assert (await client.patch("/_control/settings", json=wrong)).status_code == 422


async def test_a_virtual_clock_is_moved_on(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    before = sandbox.clock.monotonic()
    assert (await client.post("/_control/clock/advance", json={"seconds": 90})).status_code == 200
    assert sandbox.clock.monotonic() - before == 90


async def test_what_is_not_json_is_400(sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient) -> None:
    install_app(sandbox, shop, CLIENT_ID)
    for content in (b"{", b"[]"):
        assert (await client.post("/_control/marks", content=content)).status_code == 400
