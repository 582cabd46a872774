"""What is stored of a reading: once for each thing, never older than what is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from backend.jobs.mirror_write import put_products, put_stock
from backend.jobs.queue import transaction
from backend.models.mirror import MirrorProduct, MirrorStock, MirrorVariant
from backend.models.shop import Shop
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, LocationId, Product
from tests.sync.factories import product

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
_ITEM, _PLACE = InventoryItemId("gid://shopify/InventoryItem/1"), LocationId("gid://shopify/Location/1")


async def a_shop() -> UUID:
    return (await Shop.create(id=uuid4(), domain="a-shop.myshopify.com")).id


async def put(
    shop: UUID, *products: Product, at: datetime = NOW, wanted: Wanted | None = None, settled: bool = False
) -> None:
    async with transaction() as client:
        await put_products(client, shop, products, wanted or Wanted(), at, settled=settled)


async def test_what_a_reading_brings_twice_is_stored_once_as_it_came_last(database: str) -> None:
    shop, first = await a_shop(), product()
    (variant, *_) = first.variants
    second = replace(first, title="Later", variants=(replace(variant, sku=" LATER "),))
    await put(shop, first, second)
    assert (await MirrorProduct.get()).title == "Later"
    stored = await MirrorVariant.get(gid=variant.id)
    assert (stored.sku, stored.match_sku) == (" LATER ", "LATER")
    async with transaction() as client:
        await put_stock(client, shop, [(_ITEM, _PLACE, 3), (_ITEM, _PLACE, 4)], NOW)
    assert (await MirrorStock.get(inventory_item_gid=_ITEM)).available == 4


async def test_an_older_reading_replaces_nothing_unless_it_is_the_outcome_of_a_write(database: str) -> None:
    shop, read = await a_shop(), product()
    await put(shop, replace(read, title="Newer"))
    earlier = NOW - timedelta(seconds=1)
    await put(shop, replace(read, title="Older"), at=earlier)
    assert (await MirrorProduct.get()).title == "Newer"
    await put(shop, replace(read, title="Written"), at=earlier, settled=True)
    stored = await MirrorProduct.get()
    assert (stored.title, stored.observed_at) == ("Written", NOW)


async def test_what_was_not_asked_for_stays(database: str) -> None:
    shop, read = await a_shop(), replace(product(), origin="main.myshopify.com/1")
    await put(shop, read)
    await put(shop, replace(read, title="New", origin=""), wanted=replace(Wanted(), origin=False))
    stored = await MirrorProduct.get()
    assert (stored.title, stored.origin) == ("New", read.origin)
    await put(shop, replace(read, origin=""))
    assert (await MirrorProduct.get()).origin == ""


async def test_without_origin_none_is_invented(database: str) -> None:
    shop = await a_shop()
    await put(shop, replace(product(), origin="x/1"), wanted=replace(Wanted(), origin=False))
    assert (await MirrorProduct.get()).origin == ""
