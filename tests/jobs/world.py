"""Shops of the sandbox in this process, connected to each other, and the jobs that sync them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import dramatiq
import httpx
from dramatiq.brokers.stub import StubBroker
from redis.asyncio import Redis

from backend.jobs.queue import Queue
from backend.jobs.runner import run_job
from backend.jobs.runtime import Runtime
from backend.jobs.state import ALIVE
from backend.models.connection import Connection, LocationMapping, SyncSettingsVersion
from backend.models.job import Change, ChangeState, Job, JobState
from backend.models.shop import Role, Shop
from backend.sync.settings import ProductScope, SyncSettings
from backend.sync.settings_json import dump_settings
from sandbox import auth, bulk
from sandbox.app import create_app
from sandbox.bucket import Tier
from sandbox.commands.shops import add_shop, install_app, register_app
from sandbox.draft import ProductDraft
from sandbox.place import place
from sandbox.session_token import mint, owner
from sandbox.store.product import Product
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop as SandboxShop
from sandbox.web.traffic import Count
from tests.clock import ShiftedClock

CLIENT_ID = "client-of-the-tests"
CLIENT_SECRET = "a-secret-that-is-long-enough-for-hs256"
BASE = "http://sandbox.test"
SCOPES = ("write_products", "write_inventory", "read_locations", "write_publications", "write_files")
MAIN = "main-shop.myshopify.com"
DEPENDENT = "dependent-shop.myshopify.com"

EVERYTHING = SyncSettings(products=ProductScope.ALL, details=True, prices=True, quantities=True)


Act = Callable[[], object]


@dataclass(slots=True)
class World:
    """`main` and `dependents` are the sandbox's; `shops` the app's rows by domain."""

    sandbox: Sandbox
    clock: ShiftedClock
    runtime: Runtime
    main: SandboxShop
    dependents: list[SandboxShop]
    shops: dict[str, Shop]
    connections: dict[str, Connection]
    traffic: Any
    interlopers: list[Act] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    eavesdroppers: list[tuple[str, Act]] = field(default_factory=list)

    @property
    def dependent(self) -> SandboxShop:
        return self.dependents[0]

    @property
    def connection(self) -> Connection:
        return self.connections[self.dependent.domain]

    def now(self) -> datetime:
        return self.clock.now()

    def place(self, shop: SandboxShop, drafts: Iterable[ProductDraft]) -> list[Product]:
        return [place(shop, each, settled=True) for each in drafts]

    async def choose(self, settings: SyncSettings, connection: Connection | None = None) -> None:
        chosen = connection or self.connection
        version = (chosen.settings_version or 0) + 1
        await SyncSettingsVersion.create(connection=chosen, version=version, values=dump_settings(settings))
        chosen.settings_version = version
        await chosen.save(update_fields=["settings_version"])

    async def map_locations(self, pairs: Sequence[tuple[str, str]]) -> None:
        for main, dependent in pairs:
            await LocationMapping.create(connection=self.connection, main_gid=main, dependent_gid=dependent)

    async def drain(self, *, rounds: int = 200) -> None:
        """Run every job that is alive until none is; time is moved on where all of them wait."""
        for _ in range(rounds):
            alive = await Job.filter(state__in=list(ALIVE)).order_by("created_at", "id")
            due = [
                each for each in alive if each.state is not JobState.QUEUED or not _later(each, self.now())
            ]
            if not due:
                return
            if all(each.state in (JobState.WAITING, JobState.CANCELING) for each in due):
                self.clock.ahead += 1.0
            for each in due:
                await run_job(each.id, self.runtime)
        left = await Job.filter(state__in=list(ALIVE))
        raise AssertionError(f"jobs do not end: {[(each.kind, each.state, each.phase) for each in left]}")

    async def finished(self, job: Job) -> Job:
        """The job as it ended."""
        await self.drain()
        await job.refresh_from_db()
        return job

    def mark(self, name: str = "here") -> None:
        self.traffic.mark(name)

    def calls(self, shop: SandboxShop, name: str = "here") -> Count:
        """What was asked of the shop since the mark."""
        found: Count = self.traffic.since(name).get(shop.domain, Count())
        return found

    def calls_since_start(self, shop: SandboxShop) -> Count:
        found: Count = self.traffic.since(None).get(shop.domain, Count())
        return found

    def before_mutation(self, act: Act) -> None:
        """Have `act` happen once, just before the next mutation arrives; it may be a coroutine function."""
        self.interlopers.append(act)

    def before_answer(self, to: str, act: Act) -> None:
        """Have `act` happen once, when the next mutation whose text has `to` has taken effect and its answer
        is still on the way; it may be a coroutine function."""
        self.eavesdroppers.append((to, act))

    def lose_answer(self, to: str) -> None:
        """The next mutation whose text has `to` takes effect, and its answer never arrives."""
        self.lost.append(to)

    async def changes(self, job: Job, state: ChangeState | None = None) -> list[Change]:
        found = Change.filter(job_id=job.id).order_by("lane", "seq")
        return await (found if state is None else found.filter(state=state))


def _later(job: Job, now: datetime) -> bool:
    return job.next_run_at is not None and job.next_run_at > now + timedelta(seconds=30)


@asynccontextmanager
async def a_world(
    *,
    dependents: int = 1,
    main_locations: tuple[str, ...] = ("Warehouse", "Store"),
    dependent_locations: tuple[str, ...] = ("Hub",),
    currency: str = "EUR",
    dependent_currency: str = "EUR",
    tier: Tier = Tier.ENTERPRISE,
    redis: Redis | None = None,
) -> AsyncIterator[World]:
    broker = StubBroker()
    for queue in Queue:
        broker.declare_queue(queue.value)
    dramatiq.set_broker(broker)
    clock = ShiftedClock()
    sandbox = Sandbox(clock, seed=7, base_url=BASE)
    register_app(sandbox, CLIENT_ID, CLIENT_SECRET, scopes=SCOPES)
    main = add_shop(sandbox, MAIN, currency=currency, tier=tier, locations=main_locations)
    others = [
        add_shop(
            sandbox,
            DEPENDENT if index == 0 else f"dependent-{index + 1}.myshopify.com",
            currency=dependent_currency,
            tier=tier,
            locations=dependent_locations,
        )
        for index in range(dependents)
    ]
    tokens: dict[UUID, str] = {}
    shops: dict[str, Shop] = {}
    for each in (main, *others):
        row = await Shop.create(domain=each.domain, role=Role.MAIN if each is main else Role.DEPENDENT)
        shops[each.domain] = row
        tokens[row.id] = _token(sandbox, each)
    connections = {
        each.domain: await Connection.create(main=shops[MAIN], dependent=shops[each.domain])
        for each in others
    }

    async def token_of(shop: UUID) -> str:
        return tokens[shop]

    application = create_app(sandbox)
    interlopers: list[Act] = []

    async def interfere(request: httpx.Request) -> None:
        if b"mutation" in request.content and interlopers:
            done = interlopers.pop(0)()
            if isinstance(done, Awaitable):
                await done

    lost: list[str] = []

    async def lose(response: httpx.Response) -> None:
        sent = response.request.content
        for each in lost:
            if b"mutation" in sent and each.encode() in sent:
                lost.remove(each)
                raise httpx.ReadError("the answer was lost", request=response.request)

    eavesdroppers: list[tuple[str, Act]] = []

    async def eavesdrop(response: httpx.Response) -> None:
        sent = response.request.content
        for each in list(eavesdroppers):
            to, act = each
            if b"mutation" in sent and to.encode() in sent:
                eavesdroppers.remove(each)
                done = act()
                if isinstance(done, Awaitable):
                    await done

    transport = httpx.ASGITransport(app=application)
    hooks: dict[str, list[Callable[..., Any]]] = {"request": [interfere], "response": [eavesdrop, lose]}
    async with httpx.AsyncClient(transport=transport, event_hooks=hooks) as http:
        runtime = Runtime(clock=clock, http=http, token_of=token_of, redis=redis, base_url=BASE + "/{shop}")
        traffic = application.state.server.traffic
        yield World(
            sandbox,
            clock,
            runtime,
            main,
            others,
            shops,
            connections,
            traffic,
            interlopers,
            lost,
            eavesdroppers,
        )
        await bulk.stop(sandbox)


def _token(sandbox: Sandbox, shop: SandboxShop) -> str:
    app = sandbox.apps[CLIENT_ID]
    install_app(sandbox, shop, CLIENT_ID)
    granted = auth.grant(
        sandbox,
        shop,
        {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": mint(app, shop, owner(shop), sandbox.clock.now()),
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
            "expiring": "1",
        },
    )
    return str(granted["access_token"])
