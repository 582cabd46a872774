"""P8: how long a change takes from main to its dependents, on the real stack: every process, PostgreSQL,
Redis, webhooks over HTTP, and a sandbox that takes 50 ms for each answer."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from backend.database import connection, database, rows
from bench.row import Row, Sizes
from dev.errors import DevError
from dev.owners import Owners
from dev.stack import Stack

LATENCY_SECONDS = 0.05
PRODUCTS = 50
_PATIENCE_SECONDS = 60.0
_FIRST_SYNC_SECONDS = 1800.0
# In which the edits of one row have to find room.
_MOST_SYNCS = 100
_VALUES = {"products": "MATCHED", "details": False, "prices": True, "quantities": True}
# All of the changes that came by themselves, one column for the change and one for its connection.
_ARRIVED = """
SELECT c.id, c.connection_id, c.after #>> '{}' AS after, c.happened_at, c.applied_at FROM change c
JOIN job j ON j.id = c.job_id AND j.kind = 'LIVE' JOIN connection k ON k.id = c.connection_id
JOIN shop m ON m.id = k.main_id
WHERE c.field = $1 AND c.state = 'APPLIED' AND m.domain = $2 ORDER BY c.id
"""


async def measure_delay(home: Path, sizes: Sizes) -> AsyncIterator[Row]:
    """Raises DevError when something does not come up, or does not arrive."""
    with running(home) as (stack, owners):
        async with database(stack.urls.database):
            yield await _prices(owners, sizes)
            yield await _stock(owners, sizes)


@contextmanager
def running(home: Path) -> Iterator[tuple[Stack, Owners]]:
    """The whole product with an empty sandbox. Raises DevError when something does not come up."""
    stack = Stack(home, scenario="empty")
    stack.start()
    try:
        with Owners(stack.urls.sandbox, stack.urls.app) as owners:
            yield stack, owners
    finally:
        stack.stop()


async def _prices(owners: Owners, sizes: Sizes) -> Row:
    dependents = [f"many-{number}" for number in range(sizes.dependents)]
    _family(owners, "many-main", dependents, PRODUCTS)
    variants = _variants(owners, "many-main")
    owners.control("PATCH", "settings", latencySeconds=LATENCY_SECONDS)
    arrivals = _Arrivals("PRICE", "many-main")
    delays = []
    for number in range(sizes.edits):
        round_, place = divmod(number, len(variants))
        variant, price = variants[place]
        price += Decimal("0.01") * (1 + round_)
        owners.control("PATCH", f"{_shop('many-main')}/variants/{variant}", price=str(price))
        delays.append(max(await arrivals.next(len(dependents))))
    owners.control("PATCH", "settings", latencySeconds=0)
    p50, p99 = _percentile(delays, 0.5), _percentile(delays, 0.99)
    return Row(
        "P8",
        f"a price until it stands in the last of {len(dependents)} dependents",
        f"{sizes.edits} edits one by one, Enterprise; real stack, {LATENCY_SECONDS * 1000:.0f} ms latency",
        "p50 ≤ 1 s, p99 ≤ 3 s",
        f"p50 {p50:.2f} s, p99 {p99:.2f} s",
        p50 <= 1 and p99 <= 3,
        {"seconds": delays},
    )


async def _stock(owners: Owners, sizes: Sizes) -> Row:
    connections = _family(owners, "large-main", ["large-near"], sizes.large_products, variants=5)
    variants = [each for each, _ in _variants(owners, "large-main")]
    owners.control("PATCH", "settings", latencySeconds=LATENCY_SECONDS)
    arrivals = _Arrivals("STOCK", "large-main")

    async def sell(number: int) -> float:
        address = f"{_shop('large-main')}/variants/{variants[number % len(variants)]}/stock"
        owners.control("PUT", address, change=1)
        return max(await arrivals.next(1))

    idle = [await sell(number) for number in range(sizes.edits)]
    busy: list[float] = []
    syncs, sold = 0, sizes.edits
    while len(busy) < sizes.edits:
        syncs += 1
        prices = {"priceRules": {"percent": str(1 + syncs % 9)}}
        job = owners.save("large-near", connections["large-near"], prices)
        running, _ = owners.is_under_way("large-near", job)
        while running and len(busy) < sizes.edits:
            busy.append(await sell(sold))
            sold += 1
            running, _ = owners.is_under_way("large-near", job)
        if not owners.wait({"large-near": job}, _FIRST_SYNC_SECONDS):
            raise DevError("The full sync does not end.")
        if syncs > _MOST_SYNCS:
            raise DevError(f"{syncs} full syncs left time for {len(busy)} edits only.")
    owners.control("PATCH", "settings", latencySeconds=0)
    p99_idle, p99_busy = _percentile(idle, 0.99), _percentile(busy, 0.99)
    return Row(
        "P8",
        "stock while full syncs of all prices run, against idle",
        f"{sizes.large_products:,} products × 5, Enterprise; {len(busy)} edits in {syncs} syncs; real stack",
        "p99 ≤ 1.5 × idle",
        f"p99 {p99_busy:.2f} s = {p99_busy / p99_idle:.2f} × idle ({p99_idle:.2f} s)",
        len(busy) >= sizes.edits and p99_busy <= 1.5 * p99_idle,
        {"idle_seconds": idle, "busy_seconds": busy, "full_syncs": syncs},
    )


def _family(
    owners: Owners, main: str, dependents: list[str], products: int, variants: int = 1
) -> dict[str, str]:
    """Equal shops, connected and synced; connections by dependent."""
    for handle in (main, *dependents):
        domain = f"{handle}.myshopify.com"
        owners.control("POST", "shops", domain=domain, tier="ENTERPRISE", locations=["Warehouse"])
        left = products
        while left:
            count = min(5_000, left)
            owners.control(
                "POST",
                f"{_shop(handle)}/catalogue",
                count=count,
                start=products - left,
                seed=1,
                variants=variants,
                images=0,
            )
            left -= count
    key = owners.open(main, "MAIN")
    connections = {handle: owners.join(handle, key) for handle in dependents}
    jobs = {handle: owners.save(handle, each, _VALUES) for handle, each in connections.items()}
    if not owners.wait(jobs, _FIRST_SYNC_SECONDS):
        raise DevError("The first sync does not end.")
    return connections


def _variants(owners: Owners, handle: str) -> list[tuple[str, Decimal]]:
    """Number and price of the first variant of each of the shop's first products whose stock is tracked."""
    found: Any = owners.control("GET", f"{_shop(handle)}/products?first=250")
    firsts = [each["variants"][0] for each in found]
    return [(each["id"].rsplit("/", 1)[1], Decimal(each["price"])) for each in firsts if each["tracked"]]


class _Arrivals:
    """Changes that came by themselves, each told once."""

    def __init__(self, field: str, main: str) -> None:
        self._field = field
        self._main = f"{main}.myshopify.com"
        self._seen: set[int] = set()

    async def next(self, dependents: int) -> list[float]:
        """Seconds from the event in main until each of so many dependents has it. Raises DevError when that
        takes too long."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        found: dict[Any, list[float]] = defaultdict(list)
        while len(found) < dependents:
            for row in await rows(connection(), _ARRIVED, self._field, self._main):
                if row["id"] in self._seen:
                    continue
                self._seen.add(row["id"])
                delay = row["applied_at"] - row["happened_at"]
                found[row["connection_id"]].append(delay.total_seconds())
            if time.monotonic() > deadline:
                raise DevError(f"A change has come to {len(found)} of {dependents} dependents only.")
            await asyncio.sleep(0.02)
        return [max(each) for each in found.values()]


def _shop(handle: str) -> str:
    return f"shops/{handle}.myshopify.com"


def _percentile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
