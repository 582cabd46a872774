"""Real worker processes: killed in the middle of a job, without their Redis, and told to stop."""

import os
import signal

from redis.asyncio import Redis

from backend.clock import SystemClock
from backend.jobs import requests
from backend.jobs.leases import LEASE_SECONDS
from backend.models.job import Change, ChangeState, JobState
from backend.sync.settings import ProductScope, SyncSettings
from tests.workers.running import DEPENDENT, MAIN, Running, a_connection, until

PRODUCTS = 40


async def test_a_job_goes_on_after_a_sigkill_and_writes_nothing_twice(running: Running) -> None:
    await running.control("POST", f"/shops/{MAIN}/catalogue", count=PRODUCTS, seed=1)
    connection = await a_connection(
        running, SyncSettings(products=ProductScope.ALL, details=True, prices=True, quantities=True)
    )
    running.start("scheduler", "backend.scheduler")
    worker = running.start("worker", "backend.worker", "--queues", "background")
    await running.control("PATCH", "/settings", latencySeconds=0.15)
    (job,) = await requests.sync_all([connection.id], now=SystemClock().now())

    async def some_are_applied() -> bool:
        return await Change.filter(job_id=job.id, state=ChangeState.APPLIED).count() >= 5

    await until(some_are_applied, running, 60)
    os.kill(worker.pid, signal.SIGKILL)
    worker.stop()
    applied = await Change.filter(job_id=job.id, state=ChangeState.APPLIED).count()
    assert applied < PRODUCTS, "the worker was through before it was killed"

    running.start("worker", "backend.worker", "--queues", "background")

    async def it_goes_on() -> bool:
        return await Change.filter(job_id=job.id, state=ChangeState.APPLIED).count() > applied

    # When the dead one's lease has run out; what the machine is slow in comes on top of that.
    await until(it_goes_on, running, 3 * LEASE_SECONDS)

    await running.control("PATCH", "/settings", latencySeconds=0)

    async def it_is_over() -> bool:
        await job.refresh_from_db()
        return job.finished_at is not None

    await until(it_is_over, running, 120)
    assert (job.state, job.error_code) == (JobState.SUCCEEDED, None)
    assert (await running.mutations(DEPENDENT))["productSet"] == PRODUCTS
    shop = await running.control("GET", f"/shops/{DEPENDENT}")
    assert len(shop["products"]) == PRODUCTS

    before = await running.mutations(DEPENDENT)
    (again,) = await requests.sync_all([connection.id], now=SystemClock().now())
    job = again
    await until(it_is_over, running, 60)
    assert await Change.filter(job_id=again.id).count() == 0
    assert await running.mutations(DEPENDENT) == before


async def test_a_wiped_redis_loses_nothing(running: Running, redis_url: str) -> None:
    connection = await a_connection(running, SyncSettings())
    (job,) = await requests.sync_all([connection.id], now=SystemClock().now())
    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()
    running.start("scheduler", "backend.scheduler")
    running.start("worker", "backend.worker", "--queues", "background")

    async def it_is_over() -> bool:
        await job.refresh_from_db()
        return job.state is JobState.SUCCEEDED

    await until(it_is_over, running, 30)


async def test_a_worker_ends_when_it_is_told_to(running: Running) -> None:
    worker = running.start("worker", "backend.worker", "--queues", "live", "background")
    scheduler = running.start("scheduler", "backend.scheduler")
    connection = await a_connection(running, SyncSettings())
    (job,) = await requests.sync_all([connection.id], now=SystemClock().now())

    async def it_is_over() -> bool:
        await job.refresh_from_db()
        return job.state is JobState.SUCCEEDED

    await until(it_is_over, running, 30)
    for each in (worker, scheduler):
        os.kill(each.pid, signal.SIGTERM)

    async def both_ended() -> bool:
        return not worker.running and not scheduler.running

    await until(both_ended, running, 15)
