"""The mirror after a write of our own: what Shopify answered, under the time of the answer.

What a write rearranges (options, orders) is left to the next read: the mirror then says what it said before.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute_many
from backend.jobs.mirror_read import load_products
from backend.jobs.mirror_write import lock_mirror, put_products, put_stock
from backend.shopify.wanted import Wanted
from backend.sync.catalog import (
    InventoryItemId,
    InventoryPolicy,
    LocationId,
    Media,
    MediaId,
    Metafield,
    Product,
    ProductStatus,
    Variant,
    Weight,
)
from backend.sync.changeset import Action, Change
from backend.sync.fields import Field
from backend.sync.fingerprint import Json
from backend.sync.settings import FieldGroup

# Stock has rows of its own, and its own time.
_WITHOUT_STOCK = Wanted(groups=frozenset(FieldGroup) - {FieldGroup.QUANTITIES}, origin=False)

_PRICES = frozenset({Field.PRICE, Field.COMPARE_AT_PRICE})
_OWN_WAY = _PRICES | {Field.STOCK}
_PRICE = """
UPDATE mirror_variant SET price = coalesce($3, price), observed_at = greatest(observed_at, $6),
    compare_at_price = CASE WHEN $4 THEN $5 ELSE compare_at_price END
WHERE shop_id = $1 AND gid = $2
"""

_PRODUCT_TEXTS = {
    Field.TITLE: "title",
    Field.DESCRIPTION: "description_html",
    Field.VENDOR: "vendor",
    Field.PRODUCT_TYPE: "product_type",
    Field.CATEGORY: "category_id",
    Field.SEO_TITLE: "seo_title",
    Field.SEO_DESCRIPTION: "seo_description",
    Field.TEMPLATE_SUFFIX: "template_suffix",
    Field.HANDLE: "handle",
}
_VARIANT_PLAIN = {
    Field.SKU: "sku",
    Field.BARCODE: "barcode",
    Field.TAXABLE: "taxable",
    Field.REQUIRES_SHIPPING: "requires_shipping",
    Field.TRACKED: "tracked",
    Field.HS_CODE: "hs_code",
    Field.COUNTRY_OF_ORIGIN: "country_of_origin",
}


async def patch_mirror(
    client: BaseDBAsyncClient,
    shop: UUID,
    applied: Sequence[tuple[Change, Json]],
    added: Sequence[Media],
    created: Mapping[str, str],
    observed_at: datetime,
) -> None:
    """`applied` are changes with the values that the dependent has now; `added` media of products."""
    levels = [
        (InventoryItemId(each.inventory_item), LocationId(each.key), value)
        for each, value in applied
        if each.field is Field.STOCK and isinstance(value, int)
    ]
    await put_stock(client, shop, levels, observed_at, settled=True)
    await _put_prices(client, shop, applied, observed_at)
    by_product: defaultdict[str, list[tuple[Change, Json]]] = defaultdict(list)
    for each, value in applied:
        if each.product and each.field not in _OWN_WAY and each.action is not Action.DELETE_PRODUCT:
            by_product[each.product].append((each, value))
    if not by_product:
        return
    await lock_mirror(client, shop)
    products = await load_products(
        client, shop, [change.product for each in by_product.values() for change, _ in each]
    )
    media = {each.id: each for each in added}
    patched = [
        patch(
            product, by_product[gid], {key: media[MediaId(to)] for key, to in created.items() if to in media}
        )
        for gid, product in products.items()
    ]
    await put_products(client, shop, patched, _WITHOUT_STOCK, observed_at, settled=True)


async def _put_prices(
    client: BaseDBAsyncClient, shop: UUID, applied: Sequence[tuple[Change, Json]], observed_at: datetime
) -> None:
    prices: defaultdict[str, dict[Field, Decimal | None]] = defaultdict(dict)
    for each, value in applied:
        if each.field in _PRICES:
            prices[each.variant][each.field] = None if value is None else Decimal(str(value))
    records = [
        (
            shop,
            variant,
            each.get(Field.PRICE),
            Field.COMPARE_AT_PRICE in each,
            each.get(Field.COMPARE_AT_PRICE),
            observed_at,
        )
        for variant, each in sorted(prices.items())
    ]
    if records:
        await lock_mirror(client, shop)
    await execute_many(client, _PRICE, records)


def patch(product: Product, changes: Sequence[tuple[Change, Json]], added: Mapping[str, Media]) -> Product:
    """The product after these changes. `added`: main's media id -> the dependent's new media."""
    variants = {each.id: each for each in product.variants}
    for change, value in changes:
        if change.variant:
            if change.variant in variants:
                variants[change.variant] = _variant(variants[change.variant], change, value)
        else:
            product = _product(product, change, value, added)
    return replace(product, variants=tuple(variants.values()))


def _product(product: Product, change: Change, value: Json, added: Mapping[str, Media]) -> Product:
    changed: dict[str, Any] = {}
    match change.action, change.field:
        case Action.ADD_MEDIA, _:
            if change.key in added:
                changed["media"] = (*product.media, added[change.key])
        case Action.REMOVE_MEDIA, _:
            changed["media"] = tuple(each for each in product.media if each.id != change.key)
        case Action.SET_MEDIA, _:
            changed["media"] = tuple(
                replace(each, alt=str(value)) if each.id == change.key else each for each in product.media
            )
        case Action.SET, Field.STATUS:
            changed["status"] = ProductStatus(str(value))
        case Action.SET, Field.TAGS if isinstance(value, list):
            changed["tags"] = tuple(str(each) for each in value)
        case Action.SET, Field.METAFIELD:
            changed["metafields"] = _metafields(product.metafields, change.key, value)
        case Action.SET, field if field in _PRODUCT_TEXTS:
            changed[_PRODUCT_TEXTS[field]] = value
        case _:
            pass
    return replace(product, **changed)


def _variant(variant: Variant, change: Change, value: Json) -> Variant:
    changed: dict[str, Any] = {}
    match change.field:
        case Field.INVENTORY_POLICY:
            changed["inventory_policy"] = InventoryPolicy(str(value))
        case Field.WEIGHT:
            changed["weight"] = _weight(value)
        case Field.METAFIELD:
            changed["metafields"] = _metafields(variant.metafields, change.key, value)
        case Field.VARIANT_MEDIA:
            known = isinstance(value, Mapping) and "media" in value
            changed["media_id"] = value["media"] if known and isinstance(value, Mapping) else None
        case Field.COST:
            changed["cost"] = None if value is None else Decimal(str(value))
        case field if field in _VARIANT_PLAIN:
            changed[_VARIANT_PLAIN[field]] = value
        case _:
            pass
    return replace(variant, **changed)


def _weight(value: Json) -> Weight | None:
    if not isinstance(value, Mapping):
        return None
    return Weight(Decimal(str(value["value"])), str(value["unit"]))


def _metafields(metafields: tuple[Metafield, ...], key: str, value: Json) -> tuple[Metafield, ...]:
    namespace, _, name = key.rpartition(".")
    others = tuple(each for each in metafields if (each.namespace, each.key) != (namespace, name))
    if not isinstance(value, Mapping):
        return others
    return (*others, Metafield(namespace, name, str(value["type"]), str(value["value"])))
