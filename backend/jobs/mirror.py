"""Catalogue values to rows of the mirror and back. Pure.

What every read brings stands in columns; the rest in a `details` object with one key per detail, so that a
read which asked for less leaves the others alone.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from backend.shopify.wanted import Wanted
from backend.sync.catalog import (
    InventoryPolicy,
    LocationId,
    Media,
    MediaId,
    MediaKind,
    Metafield,
    Option,
    OptionValue,
    Product,
    ProductId,
    ProductStatus,
    Variant,
    Weight,
)
from backend.sync.settings import DetailField, FieldGroup

Details = dict[str, Any]
Row = Mapping[str, Any]

_CENT = Decimal("0.01")


@lru_cache(maxsize=1 << 16)
def money(value: Decimal) -> Decimal:
    """Without the zeros that the column's scale adds, but with two places at least."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    return plain if isinstance(exponent, int) and exponent < -2 else plain.quantize(_CENT)


def product_details(product: Product, wanted: Wanted) -> Details:
    details: Details = {}
    owned = wanted.owned
    if FieldGroup.DETAILS in wanted.groups:
        details["options"] = [[option.name, list(option.values)] for option in product.options]
    if DetailField.DESCRIPTION in owned:
        details["description"] = product.description_html
    if DetailField.CATEGORY in owned:
        details["category"] = product.category_id
    if DetailField.SEO in owned:
        details["seo"] = [product.seo_title, product.seo_description]
    if DetailField.TEMPLATE_SUFFIX in owned:
        details["template"] = product.template_suffix
    if DetailField.MEDIA in owned or DetailField.VARIANT_MEDIA in owned:
        details["media"] = [_media_row(each) for each in product.media]
    if DetailField.METAFIELDS in owned:
        details["metafields"] = _metafield_rows(product.metafields)
    return details


def variant_details(variant: Variant, wanted: Wanted) -> Details:
    # Without DETAILS the names of options are not read: those read before stay, as long as the values agree.
    details: Details = {"values": [each.value for each in variant.options]}
    owned = wanted.owned
    if FieldGroup.DETAILS in wanted.groups:
        details["options"] = [[each.option, each.value] for each in variant.options]
    if DetailField.BARCODE in owned:
        details["barcode"] = variant.barcode
    if DetailField.TAXABLE in owned:
        details["taxable"] = variant.taxable
    if DetailField.INVENTORY_POLICY in owned:
        details["policy"] = variant.inventory_policy.value
    if DetailField.REQUIRES_SHIPPING in owned:
        details["shipping"] = variant.requires_shipping
    if DetailField.WEIGHT in owned:
        weight = variant.weight
        details["weight"] = None if weight is None else [str(weight.value), weight.unit]
    if DetailField.HS_CODE in owned:
        details["hs"] = variant.hs_code
    if DetailField.COUNTRY_OF_ORIGIN in owned:
        details["country"] = variant.country_of_origin
    if DetailField.COST in owned:
        details["cost"] = None if variant.cost is None else str(variant.cost)
    if DetailField.VARIANT_MEDIA in owned:
        details["media"] = variant.media_id
    if DetailField.METAFIELDS in owned:
        details["metafields"] = _metafield_rows(variant.metafields)
    return details


def _media_row(media: Media) -> list[Any]:
    return [media.id, media.kind.value, media.url, media.alt, media.width, media.height, media.ready]


def _metafield_rows(metafields: Iterable[Metafield]) -> list[list[str]]:
    return [[each.namespace, each.key, each.type, each.value] for each in metafields]


def product_of(row: Row, details: Details, variants: tuple[Variant, ...]) -> Product:
    """`row` is a row of mirror_product."""
    seo_title, seo_description = details.get("seo") or ("", "")
    return Product(
        id=ProductId(row["gid"]),
        title=row["title"],
        handle=row["handle"],
        description_html=details.get("description", ""),
        vendor=row["vendor"],
        product_type=row["product_type"],
        category_id=details.get("category", ""),
        tags=tuple(row["tags"]),
        status=ProductStatus(row["status"]),
        seo_title=seo_title,
        seo_description=seo_description,
        template_suffix=details.get("template", ""),
        origin=row["origin"],
        options=tuple(Option(name, tuple(values)) for name, values in details.get("options", ())),
        variants=variants,
        media=tuple(_media_of(each) for each in details.get("media", ())),
        metafields=_metafields_of(details.get("metafields", ())),
        updated_at=row["updated_at"],
    )


def _options_of(details: Details) -> tuple[OptionValue, ...]:
    named = details.get("options", ())
    values = details.get("values")
    if values is None or [value for _, value in named] == values:
        return tuple(OptionValue(name, value) for name, value in named)
    return tuple(OptionValue(str(place), value) for place, value in enumerate(values, start=1))


class _VariantDetails(NamedTuple):
    """What a variant's details say, in the order of `Variant`'s fields."""

    options: tuple[OptionValue, ...]
    barcode: str
    cost: Decimal | None
    taxable: bool
    inventory_policy: InventoryPolicy
    requires_shipping: bool
    weight: Weight | None
    hs_code: str
    country_of_origin: str
    media_id: MediaId | None
    metafields: tuple[Metafield, ...]


# Where only prices and stock are read, a few dozen texts say everything about a million variants.
@lru_cache(maxsize=1 << 12)
def _variant_details_of(text: str) -> _VariantDetails:
    details: Details = orjson.loads(text)
    weight, cost, media = details.get("weight"), details.get("cost"), details.get("media")
    return _VariantDetails(
        options=_options_of(details),
        barcode=details.get("barcode", ""),
        cost=None if cost is None else Decimal(cost),
        taxable=details.get("taxable", True),
        inventory_policy=InventoryPolicy(details.get("policy", InventoryPolicy.DENY)),
        requires_shipping=details.get("shipping", True),
        weight=None if weight is None else Weight(Decimal(weight[0]), weight[1]),
        hs_code=details.get("hs", ""),
        country_of_origin=details.get("country", ""),
        media_id=None if media is None else MediaId(media),
        metafields=_metafields_of(details.get("metafields", ())),
    )


def variant_of(row: Row, stock: Mapping[LocationId, int]) -> Variant:
    """`row` is a row of mirror_variant."""
    details = _variant_details_of(row["details"])
    compare_at = row["compare_at_price"]
    # By place: names cost a third more, and this runs for every variant of every sync.
    return Variant(
        row["gid"],
        row["inventory_item_gid"],
        details.options,
        row["position"],
        row["sku"],
        details.barcode,
        money(row["price"]),
        None if compare_at is None else money(compare_at),
        details.cost,
        details.taxable,
        details.inventory_policy,
        row["tracked"],
        details.requires_shipping,
        details.weight,
        details.hs_code,
        details.country_of_origin,
        details.media_id,
        details.metafields,
        stock,
    )


def _media_of(row: list[Any]) -> Media:
    gid, kind, url, alt, width, height, ready = row
    return Media(MediaId(gid), MediaKind(kind), url, alt, width, height, ready)


def _metafields_of(rows: Iterable[list[str]]) -> tuple[Metafield, ...]:
    return tuple(Metafield(namespace, key, kind, value) for namespace, key, kind, value in rows)
