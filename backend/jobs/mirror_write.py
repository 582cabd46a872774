"""Writing the mirror: upserts that never let an older observation replace a newer one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, execute_many
from backend.jobs.mirror import product_details, variant_details
from backend.jobs.under_way import NOTHING, SOON, UnderWay, under_way
from backend.live.pending import Mark, mark_pending
from backend.models.live import SubjectKind
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, LocationId, Product, ProductId, Variant

_PRODUCT = """
INSERT INTO mirror_product (shop_id, gid, title, handle, status, vendor, product_type, tags, origin, details,
                            updated_at, observed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, coalesce($9, ''), $10::jsonb, $11, $12)
ON CONFLICT (shop_id, gid) DO UPDATE SET
    title = excluded.title, handle = excluded.handle, status = excluded.status, vendor = excluded.vendor,
    product_type = excluded.product_type, tags = excluded.tags, origin = coalesce($9, mirror_product.origin),
    details = mirror_product.details || excluded.details,
    updated_at = coalesce(excluded.updated_at, mirror_product.updated_at),
    observed_at = greatest(mirror_product.observed_at, excluded.observed_at), gone_at = NULL
WHERE mirror_product.observed_at <= excluded.observed_at OR $13
"""
_VARIANT = """
INSERT INTO mirror_variant (shop_id, gid, product_gid, inventory_item_gid, position, sku, match_sku, price,
                            compare_at_price, tracked, details, observed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12)
ON CONFLICT (shop_id, gid) DO UPDATE SET
    product_gid = excluded.product_gid, inventory_item_gid = excluded.inventory_item_gid,
    position = excluded.position, sku = excluded.sku, match_sku = excluded.match_sku, price = excluded.price,
    compare_at_price = excluded.compare_at_price, tracked = excluded.tracked,
    details = mirror_variant.details || excluded.details,
    observed_at = greatest(mirror_variant.observed_at, excluded.observed_at), gone_at = NULL
WHERE mirror_variant.observed_at <= excluded.observed_at OR $13
"""
_STOCK = """
INSERT INTO mirror_stock (shop_id, inventory_item_gid, location_gid, available, observed_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (shop_id, inventory_item_gid, location_gid) DO UPDATE SET
    available = excluded.available, observed_at = greatest(mirror_stock.observed_at, excluded.observed_at)
WHERE mirror_stock.observed_at <= excluded.observed_at OR $6
"""
_GONE_PRODUCTS = """
UPDATE mirror_product SET gone_at = $3, observed_at = $3
WHERE shop_id = $1 AND gid = ANY($2::text[]) AND gone_at IS NULL AND observed_at <= $3
"""
_GONE_VARIANTS = """
UPDATE mirror_variant SET gone_at = $3, observed_at = $3
WHERE shop_id = $1 AND (gid = ANY($2::text[]) OR product_gid = ANY($4::text[])) AND gone_at IS NULL
  AND observed_at <= $3
"""


# A page of a read and the outcomes of writes touch the same rows, each in an order of its own: who comes
# second waits before it holds any of them.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"


async def lock_mirror(client: BaseDBAsyncClient, shop: UUID) -> None:
    """Let nobody else write this shop's mirror until the transaction ends."""
    await execute(client, _LOCK, f"mirror:{shop}")


async def put_products(
    client: BaseDBAsyncClient,
    shop: UUID,
    products: Iterable[Product],
    wanted: Wanted,
    observed_at: datetime,
    *,
    spare: UnderWay | None = None,
    settled: bool = False,
) -> None:
    """Store what a read of the products brought, with the variants that came with them.

    What is being written meanwhile is spared and looked at again a moment later; a caller that sees to that
    itself hands in what to `spare`, NOTHING where it reads what it writes itself. `settled` is what such a
    write came to: it counts, whatever the clocks say, since nothing newer has been stored. So with the two
    below.
    """
    found = list(products)
    if not found:
        return
    await lock_mirror(client, shop)
    variants = [(each.id, variant) for each in found for variant in each.variants]
    if spare is None:
        items = _items(variants) if wanted.quantities else ()
        spare = await _spared(client, shop, [each.id for each in found], items, observed_at, settled)
    rows = [
        (
            shop,
            each.id,
            each.title,
            each.handle,
            each.status.value,
            each.vendor,
            each.product_type,
            orjson.dumps(each.tags).decode(),
            each.origin if wanted.origin else None,
            orjson.dumps(product_details(each, wanted)).decode(),
            each.updated_at,
            observed_at,
            settled,
        )
        for each in found
        if each.id not in spare.products
    ]
    await execute_many(client, _PRODUCT, rows)
    await put_variants(client, shop, variants, wanted, observed_at, spare=spare, settled=settled)


async def put_variants(
    client: BaseDBAsyncClient,
    shop: UUID,
    variants: Iterable[tuple[ProductId, Variant]],
    wanted: Wanted,
    observed_at: datetime,
    *,
    spare: UnderWay | None = None,
    settled: bool = False,
) -> None:
    found = list(variants)
    if not found:
        return
    await lock_mirror(client, shop)
    if spare is None:
        items = _items(found) if wanted.quantities else ()
        spare = await _spared(client, shop, [product for product, _ in found], items, observed_at, settled)
    rows = [
        (
            shop,
            each.id,
            product,
            each.inventory_item_id,
            each.position,
            each.sku,
            each.sku.strip(),
            each.price,
            each.compare_at_price,
            each.tracked,
            orjson.dumps(variant_details(each, wanted)).decode(),
            observed_at,
            settled,
        )
        for product, each in found
        if product not in spare.products
    ]
    await execute_many(client, _VARIANT, rows)
    if wanted.quantities:
        levels = [
            (each.inventory_item_id, place, count) for _, each in found for place, count in each.stock.items()
        ]
        await put_stock(client, shop, levels, observed_at, spare=spare, settled=settled)


async def put_stock(
    client: BaseDBAsyncClient,
    shop: UUID,
    levels: Iterable[tuple[InventoryItemId, LocationId, int]],
    observed_at: datetime,
    *,
    spare: UnderWay | None = None,
    settled: bool = False,
) -> None:
    found = list(levels)
    if not found:
        return
    await lock_mirror(client, shop)
    if spare is None:
        spare = await _spared(client, shop, (), [item for item, _, _ in found], observed_at, settled)
    rows = [
        (shop, item, place, available, observed_at, settled)
        for item, place, available in found
        if item not in spare.items
    ]
    await execute_many(client, _STOCK, rows)


def _items(variants: Iterable[tuple[ProductId, Variant]]) -> list[InventoryItemId]:
    return [each.inventory_item_id for _, each in variants]


async def _spared(
    client: BaseDBAsyncClient,
    shop: UUID,
    products: Iterable[ProductId],
    items: Iterable[InventoryItemId],
    begun: datetime,
    settled: bool,
) -> UnderWay:
    """What a reading of these, which began then, has to leave alone; that is to be looked at again."""
    if settled:
        return NOTHING
    spare = await under_way(client, shop, begun)
    due_at = begun + SOON
    marks = [Mark(shop, SubjectKind.PRODUCT, gid, begun, due_at) for gid in spare.products & set(products)]
    marks += [Mark(shop, SubjectKind.STOCK, gid, begun, due_at) for gid in spare.items & set(items)]
    await mark_pending(client, marks)
    return spare


async def mark_gone(
    client: BaseDBAsyncClient, shop: UUID, products: Sequence[str], variants: Sequence[str], at: datetime
) -> None:
    """Shopify answered null for these ids: they are gone since `at`, unless seen since; products with their
    variants. A read that began before brings them back no more."""
    await lock_mirror(client, shop)
    await execute(client, _GONE_PRODUCTS, shop, list(products), at)
    await execute(client, _GONE_VARIANTS, shop, list(variants), at, list(products))
