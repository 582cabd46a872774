"""Sending a job to the workers, never before its row is committed.

The row is the outbox: a message that gets lost (Redis wiped, a process killed between commit and sending)
is sent again by the sweep. So sending is allowed to fail, and a job that arrives twice finds its lease
taken.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import dramatiq
import structlog
from redis.exceptions import RedisError
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

log = structlog.get_logger(__name__)


class Queue(StrEnum):
    """LIVE has workers of its own: a person waits for it, or stock does."""

    LIVE = "live"
    BACKGROUND = "background"

    @property
    def actor(self) -> str:
        """The name of the actor that takes jobs from this queue."""
        return f"run_{self.value}_job"


@dataclass(frozen=True, slots=True)
class Message:
    """`delay` is in seconds."""

    job: UUID
    queue: Queue
    delay: float = 0.0


class OutsideTransactionError(RuntimeError):
    """A message was to be sent with no transaction whose commit it could wait for: a defect of the caller."""


_outbox: ContextVar[list[Message] | None] = ContextVar("outbox", default=None)


@asynccontextmanager
async def transaction() -> AsyncIterator[BaseDBAsyncClient]:
    """A database transaction; what is enqueued inside leaves after the commit and is dropped on a rollback.

    Inside another one it is a savepoint: its messages leave with the outer commit.
    """
    outer = _outbox.get()
    messages: list[Message] = []
    token = _outbox.set(messages)
    try:
        async with in_transaction() as client:
            yield client
    finally:
        _outbox.reset(token)
    if outer is not None:
        outer.extend(messages)
    else:
        await send(messages)


def enqueue(job: UUID, queue: Queue, *, delay: float = 0.0) -> None:
    """Have `job` run once the surrounding transaction has committed, `delay` seconds later."""
    outbox = _outbox.get()
    if outbox is None:
        raise OutsideTransactionError(f"job {job} was enqueued outside a transaction")
    outbox.append(Message(job, queue, delay))


async def send(messages: Sequence[Message]) -> None:
    """Hand `messages` to the broker; what cannot be sent now is left to the sweep."""
    if messages:
        await asyncio.to_thread(_send, tuple(messages))


def _send(messages: Sequence[Message]) -> None:
    broker = dramatiq.get_broker()
    for each in messages:
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=each.queue.value,
            actor_name=each.queue.actor,
            args=(str(each.job),),
            kwargs={},
            options={},
        )
        try:
            broker.enqueue(message, delay=round(each.delay * 1000) or None)
        except (RedisError, OSError, dramatiq.errors.BrokerConnectionError) as error:
            log.warning("message left to the sweep", job=str(each.job), reason=type(error).__name__)
