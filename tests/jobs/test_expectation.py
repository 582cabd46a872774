"""What writing is expected to take stands with the job before the first write, and comes true."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from backend.jobs import requests
from backend.jobs.bulk_finished import wake_waiting
from backend.jobs.facts import refresh_facts
from backend.jobs.queue import transaction
from backend.jobs.refresh import join_refresh
from backend.jobs.runner import run_job
from backend.models.job import Job, JobState
from backend.models.mirror import Refresh
from backend.shopify.wanted import Wanted
from backend.sync.settings import SyncSettings
from sandbox.bucket import Tier
from sandbox.catalogue import Recipe, generate
from sandbox.loading import load
from tests.jobs.world import World, a_world
from tests.roundtrip.steps import EVERYTHING


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world(tier=Tier.STANDARD) as found:
        yield found


async def expected(world: World, settings: SyncSettings) -> tuple[Job, int]:
    """The job as it was before its first write, and the points that it was charged in the end."""
    await world.choose(settings)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    seen: list[Job] = []

    async def look() -> None:
        seen.append(await Job.get(id=job.id))

    world.before_mutation(look)
    await world.finished(job)
    assert job.state is JobState.SUCCEEDED
    return seen[0], job.points


async def test_changed_prices_and_stock_cost_what_was_expected(world: World) -> None:
    drafts = list(generate(Recipe(seed=5, variants=3, images=0, locations=1), 40))
    load(world.main, drafts)
    others = [
        replace(
            draft,
            variants=tuple(
                replace(each, price=each.price + Decimal(1), available=(5_000 + index,))
                for index, each in enumerate(draft.variants)
            ),
        )
        for draft in drafts
    ]
    load(world.dependent, others)
    before, points = await expected(world, replace(EVERYTHING, details=False))
    assert before.estimate_points is not None
    assert before.estimate_points == pytest.approx(points, rel=0.15)
    assert before.estimate_points > 40 * 10
    assert before.estimate_seconds is not None


async def test_creations_cost_what_was_expected(world: World) -> None:
    load(world.main, generate(Recipe(seed=5, variants=3, images=2, locations=1), 30))
    before, points = await expected(world, EVERYTHING)
    assert before.estimate_points is not None
    # What an answer shows of a new product costs some points more.
    assert before.estimate_points <= points <= 1.5 * before.estimate_points


async def test_whoever_waits_for_an_operation_looks_when_it_has_ended(world: World) -> None:
    world.sandbox.bulk.objects_per_second = 1.0
    load(world.main, generate(Recipe(seed=5, variants=3, images=0, locations=1), 30))
    await world.choose(EVERYTHING)
    main = world.shops[world.main.domain]
    await refresh_facts(main, world.runtime.open(main), world.runtime)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    number = await join_refresh(main.id, Wanted(origin=False), job.created_at, world.now())
    await Refresh.filter(id=number).update(strategy="BULK", objects_total=120)
    await Job.filter(id=job.id).update(main_refresh_id=number)
    await run_job(job.id, world.runtime)
    await job.refresh_from_db()
    now = world.now()
    assert job.state is JobState.WAITING
    assert job.next_run_at is not None
    assert job.next_run_at > now
    asked = world.calls_since_start(world.main).queries["nodes"]

    async with transaction() as client:
        await wake_waiting(client, main.id, now)

    await job.refresh_from_db()
    assert job.next_run_at == now
    assert "look_at" not in (await Refresh.get(id=number)).cursor
    await run_job(job.id, world.runtime)
    # It has looked at once, and not when it meant to.
    assert world.calls_since_start(world.main).queries["nodes"] == asked + 1
    await job.refresh_from_db()
    assert job.next_run_at is not None
    assert job.next_run_at - now < timedelta(seconds=30)
