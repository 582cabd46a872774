"""P11 and P12: pages of the API against plain Strawberry that serves them from memory; progress to many."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import orjson
from starlette.applications import Starlette

from backend.app import create_app
from backend.clock import SystemClock
from backend.config import load
from backend.jobs.events import JobEvent, publish
from backend.models.connection import Connection
from backend.models.job import Job, JobKind, JobPhase, JobState, Trigger
from backend.models.link import ProductLink
from backend.models.shop import Role, Shop
from backend.sync.link import LinkOrigin
from backend.web.services import Services
from bench import plain
from bench.measure import Statements
from bench.row import Row, Sizes
from dev.world import SCOPES
from sandbox.app import create_app as create_sandbox
from sandbox.clock import RealClock
from sandbox.commands.shops import add_shop, install_app, register_app
from sandbox.session_token import mint, owner
from sandbox.store.sandbox import Sandbox

_APP = "http://app.test"
_CLIENT = "client-of-the-benchmark"
_SECRET = "a-secret-of-the-benchmark-that-is-long-enough"  # noqa: S105
_KEY = base64.b64encode(b"k" * 32).decode()
_PATIENCE_SECONDS = 60.0

_PAGE = "first: {first}) {{ nodes {{ id {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
JOBS = "query { jobs(" + _PAGE.format(first=50, fields="kind state phase points calls createdAt")
LINKS = "query($c: ID!) { links(connectionId: $c, " + _PAGE.format(
    first=100, fields="mainProductId dependentProductId origin linkedAt"
)


@dataclass(slots=True)
class House:
    """The application and its caller, over ASGI; `token` is of a person in the main shop."""

    app: Starlette
    services: Services
    http: httpx.AsyncClient
    token: str
    main: Shop
    tie: Connection


async def pages(database_url: str, redis_url: str, sizes: Sizes) -> AsyncIterator[Row]:
    """P11. Requests alternate, so that what else the machine does meets both; statements are counted before,
    since counting them takes time."""
    statements = Statements()
    with ExitStack() as counting:
        counting.enter_context(statements.counting())
        async with _house(database_url, redis_url) as house:
            await _fill(house.tie, 400)
            sent = {query: await _statements(house, statements, query) for query in (JOBS, LINKS)}
            counting.close()
            yield await _page(house, sizes, "50 jobs", 50, JOBS, sent[JOBS])
            yield await _page(house, sizes, "100 links", 100, LINKS, sent[LINKS])


async def _statements(house: House, statements: Statements, query: str) -> set[int]:
    """How many statements requests for pages of several sizes take: one number, where it is constant."""
    whole, sent = _body(house, query), set()
    for count in (r"\g<0>", "first: 5", "first: 20"):
        body = whole | {"query": re.sub(r"first: \d+", count, query)}
        await _ask(house.http, house.token, body)  # the first time, the query is parsed and validated
        before = statements.count
        await _ask(house.http, house.token, body)
        sent.add(statements.count - before)
    return sent


def _body(house: House, query: str) -> dict[str, Any]:
    return {"query": query, "variables": {"c": str(house.tie.id)} if "$c" in query else {}}


async def _page(house: House, sizes: Sizes, name: str, count: int, query: str, sent: set[int]) -> Row:
    body = _body(house, query)
    answer = await _ask(house.http, house.token, body)
    [found] = answer["data"].values()
    if len(found["nodes"]) != count:
        raise ValueError(f"a page of {len(found['nodes'])}")
    bare_app = plain.create_app(found["nodes"], found["pageInfo"]["endCursor"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=bare_app), base_url=_APP) as bare:
        if (await _ask(bare, "", body))["data"] != answer["data"]:
            raise ValueError("the two serve different pages")
        own = other = 0.0
        for _ in range(sizes.requests):
            began = time.perf_counter()
            await _ask(house.http, house.token, body)
            own += time.perf_counter() - began
            began = time.perf_counter()
            await _ask(bare, "", body)
            other += time.perf_counter() - began
    return Row(
        "P11",
        f"page of {name}, requests/s against plain Strawberry from memory",
        f"{sizes.requests} requests one by one, over ASGI",
        "constant SQL, ≥ 0.5 ×",
        f"{'/'.join(map(str, sorted(sent)))} SQL, {other / own:.2f} ×",
        len(sent) == 1 and other / own >= 0.5,
        {"own_ms": own / sizes.requests * 1000, "plain_ms": other / sizes.requests * 1000},
    )


async def progress(database_url: str, redis_url: str, sizes: Sizes) -> AsyncIterator[Row]:
    """P12. Every subscriber runs the subscription by itself, as over a socket of its own."""
    async with _house(database_url, redis_url) as house:
        job = await _job(house.tie, state=JobState.RUNNING, phase=JobPhase.APPLY)
        few, many = sizes.subscribers
        cost: dict[int, float] = {}
        delays: list[float] = []
        for count in (few, many):
            delays, cpu = await _told(house, job, count, sizes.events)
            cost[count] = cpu / (count * sizes.events)
    ordered = sorted(delays)
    p99 = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    growth = cost[many] / cost[few]
    yield Row(
        "P12",
        f"{many} subscribers of a job's progress",
        f"{sizes.events} events through Redis to GraphQL subscriptions in one process, without sockets",
        f"all in ≤ 250 ms p99; CPU each ≤ 1.2 × that at {few}",
        f"p99 {p99 * 1000:.0f} ms; {growth:.2f} ×",
        p99 <= 0.25 and growth <= 1.2,
        {"seconds": ordered, "cpu_seconds_each": {str(key): value for key, value in cost.items()}},
    )


async def _told(house: House, job: Job, count: int, events: int) -> tuple[list[float], float]:
    """For every event the seconds until all subscribers have it, and the CPU seconds of all events."""
    seen: list[int] = [0] * count
    arrived = asyncio.Event()
    left = count

    async def listen(number: int) -> None:
        nonlocal left
        query = "subscription($id: ID!) { jobProgress(jobId: $id) { id state progress { done total } } }"
        async for told in _subscription(house, query, {"id": str(job.id)}):
            seen[number] = told["jobProgress"]["progress"]["done"]
            left -= 1
            if left == 0:
                arrived.set()

    await Job.filter(id=job.id).update(done=0, total=1_000_000)
    tasks = [asyncio.create_task(listen(number)) for number in range(count)]
    delays: list[float] = []
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await arrived.wait()
        cpu = time.process_time()
        for number in range(1, events + 1):
            left = count
            arrived.clear()
            await Job.filter(id=job.id).update(done=number)
            began = time.perf_counter()
            event = JobEvent(job.id, house.tie.id, (house.tie.main_id, house.tie.dependent_id))
            await publish(house.services.runtime.redis, event)
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await arrived.wait()
            delays.append(time.perf_counter() - began)
        cpu = time.process_time() - cpu
        if seen != [events] * count:
            raise ValueError("somebody has not got the last event")
        return delays, cpu
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _subscription(house: House, query: str, variables: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """Over server-sent events, spoken with the application directly: no client library in between."""
    messages: asyncio.Queue[bytes] = asyncio.Queue()
    body = orjson.dumps({"query": query, "variables": variables})
    given = asyncio.Queue[dict[str, Any]]()
    given.put_nowait({"type": "http.request", "body": body, "more_body": False})

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            messages.put_nowait(message.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/graphql/stream",
        "raw_path": b"/graphql/stream",
        "query_string": b"",
        "scheme": "http",
        "server": ("app.test", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
        "headers": [
            (b"host", b"app.test"),
            (b"content-type", b"application/json"),
            (b"accept", b"text/event-stream"),
            (b"authorization", f"Bearer {house.token}".encode()),
        ],
    }
    task = asyncio.create_task(house.app(scope, given.get, send))
    try:
        while True:
            text = await messages.get()
            for line in text.decode().splitlines():
                if line.startswith("data:") and '"data"' in line:
                    yield orjson.loads(line.removeprefix("data:"))["data"]
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _ask(http: httpx.AsyncClient, token: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await http.post("/graphql", json=body, headers={"Authorization": f"Bearer {token}"})
    found: dict[str, Any] = orjson.loads(answer.raise_for_status().content)
    if found.get("errors"):
        raise ValueError(f"the API answered {found['errors']}")
    return found


async def _fill(tie: Connection, count: int) -> None:
    for number in range(count):
        await _job(tie)
        await ProductLink.create(
            id=uuid4(),
            connection=tie,
            main_gid=f"gid://shopify/Product/{number + 1}",
            dependent_gid=f"gid://shopify/Product/{10_000 + number}",
            origin=LinkOrigin.SKU,
        )


async def _job(tie: Connection, **given: Any) -> Job:
    facts = {"state": JobState.SUCCEEDED, "phase": JobPhase.DONE} | given
    return await Job.create(
        id=uuid4(), run_id=uuid4(), connection=tie, kind=JobKind.SYNC_ALL, trigger=Trigger.MANUAL, **facts
    )


@asynccontextmanager
async def _house(database_url: str, redis_url: str) -> AsyncIterator[House]:
    sandbox = Sandbox(RealClock(), seed=1)
    register_app(sandbox, _CLIENT, _SECRET, scopes=SCOPES)
    settings = load(
        {
            "APP_URL": _APP,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SHOPIFY_CLIENT_ID": _CLIENT,
            "SHOPIFY_CLIENT_SECRET": _SECRET,
            "SHOPIFY_BASE_URL": sandbox.base_url + "/{shop}",
            "ENCRYPTION_KEYS": f"k1:{_KEY}",
            "LOOKUP_KEY": _KEY,
        }
    )
    app = create_app(settings, clock=SystemClock(), transport=httpx.ASGITransport(create_sandbox(sandbox)))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        transport = httpx.ASGITransport(app=app)
        http = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=_APP))
        shops, tokens = [], []
        for name, role in (("main", Role.MAIN), ("dependent", Role.DEPENDENT)):
            simulated = add_shop(sandbox, f"{name}.myshopify.com")
            install_app(sandbox, simulated, _CLIENT)
            now = sandbox.clock.now()
            tokens.append(mint(sandbox.apps[_CLIENT], simulated, owner(simulated), now))
            await _ask(http, tokens[-1], {"query": "{ shop { id } }"})
            shop = await Shop.get(domain=simulated.domain)
            await Shop.filter(id=shop.id).update(role=role)
            shops.append(shop)
        tie = await Connection.create(id=uuid4(), main=shops[0], dependent=shops[1])
        yield House(app, app.state.services, http, tokens[0], shops[0], tie)
