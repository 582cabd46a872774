from collections.abc import AsyncIterator

import pytest

from tests.api import Api, an_api
from tests.app.serving import serving


@pytest.fixture
async def api(database_url: str, redis_url: str) -> AsyncIterator[Api]:
    async with an_api(database_url, redis_url) as opened:
        yield opened


@pytest.fixture
async def address(api: Api) -> AsyncIterator[str]:
    async with serving(api.app) as address:
        yield address
