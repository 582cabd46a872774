"""One main with many dependents: read once for all, and written to at the speed of each one's plan."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from backend.jobs import requests
from backend.models.connection import Connection
from backend.models.job import JobState
from backend.models.mirror import Refresh
from backend.models.shop import Role
from bench.measure import Statements, measured
from bench.requests import Span, until_written, watching
from bench.row import Row, Sizes
from bench.scenarios import MAIN, PRICES_AND_STOCK, VARIANTS, JobFailedError, raise_prices
from dev.world import CLIENT_ID, World
from sandbox import allowance
from sandbox.bucket import Tier
from sandbox.catalogue import Recipe, generate
from sandbox.loading import load
from sandbox.store.shop import Shop

# Hardly more than the fifth that is kept for live work.
_LEFT_BY_OTHERS = 0.21


async def twenty_dependents(world: World, statements: Statements, sizes: Sizes) -> AsyncIterator[Row]:
    """P2: nothing has changed since the first sync of all of them."""
    main, main_row = await world.add_shop(MAIN, Role.MAIN)
    catalogue = list(generate(Recipe(seed=1, variants=VARIANTS, images=0), sizes.shared_products))
    load(main, catalogue)
    connections = []
    for number in range(sizes.dependents):
        shop, row = await world.add_shop(f"dependent-{number}.myshopify.com", Role.DEPENDENT)
        load(shop, catalogue)
        connections.append((await world.connect(main_row, row, PRICES_AND_STOCK)).id)
    await _sync_all(world, connections)
    before = await Refresh.filter(shop_id=main_row.id).count()
    with measured("second", world.traffic, statements, world.clock.monotonic) as found:
        await _sync_all(world, connections)
    reads = await Refresh.filter(shop_id=main_row.id).count() - before
    yield Row(
        "P2",
        f"second sync of {sizes.dependents} dependents, nothing changed",
        f"{sizes.shared_products} products × {VARIANTS} in each shop",
        "0 mutations, main read once",
        f"{found.writes()} mutations, main read {reads}×",
        found.writes() == 0 and reads == 1,
        {"points": found.points, "calls": found.calls, "statements": found.statements},
    )


async def _sync_all(world: World, connections: list[UUID]) -> None:
    world.clock.advance(60)
    jobs = await requests.sync_all(connections, now=world.clock.now())
    await world.drain()
    for job in jobs:
        await job.refresh_from_db()
        if job.state is not JobState.SUCCEEDED:
            raise JobFailedError(f"{job.state}, {job.error_code} {job.error_message}")


async def every_plan(world: World, _statements: Statements, sizes: Sizes) -> AsyncIterator[Row]:
    """P3 and P7: the same prices change for a dependent on each of Shopify's plans, one after the other: from
    a full bucket, and once more when others have spent it, so that there is something to wait for on every
    plan."""
    main, main_row = await world.add_shop(MAIN, Role.MAIN, tier=Tier.ENTERPRISE)
    catalogue = list(generate(Recipe(seed=1, variants=VARIANTS, images=0), sizes.tier_products))
    load(main, catalogue)
    size = f"{sizes.tier_products * VARIANTS:,} prices"
    waiting: list[Span] = []
    for tier in Tier:
        domain = f"{tier.name.lower()}.myshopify.com"
        shop, row = await world.add_shop(domain, Role.DEPENDENT, tier=tier)
        load(shop, catalogue)
        raise_prices(main, sizes.tier_products)
        connection = await world.connect(main_row, row, PRICES_AND_STOCK)
        span = await _write(world, connection, shop)
        yield Row(
            "P3",
            f"changed prices, {tier.name.title()} ({tier.restore_rate} points/s)",
            f"{size}; from a full bucket, with reading them",
            f"≤ {1.10 * span.least_seconds:.1f} virtual s",
            f"{span.seconds:.1f} s",
            span.seconds <= 1.10 * span.least_seconds,
            {"points": span.points, "writes": span.writes, "seconds": span.seconds},
        )
        raise_prices(main, sizes.tier_products, by=-1)
        waiting.append(await _write(world, connection, shop, spent=True))
    requests_sent = sum(len(each.asked) + each.throttled for each in waiting)
    shares = [each.used() or 0.0 for each in waiting]
    throttled = sum(each.throttled for each in waiting) / requests_sent
    yield Row(
        "P7",
        "restore rate used while writes wait, the worst of four plans",
        f"{size}; from a bucket that others have spent",
        "≥ 95 %, ≤ 0.1 % throttled",
        f"{min(shares):.1%}, {throttled:.2%} throttled",
        min(shares) >= 0.95 and throttled <= 0.001,
        {"used": shares, "requests": requests_sent},
    )


async def _write(world: World, connection: Connection, shop: Shop, *, spent: bool = False) -> Span:
    """One sync of what has changed in main; when others have `spent` the bucket, little more than its reserve
    is in it."""
    number = await world.ask(connection)
    if spent:
        allowance.set_available(shop, CLIENT_ID, _LEFT_BY_OTHERS * shop.tier.maximum)
    with watching(world.server, world.clock.monotonic) as asked:
        job = await world.finish(number)
    if job.state is not JobState.SUCCEEDED:
        raise JobFailedError(f"{shop.domain}: {job.state}, {job.error_code} {job.error_message}")
    return until_written(shop.domain, asked, shop.tier.maximum, shop.tier.restore_rate)
