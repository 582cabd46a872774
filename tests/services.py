"""A real PostgreSQL and a real Redis for tests, started at the first use and gone with the session.

`DATABASE_URL` and `REDIS_URL` name servers to use instead: databases are then made beside the one named, and
the Redis must be empty, because tests empty it.
"""

import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from dev import postgres, valkey
from dev.paths import ROOT, VENV_PYTHON
from dev.postgres import Databases, Postgres
from dev.valkey import Valkey


@pytest.fixture(scope="session")
def services_home() -> Iterator[Path]:
    """Where the servers keep their files and logs."""
    with tempfile.TemporaryDirectory(prefix="tests-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
        yield home


@pytest.fixture(scope="session")
def databases(services_home: Path) -> Iterator[Databases]:
    """The PostgreSQL server of this session."""
    if external := postgres.external_url():
        yield Databases(external)
        return
    server = Postgres(services_home)
    server.start()
    yield Databases(server.url())
    server.stop()


@pytest.fixture(scope="session")
def migrated_template(databases: Databases) -> Iterator[str]:
    """Name of a database that has every migration and no rows; nobody is connected to it."""
    name = f"template_{uuid.uuid4().hex}"
    url = databases.create(name)
    migration = subprocess.run(
        [VENV_PYTHON, "-m", "backend.migrate"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
    )
    assert migration.returncode == 0, migration.stdout + migration.stderr
    yield name
    databases.drop(name)


@pytest.fixture
def database_url(databases: Databases, migrated_template: str) -> Iterator[str]:
    """Address of a migrated, empty database that this test alone has."""
    name = f"test_{uuid.uuid4().hex}"
    yield databases.create(name, migrated_template)
    databases.drop(name)


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """Address of a database without a single table."""
    name = f"test_{uuid.uuid4().hex}"
    yield databases.create(name)
    databases.drop(name)


@pytest.fixture(scope="session")
def redis_server(services_home: Path) -> Iterator[str]:
    """Address of this session's Redis."""
    if external := valkey.external_url():
        with redis.Redis.from_url(external) as client:
            assert client.dbsize() == 0, "REDIS_URL names a Redis that holds keys; tests would delete them."
        yield external
        return
    server = Valkey(services_home)
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def redis_url(redis_server: str) -> Iterator[str]:
    """Address of a Redis that holds nothing when the test begins."""
    yield redis_server
    with redis.Redis.from_url(redis_server) as client:
        client.flushdb()
