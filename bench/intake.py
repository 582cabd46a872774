"""How fast deliveries are taken in: verified and committed before the answer, against a bare handler that
reads and verifies the body, in the same run.

`python -m bench.intake` prints the row by itself.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import orjson

from backend.database import database
from backend.models.live import PendingSubject, Webhook
from backend.models.shop import Role, Shop
from backend.web.webhooks import PATH
from bench.posts import Answers, post, request
from bench.row import Row
from dev.child import Child
from dev.errors import DevError
from dev.paths import ROOT, VENV_PYTHON
from dev.services import Services

DELIVERIES = 10_000
PRODUCTS = 100
CONNECTIONS = 64
# The time of an answer is measured beside, where no more deliveries come than are taken in: at its fastest a
# server has a line before it, and the line's length is what one would measure.
CALM_CONNECTIONS = 16
CALM_DELIVERIES = 3_000
# Rounds alternate between the two, so that what else the machine does meets both.
ROUNDS = 5
WARM_UP = 500

TARGET_RATIO = 0.4
TARGET_P99_SECONDS = 0.050

_DOMAIN = "main.myshopify.com"
_SECRET = "a-secret-of-the-benchmark-that-is-long-enough"  # noqa: S105
_KEY = base64.b64encode(b"k" * 32).decode()
_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """Rates are deliveries a second, the median of the rounds. Percentiles are those of the calm deliveries,
    except `p99_at_full_rate_seconds`. `lost` is how many deliveries, or subjects of them, were answered and
    are not in the database."""

    deliveries: int
    rate: float
    bare_rate: float
    p50_seconds: float
    p99_seconds: float
    p99_at_full_rate_seconds: float
    lost: int

    @property
    def ratio(self) -> float:
        return self.rate / self.bare_rate

    @property
    def ok(self) -> bool:
        return self.ratio >= TARGET_RATIO and self.p99_seconds <= TARGET_P99_SECONDS and self.lost == 0

    def row(self) -> Row:
        return Row(
            "P9",
            "webhook intake, rate against a bare handler that verifies",
            f"{self.deliveries:,} deliveries over {CONNECTIONS} connections, servers as processes",
            "≥ 0.4 ×, p99 ≤ 50 ms, 0 lost",
            f"{self.ratio:.2f} × ({self.rate:,.0f}/s), p99 {self.p99_seconds:.3f} s, {self.lost} lost",
            self.ok,
            self.as_json(),
        )

    def as_json(self) -> dict[str, float | int | bool]:
        return asdict(self) | {"ratio": self.ratio, "ok": self.ok}


def delivery(number: int) -> bytes:
    """Half of them tell of a product, half of its stock, as the app asks for them."""
    ident = 9_007_199_254_740_993 + number % PRODUCTS
    if number % 2:
        topic, payload = "products/update", {"id": ident, "updated_at": "2026-11-20T10:00:00-05:00"}
    else:
        topic = "inventory_levels/update"
        payload = {
            "inventory_item_id": ident,
            "location_id": 24826418,
            "available": number,
            "updated_at": "2026-11-20T10:00:00-05:00",
            "admin_graphql_api_id": f"gid://shopify/InventoryLevel/24826418?inventory_item_id={ident}",
        }
    body = orjson.dumps(payload)
    signature = base64.b64encode(hmac.new(_SECRET.encode(), body, hashlib.sha256).digest()).decode()
    headers = {
        "User-Agent": "Shopify-Captain-Hook",
        "Accept": "*/*",
        "Accept-Encoding": "gzip;q=1.0,deflate;q=0.6,identity;q=0.3",
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature,
        "X-Shopify-Shop-Domain": _DOMAIN,
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": str(uuid4()),
        "X-Shopify-Event-Id": str(uuid4()),
        "X-Shopify-Triggered-At": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z"),
    }
    return request(PATH, headers, body)


async def measure_intake(
    database_url: str, redis_url: str, home: Path, deliveries: int = DELIVERIES
) -> IntakeRow:
    """On a migrated, empty database; the two servers are processes, whose logs go to `home`. Raises DevError
    when one does not come up, or refuses a delivery."""
    environment = {
        "APP_URL": "https://app.test",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SHOPIFY_CLIENT_ID": "client",
        "SHOPIFY_CLIENT_SECRET": _SECRET,
        "ENCRYPTION_KEYS": f"k1:{_KEY}",
        "LOOKUP_KEY": _KEY,
    }
    async with database(database_url):
        await Shop.create(domain=_DOMAIN, role=Role.MAIN)
        own = _server("backend.app:create_app", home, environment)
        bare = _server("bench.bare:create_app", home, environment)
        try:
            for each in (own, bare):
                each.child.start()
            for each in (own, bare):
                await each.wait()
                await post(each.socket, [delivery(number) for number in range(WARM_UP)], CONNECTIONS)
            rounds = [await _round(own, bare, deliveries // ROUNDS) for _ in range(ROUNDS)]
            calm = await post(
                own.socket, [delivery(number) for number in range(CALM_DELIVERIES)], CALM_CONNECTIONS
            )
            lost = WARM_UP + deliveries + CALM_DELIVERIES - await Webhook.all().count()
            lost += PRODUCTS - await PendingSubject.all().count()
        finally:
            for each in (own, bare):
                each.child.stop()
    full = Answers([second for mine, _ in rounds for second in mine.seconds])
    return IntakeRow(
        deliveries=deliveries,
        rate=statistics.median(mine.rate for mine, _ in rounds),
        bare_rate=statistics.median(other.rate for _, other in rounds),
        p50_seconds=calm.percentile(0.5),
        p99_seconds=calm.percentile(0.99),
        p99_at_full_rate_seconds=full.percentile(0.99),
        lost=lost,
    )


@dataclass(frozen=True, slots=True)
class _Server:
    child: Child
    socket: Path

    async def wait(self) -> None:
        async with asyncio.timeout(_START_SECONDS):
            while not self.socket.exists():
                if not self.child.running:
                    raise DevError(f"{self.child.name} did not start:\n{self.child.tail()}")
                await asyncio.sleep(0.05)


def _server(factory: str, home: Path, environment: dict[str, str]) -> _Server:
    name = factory.partition(":")[0]
    socket = Path(tempfile.mkdtemp(prefix="intake-")) / "http"
    argv = [str(VENV_PYTHON), "-m", "uvicorn", "--factory", factory, "--uds", str(socket), "--no-access-log"]
    return _Server(Child(name, argv, home / f"{name}.log", env=environment), socket)


async def _round(own: _Server, bare: _Server, deliveries: int) -> tuple[Answers, Answers]:
    requests = [delivery(number) for number in range(deliveries)]
    found = [await post(each.socket, requests, CONNECTIONS) for each in (own, bare)]
    for each in found:
        if each.refused:
            raise DevError(f"{each.refused} deliveries were refused")
    return found[0], found[1]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
        services = Services(home, durable=True)
        services.start()
        try:
            url = services.databases.create("intake")
            environment = {**os.environ, "DATABASE_URL": url}
            subprocess.run([VENV_PYTHON, "-m", "backend.migrate"], cwd=ROOT, env=environment, check=True)
            row = asyncio.run(measure_intake(url, services.redis_url, home))
        finally:
            services.stop()
    sys.stdout.write(orjson.dumps(row.as_json(), option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0 if row.ok else 1


if __name__ == "__main__":
    sys.exit(main())
