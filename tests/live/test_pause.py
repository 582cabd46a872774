"""While a connection is paused nothing is sent over it; afterwards nothing is missing."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from backend.connections.pause import pause, resume
from backend.jobs import requests
from backend.live.look import look_at
from backend.models.job import Job, JobKind, JobState, Trigger
from backend.models.live import DirtyProduct, PendingSubject
from backend.models.shop import Role
from backend.sync.settings import StockMode
from sandbox.edits import edit_product, edit_stock, edit_variant
from tests.jobs.world import EVERYTHING, World, a_world
from tests.live.events import Events, events_of
from tests.live.test_live_sync import VALUES, in_step, only, stock_of


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world(dependents=2) as found:
        yield found


@pytest.fixture
def events(world: World) -> Iterator[Events]:
    with events_of(world) as found:
        yield found


async def paused(world: World) -> None:
    await pause(world.connection.id, Role.MAIN, allow=lambda _: None)


async def resumed(world: World) -> Job:
    _, job = await resume(world.connection.id, allow=lambda _: None, now=world.now())
    assert job is not None
    return job


def prices(world: World) -> list[str]:
    return [str(only(each).price) for each in world.dependent.products]


async def take_in(world: World, events: Events) -> None:
    """All that the app does about news while nothing may be sent: what two looks have read at the same time
    is looked at once more."""
    await events.send()
    for _ in range(20):
        due = await PendingSubject.all().order_by("due_at").first()
        if due is None:
            return await world.drain()
        world.clock.ahead += max(0.0, (due.due_at - world.now()).total_seconds())
        await look_at(due.shop_id, world.runtime)
    raise AssertionError("there is always something to look at")


async def test_what_changes_while_it_is_paused_arrives_when_it_goes_on(world: World, events: Events) -> None:
    await in_step(world, events)
    first, second, _ = list(world.main.products)
    world.mark()
    await paused(world)
    edit_variant(world.main, only(first), "price", "24.90")
    edit_stock(world.main, only(second), world.main.primary_location, "3")
    await take_in(world, events)

    resting, going = world.dependents
    assert world.calls(resting).mutations == {}
    assert str(only(next(iter(going.products))).price) == "24.90"
    assert {each.connection_id for each in await DirtyProduct.all()} == {world.connection.id}
    assert await PendingSubject.all().count() == 0

    job = await resumed(world)
    assert (job.kind, job.trigger, job.state) == (JobKind.SYNC_ALL, Trigger.RESUMED, JobState.QUEUED)
    await events.settle()
    one, two, _ = list(resting.products)
    assert (str(only(one).price), stock_of(only(two))) == ("24.90", 3)
    assert await DirtyProduct.all().count() == 0
    await world.connection.refresh_from_db()
    assert world.connection.in_step_at is not None


async def test_even_what_no_event_told_of(world: World, events: Events) -> None:
    await in_step(world, events)
    mine = only(next(iter(world.main.products)))
    await paused(world)
    edit_variant(world.main, mine, "price", "24.90")
    edit_stock(world.main, mine, world.main.primary_location, "3")
    events.waiting.clear()
    await resumed(world)
    await events.settle()
    theirs = only(next(iter(world.dependent.products)))
    assert (str(theirs.price), stock_of(theirs)) == ("24.90", 3)


async def test_what_only_the_paused_one_owns_is_read_meanwhile(world: World, events: Events) -> None:
    """So that the products that wait need no reading of the whole shop."""
    await in_step(world, events)
    await world.choose(replace(EVERYTHING, products=VALUES.products))
    await requests.sync_all([world.connection.id], now=world.now())
    await events.settle()
    await paused(world)
    edit_product(world.main, next(iter(world.main.products)), "title", "Another title")
    await take_in(world, events)
    await resumed(world)
    await Job.all().delete()  # the sync that would bring it anyway
    await events.settle()
    assert next(iter(world.dependent.products)).title == "Another title"


async def test_a_job_under_way_stops_at_its_next_call_and_is_made_good(world: World, events: Events) -> None:
    await in_step(world, events, skus=30)
    for product in world.main.products:
        edit_variant(world.main, only(product), "price", "24.90")
    events.waiting.clear()

    async def meanwhile() -> None:
        await paused(world)

    world.before_mutation(meanwhile)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    job = await world.finished(job)
    assert (job.state, job.error_code) == (JobState.CANCELED, "CONNECTION_PAUSED")
    # What was under way is finished; nothing else followed.
    assert 0 < prices(world).count("24.90") < 30
    await resumed(world)
    await events.settle()
    assert prices(world) == ["24.90"] * 30


async def test_a_sale_of_shared_stock_meanwhile_is_booked_afterwards(world: World, events: Events) -> None:
    await in_step(world, events, replace(VALUES, stock_mode=StockMode.SHARED))
    theirs = only(next(iter(world.dependent.products)))
    await paused(world)
    edit_stock(world.dependent, theirs, world.dependent.primary_location, "5")
    await take_in(world, events)
    mine = only(next(iter(world.main.products)))
    assert stock_of(mine) == 7
    await resumed(world)
    await events.settle()
    assert (stock_of(mine), stock_of(theirs)) == (5, 5)
    assert stock_of(only(next(iter(world.dependents[1].products)))) == 5
