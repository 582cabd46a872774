"""Locations that main deactivates: their stock no longer counts, and where nothing feeds a location any more
its number stays."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from backend.jobs import requests
from backend.models.job import Job, JobState
from backend.sync.settings import ProductScope, SyncSettings
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.ids import gid
from tests.jobs.world import World, a_world

STOCK = SyncSettings(ProductScope.MATCHED, details=False, prices=False, quantities=True)


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world(main_locations=("Warehouse", "Store", "Spare")) as found:
        yield found


async def sync(world: World) -> Job:
    """A while later: what is known of the locations is read again."""
    world.clock.ahead += 61.0
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return await world.finished(job)


def draft(*stock: int) -> ProductDraft:
    return ProductDraft(
        "Shirt", (VariantDraft(sku="S", price=Decimal("10.00"), tracked=True, available=stock),)
    )


async def test_deactivated_locations(world: World) -> None:
    world.place(world.main, [draft(7, 4, 9)])
    (dependent,) = world.place(world.dependent, [draft(1)])
    (level,) = next(iter(dependent.variants)).item.levels.values()
    warehouse, store, _ = world.main.locations
    (hub,) = world.dependent.locations
    await world.map_locations(
        [(gid("Location", place.id), gid("Location", hub.id)) for place in (warehouse, store)]
    )
    await world.choose(STOCK)
    await sync(world)
    assert level.available == 11

    store.is_active = False
    await sync(world)
    assert level.available == 7

    warehouse.is_active = False
    job = await sync(world)
    assert (job.state, level.available) == (JobState.SUCCEEDED, 7)
    assert job.counts["refused.LOCATION_INACTIVE"] == 1

    store.is_active = warehouse.is_active = True
    await sync(world)
    assert level.available == 11
