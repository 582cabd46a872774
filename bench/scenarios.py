"""The work that is measured, each with its target in points or calls, which no machine's noise can touch."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from backend.models.connection import Connection
from backend.models.job import Job, JobState
from backend.models.mirror import Refresh
from backend.models.shop import Role
from backend.shopify.strategy import Kind
from backend.sync.settings import ProductScope, SyncSettings
from bench import minimum
from bench.measure import Measured, Statements, measured
from bench.row import Row, Sizes
from dev.world import World
from sandbox.catalogue import Recipe, generate
from sandbox.commands.inventory import set_available
from sandbox.edits import edit_variant
from sandbox.loading import load
from sandbox.store.shop import Shop

VARIANTS = 5
IMAGES = 5
# Points of a product with 5 variants and 5 images, created by itself, and of publishing it: a mutation of its
# own, without which nobody sees what was created (decision 0027).
CREATING, PUBLISHING = 22, 10
MAIN, EQUAL, EMPTY = DOMAINS = ("main.myshopify.com", "equal.myshopify.com", "empty.myshopify.com")

PRICES_AND_STOCK = SyncSettings(products=ProductScope.MATCHED, prices=True, quantities=True)
EVERYTHING = SyncSettings(products=ProductScope.ALL, details=True, prices=True, quantities=True)


class JobFailedError(Exception):
    """What was to be measured did not come to its end."""


@dataclass(frozen=True, slots=True)
class Result:
    """`target` and `reached` are in `unit`; `ok` says whether the target is met."""

    id: str
    measured: Measured
    unit: str
    target: float
    reached: float
    job: str
    note: str = ""

    @property
    def ok(self) -> bool:
        return self.reached <= self.target

    def row(self, size: str) -> Row:
        found = self.measured
        return Row(
            self.id,
            found.name,
            f"{size}; {self.note}" if self.note else size,
            f"≤ {self.target:,.0f} {self.unit}" if self.target else f"0 {self.unit}",
            f"{self.reached:,.0f}",
            self.ok,
            as_json(self),
        )


async def catalogue(world: World, statements: Statements, sizes: Sizes) -> AsyncIterator[Row]:
    """P1 to P5."""
    async for each in run(world, statements, sizes.products):
        yield each.row(f"{sizes.products:,} products × {VARIANTS}")


async def run(world: World, statements: Statements, products: int) -> AsyncIterator[Result]:
    """All scenarios over one main with `products` × 5 variants, an equal dependent and an empty one."""
    main, main_row = await world.add_shop(MAIN, Role.MAIN)
    equal, equal_row = await world.add_shop(EQUAL, Role.DEPENDENT)
    empty, empty_row = await world.add_shop(EMPTY, Role.DEPENDENT)
    for shop in (main, equal):
        load(shop, generate(Recipe(seed=1, variants=VARIANTS, images=IMAGES), products))
    connection = await world.connect(main_row, equal_row, PRICES_AND_STOCK)

    async def sync(name: str, over: Connection = connection) -> tuple[Measured, Job]:
        with measured(name, world.traffic, statements, world.clock.monotonic) as found:
            job = await world.sync(over)
        if job.state is not JobState.SUCCEEDED:
            raise JobFailedError(f"{name}: {job.state}, {job.error_code} {job.error_message}")
        return found, job

    def result(
        number: int, found: Measured, job: Job, unit: str, target: float, reached: float, note: str = ""
    ) -> Result:
        return Result(f"P{number}", found, unit, target, reached, f"{job.strategy} {job.counts}", note)

    idle = Measured("")
    for number, name in ((1, "first sync, dependent equal"), (2, "second sync, nothing changed")):
        idle, job = await sync(name)
        ways, least = await read_minimum(job, products, mirrored=number > 1)
        yield result(number, idle, job, "mutations", 0, idle.writes())
        yield result(number, idle, job, "points", 1.10 * least, idle.points, f"read by {ways}")

    changed = products // VARIANTS
    raise_prices(main, changed)
    found, job = await sync("changed prices, all variants of a product")
    made = found.count(EQUAL).mutations["productVariantsBulkUpdate"]
    yield result(3, found, job, "calls", changed, made)
    target = 1.10 * changed * (10 + 0.2 * VARIANTS)
    yield result(3, found, job, "points", target, found.count(EQUAL).points - idle.count(EQUAL).points)

    change_stock(main)
    found, job = await sync("changed stock, one level per product")
    made = found.count(EQUAL).mutations["inventorySetQuantities"]
    yield result(4, found, job, "calls", math.ceil(1.04 * products / 250), made)

    found, job = await sync(
        "first sync, dependent empty", await world.connect(main_row, empty_row, EVERYTHING)
    )
    yield result(5, found, job, "products missing", 0, len(main.products) - len(empty.products))
    target = 1.10 * (CREATING + PUBLISHING) * products
    note = f"{CREATING} points to create a product and {PUBLISHING} to publish it"
    yield result(5, found, job, "points", target, found.count(EMPTY).points, note)


async def read_minimum(job: Job, products: int, *, mirrored: bool) -> tuple[str, int]:
    """For both shops: the ways in which they were read, and the least that these cost."""
    variants = products * VARIANTS
    ways, least = set(), 0
    for number in (job.main_refresh_id, job.dependent_refresh_id):
        refresh = await Refresh.get(id=number)
        ways.add(refresh.strategy)
        match refresh.strategy:
            case Kind.BULK:
                least += minimum.in_bulk(products, variants, mirrored=mirrored)
            case Kind.MIXED:
                least += minimum.mixed(products, variants, mirrored=mirrored)
            case _:
                least += minimum.by_pages(products, variants, mirrored=mirrored)
    return " and ".join(sorted(ways)), least


def raise_prices(shop: Shop, products: int, by: int = 1) -> None:
    for product in list(shop.products)[:products]:
        for variant in product.variants:
            edit_variant(shop, variant, "price", str(variant.price + by))


def change_stock(shop: Shop) -> None:
    """One level of every product."""
    for product in shop.products:
        item = product.variants[0].item
        level = item.levels[shop.primary_location.id]
        set_available(shop, item, shop.primary_location, level.available + 3)


def as_json(result: Result) -> dict[str, Any]:
    found = result.measured
    return {
        "work": found.name,
        "unit": result.unit,
        "target": result.target,
        "reached": result.reached,
        "ok": result.ok,
        "points": found.points,
        "calls": found.calls,
        "statements": found.statements,
        "cpu_seconds": found.cpu_seconds,
        "virtual_seconds": found.seconds,
        "peak_mib": found.peak_mib,
        "traffic": {shop: count.as_json() for shop, count in found.traffic.items()},
        "job": result.job,
    }
