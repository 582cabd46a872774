"""What changed since a moment: against a shop of the sandbox, and past the end of a connection."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from backend.errors import Unavailable
from backend.shopify.reader import CatalogReader
from backend.sync.catalog import InventoryItemId
from sandbox.commands.inventory import set_available
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.store.product import Product
from tests.shopify.wire import body, reply, scripted
from tests.shopify.world import World

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def placed(world: World, title: str) -> Product:
    return world.place(ProductDraft(title=title, variants=(VariantDraft(sku=title, tracked=True),)))


def changed(world: World, product: Product, title: str) -> datetime:
    with world.shop.change() as change:
        product.title = title
        change.touch_product(product)
    return world.clock.now()


async def pages(reader: CatalogReader, since: datetime, items: bool = False) -> list[dict[str, datetime]]:
    found = reader.changed_items_since(since) if items else reader.changed_since(since)
    return [page async for page in found]


async def test_only_what_changed_since_comes_the_earliest_first(world: World) -> None:
    products = [placed(world, f"Shirt {number}") for number in range(4)]
    world.clock.advance(60)
    later = changed(world, products[3], "Coat")
    world.clock.advance(60)
    last = changed(world, products[1], "Hat")
    (page,) = await pages(world.reader, later)
    assert list(page.items()) == [
        (gid("Product", products[3].id), later),
        (gid("Product", products[1].id), last),
    ]
    assert await pages(world.reader, last + timedelta(seconds=1)) == []


async def test_the_second_of_the_moment_counts_whole(world: World) -> None:
    product = placed(world, "Shirt")
    world.clock.advance(60.2)
    at = changed(world, product, "Coat")
    assert at.microsecond == 200_000
    assert await pages(world.reader, at + timedelta(seconds=0.5)) == [
        {gid("Product", product.id): at.replace(microsecond=0)}
    ]


async def test_stock_moves_its_product_and_the_item_moves_by_itself(world: World) -> None:
    product = placed(world, "Shirt")
    item = product.variants[0].item
    world.clock.advance(60)
    set_available(world.shop, item, next(iter(world.shop.locations)), 7)
    now = world.clock.now()
    assert await pages(world.reader, now) == [{gid("Product", product.id): now}]
    assert await pages(world.reader, now, items=True) == []
    world.clock.advance(60)
    with world.shop.change() as change:
        item.tracked = False
        change.touch_item(item)
    assert await pages(world.reader, world.clock.now(), items=True) == [
        {gid("InventoryItem", item.id): world.clock.now()}
    ]


async def test_all_pages_come_and_a_page_costs_little(world: World) -> None:
    products = [placed(world, f"Shirt {number}") for number in range(300)]
    found = await pages(world.reader, START)
    assert [len(page) for page in found] == [244, 56]
    assert {each for page in found for each in page} == {gid("Product", each.id) for each in products}
    assert world.client.usage.points_by_operation["ChangedProducts"] <= 24
    items = await pages(world.reader, START, items=True)
    assert [len(page) for page in items] == [244, 56]


async def test_a_product_that_changes_while_the_pages_are_read_is_not_missed(world: World) -> None:
    products = [placed(world, f"Shirt {number}") for number in range(300)]
    found: list[dict[str, datetime]] = []
    async for page in world.reader.changed_since(START):
        found.append(page)
        if len(found) == 1:
            world.clock.advance(60)
            changed(world, products[0], "Coat")
    assert gid("Product", products[0].id) in found[0]
    assert gid("Product", products[0].id) in found[1]
    assert {each for page in found for each in page} == {gid("Product", each.id) for each in products}


async def test_items_are_led_back_to_their_products(world: World) -> None:
    first, second = placed(world, "Shirt"), placed(world, "Hat")
    items = [InventoryItemId(gid("InventoryItem", each.variants[0].item.id)) for each in (first, second)]
    gone = InventoryItemId(gid("InventoryItem", 9))
    assert await world.reader.products_of_items([*items, gone]) == {
        item: (gid("Product", each.id), gid("ProductVariant", each.variants[0].id))
        for item, each in zip(items, (first, second), strict=True)
    }
    assert await world.reader.products_of_items([]) == {}


@dataclass(slots=True)
class Catalogue:
    """A shop of `count` products with ids from 1, all changed at the times that `when` answers, that ends its
    connections after 25,000 objects as Shopify does."""

    count: int
    when: Callable[[int], datetime]
    found: dict[tuple[str, str | None], list[int]] = field(default_factory=dict)
    asked: int = 0

    def rows(self, search: str, sort: str | None) -> list[int]:
        if (search, sort) not in self.found:
            since = datetime.fromisoformat(search.partition("'")[2].partition("'")[0])
            above = int(search.partition("id:>")[2] or 0)
            rows = [number for number in range(above + 1, self.count + 1) if self.when(number) >= since]
            self.found[search, sort] = sorted(rows, key=self.when) if sort == "UPDATED_AT" else rows
        return self.found[search, sort]

    def answer(self, request: httpx.Request) -> httpx.Response:
        variables = orjson.loads(request.content)["variables"]
        self.asked += 1
        rows = self.rows(variables["search"], variables.get("sort"))
        begin = int(variables["after"] or 0)
        assert begin < 25_000
        end = begin + variables["first"]
        nodes = [
            {"id": gid("Product", number), "updatedAt": self.when(number).isoformat()}
            for number in rows[begin:end]
        ]
        info = {"hasNextPage": end < len(rows), "endCursor": str(end)}
        root = "products" if "sort" in variables else "inventoryItems"
        return httpx.Response(200, json=body({root: {"nodes": nodes, "pageInfo": info}}, cost=FREE))


FREE: dict[str, Any] = {
    "requestedQueryCost": 12,
    "actualQueryCost": 0,
    "throttleStatus": {"maximumAvailable": 1e6, "currentlyAvailable": 1e6, "restoreRate": 1e6},
}


def forever(answer: Callable[[httpx.Request], httpx.Response]) -> Iterator[Callable[..., httpx.Response]]:
    while True:
        yield answer


@pytest.mark.parametrize("items", [False, True])
@pytest.mark.parametrize(
    ("when", "slices"),
    [
        # A product a second: the next slice begins at the last time of the one before.
        (lambda number: START + timedelta(seconds=number), 2),
        # All in one second: the times lead no further, and the ids do.
        (lambda _: START, 3),
        (lambda number: START + timedelta(seconds=number // 20_000), 2),
    ],
)
async def test_no_change_is_lost_at_the_end_of_a_connection(
    when: Callable[[int], datetime], slices: int, items: bool
) -> None:
    shop = Catalogue(40_000, when)
    client, script = scripted()
    script.replies = forever(shop.answer)
    found = await pages(CatalogReader(client), START, items)
    assert {each for page in found for each in page} == {gid("Product", each) for each in range(1, 40_001)}
    assert len(shop.found) == (2 if items else slices)
    assert shop.asked < 600


@pytest.mark.parametrize(
    "broken", [{"nodes": None, "pageInfo": {}}, {"nodes": [{"id": "x"}], "pageInfo": {}}, {"nodes": []}]
)
async def test_an_answer_of_another_shape_is_no_answer(broken: dict[str, Any]) -> None:
    client, _ = scripted(reply({"products": broken}))
    with pytest.raises(Unavailable):
        await pages(CatalogReader(client), START)
