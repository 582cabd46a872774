"""Sending work to the workers, never before the row that tells of it is committed: a job, or a shop that is
to be looked at.

The row is the outbox: a message that gets lost (Redis wiped, a process killed between commit and sending)
is sent again by the sweep. So sending is allowed to fail, and what arrives twice finds its lease taken.
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


LOOK = "look_at_shop"
"""The actor that looks at what is pending in a shop; it runs on the live queue."""


@dataclass(frozen=True, slots=True)
class Message:
    """`subject` is the id of a job or, for the actor LOOK, of a shop; `delay` is in seconds."""

    subject: UUID
    queue: Queue
    delay: float = 0.0
    actor: str = ""

    @property
    def actor_name(self) -> str:
        return self.actor or self.queue.actor


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
    _leave(Message(job, queue, delay))


def enqueue_look(shop: UUID, *, delay: float = 0.0) -> None:
    """Have what is pending in `shop` looked at once the surrounding transaction has committed."""
    _leave(Message(shop, Queue.LIVE, delay, LOOK))


def _leave(message: Message) -> None:
    outbox = _outbox.get()
    if outbox is None:
        raise OutsideTransactionError(f"{message.subject} was enqueued outside a transaction")
    outbox.append(message)


async def send(messages: Sequence[Message]) -> None:
    """Hand `messages` to the broker; what cannot be sent now is left to the sweep."""
    if messages:
        await asyncio.to_thread(_send, tuple(messages))


def _send(messages: Sequence[Message]) -> None:
    broker = dramatiq.get_broker()
    for each in messages:
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=each.queue.value,
            actor_name=each.actor_name,
            args=(str(each.subject),),
            kwargs={},
            options={},
        )
        try:
            broker.enqueue(message, delay=round(each.delay * 1000) or None)
        except (RedisError, OSError, dramatiq.errors.BrokerConnectionError) as error:
            log.warning("message left to the sweep", subject=str(each.subject), reason=type(error).__name__)
