from collections.abc import AsyncIterator

import pytest

from backend.database import connect, disconnect
from tests.api import Api, an_api


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The models work, on an empty database."""
    await connect(database_url, pool_size=8)
    yield database_url
    await disconnect()


@pytest.fixture
async def api(database_url: str, redis_url: str) -> AsyncIterator[Api]:
    async with an_api(database_url, redis_url) as opened:
        yield opened
