"""What is written down of a shop: every value that changes, once, in order, and by whom."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sandbox.commands.products import delete_product
from sandbox.commands.shops import install_app, uninstall_app
from sandbox.edits import edit_stock, edit_variant
from sandbox.ids import gid
from sandbox.web.journal import CALL, EXISTS, Journal
from tests.sandbox.caller import CLIENT_ID, Caller, caller, product
from tests.sandbox.edges import DOMAIN, make_sandbox, serving

PRICE = """mutation($id: ID!, $v: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $id, variants: $v) { userErrors { message } } }"""
ADJUST = """mutation($i: InventoryAdjustQuantitiesInput!) {
  inventoryAdjustQuantities(input: $i) @idempotent(key: "once") { userErrors { message } } }"""


def told(journal: Journal, shop: Caller, after: int = 0) -> list[tuple[str | None, str, Any, Any]]:
    return [(each.by, each.field, each.before, each.after) for each in journal.of(shop.shop, after)]


def test_values_are_written_with_their_author_and_what_changes_nothing_is_a_call_only() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S",))
    journal = Journal()
    journal.begin(shop.shop)
    (variant,) = made.variants
    edit_variant(shop.shop, variant, "price", "12")
    price = {
        "id": gid("Product", made.id),
        "v": [{"id": gid("ProductVariant", variant.id), "price": "15.00"}],
    }
    shop.mutate(PRICE, price)
    shop.mutate(PRICE, price)
    shop.refused(PRICE, {**price, "id": gid("Product", 1)})

    (first, *_), by_app = told(journal, shop), "productVariantsBulkUpdate"
    assert (first[0], first[1], first[3]) == (None, "price", "12.00")
    assert told(journal, shop)[1:] == [
        (by_app, "price", "12.00", "15.00"),
        (by_app, CALL, None, {"effects": 1, "refused": False}),
        (by_app, CALL, None, {"effects": 0, "refused": False}),
        (by_app, CALL, None, {"effects": 0, "refused": True}),
    ]
    assert journal.of(shop.shop, 1)[0].subject == gid("ProductVariant", variant.id)


def test_stock_and_what_comes_and_goes_is_written_too() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S",))
    journal = Journal()
    journal.begin(shop.shop)
    place = shop.shop.primary_location
    (variant,) = made.variants
    edit_stock(shop.shop, variant, place, "8")
    assert told(journal, shop)[-1][1::2] == (f"available at {gid('Location', place.id)}", 8)
    last = journal.of(shop.shop)[-1].number
    delete_product(shop.shop, made)
    gone = [each for each in journal.of(shop.shop, last) if each.field == EXISTS]
    assert [(each.subject, each.before, each.after) for each in gone] == [
        (gid("Product", made.id), True, None),
        (gid("ProductVariant", variant.id), True, None),
    ]


def test_a_shop_that_is_no_longer_written_down_is_forgotten() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S",))
    journal = Journal()
    journal.begin(shop.shop)
    edit_variant(shop.shop, made.variants[0], "price", "12")
    journal.end(shop.shop)
    edit_variant(shop.shop, made.variants[0], "price", "13")
    assert journal.entries == []


def test_an_answer_is_remembered_beyond_an_uninstallation() -> None:
    """What an app does not know the answer of, it asks again when it is back."""
    shop = caller()
    made = product(shop.shop, sizes=("S",))
    (variant,) = made.variants
    place = shop.shop.primary_location
    edit_stock(shop.shop, variant, place, "8")
    change = {
        "inventoryItemId": gid("InventoryItem", variant.item.id),
        "locationId": gid("Location", place.id),
        "delta": -3,
        "changeFromQuantity": None,
    }
    order = {"i": {"name": "available", "reason": "correction", "changes": [change]}}
    shop.mutate(ADJUST, order)
    uninstall_app(shop.shop, CLIENT_ID)
    shop.call = replace(shop.call, installation=install_app(shop.sandbox, shop.shop, CLIENT_ID))
    shop.mutate(ADJUST, order)
    assert variant.item.levels[place.id].available == 5


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with serving(make_sandbox()) as made:
        yield made


async def test_it_is_read_by_the_control_addresses(client: httpx.AsyncClient) -> None:
    shop = f"/_control/shops/{DOMAIN}"
    assert (await client.put(f"{shop}/journal")).json() == {"written": True}
    body = {"title": "Cup", "price": "9.50", "sku": "CUP", "available": 4}
    made = (await client.post(f"{shop}/products", json=body)).json()
    entries = (await client.get(f"{shop}/journal")).json()
    assert {"number": 1, "shop": DOMAIN, "by": None, "subject": made["id"], "field": "exists"} == {
        name: entries[0][name] for name in ("number", "shop", "by", "subject", "field")
    }
    last = entries[-1]["number"]
    assert (await client.get(f"{shop}/journal", params={"after": last})).json() == []
    assert (await client.get(f"{shop}/journal", params={"after": "x"})).status_code == 422
    assert (await client.delete(f"{shop}/journal")).json() == {"written": False}
    assert (await client.get(f"{shop}/journal")).json() == []
