"""Reading the mirror: products as catalogue values, page by page in bounded memory."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import records, rows
from backend.jobs.mirror import product_of, variant_of
from backend.sync.catalog import LocationId, Product, ProductId, Variant, VariantId

# A page ends at either; one product alone may have more variants.
PAGE_PRODUCTS = 250
PAGE_VARIANTS = 4_000

_PAGE = """
WITH page AS (
    SELECT gid FROM mirror_product WHERE shop_id = $1 AND gone_at IS NULL AND gid > $2 ORDER BY gid LIMIT $3
), counted AS (
    SELECT page.gid, (
        SELECT count(*) FROM mirror_variant v WHERE v.shop_id = $1 AND v.product_gid = page.gid
    ) AS variants
    FROM page
), summed AS (
    SELECT gid, variants, sum(variants) OVER (ORDER BY gid) AS total FROM counted
)
SELECT gid FROM summed WHERE total - variants < $4 ORDER BY gid
"""
_PRODUCTS = """
SELECT gid, title, handle, status, vendor, product_type, tags, origin, details, updated_at
FROM mirror_product WHERE shop_id = $1 AND gid = ANY($2::text[]) AND gone_at IS NULL
"""
_VARIANTS = """
SELECT gid, product_gid, inventory_item_gid, position, sku, price, compare_at_price, tracked, details
FROM mirror_variant WHERE shop_id = $1 AND product_gid = ANY($2::text[]) AND gone_at IS NULL
ORDER BY product_gid, position, gid
"""
_STOCK = """
SELECT s.inventory_item_gid, s.location_gid, s.available FROM mirror_variant v
JOIN mirror_stock s ON s.shop_id = v.shop_id AND s.inventory_item_gid = v.inventory_item_gid
WHERE v.shop_id = $1 AND v.product_gid = ANY($2::text[]) AND v.gone_at IS NULL
"""
_GONE = """
SELECT gid FROM mirror_product WHERE shop_id = $1 AND gid = ANY($2::text[]) AND gone_at <= $3
"""
_GONE_VARIANTS = """
SELECT gid FROM mirror_variant WHERE shop_id = $1 AND gid = ANY($2::text[]) AND gone_at <= $3
"""
_COUNT = "SELECT count(*) AS number FROM mirror_product WHERE shop_id = $1 AND gone_at IS NULL"

_NO_STOCK: Mapping[LocationId, int] = {}


async def page_after(
    client: BaseDBAsyncClient, shop: UUID, after: str, *, products: int = PAGE_PRODUCTS
) -> list[ProductId]:
    """The ids of the next products in the order of ids; empty at the end."""
    return [row["gid"] for row in await rows(client, _PAGE, shop, after, products, PAGE_VARIANTS)]


async def count_products(client: BaseDBAsyncClient, shop: UUID) -> int:
    return int((await rows(client, _COUNT, shop))[0]["number"])


async def load_products(
    client: BaseDBAsyncClient, shop: UUID, gids: Iterable[ProductId], *, stock: bool = True
) -> dict[ProductId, Product]:
    """The products by id, whole, in three statements; those that the mirror lacks or knows to be gone are
    absent."""
    wanted = sorted(set(gids))
    if not wanted:
        return {}
    found = await records(client, _PRODUCTS, shop, wanted)
    variants = await records(client, _VARIANTS, shop, wanted)
    levels: defaultdict[str, dict[LocationId, int]] = defaultdict(dict)
    if stock:
        for row in await records(client, _STOCK, shop, wanted):
            levels[row["inventory_item_gid"]][LocationId(row["location_gid"])] = row["available"]
    by_product: defaultdict[str, list[Variant]] = defaultdict(list)
    for row in variants:
        level = levels.get(row["inventory_item_gid"], _NO_STOCK)
        by_product[row["product_gid"]].append(variant_of(row, level))
    products = {}
    for row in found:
        decoded = {**row, "tags": orjson.loads(row["tags"])}
        own = tuple(by_product.get(row["gid"], ()))
        products[ProductId(row["gid"])] = product_of(decoded, orjson.loads(row["details"]), own)
    return products


async def gone_products(
    client: BaseDBAsyncClient, shop: UUID, gids: Sequence[str], before: datetime
) -> frozenset[ProductId]:
    """Those of `gids` that are confirmed gone since `before` or longer."""
    return frozenset(row["gid"] for row in await rows(client, _GONE, shop, list(gids), before))


async def gone_variants(
    client: BaseDBAsyncClient, shop: UUID, gids: Sequence[str], before: datetime
) -> frozenset[VariantId]:
    return frozenset(row["gid"] for row in await rows(client, _GONE_VARIANTS, shop, list(gids), before))
