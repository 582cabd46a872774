"""Hints that something about a job has changed, through Redis. The row is the truth: a lost hint costs a
refresh."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Self
from uuid import UUID

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

CHANNEL = "multi-store-sync:jobs"

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


async def publish(redis: Redis | None, event: JobEvent) -> None:
    """Tell whoever listens; never fails, since nobody depends on it."""
    if redis is None:
        return
    try:
        await redis.publish(CHANNEL, event.to_json())
    except (RedisError, OSError) as error:
        log.warning("event lost", job=str(event.job), reason=type(error).__name__)


async def subscribe(redis: Redis) -> AsyncGenerator[JobEvent, None]:
    """Every event from now on; one subscription per process, which hands them on to its own listeners."""
    async with redis.pubsub() as listener:
        await listener.subscribe(CHANNEL)
        async for message in listener.listen():
            if message["type"] == "message":
                yield JobEvent.from_json(message["data"])
