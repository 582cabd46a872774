"""Creations side by side are read by one query, and none waits for ever for another."""

import asyncio
from dataclasses import replace

import pytest

from backend.errors import ErrorCode
from backend.shopify.outcome import Applied, WriteResult
from backend.shopify.writer import CatalogWriter
from backend.sync.catalog import Product, ProductId
from backend.sync.writes import CreateProduct
from tests.shopify.values import a_product, a_variant, an_image
from tests.shopify.world import BASE, World
from tests.shopify.writing import change, read, refused

# Of two that end at the same time the second one finds that nothing is being created any more, and reads.
READER = 1
FIVE = tuple(a_variant(number) for number in range(1, 6))


def creation(number: int, product: Product | None = None) -> CreateProduct:
    wanted = product or a_product(*FIVE, media=tuple(an_image(each) for each in range(1, 6)))
    wanted = replace(
        wanted, id=ProductId(f"gid://shopify/Product/{number}"), title=f"Shirt {number}", handle=""
    )
    return CreateProduct(change(number), wanted, f"main.myshopify.com/{number}", publish=False)


@pytest.fixture
async def slow(world: World) -> World:
    """Every answer takes a while, so that requests overlap."""
    answer = await world.http.patch(f"{BASE}/_control/settings", json={"latencySeconds": 0.5})
    assert answer.status_code == 200
    return world


async def together(world: World, writes: list[CreateProduct]) -> list[WriteResult]:
    writer = CatalogWriter(world.client)
    return await world.clock.run_until(asyncio.gather(*(writer.execute(each) for each in writes)))


async def test_creations_side_by_side_share_one_read(slow: World) -> None:
    world = slow
    results = await together(world, [creation(number) for number in range(1, 17)])
    assert [result.outcomes for result in results] == [{number: Applied()} for number in range(1, 17)]
    for number, result in enumerate(results, 1):
        (product,) = result.products
        now = await world.clock.run_until(read(world, product.id))
        assert (product.title, product.id) == (
            f"Shirt {number}",
            result.created[f"gid://shopify/Product/{number}"],
        )
        assert [each.id for each in product.variants] == [each.id for each in now.variants]
        assert [each.id for each in product.media] == [each.id for each in now.media]
    usage = world.client.usage
    # 10 points, and 0.2 a variant, 1.9 an image, 0.4 for each of the two metafields: 21.3.
    assert usage.points_by_operation["CreateProduct"] == 16 * 21
    assert (usage.calls_by_operation["CreatedProducts"], usage.points_by_operation["CreatedProducts"]) == (
        1,
        14,
    )


async def test_the_ready_ones_do_not_wait_long_for_a_slow_one(world: World) -> None:
    writer = CatalogWriter(world.client)
    with writer.memory.created.creating():
        began = world.clock.monotonic()
        result = await world.clock.run_until(writer.execute(creation(1)))
        assert world.clock.monotonic() - began == pytest.approx(3.0)
    assert len(result.products) == 1


async def test_those_who_wait_go_on_when_the_last_one_is_refused(slow: World) -> None:
    world, bad = slow, creation(2)
    bad = replace(bad, product=replace(bad.product, title="x" * 300))
    good, failed = await together(world, [creation(1), bad])
    assert good.outcomes == {1: Applied()}
    assert len(good.products) == 1
    assert refused(failed.outcomes[change(2)])[0] is ErrorCode.SHOPIFY_REFUSED
    assert world.clock.monotonic() < 3.0


async def test_products_of_any_size_are_read_whole(slow: World) -> None:
    world = slow
    large = a_product(*(replace(a_variant(number), sku=f"S-{number}") for number in range(1, 301)))
    results = await together(world, [creation(1), creation(2, large), creation(3)])
    assert [len(result.products[0].variants) for result in results] == [5, 300, 5]
    assert all(len(result.created) >= 6 for result in results)


async def test_whoever_is_stopped_while_reading_stops_no_other(slow: World) -> None:
    world, writer = slow, CatalogWriter(slow.client)
    tasks = [asyncio.ensure_future(writer.execute(creation(number))) for number in (1, 2)]
    usage = world.client.usage

    async def reading() -> None:
        while usage.calls_by_operation["CreateProduct"] < 2:
            await world.clock.sleep(0.1)
        await world.clock.sleep(0.2)

    await world.clock.run_until(reading())
    assert usage.calls_by_operation["CreatedProducts"] == 0
    for task in tasks:
        assert not task.done()
    tasks[READER].cancel()
    found = await world.clock.run_until(asyncio.gather(*tasks, return_exceptions=True))
    assert isinstance(found[READER], asyncio.CancelledError)
    other = found[1 - READER]
    assert isinstance(other, WriteResult)
    # It was made; its variants and media are for the next read.
    assert (other.outcomes, other.products) == ({2 - READER: Applied()}, ())
    (after,) = await together(world, [creation(3)])
    assert len(after.products) == 1
