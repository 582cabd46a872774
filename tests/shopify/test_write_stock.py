"""Writing stock by compare-and-set, against a shop of the sandbox."""

from uuid import UUID

from backend.errors import ErrorCode
from backend.shopify.outcome import Applied, Stale, Unsent
from backend.sync.catalog import (
    InventoryItemId,
    LocationId,
    Product,
)
from backend.sync.writes import (
    AdjustEntry,
    AdjustStock,
    SetStock,
    StockEntry,
)
from tests.shopify.values import a_product, a_variant
from tests.shopify.world import World, a_world
from tests.shopify.writing import KEY, change, made, outcomes, read, refused


async def stocked(world: World) -> tuple[list[InventoryItemId], list[LocationId], Product]:
    places = [each.id for each in await world.facts.locations()]
    product = await made(
        world, a_product(a_variant(1, stock={places[0]: 5}), a_variant(2, stock={places[0]: 7}))
    )
    return [each.inventory_item_id for each in product.variants], places, product


async def test_stock_is_written_by_compare_and_set(world: World) -> None:
    items, places, product = await stocked(world)
    write = SetStock(
        (
            StockEntry(change(1), items[0], places[0], 9, 5),
            StockEntry(change(2), items[1], places[0], 0, 7),
            StockEntry(change(3), items[1], places[1], 4, None),
        )
    )
    result = await world.writer.execute(write, KEY)
    assert result.outcomes == {1: Applied(), 2: Applied(), 3: Applied()}
    assert result.values == {1: 9, 2: 0, 3: 4}
    now = await read(world, product.id)
    assert [dict(each.stock) for each in now.variants] == [{places[0]: 9}, {places[0]: 0, places[1]: 4}]


async def test_one_stale_row_is_told_and_the_others_go_into_a_new_batch(world: World) -> None:
    items, places, product = await stocked(world)
    first, second = (
        StockEntry(change(1), items[0], places[0], 9, 5),
        StockEntry(change(2), items[1], places[0], 9, 8),
    )
    assert await outcomes(world, SetStock((first, second))) == {1: Unsent(), 2: Stale()}
    assert [dict(each.stock) for each in (await read(world, product.id)).variants] == [
        {places[0]: 5},
        {places[0]: 7},
    ]
    again = await world.writer.execute(SetStock((first,)), UUID(int=2))
    assert again.outcomes == {1: Applied()}


async def test_the_same_batch_under_the_same_key_has_effect_once(world: World) -> None:
    items, places, product = await stocked(world)
    write = SetStock((StockEntry(change(1), items[0], places[0], 9, 5),))
    assert await outcomes(world, write) == {1: Applied()}
    other = SetStock((StockEntry(change(2), items[0], places[0], 2, 9),))
    await world.writer.execute(other, UUID(int=2))
    assert await outcomes(world, write) == {1: Applied()}
    assert (await read(world, product.id)).variants[0].stock == {places[0]: 2}


async def test_a_key_used_for_another_batch_makes_it_stale(world: World) -> None:
    items, places, _ = await stocked(world)
    assert await outcomes(world, SetStock((StockEntry(change(1), items[0], places[0], 9, 5),))) == {
        1: Applied()
    }
    reused = SetStock((StockEntry(change(2), items[1], places[0], 9, 7),))
    assert await outcomes(world, reused) == {2: Stale()}


async def test_stock_of_what_is_gone_or_out_of_range_is_refused_row_by_row(world: World) -> None:
    items, places, _ = await stocked(world)
    gone, nowhere = InventoryItemId("gid://shopify/InventoryItem/9"), LocationId("gid://shopify/Location/9")
    found = await outcomes(
        world,
        SetStock(
            (
                StockEntry(change(1), gone, places[0], 1, None),
                StockEntry(change(2), items[0], nowhere, 1, None),
                StockEntry(change(3), items[1], places[0], 2_000_000_000, 7),
                StockEntry(change(4), items[0], places[0], 6, 5),
            )
        ),
    )
    assert refused(found[1]) == (ErrorCode.GONE, "INVALID_INVENTORY_ITEM")
    assert refused(found[2]) == (ErrorCode.LOCATION_MISSING, "INVALID_LOCATION")
    assert refused(found[3]) == (ErrorCode.SHOPIFY_REFUSED, "INVALID_QUANTITY_TOO_HIGH")
    assert found[4] == Unsent()


async def test_before_2026_10_an_item_is_first_stocked_at_the_location() -> None:
    async with a_world(version="2026-07") as world:
        items, places, product = await stocked(world)
        write = SetStock((StockEntry(change(1), items[0], places[1], 4, None),))
        assert await outcomes(world, write) == {1: Applied()}
        assert (await read(world, product.id)).variants[0].stock == {places[0]: 5, places[1]: 4}
        assert world.client.usage.calls_by_operation["ActivateStock"] == 1


async def test_deltas_are_added_to_whatever_is_there(world: World) -> None:
    items, places, product = await stocked(world)
    write = AdjustStock(
        (
            AdjustEntry(change(1), items[0], places[0], -2),
            AdjustEntry(change(2), items[1], places[0], 3),
            AdjustEntry(change(3), items[1], places[1], -4),
        )
    )
    result = await world.writer.execute(write, KEY)
    assert result.outcomes == {1: Applied(), 2: Applied(), 3: Applied()}
    assert result.values == {}
    now = await read(world, product.id)
    assert [dict(each.stock) for each in now.variants] == [{places[0]: 3}, {places[0]: 10, places[1]: -4}]


async def test_deltas_under_the_same_key_are_added_once(world: World) -> None:
    items, places, product = await stocked(world)
    write = AdjustStock((AdjustEntry(change(1), items[0], places[0], -2),))
    assert await outcomes(world, write) == {1: Applied()}
    assert await outcomes(world, write) == {1: Applied()}
    assert (await read(world, product.id)).variants[0].stock == {places[0]: 3}
    await world.writer.execute(write, UUID(int=2))
    assert (await read(world, product.id)).variants[0].stock == {places[0]: 1}


async def test_a_delta_that_shopify_refuses_holds_the_others_back(world: World) -> None:
    items, places, product = await stocked(world)
    gone, nowhere = InventoryItemId("gid://shopify/InventoryItem/9"), LocationId("gid://shopify/Location/9")
    good = AdjustEntry(change(4), items[0], places[0], -1)
    found = await outcomes(
        world,
        AdjustStock(
            (
                AdjustEntry(change(1), gone, places[0], -1),
                AdjustEntry(change(2), items[0], nowhere, -1),
                AdjustEntry(change(3), items[1], places[0], 2_000_000_000),
                good,
            )
        ),
    )
    assert refused(found[1]) == (ErrorCode.GONE, "INVALID_INVENTORY_ITEM")
    assert refused(found[2]) == (ErrorCode.LOCATION_MISSING, "INVALID_LOCATION")
    assert refused(found[3]) == (ErrorCode.SHOPIFY_REFUSED, "INVALID_QUANTITY_TOO_HIGH")
    assert found[4] == Unsent()
    again = await world.writer.execute(AdjustStock((good,)), UUID(int=2))
    assert again.outcomes == {4: Applied()}
    assert [dict(each.stock) for each in (await read(world, product.id)).variants] == [
        {places[0]: 4},
        {places[0]: 7},
    ]


async def test_before_2026_10_a_delta_comes_after_the_item_is_stocked_and_only_once() -> None:
    async with a_world(version="2026-07") as world:
        items, places, product = await stocked(world)
        write = AdjustStock(
            (
                AdjustEntry(change(1), items[0], places[1], -4),
                AdjustEntry(change(2), items[1], places[0], -1),
            )
        )
        assert await outcomes(world, write) == {1: Applied(), 2: Applied()}
        assert await outcomes(world, write) == {1: Applied(), 2: Applied()}
        assert [dict(each.stock) for each in (await read(world, product.id)).variants] == [
            {places[0]: 5, places[1]: -4},
            {places[0]: 6},
        ]


async def test_before_2026_10_an_item_is_stocked_even_where_another_row_stops_the_call() -> None:
    async with a_world(version="2026-07") as world:
        items, places, product = await stocked(world)
        gone = InventoryItemId("gid://shopify/InventoryItem/9")
        mine = AdjustEntry(change(1), items[0], places[1], 4)
        found = await outcomes(world, AdjustStock((mine, AdjustEntry(change(2), gone, places[0], 1))))
        assert found[1] == Unsent()
        assert refused(found[2]) == (ErrorCode.GONE, "INVALID_INVENTORY_ITEM")
        again = await world.writer.execute(AdjustStock((mine,)), UUID(int=2))
        assert again.outcomes == {1: Applied()}
        assert world.client.usage.calls_by_operation["ActivateStock"] == 1
        assert (await read(world, product.id)).variants[0].stock == {places[0]: 5, places[1]: 4}
