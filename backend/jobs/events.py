"""Hints through Redis: that something about a job has changed, that callers have to prove themselves again.
The rows are the truth: a lost hint costs a refresh, or the time until the next look."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Self, TypeAlias
from uuid import UUID

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

CHANNEL = "multi-store-sync:jobs"
RECALLS = "multi-store-sync:recalls"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class JobEvent:
    """`shops` are the main and the dependent, whose pages may show the job."""

    job: UUID
    connection: UUID
    shops: tuple[UUID, ...]

    def to_json(self) -> bytes:
        shops = [str(each) for each in self.shops]
        return orjson.dumps({"job": str(self.job), "connection": str(self.connection), "shops": shops})

    @classmethod
    def from_json(cls, text: bytes | str) -> Self:
        data = orjson.loads(text)
        return cls(UUID(data["job"]), UUID(data["connection"]), tuple(UUID(each) for each in data["shops"]))


@dataclass(frozen=True, slots=True)
class Recall:
    """Whoever stays in for `shop` is to be looked at now: a token was revoked, or the app removed."""

    shop: UUID

    def to_json(self) -> bytes:
        return orjson.dumps({"shop": str(self.shop)})

    @classmethod
    def from_json(cls, text: bytes | str) -> Self:
        return cls(UUID(orjson.loads(text)["shop"]))


Event: TypeAlias = JobEvent | Recall


async def publish(redis: Redis | None, event: Event) -> None:
    """Tell whoever listens; never fails, since nobody depends on it."""
    if redis is None:
        return
    channel = CHANNEL if isinstance(event, JobEvent) else RECALLS
    try:
        await redis.publish(channel, event.to_json())
    except (RedisError, OSError) as error:
        log.warning("event lost", channel=channel, reason=type(error).__name__)


async def subscribe(redis: Redis) -> AsyncGenerator[Event, None]:
    """Every event from now on; one subscription per process, which hands them on to its own listeners.
    What is no event, of a process of another version maybe, is passed over."""
    async with redis.pubsub() as listener:
        await listener.subscribe(CHANNEL, RECALLS)
        async for message in listener.listen():
            if message["type"] != "message":
                continue
            channel = _text(message["channel"])
            kind = Recall if channel == RECALLS else JobEvent
            try:
                event = kind.from_json(message["data"])
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                log.warning("event not understood", channel=channel, reason=type(error).__name__)
                continue
            yield event


def _text(channel: bytes | str) -> str:
    return channel if isinstance(channel, str) else channel.decode()
