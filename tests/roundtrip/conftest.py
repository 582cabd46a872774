from collections.abc import AsyncIterator

import pytest

from backend.database import connect, disconnect
from tests.jobs.world import World, a_world


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The models work, on an empty database."""
    await connect(database_url, pool_size=8)
    yield database_url
    await disconnect()


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    """A main shop and an empty dependent, both in euros."""
    async with a_world() as found:
        yield found
