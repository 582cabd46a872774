"""Shared stock that was sent when the connection stopped, and that nobody has an answer to: the next plan
settles it before it does anything else."""

from collections.abc import AsyncIterator, Iterator

import pytest

from backend.errors import Unavailable
from backend.jobs import recover, requests
from backend.jobs.context import load_context
from backend.jobs.queue import transaction
from backend.jobs.send import Sent
from backend.jobs.settle import settle
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Change, ChangeState, Job, JobState
from backend.models.live import DirtyProduct
from backend.models.mirror import MirrorStock
from backend.shopify.outcome import Applied, WriteResult
from backend.sync.changeset import Action
from backend.sync.settings import SyncSettings
from backend.sync.writes import ChangeId
from sandbox.edits import edit_stock
from sandbox.ids import gid
from tests.api import a_job
from tests.jobs.world import World, a_world
from tests.live.events import Events, events_of
from tests.live.test_live_sync import VALUES, in_step, only, stock_of
from tests.live.test_shared_stock import SHARED, sell, stocks

BOOKING, NUMBER = "inventoryAdjustQuantities", "inventorySetQuantities"


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


@pytest.fixture
def events(world: World) -> Iterator[Events]:
    with events_of(world) as found:
        yield found


async def stopped(world: World, events: Events, mutation: str) -> Change:
    """What the connection's stop leaves: a write that took effect, and whose answer is lost."""
    world.lose_answer(mutation)
    world.runtime.patience = 0.0

    async def stop() -> None:
        await Connection.filter(id=world.connection.id).update(state=ConnectionState.SUSPENDED)

    world.before_mutation(stop)
    await events.settle()
    world.runtime.patience = 5.0
    return await Change.get(state=ChangeState.SENT)


async def resumed(world: World, events: Events) -> None:
    await Connection.filter(id=world.connection.id).update(state=ConnectionState.ACTIVE)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    await world.finished(job)
    assert job.state is JobState.SUCCEEDED
    await events.settle()


async def test_a_booking_is_settled_later(world: World, events: Events) -> None:
    await in_step(world, events, SHARED)
    sell(world.dependent, 2)
    left = await stopped(world, events, BOOKING)
    assert (left.action, stocks(world)) == (Action.BOOK, [5, 5])
    await resumed(world, events)
    await left.refresh_from_db()
    assert (left.state, stocks(world)) == (ChangeState.APPLIED, [5, 5])
    assert await Change.filter(action=Action.BOOK).count() == 1


@pytest.mark.parametrize("settings", [SHARED, VALUES], ids=["shared", "mirrored"])
async def test_a_booking_is_settled_whatever_the_settings_say_by_now(
    world: World, events: Events, settings: SyncSettings
) -> None:
    await in_step(world, events, SHARED)
    sell(world.dependent, 2)
    left = await stopped(world, events, BOOKING)
    await world.connection.refresh_from_db()
    await world.choose(settings)
    await resumed(world, events)
    await left.refresh_from_db()
    assert (left.state, stocks(world)) == (ChangeState.APPLIED, [5, 5])


async def test_a_number_that_arrived_unheard_is_no_sale(world: World, events: Events) -> None:
    await in_step(world, events, SHARED)
    sell(world.main, 2)
    left = await stopped(world, events, NUMBER)
    assert (left.action, stocks(world)) == (Action.SET, [5, 5])
    await resumed(world, events)
    await left.refresh_from_db()
    assert (left.state, stocks(world)) == (ChangeState.APPLIED, [5, 5])
    assert await Change.filter(action=Action.BOOK).count() == 0


async def test_what_was_sold_on_top_of_a_number_that_arrived_unheard_is_booked(
    world: World, events: Events
) -> None:
    await in_step(world, events, SHARED)
    sell(world.main, 2)
    await stopped(world, events, NUMBER)
    sell(world.dependent, 1)
    events.waiting.clear()
    await resumed(world, events)
    booked = await Change.get(action=Action.BOOK)
    assert (booked.before, booked.after, stocks(world)) == (5, 4, [4, 4])


async def test_of_two_that_find_it_one_sends_it_again(world: World, events: Events) -> None:
    await in_step(world, events, SHARED)
    sell(world.dependent, 2)
    await stopped(world, events, BOOKING)
    others: list[ChangeState] = []

    async def another() -> None:
        """A live job of the connection plans the product at the same time."""
        assert await DirtyProduct.all().update(due_at=world.now()) == 1
        await events.work()
        others.append((await Change.get(action=Action.BOOK)).state)

    world.before_answer(BOOKING, another)
    world.mark()
    await resumed(world, events)
    assert others == [ChangeState.SENT]
    assert world.calls(world.main).mutations == {BOOKING: 1}
    assert (stocks(world), await main_s_number(world)) == ([5, 5], 5)


async def test_what_shopify_does_not_answer_still_holds_up_its_own_products_alone(
    world: World, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    await in_step(world, events, SHARED)
    sell(world.dependent, 2)
    left = await stopped(world, events, BOOKING)
    events.waiting.clear()
    await Connection.filter(id=world.connection.id).update(state=ConnectionState.ACTIVE)
    other = list(world.main.products)[-1]
    assert left.main_product_gid != gid("Product", other.id)

    async def unanswered(*_: object) -> Sent:
        raise Unavailable("Shopify answered 500")

    with monkeypatch.context() as broken:
        broken.setattr(recover, "perform", unanswered)
        edit_stock(world.main, only(other), world.main.primary_location, "3")
        for _ in range(10):
            await events.send()
            await events.work()
        await left.refresh_from_db()
        assert left.state is ChangeState.SENT
        assert stock_of(only(list(world.dependent.products)[-1])) == 3
    await events.settle()
    await left.refresh_from_db()
    assert (left.state, stocks(world)) == (ChangeState.APPLIED, [5, 5])


async def test_what_is_settled_is_not_settled_again(world: World, events: Events) -> None:
    await in_step(world, events, SHARED)
    sell(world.dependent, 2)
    await events.settle()
    booked = await Change.get(action=Action.BOOK)
    job = await Job.get(id=booked.job_id)
    key = ChangeId(booked.id)
    again = Sent((key,), WriteResult({key: Applied()}, world.now()), None, 0, 0)
    async with transaction() as client:
        settled = await settle(client, job.id, await load_context(job), [again], world.now())
    assert (settled.done, await main_s_number(world)) == (0, 5)


@pytest.mark.parametrize("own", [True, False], ids=["its own", "of another"])
async def test_only_its_own_changes_are_progress_of_a_job(world: World, events: Events, own: bool) -> None:
    await in_step(world, events, SHARED)
    sell(world.dependent, 2)
    left = await stopped(world, events, BOOKING)
    job = await Job.get(id=left.job_id) if own else await a_job(world.connection)
    before = job.done
    sent = Sent((ChangeId(left.id),), WriteResult({ChangeId(left.id): Applied()}, world.now()), None, 0, 0)
    async with transaction() as client:
        settled = await settle(client, job.id, await load_context(job), [sent], world.now())
    await job.refresh_from_db()
    await left.refresh_from_db()
    assert left.state is ChangeState.APPLIED
    assert (settled.done, job.done - before) == (int(own), int(own))


async def main_s_number(world: World) -> int:
    """As the app knows it."""
    found = await MirrorStock.filter(shop_id=world.connection.main_id).order_by("-observed_at").first()
    assert found is not None
    return int(found.available)
