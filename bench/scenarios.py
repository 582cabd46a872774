"""The work that is measured, each with its target in points or calls, which no machine's noise can touch.

The read minimum is what pages cost by Shopify's formula over the owned fields alone, or what bulk operations
cost; the run decides which of the two it takes.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass

from backend.models.job import Job, JobState
from backend.models.shop import Role
from backend.sync.settings import ProductScope, SyncSettings
from bench.measure import Measured, Statements, measured
from dev.world import World
from sandbox.catalogue import Recipe, generate
from sandbox.commands.inventory import set_available
from sandbox.edits import edit_variant
from sandbox.place import place
from sandbox.web.traffic import Traffic

VARIANTS = 5
IMAGES = 5
DOMAINS = ("main.myshopify.com", "equal.myshopify.com", "empty.myshopify.com")


@dataclass(frozen=True, slots=True)
class Result:
    """`target` and `reached` are in `unit`; `ok` says whether the target is met."""

    measured: Measured
    unit: str
    target: float
    reached: float
    job: str

    @property
    def ok(self) -> bool:
        return self.reached <= self.target


async def run(world: World, traffic: Traffic, statements: Statements, products: int) -> AsyncIterator[Result]:
    """All scenarios over one main with `products` × 5 variants, an equal dependent and an empty one."""
    main_domain, equal_domain, empty_domain = DOMAINS
    main, main_row = await world.add_shop(main_domain, Role.MAIN)
    equal, equal_row = await world.add_shop(equal_domain, Role.DEPENDENT)
    empty, empty_row = await world.add_shop(empty_domain, Role.DEPENDENT)
    recipe = Recipe(seed=1, variants=VARIANTS, images=IMAGES)
    for shop in (main, equal):
        for draft in generate(recipe, products):
            place(shop, draft, settled=True)

    prices_and_stock = SyncSettings(products=ProductScope.MATCHED, prices=True, quantities=True)
    everything = SyncSettings(products=ProductScope.ALL, details=True, prices=True, quantities=True)
    connection = await world.connect(main_row, equal_row, prices_and_stock)
    pages = page_minimum(products)

    def result(found: Measured, job: Job, unit: str, target: float, reached: float) -> Result:
        if job.state is not JobState.SUCCEEDED:
            raise SystemExit(f"{found.name}: the job ended {job.state}, {job.error_code} {job.error_message}")
        return Result(found, unit, target, reached, f"{job.strategy} {job.counts}")

    async def sync(name: str) -> tuple[Measured, Job]:
        with measured(name, traffic, statements, world.clock.monotonic) as found:
            job = await world.sync(connection)
        return found, job

    for name in ("first sync, dependent equal", "second sync, nothing changed"):
        found, job = await sync(name)
        written = sum(found.mutations(equal_domain).values()) + sum(found.mutations(main_domain).values())
        yield result(found, job, "mutations", 0, written)
        yield result(found, job, "points", 1.10 * 2 * pages, found.points)

    catalogue = list(main.products)
    for product in catalogue[: products // VARIANTS]:
        for variant in product.variants:
            edit_variant(main, variant, "price", str(variant.price + 1))
    found, job = await sync("changed prices, all variants of a product")
    changed = products // VARIANTS
    writes = found.traffic[equal_domain].mutations["productVariantsBulkUpdate"]
    yield result(found, job, "calls", changed, writes)
    target = 1.10 * changed * (10 + 0.2 * VARIANTS)
    yield result(found, job, "points", target, writes * math.ceil(10 + 0.2 * VARIANTS))

    for product in catalogue:
        item = product.variants[0].item
        level = item.levels[main.primary_location.id]
        set_available(main, item, main.primary_location, level.available + 3)
    found, job = await sync("changed stock, one level per product")
    allowed = math.ceil(1.04 * products / 250)
    yield result(
        found, job, "calls", allowed, found.traffic[equal_domain].mutations["inventorySetQuantities"]
    )

    connection = await world.connect(main_row, empty_row, everything)
    found, job = await sync("first sync, dependent empty")
    yield result(found, job, "products missing", 0, len(main.products) - len(empty.products))


def page_minimum(products: int) -> int:
    """Points to read prices and stock of a catalogue by pages of 250: ids of products, then variants with their
    item and its level at one location."""

    def connection(children: int) -> int:
        return 2 + math.floor(2 * math.log(250)) * (1 + children)

    product_pages = math.ceil(products / 250) * connection(0)
    variant_pages = math.ceil(products * VARIANTS / 250) * connection(4)
    return product_pages + variant_pages
