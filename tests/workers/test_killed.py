"""Real worker processes: killed in the middle of a job, without their Redis, and told to stop."""

import asyncio
import base64
import os
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from redis.asyncio import Redis

from backend.clock import SystemClock
from backend.config import Settings, load
from backend.database import connect, disconnect
from backend.jobs import requests
from backend.jobs.tokens import Tokens
from backend.models.connection import Connection, SyncSettingsVersion
from backend.models.job import Change, ChangeState, JobState
from backend.models.shop import Role, Shop
from backend.shopify.auth import AppCredentials, Valid, verify_session_token
from backend.shopify.tokens import ShopTransport, TokenClient, TokenPair
from backend.sync.settings import ProductScope, SyncSettings
from backend.sync.settings_json import dump_settings
from backend.workers.broker import configure
from dev.child import Child
from dev.paths import ROOT, VENV_PYTHON

T = TypeVar("T")

CLIENT_ID = "client-of-the-tests"
CLIENT_SECRET = "a-secret-that-is-long-enough-for-hs256"
MAIN, DEPENDENT = "main-shop.myshopify.com", "berlin-outlet.myshopify.com"
PRODUCTS = 40
KEY = base64.b64encode(bytes(range(32))).decode()


@dataclass(slots=True)
class Running:
    """The sandbox and the processes of the app, as a supervisor runs them."""

    sandbox: str
    environment: dict[str, str]
    folder: Path
    children: list[Child]
    http: httpx.AsyncClient

    @property
    def settings(self) -> Settings:
        return load(self.environment)

    def start(self, name: str, *arguments: str) -> Child:
        child = Child(
            name,
            [VENV_PYTHON, "-m", *arguments],
            self.folder / f"{name}-{len(self.children)}.log",
            env=self.environment,
        )
        self.children.append(child)
        child.start()
        return child

    def logs(self) -> str:
        return "\n".join(f"--- {each.name}\n{each.tail()}" for each in self.children)

    async def control(self, method: str, path: str, **body: Any) -> Any:
        answer = await self.http.request(method, f"{self.sandbox}/_control{path}", json=body or None)
        answer.raise_for_status()
        return answer.json()

    async def mutations(self, shop: str) -> Counter[str]:
        counts = await self.control("GET", "/counts")
        return Counter(counts.get(shop, {}).get("mutations", {}))


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


async def until(condition: Callable[[], Awaitable[T]], running: Running, seconds: float) -> T:
    """What `condition` answers once it is true; fails with the logs when it is not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := await condition():
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {seconds} s\n{running.logs()}")


async def a_connection(running: Running, settings: SyncSettings) -> Connection:
    """Both shops opened the app, as people do, and the dependent chose its settings."""
    config = running.settings
    app = AppCredentials(config.client_id, config.client_secret)
    transport = ShopTransport(config.shopify_base_url, httpx.AsyncHTTPTransport())
    async with httpx.AsyncClient(transport=transport) as http:
        tokens = Tokens(TokenClient(app, http, SystemClock()), config.keyring, SystemClock())
        shops = []
        for domain, role in ((MAIN, Role.MAIN), (DEPENDENT, Role.DEPENDENT)):
            await running.control("POST", f"/shops/{domain}/install")
            session = await running.control("POST", f"/shops/{domain}/session-token")
            verified = verify_session_token(app, session["token"])
            assert isinstance(verified, Valid)
            pair = await tokens.client.exchange(verified)
            assert isinstance(pair, TokenPair)
            shop = await Shop.create(domain=domain, role=role)
            await tokens.put(shop.id, pair)
            shops.append(shop)
    connection = await Connection.create(main=shops[0], dependent=shops[1], settings_version=1)
    await SyncSettingsVersion.create(connection=connection, version=1, values=dump_settings(settings))
    return connection


async def test_a_job_goes_on_after_a_sigkill_and_writes_nothing_twice(running: Running) -> None:
    await running.control("POST", f"/shops/{MAIN}/catalogue", count=PRODUCTS, seed=1)
    connection = await a_connection(
        running, SyncSettings(products=ProductScope.ALL, details=True, prices=True, quantities=True)
    )
    running.start("scheduler", "backend.scheduler")
    worker = running.start("worker", "backend.worker", "--queues", "background")
    await running.control("PATCH", "/settings", latencySeconds=0.15)
    (job,) = await requests.sync_all([connection.id], now=SystemClock().now())

    async def some_are_applied() -> bool:
        return await Change.filter(job_id=job.id, state=ChangeState.APPLIED).count() >= 5

    await until(some_are_applied, running, 60)
    os.kill(worker.pid, signal.SIGKILL)
    worker.stop()
    applied = await Change.filter(job_id=job.id, state=ChangeState.APPLIED).count()
    assert applied < PRODUCTS, "the worker was through before it was killed"

    restarted = time.monotonic()
    running.start("worker", "backend.worker", "--queues", "background")

    async def it_goes_on() -> bool:
        return await Change.filter(job_id=job.id, state=ChangeState.APPLIED).count() > applied

    await until(it_goes_on, running, 30)
    assert time.monotonic() - restarted < 15

    await running.control("PATCH", "/settings", latencySeconds=0)

    async def it_is_over() -> bool:
        await job.refresh_from_db()
        return job.finished_at is not None

    await until(it_is_over, running, 120)
    assert (job.state, job.error_code) == (JobState.SUCCEEDED, None)
    assert (await running.mutations(DEPENDENT))["productSet"] == PRODUCTS
    shop = await running.control("GET", f"/shops/{DEPENDENT}")
    assert len(shop["products"]) == PRODUCTS

    before = await running.mutations(DEPENDENT)
    (again,) = await requests.sync_all([connection.id], now=SystemClock().now())
    job = again
    await until(it_is_over, running, 60)
    assert await Change.filter(job_id=again.id).count() == 0
    assert await running.mutations(DEPENDENT) == before


async def test_a_wiped_redis_loses_nothing(running: Running, redis_url: str) -> None:
    connection = await a_connection(running, SyncSettings())
    (job,) = await requests.sync_all([connection.id], now=SystemClock().now())
    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()
    running.start("scheduler", "backend.scheduler")
    running.start("worker", "backend.worker", "--queues", "background")

    async def it_is_over() -> bool:
        await job.refresh_from_db()
        return job.state is JobState.SUCCEEDED

    await until(it_is_over, running, 30)


async def test_a_worker_ends_when_it_is_told_to(running: Running) -> None:
    worker = running.start("worker", "backend.worker", "--queues", "live", "background")
    scheduler = running.start("scheduler", "backend.scheduler")
    connection = await a_connection(running, SyncSettings())
    (job,) = await requests.sync_all([connection.id], now=SystemClock().now())

    async def it_is_over() -> bool:
        await job.refresh_from_db()
        return job.state is JobState.SUCCEEDED

    await until(it_is_over, running, 30)
    for each in (worker, scheduler):
        os.kill(each.pid, signal.SIGTERM)

    async def both_ended() -> bool:
        return not worker.running and not scheduler.running

    await until(both_ended, running, 15)
