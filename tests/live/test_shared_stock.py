"""Shared stock: what a dependent sells is booked into main once, and reaches the others."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from backend.jobs import requests
from backend.models.job import Change, ChangeState, Job, JobState
from backend.sync.changeset import Action
from backend.sync.settings import StockMode
from sandbox.edits import edit_stock
from sandbox.store.shop import Shop as SandboxShop
from tests.jobs.world import World, a_world
from tests.live.events import Events, events_of
from tests.live.test_live_sync import VALUES, in_step, only, stock_of

SHARED = replace(VALUES, prices=False, stock_mode=StockMode.SHARED)


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world(dependents=2) as found:
        yield found


@pytest.fixture
def events(world: World) -> Iterator[Events]:
    with events_of(world) as found:
        yield found


def sell(shop: SandboxShop, count: int) -> None:
    variant = only(next(iter(shop.products)))
    edit_stock(shop, variant, shop.primary_location, str(stock_of(variant) - count))


def stocks(world: World) -> list[int]:
    return [stock_of(only(next(iter(shop.products)))) for shop in (world.main, *world.dependents)]


async def test_a_sale_in_a_dependent_reaches_everybody(world: World, events: Events) -> None:
    await in_step(world, events, SHARED)
    world.mark()
    sell(world.dependent, 2)
    await events.settle()

    assert stocks(world) == [5, 5, 5]
    assert dict(world.calls(world.main).mutations) == {"inventoryAdjustQuantities": 1}
    assert world.calls(world.dependent).mutations == {}
    assert dict(world.calls(world.dependents[1]).mutations) == {"inventorySetQuantities": 1}
    booked = await Change.get(action=Action.BOOK)
    assert (booked.state, booked.before, booked.after) == (ChangeState.APPLIED, 7, 5)
    other = await Change.get(connection_id=world.connections[world.dependents[1].domain].id, after="5")
    assert other.happened_at == booked.happened_at


async def test_sales_everywhere_at_once_add_up(world: World, events: Events) -> None:
    await in_step(world, events, SHARED)
    sell(world.main, 1)
    sell(world.dependents[0], 2)
    sell(world.dependents[1], 3)
    await events.settle()
    assert stocks(world) == [1, 1, 1]


async def test_duplicate_and_late_events_book_nothing_twice(world: World, events: Events) -> None:
    await in_step(world, events, SHARED)
    sell(world.dependent, 2)
    late = list(events.waiting)
    await events.settle()
    await events.send(replace(each, id=f"again-{each.id}") for each in late)
    await events.settle()
    assert stocks(world) == [5, 5, 5]


async def test_a_lost_event_is_found_by_the_next_sync(world: World, events: Events) -> None:
    await in_step(world, events, SHARED)
    sell(world.dependent, 3)
    events.waiting.clear()
    await requests.sync_all([world.connection.id], now=world.now())
    await world.drain()
    await events.settle()
    assert stocks(world) == [4, 4, 4]


async def test_a_sale_while_main_s_number_is_on_its_way(world: World, events: Events) -> None:
    """The compare-and-set refuses the write; the sale is booked before anything is written."""
    await in_step(world, events, SHARED)
    sell(world.main, 1)
    world.before_mutation(lambda: sell(world.dependents[0], 2))
    await events.settle()
    assert stocks(world) == [4, 4, 4]


async def test_an_answer_that_is_lost_books_once(world: World, events: Events) -> None:
    await in_step(world, events, SHARED)
    sell(world.dependent, 2)
    world.lose_answer("inventoryAdjustQuantities")
    await events.settle()
    assert stocks(world) == [5, 5, 5]


async def test_buffer_and_cap_hold_back(world: World, events: Events) -> None:
    await in_step(world, events, replace(SHARED, stock_buffer=1, stock_cap=4))
    assert stocks(world) == [7, 4, 4]
    sell(world.dependent, 1)
    await events.settle()
    assert stocks(world) == [6, 4, 4]
    sell(world.main, 4)
    await events.settle()
    assert stocks(world) == [2, 1, 1]
    assert {each.state for each in await Job.all()} == {JobState.SUCCEEDED}
