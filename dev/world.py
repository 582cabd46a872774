"""The product in one process: shops of a sandbox, the jobs, and time that does not pass by itself.

For round trips and benchmarks. The database is real; there is no queue, a job is driven slice by slice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar
from uuid import UUID, uuid4

import dramatiq
import httpx
from asyncpg.pool import Pool
from dramatiq.brokers.stub import StubBroker

from backend.jobs.facts import refresh_facts
from backend.jobs.queue import Queue
from backend.jobs.runner import run_job
from backend.jobs.runtime import Runtime
from backend.jobs.state import ALIVE, FINISHED
from backend.models.connection import Connection, SyncSettingsVersion
from backend.models.job import Job, JobKind, JobState, Trigger
from backend.models.shop import Role, Shop
from backend.sync.settings import SyncSettings
from backend.sync.settings_json import dump_settings
from sandbox.app import create_app
from sandbox.bucket import Tier
from sandbox.clock import VirtualClock
from sandbox.commands.shops import add_shop, install_app, register_app
from sandbox.store.app import Token
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop as SandboxShop
from sandbox.web.server import Server

T = TypeVar("T")

CLIENT_ID = "world"
SCOPES = ("write_products", "write_inventory", "read_locations", "write_publications", "write_files")
# How long the loop must have nothing to do before time moves on.
_QUIET_SECONDS = 0.002
# The share of that time for which a loop that has nothing to do is at work, at most.
_IDLE_SHARE = 0.25
# A machine that is never on time is busy with something else.
_MOST_LATE = 20
_PAUSE_SECONDS = 60.0


class World:
    """Shops are added on both sides at once: to the sandbox and to the app's database."""

    def __init__(self, *, seed: int = 0) -> None:
        self.clock = VirtualClock()
        self.sandbox = Sandbox(self.clock, seed=seed)
        register_app(self.sandbox, CLIENT_ID, uuid4().hex, scopes=SCOPES)
        self.busy = 0
        self._tokens: dict[UUID, str] = {}
        dramatiq.set_broker(StubBroker())
        dramatiq.get_broker().declare_queue(Queue.LIVE)
        dramatiq.get_broker().declare_queue(Queue.BACKGROUND)
        app = create_app(self.sandbox)
        server: Server = app.state.server
        self.server = server
        self.traffic = server.traffic
        transport = httpx.ASGITransport(app=app)
        self.runtime = Runtime(
            clock=self.clock,
            http=httpx.AsyncClient(transport=transport, base_url=self.sandbox.base_url),
            token_of=self._token_of,
            base_url=self.sandbox.base_url + "/{shop}",
        )

    async def close(self) -> None:
        await self.runtime.http.aclose()

    async def add_shop(self, domain: str, role: Role, **options: Any) -> tuple[SandboxShop, Shop]:
        """A shop in the sandbox with the app installed, and its row with the facts read.

        `options` are those of the sandbox's `add_shop`.
        """
        options.setdefault("tier", Tier.STANDARD)
        simulated = add_shop(self.sandbox, domain, **options)
        token = Token(f"shpat_{uuid4().hex}", expires_at=None)
        install_app(self.sandbox, simulated, CLIENT_ID).tokens.append(token)
        shop = await Shop.create(id=uuid4(), domain=domain, role=role)
        self._tokens[shop.id] = token.access
        await self.drive(refresh_facts(shop, self.runtime.open(shop), self.runtime))
        return simulated, await Shop.get(id=shop.id)

    async def connect(self, main: Shop, dependent: Shop, settings: SyncSettings | None) -> Connection:
        connection = await Connection.create(
            id=uuid4(), main=main, dependent=dependent, settings_version=None if settings is None else 1
        )
        if settings is not None:
            await SyncSettingsVersion.create(connection=connection, version=1, values=dump_settings(settings))
        return connection

    async def sync(self, connection: Connection, **job: Any) -> Job:
        """One job from queued to finished; by default a person's Sync all."""
        return await self.finish(await self.ask(connection, **job))

    async def ask(self, connection: Connection, **job: Any) -> UUID:
        """A job that is queued, as in `sync`."""
        # A read that began at this very moment would do for the job, and Shopify's bucket shall be full.
        self.clock.advance(_PAUSE_SECONDS)
        values: dict[str, Any] = {"kind": JobKind.SYNC_ALL, "trigger": Trigger.MANUAL} | job
        row = await Job.create(id=uuid4(), run_id=uuid4(), connection=connection, **values)
        await Job.filter(id=row.id).update(created_at=self.clock.now())
        return row.id

    async def finish(self, job: UUID) -> Job:
        """Run slices until the job is finished, waiting as it asks to. The message of one that does not wait
        is there at once; when it would be sent again does not matter."""
        while True:
            row = await Job.get(id=job)
            if row.state in FINISHED:
                return row
            until = row.next_run_at if row.state is JobState.WAITING else None
            if until is not None and until > self.clock.now():
                self.clock.advance((until - self.clock.now()).total_seconds())
            await self.drive(run_job(job, self.runtime))

    async def drain(self) -> None:
        """Run every job that is alive, side by side, until none is; time moves on where all of them wait."""
        while alive := await Job.filter(state__in=list(ALIVE)):
            now = self.clock.now()
            waits = [
                each.next_run_at for each in alive if each.state is JobState.WAITING and each.next_run_at
            ]
            if len(waits) == len(alive) and min(waits) > now:
                self.clock.advance((min(waits) - now).total_seconds())
            await self.drive(_side_by_side(run_job(each.id, self.runtime) for each in alive))

    async def drive(self, work: Coroutine[Any, Any, T]) -> T:
        """Await `work`, moving time on to the earliest sleeper whenever nothing else happens.

        A query under way is something that happens, and so is a wait that ends late because the loop had
        work to do: time must not pass because the database, or this machine, is slow.
        """
        task = asyncio.ensure_future(work)
        late = 0
        while True:
            began, worked = time.monotonic(), time.thread_time()
            done, _ = await asyncio.wait({task}, timeout=_QUIET_SECONDS)
            if done:
                return task.result()
            idle = time.thread_time() - worked <= _IDLE_SHARE * _QUIET_SECONDS
            late = late + 1 if time.monotonic() - began > 2 * _QUIET_SECONDS else 0
            if not self.busy and idle and (late == 0 or late >= _MOST_LATE):
                late = 0
                self.clock.advance_to_next()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """In here, whoever holds a connection to the database is busy."""
        acquire, release = Pool._acquire, Pool.release

        async def acquired(pool: Pool, timeout: float | None) -> Any:
            self.busy += 1
            try:
                return await acquire(pool, timeout)
            except BaseException:
                self.busy -= 1
                raise

        async def released(pool: Pool, connection: Any, *, timeout: float | None = None) -> None:
            try:
                await release(pool, connection, timeout=timeout)
            finally:
                self.busy -= 1

        Pool._acquire, Pool.release = acquired, released
        try:
            yield
        finally:
            Pool._acquire, Pool.release = acquire, release

    async def _token_of(self, shop: UUID) -> str:
        return self._tokens[shop]


async def _side_by_side(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    await asyncio.gather(*work)


@asynccontextmanager
async def world(*, seed: int = 0) -> AsyncIterator[World]:
    """A world over the database that is connected."""
    made = World(seed=seed)
    try:
        with made.watching():
            yield made
    finally:
        await made.close()
