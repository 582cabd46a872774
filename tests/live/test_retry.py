"""A person runs a live job again that never came to write anything."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from backend.jobs import requests
from backend.models.job import Job, JobKind, JobPhase, JobState, Trigger
from backend.models.live import DirtyProduct, Stream
from sandbox.ids import gid
from tests.jobs.world import World, a_world
from tests.live.test_live_sync import VALUES, draft, only


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


async def _failed(world: World) -> Job:
    """One that was set aside before it had planned anything."""
    return await Job.create(
        run_id=world.connection.id,
        connection=world.connection,
        kind=JobKind.LIVE,
        trigger=Trigger.CHANGE,
        state=JobState.FAILED,
        phase=JobPhase.PLAN,
        payload={"stream": Stream.PRODUCT.value},
        queue="live",
        finished_at=world.now(),
    )


@pytest.mark.parametrize("dirty", [True, False])
async def test_it_plans_what_is_left_and_reads_neither_shop(world: World, dirty: bool) -> None:
    (main,) = world.place(world.main, [draft("S0", "21.00")])
    world.place(world.dependent, [draft("S0")])
    await world.choose(VALUES)
    await requests.sync_all([world.connection.id], now=world.now())
    await world.drain()
    if dirty:
        now = world.now() - timedelta(seconds=1)
        await DirtyProduct.create(
            connection=world.connection,
            stream=Stream.PRODUCT,
            main_gid=gid("Product", main.id),
            happened_at=now,
            latest_at=now,
            due_at=now,
        )
    world.mark()
    again = await requests.retry((await _failed(world)).id, now=world.now())
    await world.finished(again)
    assert (again.kind, again.trigger, again.state) == (JobKind.LIVE, Trigger.MANUAL, JobState.SUCCEEDED)
    assert await DirtyProduct.all().count() == 0
    assert "products" not in world.calls(world.main).queries
    assert str(only(next(iter(world.dependent.products))).price) == "21.00"
