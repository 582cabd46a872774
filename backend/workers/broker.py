"""The Dramatiq broker on Redis, with the settings that make a killed worker's messages come back within
seconds."""

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO, Middleware

# A worker that has not been heard of for so long is dead, in milliseconds.
HEARTBEAT_TIMEOUT = 10_000
# Chance in a million, per command to Redis, of looking for dead workers: always. With the default of 1,000
# an idle queue gets a killed worker's messages back after minutes.
MAINTENANCE_CHANCE = 1_000_000


def configure(redis_url: str, *middleware: Middleware) -> RedisBroker:
    """Make the broker on `redis_url` the one of this process. `middleware` comes after AsyncIO, whose loop it
    may use."""
    broker = RedisBroker(  # type: ignore[no-untyped-call]
        url=redis_url,
        heartbeat_timeout=HEARTBEAT_TIMEOUT,
        maintenance_chance=MAINTENANCE_CHANCE,
    )
    broker.add_middleware(AsyncIO())
    for each in middleware:
        broker.add_middleware(each)
    dramatiq.set_broker(broker)
    return broker
