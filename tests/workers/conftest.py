"""A sandbox of one's own, and the environment that processes of the app need to work with it."""

import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from backend.database import connect, disconnect
from backend.workers.broker import configure
from dev.paths import ROOT, VENV_PYTHON
from tests.workers.running import CLIENT_ID, CLIENT_SECRET, KEY, Running


@pytest.fixture
def sandbox_url() -> Iterator[str]:
    sandbox = subprocess.Popen(
        [
            *(VENV_PYTHON, "-m", "sandbox", "--port", "0", "--scenario", "empty"),
            *("--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with sandbox:
        assert sandbox.stdout is not None
        told = re.search(r"http://\S+", sandbox.stdout.readline())
        assert told is not None
        yield told[0]
        sandbox.terminate()


@pytest.fixture
async def running(
    database_url: str, redis_url: str, sandbox_url: str, tmp_path: Path
) -> AsyncIterator[Running]:
    environment = {
        "APP_URL": "http://app.test",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SHOPIFY_CLIENT_ID": CLIENT_ID,
        "SHOPIFY_CLIENT_SECRET": CLIENT_SECRET,
        "SHOPIFY_BASE_URL": sandbox_url + "/{shop}",
        "ENCRYPTION_KEYS": f"k1:{KEY}",
        "LOOKUP_KEY": KEY,
    }
    async with httpx.AsyncClient() as http:
        found = Running(sandbox_url, environment, tmp_path, [], http)
        await connect(database_url, pool_size=4)
        configure(redis_url)
        try:
            yield found
        finally:
            for each in found.children:
                each.stop()
            await disconnect()
