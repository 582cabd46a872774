"""Writing the mirror: upserts that never let an older observation replace a newer one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute
from backend.jobs.mirror import product_details, variant_details
from backend.jobs.under_way import NOTHING, SOON, UnderWay, under_way
from backend.live.pending import Mark, mark_pending
from backend.models.live import SubjectKind
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, LocationId, Product, ProductId, Variant

# Arrays of columns instead of a statement for each row: several times as fast, and the most of what a first
# sync stores. A row may be there once only.
_PRODUCT = """
INSERT INTO mirror_product (shop_id, gid, title, handle, status, vendor, product_type, tags, origin, details,
                            updated_at, observed_at)
SELECT $1, gid, title, handle, status, vendor, product_type, tags::jsonb,
       CASE WHEN $14 THEN origin ELSE '' END, details::jsonb, updated_at, $2
FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
            $12::timestamptz[], $13::text[])
    AS new (gid, title, handle, status, vendor, product_type, tags, details, updated_at, origin)
ON CONFLICT (shop_id, gid) DO UPDATE SET
    title = excluded.title, handle = excluded.handle, status = excluded.status, vendor = excluded.vendor,
    product_type = excluded.product_type, tags = excluded.tags,
    origin = CASE WHEN $14 THEN excluded.origin ELSE mirror_product.origin END,
    details = mirror_product.details || excluded.details,
    updated_at = coalesce(excluded.updated_at, mirror_product.updated_at),
    observed_at = greatest(mirror_product.observed_at, excluded.observed_at), gone_at = NULL
WHERE mirror_product.observed_at <= excluded.observed_at OR $3
"""
_VARIANT = """
INSERT INTO mirror_variant (shop_id, gid, product_gid, inventory_item_gid, position, sku, match_sku, price,
                            compare_at_price, tracked, details, observed_at)
SELECT $1, gid, product_gid, item, position, sku, match_sku, price, compare_at_price, tracked,
       details::jsonb, $2
FROM unnest($4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[], $10::numeric[],
            $11::numeric[], $12::bool[], $13::text[])
    AS new (gid, product_gid, item, position, sku, match_sku, price, compare_at_price, tracked, details)
ON CONFLICT (shop_id, gid) DO UPDATE SET
    product_gid = excluded.product_gid, inventory_item_gid = excluded.inventory_item_gid,
    position = excluded.position, sku = excluded.sku, match_sku = excluded.match_sku, price = excluded.price,
    compare_at_price = excluded.compare_at_price, tracked = excluded.tracked,
    details = mirror_variant.details || excluded.details,
    observed_at = greatest(mirror_variant.observed_at, excluded.observed_at), gone_at = NULL
WHERE mirror_variant.observed_at <= excluded.observed_at OR $3
"""
_STOCK = """
INSERT INTO mirror_stock (shop_id, inventory_item_gid, location_gid, available, observed_at)
SELECT $1, item, place, available, $2
FROM unnest($4::text[], $5::text[], $6::bigint[]) AS new (item, place, available)
ON CONFLICT (shop_id, inventory_item_gid, location_gid) DO UPDATE SET
    available = excluded.available, observed_at = greatest(mirror_stock.observed_at, excluded.observed_at)
WHERE mirror_stock.observed_at <= excluded.observed_at OR $3
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
    at = _At(shop, observed_at, settled)
    await _write_products(client, at, found, wanted, spare)
    await _write_variants(client, at, variants, wanted, spare)


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
    await _write_variants(client, _At(shop, observed_at, settled), found, wanted, spare)


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
    await _write_stock(client, _At(shop, observed_at, settled), found, spare)


class _At(NamedTuple):
    """The first three values of every statement above."""

    shop: UUID
    observed_at: datetime
    settled: bool


async def _write_products(
    client: BaseDBAsyncClient, at: _At, products: Iterable[Product], wanted: Wanted, spare: UnderWay
) -> None:
    found = {each.id: each for each in products if each.id not in spare.products}.values()
    if found:
        await execute(
            client,
            _PRODUCT,
            *at,
            [each.id for each in found],
            [each.title for each in found],
            [each.handle for each in found],
            [each.status.value for each in found],
            [each.vendor for each in found],
            [each.product_type for each in found],
            [orjson.dumps(each.tags).decode() for each in found],
            [orjson.dumps(product_details(each, wanted)).decode() for each in found],
            [each.updated_at for each in found],
            [each.origin for each in found],
            wanted.origin,
        )


async def _write_variants(
    client: BaseDBAsyncClient,
    at: _At,
    variants: Iterable[tuple[ProductId, Variant]],
    wanted: Wanted,
    spare: UnderWay,
) -> None:
    """With their levels, where those are wanted."""
    everything = list(variants)
    found = {each.id: (owner, each) for owner, each in everything if owner not in spare.products}.values()
    if found:
        await execute(
            client,
            _VARIANT,
            *at,
            [each.id for _, each in found],
            [owner for owner, _ in found],
            [each.inventory_item_id for _, each in found],
            [each.position for _, each in found],
            [each.sku for _, each in found],
            [each.sku.strip() for _, each in found],
            [each.price for _, each in found],
            [each.compare_at_price for _, each in found],
            [each.tracked for _, each in found],
            [orjson.dumps(variant_details(each, wanted)).decode() for _, each in found],
        )
    if wanted.quantities:
        levels = [
            (each.inventory_item_id, place, count)
            for _, each in everything
            for place, count in each.stock.items()
        ]
        await _write_stock(client, at, levels, spare)


async def _write_stock(
    client: BaseDBAsyncClient,
    at: _At,
    levels: Iterable[tuple[InventoryItemId, LocationId, int]],
    spare: UnderWay,
) -> None:
    found = {(item, place): count for item, place, count in levels if item not in spare.items}
    if found:
        await execute(
            client,
            _STOCK,
            *at,
            [item for item, _ in found],
            [place for _, place in found],
            list(found.values()),
        )


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
    if products:
        await execute(client, _GONE_PRODUCTS, shop, list(products), at)
    if products or variants:
        await execute(client, _GONE_VARIANTS, shop, list(variants), at, list(products))
