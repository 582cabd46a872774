"""P10: loading the mirror, and matching and comparing what it holds: against what the same data cost when
they are only stored, or only read."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from tortoise.transactions import in_transaction

from backend.database import connection, execute, execute_many
from backend.jobs.context import load_context
from backend.jobs.mirror_write import put_products
from backend.models.connection import Connection
from backend.models.job import Job, JobKind, JobPhase, JobState, Trigger
from backend.models.shop import Role, Shop
from backend.shopify.wanted import Wanted
from backend.sync.catalog import (
    InventoryItemId,
    LocationId,
    Option,
    OptionValue,
    Product,
    ProductId,
    Variant,
    VariantId,
)
from bench.measure import Measured, Statements, measured
from bench.row import Row, Sizes
from bench.scenarios import MAIN, PRICES_AND_STOCK, VARIANTS, JobFailedError
from dev.world import World

PAGE = 250
_OBSERVED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_PLAIN = """
INSERT INTO plain_variant (shop_id, gid, product_gid, inventory_item_gid, position, sku, match_sku, price,
                           compare_at_price, tracked, details, observed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12)
"""
_PLAIN_PRODUCT = """
INSERT INTO plain_product (shop_id, gid, title, handle, status, vendor, product_type, tags, origin, details,
                           updated_at, observed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10::jsonb, $11, $12)
"""
_PLAIN_STOCK = """
INSERT INTO plain_stock (shop_id, inventory_item_gid, location_gid, available, observed_at)
VALUES ($1, $2, $3, $4, $5)
"""
_TABLES = ("product", "variant", "stock")


async def engine(world: World, statements: Statements, sizes: Sizes) -> AsyncIterator[Row]:
    _, main = await world.add_shop(MAIN, Role.MAIN)
    _, dependent = await world.add_shop("equal.myshopify.com", Role.DEPENDENT)
    tie = await world.connect(main, dependent, PRICES_AND_STOCK)
    products = sizes.variants // VARIANTS
    size = f"{sizes.variants:,} variants in each of two shops"
    plain = await _store_plainly(main, products)
    own = sum([await _load(shop, products) for shop in (main, dependent)]) / 2
    await execute(connection(), "ANALYZE")
    yield Row(
        "P10",
        "loading the mirror, rows/s against bare executemany",
        f"{sizes.variants:,} variants",
        "≥ 0.5 ×",
        f"{plain / own:.2f} × ({_rows(products) / own:,.0f} against {_rows(products) / plain:,.0f})",
        plain / own >= 0.5,
        {"own_seconds": own, "plain_seconds": plain},
    )
    baseline = sum(_read_plainly(shop, products) for shop in ("main", "dependent"))
    quarter = await _plan(world, statements, tie, products // 4)
    whole = await _plan(world, statements, tie, products)
    ratio = whole.cpu_seconds / baseline
    yield Row(
        "P10",
        "match and compare, CPU against parsing and hashing JSONL",
        size,
        "≤ 10 ×",
        f"{ratio:.1f} × ({whole.cpu_seconds:.1f} s against {baseline:.1f} s)",
        ratio <= 10,
        {"cpu_seconds": whole.cpu_seconds, "plain_seconds": baseline, "statements": whole.statements},
    )
    growth = whole.cpu_seconds / quarter.cpu_seconds
    yield Row(
        "P10",
        "match and compare, memory beyond the start and growth",
        size,
        "≤ 256 MiB, 4 × the variants ≤ 4.4 × the CPU",
        f"{whole.peak_mib:.0f} MiB, {growth:.2f} ×",
        whole.peak_mib <= 256 and growth <= 4.4,
        {"peak_mib": whole.peak_mib, "quarter_cpu_seconds": quarter.cpu_seconds},
    )


async def _plan(world: World, statements: Statements, tie: Connection, products: int) -> Measured:
    """A preview of the first so many products, from the mirror alone."""
    job = await Job.create(
        id=uuid4(),
        run_id=uuid4(),
        connection=tie,
        kind=JobKind.PREVIEW,
        trigger=Trigger.MANUAL,
        state=JobState.QUEUED,
        phase=JobPhase.PLAN,
        payload={"main_products": [_gid("Product", "main", number) for number in range(products)]},
    )
    job.cursor = {"basis": (await load_context(job)).basis}
    await job.save(update_fields=["cursor"])
    with measured("plan", world.traffic, statements, world.clock.monotonic) as found:
        job = await world.finish(job.id)
    if job.state is not JobState.SUCCEEDED:
        raise JobFailedError(f"{job.state}, {job.error_code} {job.error_message}")
    matched = sum(number for name, number in job.counts.items() if name.startswith("products."))
    if matched != products or found.calls:
        raise JobFailedError(f"{job.counts} of {products} products, {found.calls} calls")
    return found


async def _load(shop: Shop, products: int) -> float:
    """Seconds to store the shop's catalogue as a read does, page by page."""
    wanted = Wanted.by(PRICES_AND_STOCK)
    seconds = 0.0
    for page in _pages(_name(shop), str(shop.primary_location_gid), products):
        began = time.perf_counter()
        async with in_transaction() as client:
            await put_products(client, shop.id, page, wanted, _OBSERVED)
        seconds += time.perf_counter() - began
    return seconds


async def _store_plainly(shop: Shop, products: int) -> float:
    """Seconds to insert the same rows, made before, into tables with the same columns and indexes."""
    for table in _TABLES:
        await execute(connection(), f"CREATE TABLE plain_{table} (LIKE mirror_{table} INCLUDING ALL)")
    seconds = 0.0
    for page in _pages("main", str(shop.primary_location_gid), products):
        product_rows, variant_rows, stock_rows = _rows_of(shop.id, page)
        began = time.perf_counter()
        async with in_transaction() as client:
            await execute_many(client, _PLAIN_PRODUCT, product_rows)
            await execute_many(client, _PLAIN, variant_rows)
            await execute_many(client, _PLAIN_STOCK, stock_rows)
        seconds += time.perf_counter() - began
    for table in _TABLES:
        await execute(connection(), f"DROP TABLE plain_{table}")
    return seconds


def _rows_of(shop: UUID, page: list[Product]) -> tuple[list[tuple[object, ...]], ...]:
    products: list[tuple[object, ...]] = []
    variants: list[tuple[object, ...]] = []
    stock: list[tuple[object, ...]] = []
    for each in page:
        facts = (each.title, each.handle, each.status.value, each.vendor, each.product_type)
        products.append((shop, each.id, *facts, "[]", "", "{}", None, _OBSERVED))
        for one in each.variants:
            values = (one.position, one.sku, one.sku, one.price, one.compare_at_price, one.tracked)
            variants.append((shop, one.id, each.id, one.inventory_item_id, *values, "{}", _OBSERVED))
            levels = one.stock.items()
            stock.extend((shop, one.inventory_item_id, place, count, _OBSERVED) for place, count in levels)
    return products, variants, stock


def _read_plainly(shop: str, products: int) -> float:
    """CPU seconds to parse the catalogue, a line for each product, and to hash every line."""
    seconds = 0.0
    for page in _pages(shop, "gid://shopify/Location/1", products):
        lines = [json.dumps(_as_json(each)).encode() for each in page]
        began = time.process_time()
        for line in lines:
            json.loads(line)
            hashlib.sha256(line).digest()
        seconds += time.process_time() - began
    return seconds


def _as_json(product: Product) -> dict[str, object]:
    return {
        "id": product.id,
        "title": product.title,
        "handle": product.handle,
        "status": product.status.value,
        "vendor": product.vendor,
        "productType": product.product_type,
        "tags": list(product.tags),
        "variants": [
            {
                "id": each.id,
                "sku": each.sku,
                "position": each.position,
                "price": str(each.price),
                "compareAtPrice": None,
                "inventoryItem": {"id": each.inventory_item_id, "tracked": each.tracked},
                "selectedOptions": [{"name": one.option, "value": one.value} for one in each.options],
                "inventoryLevels": [
                    {"location": place, "available": count} for place, count in each.stock.items()
                ],
            }
            for each in product.variants
        ],
    }


def _pages(shop: str, location: str, products: int) -> Iterator[list[Product]]:
    for first in range(0, products, PAGE):
        numbers = range(first, min(first + PAGE, products))
        yield [_product(shop, LocationId(location), number) for number in numbers]


def _product(shop: str, location: LocationId, number: int) -> Product:
    sizes = ("XS", "S", "M", "L", "XL")
    return Product(
        ProductId(_gid("Product", shop, number)),
        title=f"Product {number}",
        handle=f"product-{number}",
        vendor="Casa Olmo",
        product_type="Apparel",
        options=(Option("Size", sizes),),
        variants=tuple(
            Variant(
                VariantId(_gid("ProductVariant", shop, number * VARIANTS + place)),
                InventoryItemId(_gid("InventoryItem", shop, number * VARIANTS + place)),
                options=(OptionValue("Size", sizes[place]),),
                position=place + 1,
                sku=f"SKU-{number:07}-{place}",
                price=Decimal(number % 90 + 10),
                tracked=True,
                stock={location: number % 40},
            )
            for place in range(VARIANTS)
        ),
    )


def _gid(kind: str, shop: str, number: int) -> str:
    return f"gid://shopify/{kind}/{(1 if shop == 'main' else 5) * 10**12 + number}"


def _name(shop: Shop) -> str:
    return "main" if shop.role is Role.MAIN else "dependent"


def _rows(products: int) -> int:
    return products * (1 + 2 * VARIANTS)
