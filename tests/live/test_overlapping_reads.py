"""A read that overlaps a write of our own: what it saw may be older than the write, whatever it says on its
stamp."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from backend.jobs.queue import transaction
from backend.live.look import look_at
from backend.live.pending import Mark, mark_pending
from backend.models.job import Change
from backend.models.live import SubjectKind
from backend.sync.changeset import Action
from sandbox.store.shop import Shop as SandboxShop
from tests.jobs.world import World, a_world
from tests.live.events import events_of
from tests.live.test_live_sync import in_step, only
from tests.live.test_shared_stock import SHARED, sell, stocks


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


@contextmanager
def deaf(shop: SandboxShop) -> Iterator[None]:
    """Nothing that happens in the shop is told to anybody."""
    told, shop.listeners[:] = list(shop.listeners), []
    yield
    shop.listeners[:] = told


async def test_the_number_before_our_write_is_no_sale(world: World) -> None:
    """The write is on its way when a read begins, sees the old number and is stored; then the write takes
    effect, and nobody hears of it."""
    shop = world.connection.dependent_id

    async def read() -> None:
        item = only(next(iter(world.dependent.products))).item.id
        world.clock.ahead += 0.01
        now = world.now()
        async with transaction() as client:
            subject = Mark(shop, SubjectKind.STOCK, f"gid://shopify/InventoryItem/{item}", now, now)
            await mark_pending(client, [subject])
        await look_at(shop, world.runtime)
        world.clock.ahead += 0.01

    with events_of(world) as events:
        await in_step(world, events, SHARED)
        sell(world.main, 2)
        world.before_mutation(read)
        with deaf(world.dependent):
            await events.settle()
    assert stocks(world) == [5, 5]
    assert await Change.filter(action=Action.BOOK).count() == 0
