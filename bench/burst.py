"""P6: ten thousand webhooks about a hundred products, taken in while the workers are at work already."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import uuid4

import orjson

from backend.database import connection
from backend.jobs.runner import run_job
from backend.jobs.state import ALIVE
from backend.live.inbox import Arrival, receive
from backend.live.intake import MOST_IN_GROUP
from backend.live.look import look_at
from backend.live.pending import shops_waiting
from backend.live.topics import subjects
from backend.models.job import Job, JobState
from backend.models.live import DirtyProduct, PendingSubject, Webhook
from backend.models.shop import Role
from bench.measure import Statements, measured
from bench.row import Row, Sizes
from bench.scenarios import MAIN, PRICES_AND_STOCK, VARIANTS, JobFailedError
from dev.world import World
from sandbox.bucket import Tier
from sandbox.catalogue import Recipe, generate
from sandbox.edits import edit_variant
from sandbox.loading import load
from sandbox.store.change import Event
from sandbox.store.shop import Shop as SandboxShop
from sandbox.webhook_payloads import payload_of

PRODUCTS = 100
DEPENDENTS = 2
LATENCY_SECONDS = 0.05


async def burst(world: World, statements: Statements, sizes: Sizes) -> AsyncIterator[Row]:
    """Every webhook tells of another price. They are stored by groups, in the one statement that the intake
    uses, while looks and live jobs run in the same loop."""
    main, main_row = await world.add_shop(MAIN, Role.MAIN, tier=Tier.PLUS)
    catalogue = list(generate(Recipe(seed=1, variants=VARIANTS, images=0), PRODUCTS))
    load(main, catalogue)
    dependents = []
    for number in range(DEPENDENTS):
        shop, row = await world.add_shop(f"dependent-{number}.myshopify.com", Role.DEPENDENT, tier=Tier.PLUS)
        load(shop, catalogue)
        dependents.append(shop)
        job = await world.sync(await world.connect(main_row, row, PRICES_AND_STOCK))
        if job.state is not JobState.SUCCEEDED:
            raise JobFailedError(f"{job.state}, {job.error_code} {job.error_message}")
    world.server.settings.latency_seconds = LATENCY_SECONDS
    post = _Post(world, main)
    with measured("burst", world.traffic, statements, world.clock.monotonic) as found:
        await world.drive(_all(post, main, sizes.webhooks))
    writes = {
        shop.domain: found.count(shop.domain).mutations["productVariantsBulkUpdate"] for shop in dependents
    }
    stored = await Webhook.filter(topic="products/update").count()
    wrong = sum(_differing(main, shop) for shop in dependents)
    lost = sizes.webhooks - stored
    most = max(writes.values()) / PRODUCTS
    yield Row(
        "P6",
        f"{sizes.webhooks:,} webhooks about {PRODUCTS} products, {DEPENDENTS} dependents",
        f"{sizes.webhooks:,} prices changed in one go, {LATENCY_SECONDS * 1000:.0f} ms latency, in process",
        "≤ 3 writes per product and dependent, 0 lost",
        f"{most:.2f} writes, {lost} lost, {wrong} prices wrong",
        most <= 3 and lost == 0 and wrong == 0,
        {
            "writes": writes,
            "main_calls": found.count(MAIN).requests,
            "statements": found.statements,
            "cpu_seconds": found.cpu_seconds,
            "virtual_seconds": found.seconds,
        },
    )


class _Post:
    """Makes a delivery of everything that happens in the shop."""

    def __init__(self, world: World, shop: SandboxShop) -> None:
        self._world = world
        self.waiting: list[Arrival] = []
        self.over = False
        shop.listeners.append(lambda event: self._hear(shop, event))

    def _hear(self, shop: SandboxShop, event: Event) -> None:
        if event.topic != "products/update":
            return
        concerned = subjects(event.topic, orjson.dumps(payload_of(shop, event)))
        now = self._world.clock.now()
        self.waiting.append(Arrival(str(uuid4()), str(uuid4()), shop.domain, event.topic, now, concerned))

    async def carry(self) -> None:
        """Bring what waits to the inbox, a group at a time."""
        while self.waiting:
            group, self.waiting = self.waiting[:MOST_IN_GROUP], self.waiting[MOST_IN_GROUP:]
            await receive(connection(), group, self._world.clock.now())


async def _all(post: _Post, main: SandboxShop, webhooks: int) -> None:
    await asyncio.gather(_edit(post, main, webhooks), _work(post))


async def _edit(post: _Post, main: SandboxShop, webhooks: int) -> None:
    """A cent more each time: nothing that the brake would hold."""
    variants = [next(iter(each.variants)) for each in main.products]
    for number in range(webhooks):
        variant = variants[number % PRODUCTS]
        edit_variant(main, variant, "price", str(variant.price + Decimal("0.01")))
        if len(post.waiting) >= MOST_IN_GROUP:
            await post.carry()
    await post.carry()
    post.over = True


async def _work(post: _Post) -> None:
    """What the workers do, until nothing is left."""
    world = post._world
    while True:
        over, now = post.over, world.clock.now()
        looks = [look_at(shop, world.runtime) for shop in await shops_waiting(now)]
        jobs = [run_job(each.id, world.runtime) for each in await Job.filter(state__in=list(ALIVE))]
        await asyncio.gather(*looks, *jobs)
        if looks or jobs:
            continue
        if await PendingSubject.filter(set_aside_at=None).exists() or await DirtyProduct.all().exists():
            await world.clock.sleep(0.1)
        elif over:
            return
        else:
            await world.clock.sleep(0.001)


def _differing(main: SandboxShop, dependent: SandboxShop) -> int:
    """Variants of the same SKU at another price."""
    wanted = {each.item.sku: each.price for each in main.variants}
    return sum(wanted[each.item.sku] != each.price for each in dependent.variants)
