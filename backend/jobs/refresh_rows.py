"""Rows of a bulk result, or of pages, into the mirror."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.jobs.mirror_write import put_products, put_stock, put_variants
from backend.shopify.bulk import ItemStockOf, Row
from backend.shopify.pages import OwnedVariant
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, LocationId, Product, ProductId, Variant


async def put_rows(
    client: BaseDBAsyncClient, shop: UUID, found: Sequence[Row], wanted: Wanted, observed_at: datetime
) -> None:
    """Store what a read brought that began at `observed_at`."""
    products: list[Product] = []
    variants: list[tuple[ProductId, Variant]] = []
    levels: list[tuple[InventoryItemId, LocationId, int]] = []
    for each in found:
        match each:
            case Product():
                products.append(each)
            case OwnedVariant(product, variant):
                variants.append((product, variant))
            case ItemStockOf(item, stock):
                levels += [(item, place, count) for place, count in stock.available.items()]
    await put_products(client, shop, products, wanted, observed_at)
    await put_variants(client, shop, variants, wanted, observed_at)
    await put_stock(client, shop, levels, observed_at)
