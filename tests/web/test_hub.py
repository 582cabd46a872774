"""Watchers are told, whatever Redis or the database do in between."""

import asyncio
from uuid import uuid4

from redis.asyncio import Redis
from structlog.testing import capture_logs

from backend.database import connection, execute
from backend.jobs.events import CHANNEL, RECALLS, JobEvent, publish
from backend.models.job import Job
from backend.web.hub import Watcher
from tests.api import Api, a_job
from tests.app.serving import until

SECONDS = 30


async def _told(redis: Redis, watcher: Watcher, event: JobEvent) -> list[Job]:
    """Nobody tells when the process listens: the event is published until somebody hears of it."""
    async with asyncio.timeout(SECONDS):
        while not (jobs := await watcher.take(0.05)):
            await publish(redis, event)
    return jobs


async def _hears_of(watcher: Watcher, job: Job) -> None:
    """What was published more than once may still come before."""
    async with asyncio.timeout(SECONDS):
        while job.id not in [each.id for each in await watcher.take(SECONDS)]:
            continue


async def test_a_message_that_nobody_understands_stops_no_other(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    jobs = [await a_job(tie) for _ in range(2)]
    events = [JobEvent(job.id, tie.id, (main.id, dependent.id)) for job in jobs]
    redis = api.services.runtime.redis
    assert redis is not None
    async with api.services.hub.watch(main.id) as watcher:
        await _told(redis, watcher, events[0])
        with capture_logs() as logged:
            for channel, text in (
                (CHANNEL, b"{"),
                (CHANNEL, b'{"job": 1}'),
                (CHANNEL, b'"job"'),
                (RECALLS, b'{"shop": "-"}'),
                (RECALLS, b"\xff"),
            ):
                assert await redis.publish(channel, text) == 1
            await publish(redis, events[1])
            await _hears_of(watcher, jobs[1])
    assert [each["event"] for each in logged] == ["event not understood"] * 5


async def test_what_could_not_be_read_is_handed_on_when_the_database_is_back(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    jobs = [await a_job(tie) for _ in range(2)]
    events = [JobEvent(job.id, tie.id, (main.id, dependent.id)) for job in jobs]
    redis = api.services.runtime.redis
    assert redis is not None
    async with api.services.hub.watch(main.id) as watcher:
        await _told(redis, watcher, events[0])
        await execute(connection(), "ALTER TABLE job RENAME TO away")
        with capture_logs() as logged:
            await publish(redis, events[1])
            await until(lambda: logged)
        await execute(connection(), "ALTER TABLE away RENAME TO job")
        await _hears_of(watcher, jobs[1])
    assert {each["event"] for each in logged} == {"events not handed on yet"}


async def test_a_job_that_is_gone_is_nothing_to_hand_on(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    job = await a_job(tie)
    redis = api.services.runtime.redis
    assert redis is not None
    async with api.services.hub.watch(main.id) as watcher:
        gone = JobEvent(uuid4(), tie.id, (main.id, dependent.id))
        await publish(redis, gone)
        there = JobEvent(job.id, tie.id, (main.id, dependent.id))
        assert [each.id for each in await _told(redis, watcher, there)] == [job.id]
