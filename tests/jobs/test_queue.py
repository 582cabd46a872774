"""Messages leave after the commit, are dropped on a rollback, and what is lost is sent again."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import dramatiq
import pytest
from dramatiq.brokers.stub import StubBroker

from backend.clock import SystemClock
from backend.jobs.leases import Leases
from backend.jobs.queue import OutsideTransactionError, Queue, enqueue, transaction
from backend.jobs.sweep import sweep
from backend.models.connection import Connection
from backend.models.job import Job, JobKind, JobState, Trigger
from backend.models.shop import Shop


class AwayBroker(StubBroker):
    """A Redis that is not there."""

    def enqueue(
        self, message: "dramatiq.Message[None]", *, delay: int | None = None
    ) -> "dramatiq.Message[None]":
        raise dramatiq.errors.BrokerConnectionError("away")  # type: ignore[no-untyped-call]


@pytest.fixture
def broker() -> StubBroker:
    broker = StubBroker()
    for each in Queue:
        broker.declare_queue(each.value)
    dramatiq.set_broker(broker)
    return broker


def waiting(broker: StubBroker, queue: Queue = Queue.LIVE) -> list[UUID]:
    """The jobs that stand in the queue, taken out."""
    found = []
    for name in (queue.value, f"{queue.value}.DQ"):
        while name in broker.queues and not broker.queues[name].empty():
            found.append(UUID(dramatiq.Message.decode(broker.queues[name].get()).args[0]))
    return found


async def a_job(**values: Any) -> Job:
    main = await Shop.create(domain=f"{uuid4().hex}.myshopify.com")
    dependent = await Shop.create(domain=f"{uuid4().hex}.myshopify.com")
    connection = await Connection.create(main=main, dependent=dependent)
    defaults: dict[str, Any] = {
        "run_id": uuid4(),
        "connection": connection,
        "kind": JobKind.SYNC_ALL,
        "trigger": Trigger.MANUAL,
        "queue": Queue.LIVE.value,
        "next_run_at": SystemClock().now(),
    }
    return await Job.create(**{**defaults, **values})


async def failing_request() -> None:
    async with transaction():
        enqueue(uuid4(), Queue.LIVE)
        _ = 1 / 0


def test_enqueueing_outside_a_transaction_is_refused(broker: StubBroker) -> None:
    with pytest.raises(OutsideTransactionError):
        enqueue(uuid4(), Queue.LIVE)
    assert waiting(broker) == []


async def test_messages_leave_after_the_commit_and_not_before(database: str, broker: StubBroker) -> None:
    job = uuid4()
    async with transaction():
        enqueue(job, Queue.LIVE)
        assert waiting(broker) == []
    assert waiting(broker) == [job]


async def test_a_rollback_drops_its_messages(database: str, broker: StubBroker) -> None:
    with pytest.raises(ZeroDivisionError):
        await failing_request()
    assert waiting(broker) == []


async def test_an_inner_transaction_waits_for_the_outer_one(database: str, broker: StubBroker) -> None:
    inner, outer = uuid4(), uuid4()
    async with transaction():
        async with transaction():
            enqueue(inner, Queue.LIVE)
        with pytest.raises(ZeroDivisionError):
            await failing_request()
        enqueue(outer, Queue.LIVE)
        assert waiting(broker) == []
    assert waiting(broker) == [inner, outer]


async def test_a_broker_that_is_away_does_not_fail_the_request(database: str) -> None:
    dramatiq.set_broker(AwayBroker())
    async with transaction():
        job = await a_job()
        enqueue(job.id, Queue.LIVE)
    assert (await Job.get(id=job.id)).state is JobState.QUEUED


async def test_a_lost_message_is_swept(database: str, broker: StubBroker) -> None:
    now = SystemClock().now()
    job = await a_job(next_run_at=now - timedelta(seconds=1))
    assert await sweep(now) == 1
    assert waiting(broker) == [job.id]
    # Not again at once: the message may only be waiting for its turn.
    assert await sweep(now) == 0
    assert await sweep(now + timedelta(seconds=14)) == 0
    assert await sweep(now + timedelta(seconds=16)) == 1
    await Job.filter(id=job.id).update(state=JobState.RUNNING, next_run_at=now)
    assert await sweep(now) == 1
    assert await sweep(now + timedelta(seconds=4)) == 1


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.WAITING, JobState.CANCELING])
async def test_every_living_state_is_swept(database: str, broker: StubBroker, state: JobState) -> None:
    job = await a_job(state=state)
    assert await sweep(SystemClock().now()) == 1
    assert waiting(broker) == [job.id]


async def test_neither_finished_nor_future_nor_leased_jobs_are_swept(
    database: str, broker: StubBroker
) -> None:
    now = SystemClock().now()
    for state in (JobState.SUCCEEDED, JobState.PARTIAL, JobState.FAILED, JobState.CANCELED):
        await a_job(state=state)
    await a_job(next_run_at=now + timedelta(minutes=10))
    held = await a_job(state=JobState.RUNNING)
    async with Leases(SystemClock()) as leases:
        assert await leases.take(f"job:{held.id}")
        assert await sweep(SystemClock().now()) == 0
    assert await sweep(SystemClock().now()) == 1
    assert waiting(broker) == [held.id]
