from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from backend.database import connect, disconnect


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The models work, on an empty database."""
    await connect(database_url, pool_size=8)
    yield database_url
    await disconnect()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()
