"""Redis and PostgreSQL go away in the middle of a job, with real processes around them."""

import os
import signal
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from tortoise.exceptions import BaseORMException

from backend.clock import SystemClock
from backend.jobs import requests
from backend.models.job import Change, ChangeState, Job, JobState
from backend.sync.settings import ProductScope, SyncSettings
from dev.paths import ROOT, VENV_PYTHON
from dev.postgres import Databases, Postgres
from dev.valkey import Valkey
from tests.workers.running import DEPENDENT, MAIN, Running, a_connection, until

PRODUCTS = 25
EVERYTHING = SyncSettings(products=ProductScope.ALL, details=True, prices=True, quantities=True)


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    """A server that nobody else uses."""
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
    server = Postgres(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database_url(postgres: Postgres) -> str:
    url = Databases(postgres.url()).create("app")
    environment = {**os.environ, "DATABASE_URL": url}
    subprocess.run([VENV_PYTHON, "-m", "backend.migrate"], cwd=ROOT, env=environment, check=True)
    return url


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(valkey: Valkey) -> str:
    return valkey.url


async def in_the_middle(running: Running) -> Job:
    """A job that has written something and has much left."""
    await running.control("POST", f"/shops/{MAIN}/catalogue", count=PRODUCTS, seed=1)
    connection = await a_connection(running, EVERYTHING)
    running.start("scheduler", "backend.scheduler")
    running.start("worker", "backend.worker", "--queues", "background")
    await running.control("PATCH", "/settings", latencySeconds=0.15)
    (job,) = await requests.sync_all([connection.id], now=SystemClock().now())

    async def some_are_applied() -> bool:
        return await Change.filter(job_id=job.id, state=ChangeState.APPLIED).count() >= 3

    await until(some_are_applied, running, 60)
    return job


def over(job: Job) -> Callable[[], Awaitable[bool]]:
    async def it_is_over() -> bool:
        try:
            await job.refresh_from_db()
        except (BaseORMException, OSError):
            return False  # the first use of a connection that the restart has broken
        return job.finished_at is not None

    return it_is_over


async def all_was_written_once(running: Running, job: Job) -> None:
    assert (job.state, job.error_code) == (JobState.SUCCEEDED, None)
    shop = await running.control("GET", f"/shops/{DEPENDENT}")
    assert len(shop["products"]) == PRODUCTS
    assert await Change.filter(job_id=job.id).exclude(state=ChangeState.APPLIED).count() == 0
    (again,) = await requests.sync_all([job.connection_id], now=SystemClock().now())
    await until(over(again), running, 60)
    assert await Change.filter(job_id=again.id).count() == 0


async def test_a_database_that_is_restarted_in_mid_job(running: Running, postgres: Postgres) -> None:
    job = await in_the_middle(running)
    os.kill(postgres.child.pid, signal.SIGQUIT)  # at once, as in a crash: every connection breaks
    postgres.child.stop()
    postgres.start()
    await running.control("PATCH", "/settings", latencySeconds=0)
    await until(over(job), running, 60)
    await all_was_written_once(running, job)


async def test_a_redis_that_dies_in_mid_job_comes_back_empty(running: Running, valkey: Valkey) -> None:
    job = await in_the_middle(running)
    valkey.child.kill()
    valkey.start()
    await running.control("PATCH", "/settings", latencySeconds=0)
    await until(over(job), running, 60)
    await all_was_written_once(running, job)
