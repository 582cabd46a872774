"""What a job stands on moves while it runs: settings, mappings, requests that join it, other undos."""

from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import uuid4

import httpx
import pytest

from backend.jobs import requests
from backend.jobs.runner import run_job
from backend.models.connection import ConnectionState
from backend.models.job import Change, ChangeState, Job, JobKind, JobPhase, JobState, Trigger
from backend.models.link import Hold
from backend.sync.catalog import ProductId
from backend.sync.settings import ProductScope, SyncSettings
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.ids import gid
from sandbox.store.product import Product
from sandbox.store.shop import Shop as SandboxShop
from tests.jobs.world import World, a_world

PRICES = SyncSettings(products=ProductScope.MATCHED, details=False, prices=True, quantities=False)
STOCK = SyncSettings(products=ProductScope.MATCHED, details=False, prices=False, quantities=True)
DETAILS = SyncSettings(products=ProductScope.MATCHED, details=True, prices=False, quantities=False)


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


def shirt(
    sku: str = "SHIRT",
    price: str = "20.00",
    stock: tuple[int, ...] = (7,),
    title: str = "Shirt",
    text: str = "",
) -> ProductDraft:
    variant = VariantDraft(sku=sku, price=Decimal(price), tracked=True, available=stock)
    return ProductDraft(title, (variant,), description_html=text)


def stock_of(product: Product, shop: SandboxShop) -> int:
    return next(iter(product.variants)).item.levels[shop.primary_location.id].available


def price_of(product: Product) -> str:
    return str(next(iter(product.variants)).price)


def break_off() -> None:
    raise httpx.ReadError("the connection broke")


async def start(world: World) -> Job:
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return job


async def stand_before_plan(world: World) -> tuple[Job, Job]:
    """A job that has read both shops and waits for its turn, and the job that it waits for."""
    other = await Job.create(
        run_id=uuid4(),
        connection=world.connection,
        kind=JobKind.SYNC_ALL,
        trigger=Trigger.MANUAL,
        state=JobState.RUNNING,
        phase=JobPhase.APPLY,
    )
    job = await start(world)
    while job.state is not JobState.WAITING:
        await run_job(job.id, world.runtime)
        await job.refresh_from_db()
    assert job.phase is JobPhase.REFRESH
    return job, other


async def test_stock_switched_on_after_the_read_is_read_before_it_is_written(world: World) -> None:
    world.place(world.main, [shirt(stock=(7,))])
    (dependent,) = world.place(world.dependent, [shirt(stock=(3,))])
    await world.choose(PRICES)
    job, other = await stand_before_plan(world)

    await world.choose(STOCK)
    await other.delete()
    await world.finished(job)

    assert job.state is JobState.SUCCEEDED
    assert stock_of(dependent, world.dependent) == 7
    assert [each.before for each in await world.changes(job)] == [3]


async def test_details_switched_on_after_the_read_are_read_before_they_are_written(world: World) -> None:
    world.place(world.main, [shirt(text="<p>Of main</p>")])
    (dependent,) = world.place(world.dependent, [shirt(text="<p>Of the dependent</p>")])
    await world.choose(DETAILS)
    await world.finished(await requests.preview(world.connection.id, now=world.now()))
    await world.choose(PRICES)
    job, other = await stand_before_plan(world)

    await world.choose(DETAILS)
    await other.delete()
    await world.finished(job)

    assert dependent.description_html == "<p>Of main</p>"


async def test_what_settings_own_no_more_is_not_written_any_more(world: World) -> None:
    world.place(world.main, [shirt(f"S{index}") for index in range(30)])
    dependents = world.place(
        world.dependent, [shirt(f"S{index}", price="18.00", stock=(3,)) for index in range(30)]
    )
    await world.choose(PRICES)
    job = await start(world)
    world.before_mutation(lambda: world.choose(STOCK))

    await world.finished(job)

    assert job.state is JobState.SUCCEEDED
    # What was in flight arrives; the rest is planned anew, by the settings as they are now.
    assert [price_of(each) for each in dependents].count("20.00") <= 6
    assert {stock_of(each, world.dependent) for each in dependents} == {7}
    assert await Change.filter(job_id=job.id, state=ChangeState.SENT).count() == 0
    sequence = [each.seq for each in await Change.filter(job_id=job.id)]
    assert len(sequence) == len(set(sequence))


async def test_a_mapping_made_after_the_read_is_read_before_stock_is_written(world: World) -> None:
    world.place(world.main, [shirt(stock=(7, 5))])
    (dependent,) = world.place(world.dependent, [shirt(stock=(3,))])
    await world.choose(STOCK)
    job, other = await stand_before_plan(world)
    store = list(world.main.locations)[1]
    hub = world.dependent.primary_location

    await world.map_locations([(gid("Location", store.id), gid("Location", hub.id))])
    await other.delete()
    await world.finished(job)

    assert job.state is JobState.SUCCEEDED
    assert stock_of(dependent, world.dependent) == 5


async def test_a_request_that_joins_a_queued_job_sees_what_was_saved_before_it(world: World) -> None:
    (main,) = world.place(world.main, [shirt(price="20.00")])
    (dependent,) = world.place(world.dependent, [shirt(price="18.00")])
    await world.choose(PRICES)
    queued = await start(world)
    # A preview begins a read of both shops after that request ...
    await world.clock.sleep(0.01)
    preview = await requests.preview(world.connection.id, now=world.now())
    while preview.state not in (JobState.SUCCEEDED, JobState.FAILED):
        await run_job(preview.id, world.runtime)
        await preview.refresh_from_db()
    # ... then main changes, and somebody asks again.
    next(iter(main.variants)).price = Decimal("21.00")
    joined = await start(world)
    assert joined.id == queued.id

    await world.finished(joined)

    assert price_of(dependent) == "21.00"


async def test_a_product_undone_twice_is_not_done_again(world: World) -> None:
    (main,) = world.place(world.main, [shirt(price="20.00")])
    (dependent,) = world.place(world.dependent, [shirt(price="18.00")])
    await world.choose(PRICES)
    await world.finished(await start(world))
    product = ProductId(gid("Product", dependent.id))
    await world.finished(await requests.undo_product(world.connection.id, product, now=world.now()))
    assert price_of(dependent) == "18.00"

    # Main moves on: the value is written again, and taken back again, to what the shop said itself.
    next(iter(main.variants)).price = Decimal("21.00")
    await world.finished(await start(world))
    assert price_of(dependent) == "21.00"
    await world.finished(await requests.undo_product(world.connection.id, product, now=world.now()))

    assert price_of(dependent) == "18.00"
    assert await Hold.filter(connection_id=world.connection.id).count() == 1


async def test_nothing_is_sent_any_more_once_the_connection_has_ended(world: World) -> None:
    world.place(world.main, [shirt(stock=(7,))])
    (dependent,) = world.place(world.dependent, [shirt(stock=(3,))])
    await world.choose(STOCK)
    job = await start(world)

    # The batch is marked, and its request breaks on the way.
    for _ in range(3):
        world.before_mutation(break_off)
    while await Change.filter(job_id=job.id, state=ChangeState.SENT).count() == 0:
        await run_job(job.id, world.runtime)
    world.interlopers.clear()
    world.connection.state = ConnectionState.DISCONNECTED
    await world.connection.save()
    await requests.cancel(job.id, now=world.now())

    await world.finished(job)

    assert job.state is JobState.CANCELED
    assert stock_of(dependent, world.dependent) == 3
    assert await Change.filter(job_id=job.id, state=ChangeState.SENT).count() == 0


async def test_a_canceled_job_knows_of_every_write_that_took_effect(world: World) -> None:
    world.place(world.main, [shirt(f"S{index}") for index in range(30)])
    dependents = world.place(world.dependent, [shirt(f"S{index}", price="18.00") for index in range(30)])
    await world.choose(PRICES)
    job = await start(world)
    for each in dependents:
        world.lose_answer(gid("Product", each.id))
    world.before_mutation(lambda: requests.cancel(job.id, now=world.now()))

    await world.finished(job)

    changed = [price_of(each) for each in dependents].count("20.00")
    assert job.state is JobState.CANCELED
    assert 0 < changed < 30
    assert job.counts["APPLIED"] == changed
    assert "FAILED" not in job.counts
