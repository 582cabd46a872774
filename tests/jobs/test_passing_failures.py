"""The database gives up a transaction in passing, a deadlock say: the job goes on from what is stored, no
page of it is done twice and none is passed over."""

from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from functools import partial
from typing import Any

import asyncpg
import pytest

from backend.errors import Unavailable
from backend.jobs import ending, requests, runner, undo
from backend.jobs.step import Slice, Step, Wait
from backend.models.job import ChangeState, Job, JobPhase, JobState
from backend.sync.settings import SyncSettings
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.store.product import Product
from tests.jobs.test_bulk_reads import fill, in_bulk
from tests.jobs.world import World, a_world

PRICES = SyncSettings(details=False, prices=True, quantities=False)
COUNT = 3


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


def shirts(price: str) -> list[ProductDraft]:
    return [
        ProductDraft(f"Shirt {n}", (VariantDraft(sku=f"S{n}", price=Decimal(price)),)) for n in range(COUNT)
    ]


async def synced(world: World) -> tuple[Job, list[Product]]:
    """A job that has written every price, and the dependent's products."""
    world.place(world.main, shirts("20.00"))
    dependents = world.place(world.dependent, shirts("18.00"))
    await world.choose(PRICES)
    (sync,) = await requests.sync_all([world.connection.id], now=world.now())
    return await world.finished(sync), dependents


def fails(times: int, work: Callable[..., Awaitable[Any]], *, after: bool = False) -> Callable[..., Any]:
    """`work` that the database gives up so many times: before it does anything, or `after` it."""
    left = times

    async def failing(*values: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left >= 0 and not after:
            raise asyncpg.exceptions.DeadlockDetectedError("passing")
        found = await work(*values, **named)
        if left >= 0:
            raise asyncpg.exceptions.DeadlockDetectedError("passing")
        return found

    return failing


async def test_a_preview_that_could_not_be_finished_is_not_planned_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.place(world.main, shirts("20.00"))
    world.place(world.dependent, shirts("18.00"))
    await world.choose(PRICES)
    monkeypatch.setattr(ending, "_end", fails(2, ending._end))
    job = await world.finished(await requests.preview(world.connection.id, now=world.now()))
    assert (job.state, job.phase) == (JobState.SUCCEEDED, JobPhase.DONE)
    assert [each.seq for each in await world.changes(job)] == list(range(1, COUNT + 1))


async def test_an_undo_passes_no_page_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    done, dependents = await synced(world)
    monkeypatch.setattr(undo, "undo_products", partial(undo.undo_products, limit=1))
    save, failed = Job.save, False

    async def save_once_in_vain(self: Job, *values: Any, **named: Any) -> None:
        nonlocal failed
        await save(self, *values, **named)
        if not failed and self.cursor.get("seq") == 3:
            failed = True
            raise asyncpg.exceptions.DeadlockDetectedError("passing")

    monkeypatch.setattr(Job, "save", save_once_in_vain)
    job = await world.finished(await requests.undo_job(done.id, now=world.now()))
    assert failed
    assert (job.state, len(await world.changes(job, ChangeState.APPLIED))) == (JobState.SUCCEEDED, COUNT)
    assert {str(next(iter(each.variants)).price) for each in dependents} == {"18.00"}


async def test_what_was_written_is_no_failure_because_the_shop_was_away_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.place(world.main, shirts("20.00"))
    world.place(world.dependent, shirts("18.00"))
    await world.choose(PRICES)
    away = runner.MOST_RETRIES

    async def apply(work: Slice) -> Step:
        nonlocal away
        away -= 1
        if away >= 0:
            raise Unavailable("away")
        return await apply_at_last(work)

    apply_at_last = runner.PHASES[JobPhase.APPLY]
    monkeypatch.setattr(runner, "PHASES", {**runner.PHASES, JobPhase.APPLY: apply})
    monkeypatch.setattr(ending, "_end", fails(1, ending._end))
    (sync,) = await requests.sync_all([world.connection.id], now=world.now())
    job = await world.finished(sync)
    assert (job.state, len(await world.changes(job, ChangeState.APPLIED))) == (JobState.SUCCEEDED, COUNT)


async def test_to_fail_before_and_after_a_page_by_turns_is_no_progress(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, _ = await synced(world)
    save, slices = Job.save, 0

    async def save_in_vain(self: Job, *values: Any, **named: Any) -> None:
        await save(self, *values, **named)
        if self.cursor.get("seq", 1) > 1:
            raise asyncpg.exceptions.DeadlockDetectedError("passing")

    async def page(*values: Any) -> bool:
        nonlocal slices
        slices += 1
        if slices % 2:
            raise asyncpg.exceptions.DeadlockDetectedError("passing")
        return await whole_page(*values)

    whole_page = undo._page
    monkeypatch.setattr(Job, "save", save_in_vain)
    monkeypatch.setattr(undo, "_page", page)
    job = await world.finished(await requests.undo_job(done.id, now=world.now()))
    assert (job.state, slices) == (JobState.FAILED, runner.MOST_RETRIES + 1)


async def test_a_pause_whose_answer_was_lost_is_a_pause(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.place(world.main, shirts("20.00"))
    await world.choose(PRICES)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())

    async def waits(_: Slice) -> Step:
        return Wait(1.0)

    monkeypatch.setattr(runner, "PHASES", {**runner.PHASES, JobPhase.REFRESH: waits})
    monkeypatch.setattr(runner, "_pause", fails(1, runner._pause, after=True))
    await runner.run_job(job.id, world.runtime)
    await job.refresh_from_db()
    assert job.state is JobState.WAITING


async def test_a_job_that_can_never_be_finished_is_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.place(world.main, shirts("20.00"))
    await world.choose(PRICES)
    monkeypatch.setattr(ending, "finish", fails(100, ending.finish))
    job = await world.finished(await requests.preview(world.connection.id, now=world.now()))
    assert job.state is JobState.FAILED


async def test_a_read_in_short_slices_shows_how_far_it_is(world: World) -> None:
    world.sandbox.bulk.start_delay_seconds = 3
    world.sandbox.bulk.objects_per_second = 20
    fill(world, 40)
    job = await in_bulk(world, 2)
    seen = []
    while job.phase is JobPhase.REFRESH:
        seen.append(job.done)
        world.clock.ahead += 1.5
        await runner.run_job(job.id, world.runtime)
        await job.refresh_from_db()
    assert max(seen) > 0
