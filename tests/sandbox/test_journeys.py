"""How far a change by hand has come: seen in the shops that have an app, measured from the edit."""

from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest

from sandbox.clock import VirtualClock
from sandbox.commands.shops import add_shop, install_app
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.edits import edit_stock, edit_variant
from sandbox.place import place
from sandbox.store.product import Variant
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from tests.sandbox.edges import CLIENT_ID, make_sandbox, only_shop, serving


@pytest.fixture
def sandbox() -> Sandbox:
    return make_sandbox()


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(sandbox) as made:
        yield made


def cup(shop: Shop, price: str = "10.00", sku: str = "CUP") -> Variant:
    variant = VariantDraft(sku=sku, price=Decimal(price), tracked=True, available=(3,))
    return next(iter(place(shop, ProductDraft("Cup", (variant,))).variants))


def another(sandbox: Sandbox, name: str, *, installed: bool = True) -> Shop:
    shop = add_shop(sandbox, f"{name}.myshopify.com", name=name.title())
    if installed:
        install_app(sandbox, shop, CLIENT_ID)
    return shop


async def save(client: httpx.AsyncClient, variant: Variant, name: str, value: str, path: str = "") -> None:
    address = f"/store/main-shop/variants/{variant.id}{path}"
    (await client.post(address, json={"name": name, "value": value})).raise_for_status()


async def journey(client: httpx.AsyncClient) -> object:
    return (await client.get("/store/main-shop/revision")).json()["journey"]


async def test_a_price_is_followed_into_the_shops_that_have_an_app(
    sandbox: Sandbox, client: httpx.AsyncClient
) -> None:
    main = only_shop(sandbox)
    near, far = another(sandbox, "near"), another(sandbox, "far")
    mine = cup(main)
    hers, his = cup(near), cup(far, "8.50")
    cup(another(sandbox, "stranger", installed=False))
    assert await journey(client) is None

    await save(client, mine, "price", "12")
    assert isinstance(sandbox.clock, VirtualClock)
    sandbox.clock.advance(0.75)
    edit_variant(near, hers, "barcode", "4006381333931")
    edit_variant(far, his, "price", "10.20")
    assert await journey(client) == {
        "change": "Price of Cup: 10.00 → 12.00",
        "shops": [
            {"name": "Near", "value": "10.00", "seconds": None},
            {"name": "Far", "value": "10.20", "seconds": 0.75},
        ],
    }
    sandbox.clock.advance(0.5)
    edit_variant(near, hers, "price", "12")
    found = await journey(client)
    assert isinstance(found, dict)
    assert [each["seconds"] for each in found["shops"]] == [1.25, 0.75]


async def test_stock_is_followed_by_its_sum(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    main, near = only_shop(sandbox), another(sandbox, "near")
    mine, hers = cup(main), cup(near)
    await save(client, mine, str(main.primary_location.id), "9", "/stock")
    edit_stock(near, hers, near.primary_location, "9")
    assert await journey(client) == {
        "change": "Stock of Cup: 3 → 9",
        "shops": [{"name": "Near", "value": "9", "seconds": 0.0}],
    }


async def test_what_changes_nothing_begins_no_journey(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    main = only_shop(sandbox)
    another(sandbox, "near")
    mine, nameless = cup(main), cup(main, sku="")
    await save(client, mine, "price", "10.00")
    await save(client, nameless, "price", "11.00")
    assert await journey(client) is None
    refused = await client.post(
        f"/store/main-shop/variants/{mine.id}", json={"name": "price", "value": "much"}
    )
    assert refused.status_code == 422
    assert await journey(client) is None
