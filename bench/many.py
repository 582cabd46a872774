"""One main with many dependents: read once for all, and written to at the speed of each one's plan."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from backend.jobs import requests
from backend.models.job import JobState
from backend.models.mirror import Refresh
from backend.models.shop import Role
from bench.measure import Statements, measured
from bench.requests import Span, watching, writes_to
from bench.row import Row, Sizes
from bench.scenarios import MAIN, PRICES_AND_STOCK, VARIANTS, JobFailedError, raise_prices
from dev.world import World
from sandbox.bucket import Tier
from sandbox.catalogue import Recipe, generate
from sandbox.loading import load


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
    """P3 and P7: the same prices change for a dependent on each of Shopify's plans, one after the other."""
    main, main_row = await world.add_shop(MAIN, Role.MAIN, tier=Tier.ENTERPRISE)
    catalogue = list(generate(Recipe(seed=1, variants=VARIANTS, images=0), sizes.tier_products))
    load(main, catalogue)
    size = f"{sizes.tier_products * VARIANTS:,} prices"
    spans: list[Span] = []
    for tier in Tier:
        domain = f"{tier.name.lower()}.myshopify.com"
        shop, row = await world.add_shop(domain, Role.DEPENDENT, tier=tier)
        load(shop, catalogue)
        raise_prices(main, sizes.tier_products)
        connection = await world.connect(main_row, row, PRICES_AND_STOCK)
        with watching(world.server, world.clock.monotonic) as asked:
            job = await world.sync(connection)
        if job.state is not JobState.SUCCEEDED:
            raise JobFailedError(f"{tier.name}: {job.state}, {job.error_code} {job.error_message}")
        span = writes_to(domain, asked, tier.maximum, tier.restore_rate)
        spans.append(span)
        yield Row(
            "P3",
            f"changed prices, {tier.name.title()} ({tier.restore_rate} points/s)",
            size,
            f"≤ {1.10 * span.least_seconds:.1f} virtual s of writing",
            f"{span.seconds:.1f} s",
            span.seconds <= 1.10 * span.least_seconds,
            {"points": span.points, "spare": span.spare, "seconds": span.seconds},
        )
    requests_sent = sum(len(each.asked) + each.throttled for each in spans)
    shares = [share for each in spans if (share := each.used()) is not None]
    throttled = sum(each.throttled for each in spans) / requests_sent
    yield Row(
        "P7",
        "restore rate used while writes wait, the worst plan",
        f"{size}; {len(shares)} of {len(spans)} plans had to wait",
        "≥ 95 %, ≤ 0.1 % throttled",
        f"{min(shares):.1%}, {throttled:.2%} throttled",
        min(shares) >= 0.95 and throttled <= 0.001,
        {"used": shares, "requests": requests_sent},
    )
