"""Answers of an unexpected shape never become a catalogue, and never make a product seem gone."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from backend.errors import Unavailable
from backend.shopify.answer import TooCostly
from backend.shopify.connections import Sizes
from backend.shopify.pages import START, PageCursor
from backend.shopify.reader import CatalogReader
from backend.shopify.shop import ShopReader
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, LocationId, ProductId
from backend.sync.settings import DetailField, FieldGroup
from tests.shopify.wire import Reply, reply, scripted

GID = ProductId("gid://shopify/Product/1")
PLACE = LocationId("gid://shopify/Location/1")
ITEM = InventoryItemId("gid://shopify/InventoryItem/1")
END = {"hasNextPage": False, "endCursor": None}
PRICES = Wanted(frozenset({FieldGroup.PRICES}), origin=False)
MEDIA = Wanted(frozenset({FieldGroup.DETAILS}), frozenset({DetailField.MEDIA}), origin=False)


def product(**changed: Any) -> dict[str, Any]:
    return {
        "id": GID,
        "title": "Shirt",
        "handle": "shirt",
        "vendor": "",
        "productType": "",
        "tags": [],
        "status": "ACTIVE",
        "updatedAt": "2026-11-02T09:00:00Z",
    } | changed


def variant(**changed: Any) -> dict[str, Any]:
    return {
        "id": "gid://shopify/ProductVariant/1",
        "position": 1,
        "sku": None,
        "price": "19.90",
        "compareAtPrice": None,
        "inventoryItem": {"id": ITEM, "tracked": True},
        "product": {"id": GID},
    } | changed


def products(*nodes: Any, info: Any = END) -> Reply:
    return reply({"products": {"nodes": list(nodes), "pageInfo": info}})


def variants(*nodes: Any, info: Any = END) -> Reply:
    return reply({"productVariants": {"nodes": list(nodes), "pageInfo": info}})


async def test_the_answers_of_this_module_are_good_but_for_what_a_test_changes() -> None:
    client, _ = scripted(products(product()), variants(variant()))
    reader = CatalogReader(client)
    assert (await reader.products_page(START, PRICES)).products[0].id == GID
    assert (await reader.variants_page(START, PRICES)).variants[0].product == GID


@pytest.mark.parametrize(
    "answer",
    [
        reply({}),
        reply({"products": None}),
        reply({"products": {}}),
        reply({"products": {"nodes": None, "pageInfo": END}}),
        reply({"products": {"nodes": [], "pageInfo": None}}),
        products(None),
        products({}),
        products({"id": GID}),
        products(product(id=None)),
        products(product(id="7")),
        products(product(status="SOLD")),
        products(product(tags=None)),
        products(product(updatedAt="yesterday")),
        products(product(updatedAt="2026-11-02T09:00:00")),
        products(product(updatedAt=None)),
        products(info={"hasNextPage": True, "endCursor": "c"}),
        products(product(), info={"hasNextPage": True}),
        products(product(media={"nodes": [{}], "pageInfo": END})),
        products(product(media={"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": None}})),
        products(product(nonsense={"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "c"}})),
    ],
)
async def test_a_page_of_products_of_another_shape_is_no_answer(answer: Reply) -> None:
    client, _ = scripted(answer, patience=0)
    with pytest.raises(Unavailable):
        await CatalogReader(client).products_page(START, MEDIA)


@pytest.mark.parametrize(
    "node",
    [
        variant(price=19.9),
        variant(price="NaN"),
        variant(price="Infinity"),
        variant(price="free"),
        variant(price=None),
        variant(compareAtPrice=1),
        variant(position=None),
        variant(product=None),
        variant(inventoryItem=None),
        variant(inventoryItem={"id": ITEM}),
        variant(inventoryItem={"id": ITEM, "tracked": True, "level0": {"quantities": []}}),
        variant(inventoryItem={"id": ITEM, "tracked": True, "level0": {"quantities": [{"quantity": None}]}}),
        variant(inventoryPolicy="MAYBE"),
    ],
)
async def test_a_variant_of_another_shape_is_no_answer(node: dict[str, Any]) -> None:
    client, _ = scripted(variants(node), patience=0)
    with pytest.raises(Unavailable):
        await CatalogReader(client).variants_page(START, Wanted(locations=(PLACE,)))


def with_variants(node: dict[str, Any]) -> dict[str, Any]:
    return node | {"variants": {"nodes": [], "pageInfo": END}}


@pytest.mark.parametrize(
    "nodes",
    [
        None,
        [],
        [with_variants(product()), None],
        [with_variants(product(id="gid://shopify/Product/2"))],
        [{}],
        [product()],
        {"0": None},
    ],
)
async def test_nodes_that_are_not_those_asked_for_make_nothing_seem_gone(nodes: Any) -> None:
    client, _ = scripted(*[reply({"nodes": nodes})] * 3, patience=0)
    reader = CatalogReader(client)
    with pytest.raises(Unavailable):
        await reader.by_ids([GID], PRICES)
    if nodes != [product()]:
        with pytest.raises(Unavailable):
            await reader.exists([GID])
        with pytest.raises(Unavailable):
            await reader.levels([ITEM])


async def test_a_product_deleted_while_it_is_read_is_read_again_and_not_cut_short() -> None:
    node = product(variants={"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "c"}})
    client, _ = scripted(reply({"nodes": [node]}), reply({"product": None}), patience=0)
    with pytest.raises(Unavailable):
        await CatalogReader(client).by_ids([GID], PRICES)


TOO_COSTLY = reply(errors=[{"message": "No.", "extensions": {"code": "MAX_COST_EXCEEDED"}}], cost=None)


def fresh(answer: Reply) -> Reply:
    """A response can be read once."""
    return copy.copy(answer)


async def test_a_page_that_costs_too_much_is_halved_and_stays_so() -> None:
    more = {"hasNextPage": True, "endCursor": "c"}
    client, script = scripted(fresh(TOO_COSTLY), fresh(TOO_COSTLY), products(product(), info=more))
    page = await CatalogReader(client).products_page(START, PRICES)
    assert [each["first"] for each in script.sent] == [244, 122, 61]
    assert page.next is not None
    assert page.next.sizes == Sizes(page=61)


async def test_a_page_of_one_that_costs_too_much_is_our_defect() -> None:
    client, script = scripted(fresh(TOO_COSTLY))
    with pytest.raises(TooCostly):
        await CatalogReader(client).products_page(PageCursor(sizes=Sizes(page=1)), PRICES)
    assert len(script.requests) == 1


async def test_ids_that_cost_too_much_are_asked_for_in_halves_and_none_is_lost() -> None:
    ids = [ProductId(f"gid://shopify/Product/{number}") for number in range(5)]
    client, script = scripted(
        *[fresh(TOO_COSTLY)] * 5,
        *(reply({"nodes": [None] * count}) for count in (1, 1, 1, 1, 1)),
    )
    found = await CatalogReader(client).by_ids(ids, PRICES)
    assert found.missing == set(ids)
    assert [len(each["ids"]) for each in script.sent] == [5, 5, 5, 5, 3, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.pop("shop"),
        lambda data: data["shop"].pop("currencyCode"),
        lambda data: data.update(currentAppInstallation=None),
        lambda data: data["shop"].update(resourceLimits=None),
        lambda data: data["shop"].update(plan=None),
    ],
)
async def test_a_shop_without_its_facts_is_no_answer(change: Callable[[dict[str, Any]], Any]) -> None:
    data: dict[str, Any] = {
        "shop": {
            "id": "gid://shopify/Shop/1",
            "name": "Main",
            "email": "owner@example.com",
            "myshopifyDomain": "main-shop.myshopify.com",
            "currencyCode": "EUR",
            "ianaTimezone": "Europe/Berlin",
            "plan": {"publicDisplayName": "Basic"},
            "resourceLimits": {"maxProductVariants": 2048},
        },
        "location": None,
        "currentAppInstallation": {"accessScopes": [{"handle": "write_products"}]},
    }
    client, _ = scripted(reply(copy.deepcopy(data)))
    shop = await ShopReader(client).shop()
    assert shop.facts.primary_location_id is None
    assert shop.scopes == {"write_products"}
    change(data)
    broken, _ = scripted(reply(data), patience=0)
    with pytest.raises(Unavailable):
        await ShopReader(broken).shop()


@pytest.mark.parametrize(("precision", "exact"), [("EXACT", True), ("AT_LEAST", False)])
async def test_a_count_that_stopped_says_so(precision: str, exact: bool) -> None:
    counted = {
        "productsCount": {"count": 25_001, "precision": precision},
        "productVariantsCount": {"count": 7, "precision": "EXACT"},
    }
    client, _ = scripted(reply(counted))
    counts = await ShopReader(client).counts()
    assert (counts.products, counts.variants, counts.exact) == (25_001, 7, exact)
