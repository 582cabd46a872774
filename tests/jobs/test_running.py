"""A job under way: canceled, frozen, crashing, failing in part, read in bulk, watched."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from backend.database import connection, execute
from backend.errors import ErrorCode, UserError
from backend.jobs import requests
from backend.jobs.context import load_context
from backend.jobs.events import CHANNEL, JobEvent, publish, subscribe
from backend.jobs.refresh import join_refresh
from backend.jobs.runner import run_job
from backend.models.connection import ConnectionState
from backend.models.job import Change, ChangeState, Job, JobKind, JobPhase, JobState
from backend.models.mirror import MirrorVariant, Refresh
from backend.sync.settings import ProductScope, SyncSettings
from sandbox.catalogue import Recipe, generate
from sandbox.commands.products import delete_product
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.store.product import Product
from tests.jobs.world import EVERYTHING, World, a_world

PRICES = SyncSettings(products=ProductScope.MATCHED, details=False, prices=True, quantities=False)


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


def shirts(count: int, price: str) -> list[ProductDraft]:
    return [
        ProductDraft(f"Shirt {index}", (VariantDraft(sku=f"S{index}", price=Decimal(price)),))
        for index in range(count)
    ]


def prices(products: list[Product]) -> list[str]:
    return [str(next(iter(each.variants)).price) for each in products]


async def start(world: World) -> Job:
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return job


async def test_a_queued_job_is_canceled_at_once(world: World) -> None:
    world.place(world.main, shirts(1, "20.00"))
    dependents = world.place(world.dependent, shirts(1, "18.00"))
    await world.choose(PRICES)
    job = await start(world)
    canceled = await requests.cancel(job.id, now=world.now())
    assert canceled.state is JobState.CANCELED
    await world.drain()
    assert prices(dependents) == ["18.00"]
    with pytest.raises(UserError) as caught:
        await requests.cancel(job.id, now=world.now())
    assert caught.value.code is ErrorCode.JOB_FINISHED


async def test_a_canceled_job_finishes_its_calls_and_keeps_what_was_applied(world: World) -> None:
    world.place(world.main, shirts(30, "20.00"))
    dependents = world.place(world.dependent, shirts(30, "18.00"))
    await world.choose(PRICES)
    job = await start(world)
    world.before_mutation(lambda: None)
    world.before_mutation(lambda: requests.cancel(job.id, now=world.now()))

    await world.finished(job)

    assert (job.state, job.error_code) == (JobState.CANCELED, ErrorCode.CANCELED)
    applied = job.counts["APPLIED"]
    assert 0 < applied < 30
    assert job.counts["CANCELED"] == 30 - applied
    assert prices(dependents).count("20.00") == applied
    assert await Change.filter(job_id=job.id, state=ChangeState.SENT).count() == 0
    assert await Job.all().count() == 1


async def test_a_connection_paused_in_mid_job_stops_it_with_a_reason(world: World) -> None:
    world.place(world.main, shirts(30, "20.00"))
    dependents = world.place(world.dependent, shirts(30, "18.00"))
    await world.choose(PRICES)
    job = await start(world)

    async def pause() -> None:
        world.connection.state = ConnectionState.PAUSED
        await world.connection.save()

    world.before_mutation(pause)
    await world.finished(job)

    assert (job.state, job.error_code) == (JobState.CANCELED, ErrorCode.CONNECTION_PAUSED)
    assert 0 < prices(dependents).count("20.00") < 30


async def test_a_frozen_worker_loses_its_lease_and_the_job_goes_on(world: World) -> None:
    world.place(world.main, shirts(20, "20.00"))
    dependents = world.place(world.dependent, shirts(20, "18.00"))
    await world.choose(PRICES)
    job = await start(world)

    def freeze() -> None:
        world.clock.ahead += 20

    world.before_mutation(freeze)
    await run_job(job.id, world.runtime)
    await job.refresh_from_db()
    assert (job.state, job.phase) == (JobState.RUNNING, JobPhase.APPLY)
    assert 0 < prices(dependents).count("18.00") < 20

    await world.finished(job)
    assert job.state is JobState.SUCCEEDED
    assert prices(dependents) == ["20.00"] * 20
    assert world.calls_since_start(world.dependent).mutations == {"productVariantsBulkUpdate": 20}


async def test_what_is_gone_fails_alone_and_can_be_retried(world: World) -> None:
    world.place(world.main, shirts(3, "20.00"))
    dependents = world.place(world.dependent, shirts(3, "18.00"))
    await world.choose(PRICES)
    job = await start(world)
    world.before_mutation(lambda: delete_product(world.dependent, dependents[0]))

    await world.finished(job)

    assert job.state is JobState.PARTIAL
    (failed,) = await world.changes(job, ChangeState.FAILED)
    assert (failed.code, failed.sku) == (ErrorCode.GONE, "S0")
    assert failed.message != ""
    assert prices(dependents[1:]) == ["20.00", "20.00"]

    retried = await world.finished(await requests.retry(job.id, now=world.now()))
    assert (retried.kind, retried.state) == (JobKind.RETRY, JobState.SUCCEEDED)
    assert retried.counts == {"products.unmatched": 1}
    with pytest.raises(UserError) as caught:
        await requests.retry(retried.id, now=world.now())
    assert caught.value.code is ErrorCode.JOB_NOT_RETRYABLE


async def test_a_defect_sets_the_job_aside_after_three_times(world: World) -> None:
    async def broken(_: UUID) -> str:
        raise ZeroDivisionError("a secret detail")

    await world.choose(PRICES)
    job = await start(world)
    runtime = replace(world.runtime, token_of=broken)
    for expected in (JobState.RUNNING, JobState.RUNNING, JobState.FAILED):
        await run_job(job.id, runtime)
        await job.refresh_from_db()
        assert job.state is expected
    assert (job.error_code, job.attempts) == (ErrorCode.INTERNAL, 3)
    assert "secret" not in job.error_message


async def test_a_database_that_goes_away_is_waited_for_and_no_defect(world: World) -> None:
    async def away(_: UUID) -> str:
        await execute(connection(), "SELECT pg_terminate_backend(pg_backend_pid())")
        raise AssertionError("the connection is still there")

    world.place(world.main, shirts(1, "20.00"))
    dependents = world.place(world.dependent, shirts(1, "18.00"))
    await world.choose(PRICES)
    job = await start(world)
    runtime = replace(world.runtime, token_of=away)
    for _ in range(4):
        await run_job(job.id, runtime)
        await job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.WAITING, 0)
    await world.finished(job)
    assert (job.state, prices(dependents)) == (JobState.SUCCEEDED, ["20.00"])


async def test_a_job_that_kills_its_worker_is_set_aside(world: World) -> None:
    await world.choose(PRICES)
    job = await start(world)
    await Job.filter(id=job.id).update(state=JobState.RUNNING, attempts=3)
    await world.finished(job)
    assert (job.state, job.error_code) == (JobState.FAILED, ErrorCode.INTERNAL)
    assert job.error_message == "The work on this job ended three times without an answer."


async def test_two_jobs_of_a_connection_take_turns(world: World) -> None:
    world.place(world.main, shirts(10, "20.00"))
    world.place(world.dependent, shirts(10, "18.00"))
    await world.choose(PRICES)
    first = await start(world)
    await Job.filter(id=first.id).update(dedupe_key=None)
    second = await start(world)
    assert first.id != second.id

    await asyncio.gather(run_job(first.id, world.runtime), run_job(second.id, world.runtime))
    await world.drain()

    for each in (first, second):
        await each.refresh_from_db()
        assert each.state is JobState.SUCCEEDED
    assert world.calls_since_start(world.dependent).mutations == {"productVariantsBulkUpdate": 10}


async def test_the_same_job_twice_at_once_is_worked_on_once(world: World) -> None:
    world.place(world.main, shirts(10, "20.00"))
    world.place(world.dependent, shirts(10, "18.00"))
    await world.choose(PRICES)
    job = await start(world)
    await asyncio.gather(*(run_job(job.id, world.runtime) for _ in range(4)))
    await world.finished(job)
    assert job.state is JobState.SUCCEEDED
    assert world.calls_since_start(world.dependent).mutations == {"productVariantsBulkUpdate": 10}


async def test_both_shops_read_in_bulk_come_out_as_read_by_pages(world: World) -> None:
    world.sandbox.bulk.start_delay_seconds = 0
    world.place(world.main, generate(Recipe(seed=3, variants=3, images=2, locations=2), 6))
    await world.choose(EVERYTHING)
    job = await start(world)
    context = await load_context(job)
    for shop, wanted, name in (
        (context.main.id, context.main_wanted, "main_refresh_id"),
        (context.dependent.id, context.dependent_wanted, "dependent_refresh_id"),
    ):
        refresh = await join_refresh(shop, wanted, job.created_at, world.now())
        await Refresh.filter(id=refresh).update(strategy="BULK", objects_total=24)
        await Job.filter(id=job.id).update(**{name: refresh})

    await world.finished(job)

    assert (job.state, job.strategy) == (JobState.SUCCEEDED, "BULK")
    assert "products" not in world.calls_since_start(world.main).queries
    assert len(list(world.dependent.products)) == 6
    assert await MirrorVariant.filter(shop_id=context.main.id).count() == 18
    by_pages = await start(world)
    await world.finished(by_pages)
    assert by_pages.strategy == "PAGES"
    assert await world.changes(by_pages) == []


async def test_whoever_watches_hears_of_every_phase(database: str, redis: Redis) -> None:
    async with a_world(redis=redis) as world, redis.pubsub() as listener:
        world.place(world.main, shirts(2, "20.00"))
        await world.choose(PRICES)
        await listener.subscribe(CHANNEL)
        assert (await listener.get_message(timeout=5))["type"] == "subscribe"

        job = await world.finished(await start(world))

        shops = (world.connection.main_id, world.connection.dependent_id)
        for _ in range(4):
            message = await listener.get_message(timeout=5)
            assert JobEvent.from_json(message["data"]) == JobEvent(job.id, world.connection.id, shops)


async def test_a_subscription_yields_what_is_published(redis: Redis) -> None:
    event = JobEvent(uuid4(), uuid4(), (uuid4(), uuid4()))
    events = subscribe(redis)

    async def publish_until_heard() -> None:
        # Nobody tells when a subscription stands: what is published before is lost.
        while True:
            await publish(redis, event)
            await asyncio.sleep(0)

    publishing = asyncio.create_task(publish_until_heard())
    assert await anext(events) == event
    publishing.cancel()
    await events.aclose()


async def test_publishing_without_a_redis_is_no_error() -> None:
    event = JobEvent(uuid4(), uuid4(), (uuid4(), uuid4()))
    async with Redis.from_url("unix:///nowhere/redis.sock") as away:
        with capture_logs() as logged:
            await publish(away, event)
            await publish(None, event)
    assert [(each["event"], each["channel"]) for each in logged] == [("event lost", CHANNEL)]
