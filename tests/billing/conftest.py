from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.database import connect, disconnect
from tests.api import Api, an_api

PLANS = """
{"plans": [
    {"id": "free", "name": {"en": "Free", "de": "Kostenlos"}, "productLimit": 2},
    {"id": "growth", "name": "Growth", "productLimit": 4, "price": "19.00", "currency": "USD"},
    {"id": "scale", "name": "Scale", "price": "49.00", "currency": "USD"},
    {"id": "former", "name": "Former", "price": "9.00", "currency": "USD", "offered": false}
]}
"""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The models work, on an empty database."""
    await connect(database_url, pool_size=8)
    yield database_url
    await disconnect()


@pytest.fixture
async def api(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """With plans that cost something."""
    file = tmp_path / "plans.json"
    file.write_text(PLANS, encoding="utf-8")
    async with an_api(database_url, redis_url, PLANS_FILE=str(file)) as opened:
        yield opened
