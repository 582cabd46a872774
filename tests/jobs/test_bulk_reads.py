"""Shops read in bulk, slice by slice: whatever breaks, the mirror ends as if they had been read by pages."""

import math
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.jobs import requests
from backend.jobs.context import Context, load_context
from backend.jobs.facts import refresh_facts
from backend.jobs.mirror_write import put_stock
from backend.jobs.queue import transaction
from backend.jobs.refresh import join_refresh
from backend.jobs.refresh_bulk import BulkReading
from backend.jobs.runner import run_job
from backend.models.job import Job, JobState
from backend.models.mirror import MirrorProduct, MirrorStock, MirrorVariant, Refresh, RefreshState
from backend.shopify.bulk_slices import (
    BulkKind,
    BulkSlice,
    SliceLimits,
    SliceState,
    evenly,
    from_cursor,
    plan_slices,
    to_cursor,
)
from backend.shopify.pages import PageCursor
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, LocationId
from backend.sync.settings import FieldGroup, ProductScope, SyncSettings
from sandbox.bucket import Tier
from sandbox.catalogue import Recipe, generate
from sandbox.faults import FaultPlan, Kind, Rule
from sandbox.ids import gid
from sandbox.loading import load
from tests.clock import ShiftedClock
from tests.jobs.world import World, a_world

DETAILED = SyncSettings(products=ProductScope.MATCHED, details=True, prices=True, quantities=True)
PRICES = SyncSettings(products=ProductScope.MATCHED, details=False, prices=True, quantities=False)
P, V = BulkKind.PRODUCTS, BulkKind.VARIANTS


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        fast(found)
        yield found


def fast(world: World) -> None:
    world.sandbox.bulk.start_delay_seconds = 0
    world.sandbox.bulk.objects_per_second = 1_000_000


def fill(world: World, count: int, **recipe: Any) -> None:
    options = {"seed": 5, "variants": 3, "images": 1, "locations": 2} | recipe
    load(world.main, generate(Recipe(**options), count))


async def job_of(world: World, settings: SyncSettings) -> tuple[Job, Context]:
    """A queued sync, with what it will read known before it runs."""
    await world.choose(settings)
    for shop in world.shops.values():
        await refresh_facts(shop, world.runtime.open(shop), world.runtime)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return job, await load_context(job)


async def in_bulk(world: World, cuts: int, settings: SyncSettings = DETAILED) -> Job:
    """A sync whose main is read in bulk, each kind in so many slices."""
    job, context = await job_of(world, settings)
    wanted = context.main_wanted
    number = await join_refresh(context.main.id, wanted, job.created_at, world.now())
    slices: list[BulkSlice] = []
    for kind, table in ((P, world.main.products), (V, world.main.variants)):
        ids = [each.id for each in table]
        span = (min(ids), max(ids))
        slices += plan_slices(kind, cuts, evenly(cuts, span), len(ids), len(slices))
    total = len(world.main.products) + len(world.main.variants)
    await Refresh.filter(id=number).update(strategy="BULK", objects_total=total, cursor=to_cursor(slices))
    await Job.filter(id=job.id).update(main_refresh_id=number)
    return job


async def refresh_of(job: Job) -> Refresh:
    await job.refresh_from_db()
    assert job.main_refresh_id is not None
    return await Refresh.get(id=job.main_refresh_id)


async def mirrored(world: World) -> tuple[Any, Any, Any]:
    """Everything that the mirror says of main, without when it was seen."""
    shop = world.connection.main_id
    products = (
        await MirrorProduct.filter(shop_id=shop, gone_at=None)
        .order_by("gid")
        .values("gid", "title", "tags", "details", "vendor")
    )
    variants = (
        await MirrorVariant.filter(shop_id=shop, gone_at=None)
        .order_by("gid")
        .values("gid", "product_gid", "price", "sku", "details")
    )
    stock = (
        await MirrorStock.filter(shop_id=shop)
        .order_by("inventory_item_gid", "location_gid")
        .values("inventory_item_gid", "location_gid", "available")
    )
    return products, variants, stock


async def as_by_pages(world: World) -> None:
    """What stands in the mirror now is what a read by pages brings."""
    in_bulk_form = await mirrored(world)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    await world.finished(job)
    assert (await refresh_of(job)).strategy == "PAGES"
    assert await mirrored(world) == in_bulk_form
    assert len(in_bulk_form[0]) == len(world.main.products)
    assert len(in_bulk_form[1]) == len(world.main.variants)


async def test_slices_together_bring_everything_once(world: World) -> None:
    fill(world, 40)
    job = await world.finished(await in_bulk(world, 3))
    refresh = await refresh_of(job)
    assert (job.state, refresh.strategy) == (JobState.SUCCEEDED, "BULK")
    slices = from_cursor(refresh.cursor)
    assert [each.state for each in slices] == [SliceState.DONE] * 6
    assert min(each.stored for each in slices) > 5
    assert refresh.objects_done == sum(each.stored for each in slices) == refresh.objects_total
    counts = world.calls_since_start(world.main)
    assert counts.mutations == {"bulkOperationRunQuery": 6}
    assert "products" not in counts.queries
    await as_by_pages(world)


@pytest.mark.parametrize("kind", [Kind.BULK_FAILED, Kind.BULK_CANCELED, Kind.BULK_EXPIRED])
async def test_a_slice_that_fails_is_halved(world: World, kind: Kind) -> None:
    fill(world, 40)
    job = await in_bulk(world, 1)
    world.sandbox.faults = FaultPlan(1, (Rule(kind, match="productVariants", times=2),))

    await world.finished(job)

    refresh = await refresh_of(job)
    slices = from_cursor(refresh.cursor)
    assert (job.state, refresh.strategy) == (JobState.SUCCEEDED, "BULK")
    # One of the whole failed, then one of its halves.
    assert [each.halvings for each in slices] == [0, 0, 1, 1, 2, 2]
    assert {each.state for each in slices} == {SliceState.DONE}
    # Asked for the ends alone.
    assert world.calls_since_start(world.main).points < 150
    world.sandbox.faults = None
    await as_by_pages(world)


async def test_what_fails_as_a_small_slice_too_is_read_by_pages(world: World) -> None:
    fill(world, 30)
    world.runtime.slice_limits = SliceLimits(halvings=1)
    job = await in_bulk(world, 2)
    world.sandbox.faults = FaultPlan(1, (Rule(Kind.BULK_FAILED, match="productVariants", lines=0),))

    await world.finished(job)

    refresh = await refresh_of(job)
    slices = [each for each in from_cursor(refresh.cursor) if each.kind is V]
    assert job.state is JobState.SUCCEEDED
    assert [each.halvings for each in slices] == [0, 0, 1, 1, 1, 1]
    assert world.calls_since_start(world.main).queries["productVariants"] >= 4
    assert refresh.objects_done == refresh.objects_total
    world.sandbox.faults = None
    await as_by_pages(world)


async def test_a_shop_that_refuses_the_app_is_not_asked_in_halves(world: World) -> None:
    fill(world, 10)
    job = await in_bulk(world, 1)
    rule = Rule(Kind.BULK_FAILED, match="products", times=1, error_code="ACCESS_DENIED")
    world.sandbox.faults = FaultPlan(1, (rule,))
    await world.finished(job)
    slices = from_cursor((await refresh_of(job)).cursor)
    assert (job.state, [each.halvings for each in slices]) == (JobState.SUCCEEDED, [0, 0])
    assert world.calls_since_start(world.main).queries["products"] == 1
    world.sandbox.faults = None
    await as_by_pages(world)


async def test_stock_everywhere_that_can_not_be_read_in_bulk_comes_with_the_variants(world: World) -> None:
    fill(world, 10)
    await world.choose(DETAILED)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    number = await join_refresh(world.connection.main_id, Wanted(origin=False), job.created_at, world.now())
    slices = [BulkSlice(index, kind) for index, kind in enumerate(BulkKind)]
    await Refresh.filter(id=number).update(strategy="BULK", objects_total=40, cursor=to_cursor(slices))
    await Job.filter(id=job.id).update(main_refresh_id=number)
    world.sandbox.faults = FaultPlan(1, (Rule(Kind.BULK_FAILED, match="inventoryItems"),))
    await world.finished(job)
    assert job.state is JobState.SUCCEEDED
    levels = sum(len(each.levels) for each in world.main.items)
    assert levels > 40
    assert await MirrorStock.filter(shop_id=world.connection.main_id).count() == levels


async def test_a_partial_result_saves_what_it_has(world: World) -> None:
    fill(world, 200)
    world.runtime.slice_limits = SliceLimits(worth=200)
    job = await in_bulk(world, 1, PRICES)
    rule = Rule(Kind.BULK_FAILED, match="productVariants", times=1, lines=250)
    world.sandbox.faults = FaultPlan(1, (rule,))

    await world.finished(job)

    variants = sorted(each.id for each in world.main.variants)
    _, whole, lower, upper = from_cursor((await refresh_of(job)).cursor)
    assert (whole.kind, whole.state, whole.stored) == (V, SliceState.DONE, 0)
    # The halves are of what was left: they begin above the last variant that came.
    assert lower.range.above == variants[249]
    assert lower.stored + upper.stored == 350
    assert (await refresh_of(job)).objects_done == 200 + 250 + 350
    world.sandbox.faults = None
    assert len((await mirrored(world))[1]) == 600


async def test_a_result_that_breaks_off_is_fetched_again(world: World) -> None:
    fill(world, 20)
    job = await in_bulk(world, 1)
    world.sandbox.faults = FaultPlan(1, (Rule(Kind.RESET, match="download", times=2),))
    await world.finished(job)
    assert world.sandbox.faults.struck.total() == 2
    refresh = await refresh_of(job)
    assert (job.state, refresh.objects_done) == (JobState.SUCCEEDED, refresh.objects_total)
    assert [each.halvings for each in from_cursor(refresh.cursor)] == [0, 0]


async def test_a_start_without_an_answer_is_found_by_its_name(world: World) -> None:
    fill(world, 20)
    job = await in_bulk(world, 2)
    world.lose_answer("bulkOperationRunQuery")
    await world.finished(job)
    assert (job.state, world.lost) == (JobState.SUCCEEDED, [])
    counts = world.calls_since_start(world.main)
    assert counts.mutations == {"bulkOperationRunQuery": 4}
    assert counts.queries["bulkOperations"] == 1
    await as_by_pages(world)


class KilledError(BaseException):
    """The process is gone: no handler of the app's sees it."""


Check = Callable[[], None]


async def reading_of(refresh: Refresh, world: World, check: Check) -> BulkReading:
    """The bulk part of a refresh alone; `check` is what it asks before it stores anything."""
    shop = world.shops[world.main.domain]
    door = world.runtime.open(shop)

    async def save(client: BaseDBAsyncClient, places: Any, count: int) -> None:
        fresh = await Refresh.get(id=refresh.id, using_db=client)
        fresh.cursor = {**fresh.cursor, **places}
        fresh.objects_done += count
        await fresh.save(update_fields=["cursor", "objects_done"], using_db=client)

    async def page(kind: BulkKind, place: PageCursor) -> Any:
        raise AssertionError((kind, place))

    wanted = Wanted(frozenset({FieldGroup.PRICES}), origin=False)
    deadline = world.clock.monotonic() + 60
    return BulkReading(refresh, door.bulk, wanted, world.runtime, check, save, page, 600.0, deadline)


@pytest.mark.parametrize("kills", [(3,), (5, 4, 3), (4, 4, 2)])
async def test_a_killed_worker_s_rows_are_not_stored_again(world: World, kills: tuple[int, ...]) -> None:
    """It asks before each look, each piece of a download and each batch of rows: that is where it dies."""
    fill(world, 900, images=0)
    refresh = await Refresh.create(
        shop_id=world.connection.main_id,
        wanted={},
        started_at=world.now(),
        strategy="BULK",
        cursor=to_cursor([BulkSlice(0, P), BulkSlice(1, V)]),
    )
    left = list(kills)
    died = 0
    wait: float | None = 0.0
    while wait is not None:
        calls = 0

        def check() -> None:
            nonlocal calls
            calls += 1
            if left and calls == left[0]:
                left.pop(0)
                raise KilledError

        await refresh.refresh_from_db()
        try:
            wait = await (await reading_of(refresh, world, check)).look()
        except KilledError:
            died += 1
        await world.clock.sleep(0.01)
        world.clock.ahead += 2.0
        # A fresh worker knows what the database says.
        refresh = await Refresh.get(id=refresh.id)
    assert died == len(kills)
    assert refresh.objects_done == 900 + 2_700
    assert world.calls_since_start(world.main).mutations == {"bulkOperationRunQuery": 2}
    assert await MirrorVariant.filter(shop_id=world.connection.main_id).count() == 2_700


async def test_five_places_are_shared_with_whoever_else_reads(world: World) -> None:
    fill(world, 60)
    job = await in_bulk(world, 4)
    door = world.runtime.open(world.shops[world.main.domain])
    world.sandbox.bulk.objects_per_second = 10.0
    foreign = [await door.bulk.start(P, Wanted(), f"foreign{number}") for number in range(3)]
    most = 0

    async def watch(_request: httpx.Request) -> None:
        nonlocal most
        alive = [
            each for each in world.main.bulk_operations.values() if each.status in ("CREATED", "RUNNING")
        ]
        most = max(most, len(alive))

    world.runtime.http.event_hooks["request"].append(watch)
    await run_job(job.id, world.runtime)
    states = Counter(each.state for each in from_cursor((await refresh_of(job)).cursor))
    assert states == {SliceState.RUNNING: 2, SliceState.WAITING: 6}
    for each in foreign:
        await door.bulk.cancel(each.id)
    world.sandbox.bulk.objects_per_second = 1_000_000

    await world.finished(job)

    assert (job.state, most) == (JobState.SUCCEEDED, 5)
    # Who finds all places taken asks again ever later: a refusal costs as much as a start.
    assert world.calls_since_start(world.main).mutations["bulkOperationRunQuery"] <= 3 + 8 + 6
    await as_by_pages(world)


async def test_a_large_shop_is_read_in_bulk_by_the_estimate_and_its_pace_remembered(database: str) -> None:
    async with a_world(tier=Tier.STANDARD) as world:
        world.sandbox.bulk.start_delay_seconds = 20
        world.sandbox.bulk.objects_per_second = 20_000
        world.runtime.slice_limits = SliceLimits(smallest=2_000, worth=900)
        fill(world, 1_000, variants=5, locations=1)
        await world.choose(DETAILED)
        (job,) = await requests.sync_all([world.connection.id], now=world.now())
        await run_job(job.id, world.runtime)
        first = await refresh_of(job)
        # Few products are read by pages while their variants are read in bulk.
        assert (first.strategy, job.strategy) == ("BULK+PAGES", "BULK+PAGES")
        assert (job.estimate_points or 0) >= (first.estimate_points or 0) > 50
        assert job.estimate_seconds == first.estimate_seconds
        assert (first.estimate_seconds or 0) > 5
        assert job.eta_at is not None
        await world.finished(job)
        first = await refresh_of(job)
        assert (job.state, first.state) == (JobState.SUCCEEDED, RefreshState.DONE)
        slices = from_cursor(first.cursor)
        assert Counter(each.kind for each in slices) == {V: 5}
        assert sum(each.stored for each in slices) == 5_000
        # Ids are dense here: slices of even ranges are about equal.
        assert min(each.stored for each in slices) > 900
        assert first.points <= 1.5 * (first.estimate_points or 0)
        # About 1,200 objects with their stock, in twenty seconds or, on a busy machine, more.
        assert 25 < (first.bulk_rate or 0) < 65
        assert len((await mirrored(world))[1]) == 5_000
        world.sandbox.bulk.start_delay_seconds = 0

        await Refresh.filter(id=first.id).update(bulk_rate=50.0)
        (again,) = await requests.sync_all([world.connection.id], now=world.now())
        await world.finished(again)
        # A shop whose bulk operations are that slow is read by pages.
        assert (await refresh_of(again)).strategy == "PAGES"
        assert await world.changes(again) == []

        await Refresh.filter(id=first.id).update(bulk_rate=900.0)
        (third,) = await requests.sync_all([world.connection.id], now=world.now())
        world.mark("third")
        await world.finished(third)
        slices = from_cursor((await refresh_of(third)).cursor)
        ends = [each.range.upto for each in slices if each.kind is V]
        variants = sorted(each.id for each in world.main.variants)
        # The mirror knows where each part of them ends; nobody has to ask.
        parts = len(ends)
        assert parts >= 3
        assert ends[:-1] == [variants[math.ceil(5_000 * part / parts) - 1] for part in range(1, parts)]
        assert ends[-1] is None
        assert "productVariants" not in world.calls(world.main, "third").queries


async def test_products_by_pages_go_beside_variants_in_bulk(world: World) -> None:
    fill(world, 300)
    job, context = await job_of(world, PRICES)
    number = await join_refresh(context.main.id, context.main_wanted, job.created_at, world.now())
    slices = plan_slices(V, 1, (), 900, 0)
    await Refresh.filter(id=number).update(
        strategy="BULK+PAGES", objects_total=1_200, cursor=to_cursor(slices)
    )
    await Job.filter(id=job.id).update(main_refresh_id=number)
    await world.finished(job)
    refresh = await refresh_of(job)
    assert (job.state, job.strategy, refresh.objects_done) == (JobState.SUCCEEDED, "BULK+PAGES", 1_200)
    counts = world.calls_since_start(world.main)
    assert counts.mutations == {"bulkOperationRunQuery": 1}
    assert (counts.queries["products"], counts.queries["productVariants"]) == (2, 0)
    await as_by_pages(world)


class AheadClock(ShiftedClock):
    """Shopify's, which goes ten seconds before ours."""

    def __init__(self, ours: ShiftedClock) -> None:
        super().__init__()
        self._ours = ours

    def now(self) -> datetime:
        return self._ours.now() + timedelta(seconds=10)

    def monotonic(self) -> float:
        return self._ours.monotonic()


async def test_shopify_s_clock_makes_no_old_number_newer_than_our_write(world: World) -> None:
    """A sale is booked while the operation runs; what its result says of that level is from before."""
    fill(world, 3)
    job = await in_bulk(world, 1)
    world.main.clock = AheadClock(world.clock)
    shop = world.connection.main_id
    variant = next(iter(world.main.variants))
    item = InventoryItemId(gid("InventoryItem", variant.item.id))
    place = LocationId(gid("Location", world.main.primary_location.id))

    async def settle() -> None:
        async with transaction() as client:
            await put_stock(client, shop, [(item, place, 4_321)], world.now(), settled=True)

    world.before_answer("productVariants", settle)
    await world.finished(job)
    assert (await refresh_of(job)).state is RefreshState.DONE
    level = await MirrorStock.get(shop_id=shop, inventory_item_gid=item, location_gid=place)
    assert level.available == 4_321
    assert await MirrorStock.filter(shop_id=shop).count() > 1
