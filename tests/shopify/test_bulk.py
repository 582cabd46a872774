"""Bulk reads against the sandbox, and against results that break off."""

import tracemalloc
from typing import Any

import httpx
import pytest

from backend.errors import ErrorCode, InvalidRequest, RetryError, Throttled, Unavailable
from backend.shopify.bulk import BulkReader, ItemStockOf, Row, is_flat, kinds, operation_name, row_number
from backend.shopify.bulk_operation import BulkBusy, Completed, Ended, Operation, Running, poll_delay
from backend.shopify.bulk_slices import BulkKind, IdRange
from backend.shopify.pages import START, OwnedVariant, PageCursor
from backend.shopify.wanted import Wanted
from backend.sync.catalog import LocationId, Product
from backend.sync.settings import FieldGroup
from sandbox.catalogue import Recipe, generate
from tests.shopify.wire import reply, scripted
from tests.shopify.world import World, a_world

SEED = 20261124


async def finished(world: World, reader: BulkReader, operation: Operation) -> Completed:
    for _ in range(200):
        if isinstance(operation, Completed):
            return operation
        assert isinstance(operation, Running)
        await world.clock.run_until(world.clock.sleep(poll_delay(5)))
        operation = (await reader.poll([operation.id]))[operation.id]
    raise AssertionError("it never ends")


async def rows(
    world: World, kind: BulkKind, wanted: Wanted, search: str | None = None, batch: str = "b1"
) -> list[Row]:
    reader = BulkReader(world.client)
    done = await finished(world, reader, await reader.start(kind, wanted, batch, search))
    assert done.url is not None
    found: list[Row] = []
    async for some in reader.read(kind, done.url, wanted, size=done.size, rows=7):
        assert len(some) <= 7
        found += some
    return found


async def by_pages(world: World, wanted: Wanted) -> tuple[list[Product], list[OwnedVariant]]:
    products: list[Product] = []
    variants: list[OwnedVariant] = []
    cursor: PageCursor | None = START
    while cursor is not None:
        page = await world.reader.products_page(cursor, wanted)
        products += page.products
        cursor = page.next
    cursor = START
    while cursor is not None:
        more = await world.reader.variants_page(cursor, wanted)
        variants += more.variants
        cursor = more.next
    return products, variants


def fill(world: World, count: int = 40) -> None:
    for draft in generate(Recipe(seed=SEED, locations=2), count):
        world.place(draft)


@pytest.mark.parametrize("locations", [0, 1, 2])
async def test_bulk_and_pages_read_the_same(locations: int) -> None:
    async with a_world() as world:
        fill(world)
        named = tuple(each.id for each in await world.facts.locations())[:locations]
        wanted = Wanted(locations=named)
        products, variants = await by_pages(world, wanted)
        assert len(products) == 40
        bulk_products = await rows(world, BulkKind.PRODUCTS, wanted, batch="p")
        bulk_variants = await rows(world, BulkKind.VARIANTS, wanted, batch="v")
        assert sorted(bulk_products, key=key_of) == sorted(products, key=key_of)
        if named:
            assert kinds(wanted) == (BulkKind.PRODUCTS, BulkKind.VARIANTS)
            assert sorted(bulk_variants, key=key_of) == sorted(variants, key=key_of)
            return
        assert kinds(wanted) == (BulkKind.PRODUCTS, BulkKind.VARIANTS, BulkKind.ITEMS)
        items = await rows(world, BulkKind.ITEMS, wanted, batch="i")
    stock = {each.item: each.stock.available for each in items if isinstance(each, ItemStockOf)}
    assert stock == {each.variant.inventory_item_id: each.variant.stock for each in variants}


def key_of(row: Row) -> str:
    match row:
        case Product():
            return row.id
        case OwnedVariant():
            return row.variant.id
        case ItemStockOf():
            return row.item


async def test_a_slice_reads_its_ids_only() -> None:
    async with a_world() as world:
        fill(world, 10)
        products, _ = await by_pages(world, Wanted())
        above, to = (each.id.rpartition("/")[2] for each in (products[2], products[6]))
        found = await rows(world, BulkKind.PRODUCTS, Wanted(), f"id:>{above} id:<={to}")
    assert sorted(found, key=key_of) == products[3:7]


async def test_operations_are_found_again_by_batch_and_kind() -> None:
    async with a_world() as world:
        fill(world, 5)
        reader = BulkReader(world.client)
        prices = Wanted(frozenset({FieldGroup.PRICES}))
        started = await reader.start(BulkKind.PRODUCTS, prices, "batch7_0")
        also = await reader.start(BulkKind.VARIANTS, prices, "batch7_1")
        names = [operation_name(kind, batch) for kind in BulkKind for batch in ("batch7_0", "batch7_1")]
        found = await reader.find(names)
        assert {name: each.id for name, each in found.items()} == {
            "Sync_PRODUCTS_batch7_0": started.id,
            "Sync_VARIANTS_batch7_1": also.id,
        }
        assert (await finished(world, reader, started)).id == started.id


async def test_any_number_of_operations_is_one_look() -> None:
    async with a_world() as world:
        fill(world, 5)
        reader = BulkReader(world.client)
        started = [await reader.start(BulkKind.PRODUCTS, Wanted(), f"b{number}") for number in range(3)]
        points = world.client.usage.points
        unknown = "gid://shopify/BulkOperation/999999"
        found = await reader.poll([*(each.id for each in started), unknown])
        assert world.client.usage.points == points + 1
    assert [type(each) for each in found.values()] == [Running, Running, Running, Ended]
    assert list(found) == [*(each.id for each in started), unknown]


async def test_a_result_is_gone_on_with_where_it_was_left() -> None:
    async with a_world() as world:
        fill(world, 30)
        reader = BulkReader(world.client)
        done = await finished(world, reader, await reader.start(BulkKind.PRODUCTS, Wanted(), "b1"))
        assert done.url is not None
        first = [each async for some in reader.read(BulkKind.PRODUCTS, done.url, Wanted()) for each in some]
        rest = [
            each
            async for some in reader.read(BulkKind.PRODUCTS, done.url, Wanted(), rows=4, skip=11)
            for each in some
        ]
    assert len(first) == 30
    assert rest == first[11:]


async def test_a_page_and_a_slice_know_the_same_bounds() -> None:
    async with a_world() as world:
        fill(world, 12)
        reader = BulkReader(world.client)
        products, variants = await by_pages(world, Wanted())
        assert await reader.extremes(BulkKind.PRODUCTS) == (row_number(products[0]), row_number(products[-1]))
        assert await reader.extremes(BulkKind.VARIANTS) == (row_number(variants[0]), row_number(variants[-1]))
        items = sorted(int(each.variant.inventory_item_id.rpartition("/")[2]) for each in variants)
        assert await reader.extremes(BulkKind.ITEMS) == (items[0], items[-1])
        ids = IdRange(row_number(products[2]), row_number(products[6]))
        assert await reader.count(BulkKind.PRODUCTS, ids) == 4
        assert await reader.count(BulkKind.ITEMS, ids) is None
        cursor = PageCursor(above=ids.above or 0, upto=ids.upto)
        page = await world.reader.products_page(PageCursor.from_json(cursor.to_json()), Wanted())
    assert (page.products, page.next) == (tuple(products[3:7]), None)


async def test_an_empty_shop_has_no_extremes() -> None:
    async with a_world() as world:
        assert await BulkReader(world.client).extremes(BulkKind.PRODUCTS) is None


def test_lines_are_whole_where_nothing_is_nested() -> None:
    prices = Wanted(frozenset({FieldGroup.PRICES, FieldGroup.QUANTITIES}), locations=(LocationId("x"),))
    assert [is_flat(kind, prices) for kind in (BulkKind.PRODUCTS, BulkKind.VARIANTS)] == [True, True]
    assert not is_flat(BulkKind.PRODUCTS, Wanted())
    assert not is_flat(BulkKind.ITEMS, Wanted())


async def test_nothing_found_has_no_address() -> None:
    async with a_world() as world:
        reader = BulkReader(world.client)
        done = await finished(world, reader, await reader.start(BulkKind.PRODUCTS, Wanted(), "b"))
    assert (done.url, done.objects) == (None, 0)


async def test_a_cancelled_operation_ends() -> None:
    async with a_world() as world:
        fill(world)
        reader = BulkReader(world.client)
        started = await reader.start(BulkKind.PRODUCTS, Wanted(), "b")
        await reader.cancel(started.id)
        await world.clock.run_until(world.clock.sleep(60))
        ended = (await reader.poll([started.id]))[started.id]
    assert isinstance(ended, Ended)
    assert (ended.status, ended.error().code) == ("CANCELED", ErrorCode.SHOPIFY_UNAVAILABLE)


async def test_the_sixth_operation_waits_its_turn() -> None:
    async with a_world() as world:
        fill(world)
        reader = BulkReader(world.client)
        for number in range(5):
            await reader.start(BulkKind.PRODUCTS, Wanted(), f"b{number}")
        with pytest.raises(BulkBusy) as raised:
            await reader.start(BulkKind.PRODUCTS, Wanted(), "b6")
        assert raised.value.after == 10


async def test_starting_and_looking_costs_eleven_points() -> None:
    async with a_world() as world:
        fill(world, 3)
        reader = BulkReader(world.client)
        started = await reader.start(BulkKind.PRODUCTS, Wanted(), "b")
        await reader.poll([started.id])
        assert world.client.usage.points == 11


OPERATION = "gid://shopify/BulkOperation/1"


def operation(status: str, **changed: Any) -> dict[str, Any]:
    return {
        "id": OPERATION,
        "status": status,
        "errorCode": None,
        "createdAt": "2026-11-02T09:00:00Z",
        "completedAt": None,
        "objectCount": "12",
        "rootObjectCount": "12",
        "fileSize": None,
        "url": None,
        "partialDataUrl": None,
        **changed,
    }


@pytest.mark.parametrize(
    ("node", "kind"),
    [
        (operation("CREATED"), Running),
        (operation("RUNNING"), Running),
        (operation("CANCELING"), Running),
        (operation("COMPLETED"), Completed),
        (operation("FAILED", errorCode="TIMEOUT", partialDataUrl="https://x.test/1"), Ended),
        (operation("EXPIRED"), Ended),
        (operation("SOMETHING_NEW"), Ended),
        (None, Ended),
    ],
)
async def test_every_status_means_running_completed_or_ended(
    node: dict[str, Any] | None, kind: type[Operation]
) -> None:
    client, _ = scripted(reply({"nodes": [node]}))
    found = (await BulkReader(client).poll([OPERATION]))[OPERATION]
    assert type(found) is kind
    if isinstance(found, Ended) and node and node["errorCode"]:
        assert found.partial_url == "https://x.test/1"
        assert "x.test" not in repr(found) + str(found.error())


@pytest.mark.parametrize(
    "node", [{}, operation("RUNNING", objectCount="many"), operation("RUNNING", createdAt=1)]
)
async def test_an_operation_without_its_fields_is_no_answer(node: dict[str, Any]) -> None:
    client, _ = scripted(reply({"nodes": [node]}), patience=0)
    with pytest.raises(Unavailable):
        await BulkReader(client).poll([OPERATION])


@pytest.mark.parametrize(
    ("code", "kind"),
    [("INVALID", InvalidRequest), ("LIMIT_REACHED", Throttled), ("OPERATION_IN_PROGRESS", Throttled)],
)
async def test_a_refused_start_tells_whether_waiting_helps(code: str, kind: type[Exception]) -> None:
    errors = [{"code": code, "field": ["query"], "message": "No."}]
    payload = {"bulkOperation": None, "userErrors": errors}
    client, _ = scripted(reply({"bulkOperationRunQuery": payload}))
    with pytest.raises(kind):
        await BulkReader(client).start(BulkKind.PRODUCTS, Wanted(), "b")


LINE = (
    b'{"id":"gid://shopify/Product/1","title":"T","handle":"t","vendor":"","productType":"","tags":[],'
    b'"status":"ACTIVE","updatedAt":"2026-11-02T09:00:00Z"}\n'
)


@pytest.mark.parametrize(
    ("answer", "size"),
    [
        (httpx.Response(200, content=LINE[:-20]), 0),
        (httpx.Response(200, content=LINE), len(LINE) + 1),
        (httpx.Response(403, content=b"<Error/>"), 0),
        (httpx.Response(404), 0),
        (httpx.Response(500), 0),
        (httpx.ReadError("reset"), 0),
        (httpx.Response(200, content=b'{"id":"gid://shopify/Product/1"}\n'), 0),
        (httpx.Response(200, content=LINE.replace(b'"ACTIVE"', b'"SOLD"')), 0),
    ],
)
async def test_a_result_that_is_not_whole_is_no_result(answer: httpx.Response | Exception, size: int) -> None:
    client, _ = scripted(answer)
    reading = BulkReader(client).read(
        BulkKind.PRODUCTS, "https://results.test/1?sig=s3cret", Wanted(), size=size
    )
    with pytest.raises(RetryError) as raised:
        _ = [each async for each in reading]
    assert "s3cret" not in str(raised.value)


async def test_a_download_shows_signs_of_life_before_its_rows() -> None:
    content = b"".join(LINE.replace(b"Product/1", b"Product/%d" % number) for number in range(20_000))
    client, _ = scripted(httpx.Response(200, content=content))
    reader, size = BulkReader(client), len(content)
    reading = reader.read(BulkKind.PRODUCTS, "https://r.test/1", Wanted(), size=size, rows=500)
    lengths = [len(each) async for each in reading]
    assert lengths == [0] * 3 + [500] * 40
    assert 2 * 1024 * 1024 < size <= 3 * 1024 * 1024


async def test_a_large_result_is_never_held_whole() -> None:
    """Twenty thousand lines: what is held is a part of the file, and the rows that are handed over."""
    content = b"".join(LINE.replace(b"Product/1", b"Product/%d" % number) for number in range(20_000))
    client, _ = scripted(httpx.Response(200, content=content))
    reading = BulkReader(client).read(
        BulkKind.PRODUCTS, "https://r.test/1", Wanted(), size=20 * len(content), rows=500
    )
    tracemalloc.start()
    try:
        # The parts are as small as those of a file twenty times as long.
        with pytest.raises(Unavailable):
            _ = [len(some) async for some in reading]
        spooled = tracemalloc.get_traced_memory()[1]
        reading = BulkReader(scripted(httpx.Response(200, content=content))[0]).read(
            BulkKind.PRODUCTS, "https://r.test/1", Wanted(), objects=400_000, rows=500
        )
        tracemalloc.reset_peak()
        found = sum([len(some) async for some in reading])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == 20_000
    assert spooled < len(content) * 1.5 + 4 * 1024 * 1024
    assert peak < 12 * 1024 * 1024


@pytest.mark.parametrize(
    ("running", "expected", "delay"),
    [(0, 0, 1), (5, 0, 1), (30, 0, 3), (1000, 0, 10), (0, 12, 6), (9, 12, 1.5), (0, 60, 10), (20, 12, 2)],
)
def test_looks_towards_the_expected_end_and_more_seldom_the_longer_it_runs(
    running: float, expected: float, delay: float
) -> None:
    assert poll_delay(running, expected) == delay


def test_named_locations_need_no_query_over_items() -> None:
    prices = Wanted(frozenset({FieldGroup.PRICES}))
    named = Wanted(locations=(LocationId("gid://shopify/Location/1"),))
    assert [len(kinds(each)) for each in (prices, named, Wanted())] == [2, 2, 3]
