"""Catalogue values to and from JSON: for the mirror, for what a change creates, for exports.

Reading is tolerant: what is missing takes the value's default, what is unknown is ignored.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from backend.sync.catalog import (
    InventoryItemId,
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
    VariantId,
    Weight,
)
from backend.sync.fingerprint import Json


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _dump_weight(value: Weight | None) -> dict[str, Json] | None:
    return None if value is None else {"value": _text(value.value), "unit": value.unit}


def dump_media(media: Media) -> dict[str, Json]:
    return {
        "id": media.id,
        "kind": media.kind.value,
        "url": media.url,
        "alt": media.alt,
        "width": media.width,
        "height": media.height,
        "ready": media.ready,
    }


def load_media(data: Mapping[str, Any]) -> Media:
    return Media(
        id=MediaId(data["id"]),
        kind=MediaKind(data.get("kind", "IMAGE")),
        url=data.get("url", ""),
        alt=data.get("alt", ""),
        width=data.get("width", 0),
        height=data.get("height", 0),
        ready=data.get("ready", True),
    )


def dump_metafields(values: tuple[Metafield, ...]) -> list[list[str]]:
    """[[namespace, key, type, value]]"""
    return [[item.namespace, item.key, item.type, item.value] for item in values]


def load_metafields(data: Any) -> tuple[Metafield, ...]:
    return tuple(Metafield(*item) for item in data or ())


def dump_options(values: tuple[Option, ...]) -> list[list[Json]]:
    """[[name, [values]]]"""
    return [[item.name, list(item.values)] for item in values]


def load_options(data: Any) -> tuple[Option, ...]:
    return tuple(Option(name, tuple(values)) for name, values in data or ())


def dump_option_values(values: tuple[OptionValue, ...]) -> list[list[str]]:
    """[[option, value]]"""
    return [[item.option, item.value] for item in values]


def load_option_values(data: Any) -> tuple[OptionValue, ...]:
    return tuple(OptionValue(option, value) for option, value in data or ())


def dump_variant(variant: Variant) -> dict[str, Json]:
    return {
        "id": variant.id,
        "inventory_item_id": variant.inventory_item_id,
        "options": dump_option_values(variant.options),
        "position": variant.position,
        "sku": variant.sku,
        "barcode": variant.barcode,
        "price": _text(variant.price),
        "compare_at_price": _text(variant.compare_at_price),
        "cost": _text(variant.cost),
        "taxable": variant.taxable,
        "inventory_policy": variant.inventory_policy.value,
        "tracked": variant.tracked,
        "requires_shipping": variant.requires_shipping,
        "weight": _dump_weight(variant.weight),
        "hs_code": variant.hs_code,
        "country_of_origin": variant.country_of_origin,
        "media_id": variant.media_id,
        "metafields": dump_metafields(variant.metafields),
        "stock": dict(sorted(variant.stock.items())),
    }


def load_variant(data: Mapping[str, Any]) -> Variant:
    weight = data.get("weight")
    media = data.get("media_id")
    return Variant(
        id=VariantId(data["id"]),
        inventory_item_id=InventoryItemId(data.get("inventory_item_id", "")),
        options=load_option_values(data.get("options")),
        position=data.get("position", 1),
        sku=data.get("sku", ""),
        barcode=data.get("barcode", ""),
        price=_decimal(data.get("price")) or Decimal(0),
        compare_at_price=_decimal(data.get("compare_at_price")),
        cost=_decimal(data.get("cost")),
        taxable=data.get("taxable", True),
        inventory_policy=InventoryPolicy(data.get("inventory_policy", "DENY")),
        tracked=data.get("tracked", False),
        requires_shipping=data.get("requires_shipping", True),
        weight=None if weight is None else Weight(Decimal(weight["value"]), weight["unit"]),
        hs_code=data.get("hs_code", ""),
        country_of_origin=data.get("country_of_origin", ""),
        media_id=None if media is None else MediaId(media),
        metafields=load_metafields(data.get("metafields")),
        stock={LocationId(location): count for location, count in data.get("stock", {}).items()},
    )


def dump_product(product: Product) -> dict[str, Json]:
    return {
        "id": product.id,
        "title": product.title,
        "handle": product.handle,
        "description_html": product.description_html,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "category_id": product.category_id,
        "tags": list(product.tags),
        "status": product.status.value,
        "seo_title": product.seo_title,
        "seo_description": product.seo_description,
        "template_suffix": product.template_suffix,
        "origin": product.origin,
        "options": dump_options(product.options),
        "variants": [dump_variant(variant) for variant in product.variants],
        "media": [dump_media(media) for media in product.media],
        "metafields": dump_metafields(product.metafields),
        "updated_at": None if product.updated_at is None else product.updated_at.isoformat(),
    }


def load_product(data: Mapping[str, Any]) -> Product:
    updated_at = data.get("updated_at")
    return Product(
        id=ProductId(data["id"]),
        title=data.get("title", ""),
        handle=data.get("handle", ""),
        description_html=data.get("description_html", ""),
        vendor=data.get("vendor", ""),
        product_type=data.get("product_type", ""),
        category_id=data.get("category_id", ""),
        tags=tuple(data.get("tags") or ()),
        status=ProductStatus(data.get("status", "ACTIVE")),
        seo_title=data.get("seo_title", ""),
        seo_description=data.get("seo_description", ""),
        template_suffix=data.get("template_suffix", ""),
        origin=data.get("origin", ""),
        options=load_options(data.get("options")),
        variants=tuple(load_variant(item) for item in data.get("variants") or ()),
        media=tuple(load_media(item) for item in data.get("media") or ()),
        metafields=load_metafields(data.get("metafields")),
        updated_at=None if updated_at is None else datetime.fromisoformat(updated_at),
    )
