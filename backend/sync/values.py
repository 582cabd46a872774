"""The values of products and variants by field, as the JSON that changes, bases and holds compare."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType

from backend.sync.catalog import Media, Metafield, OptionValue, Product, Variant, VariantId, Weight
from backend.sync.catalog_json import dump_media
from backend.sync.fields import Field
from backend.sync.fingerprint import Json, value_hash


@lru_cache(maxsize=1 << 16)
def money_text(amount: Decimal) -> str:
    """One text per amount, whatever trailing zeros it came with: at least two decimals, "19.90"."""
    text = f"{amount.normalize():f}"
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction:0<2}"


def money(amount: Decimal | None) -> str | None:
    return None if amount is None else money_text(amount)


@lru_cache(maxsize=1 << 16)
def money_hash(amount: Decimal | None) -> str:
    return value_hash(money(amount))


def weight(value: Weight | None) -> dict[str, Json] | None:
    """No weight and a weight of 0 are the same."""
    if value is None or not value.value:
        return None
    return {"value": f"{value.value.normalize():f}", "unit": value.unit}


@lru_cache(maxsize=1 << 12)
def weight_hash(value: Weight | None) -> str:
    return value_hash(weight(value))


def tags(values: tuple[str, ...]) -> list[str]:
    return sorted({tag.strip() for tag in values} - {""})


def handle(value: str) -> str:
    """As Shopify stores a handle it is given: lower case, anything but letters and digits joined by one
    hyphen."""
    return re.sub(r"[^\w-]+", "-", value.lower()).strip("-")


def metafield(value: Metafield) -> dict[str, Json]:
    return {"type": value.type, "value": value.value}


def metafield_key(value: Metafield) -> str:
    return f"{value.namespace}.{value.key}"


def option_values(options: tuple[OptionValue, ...]) -> list[list[str]]:
    return [[option.option, option.value] for option in options]


PRODUCT_VALUES: Mapping[Field, Callable[[Product], Json]] = MappingProxyType(
    {
        Field.TITLE: attrgetter("title"),
        Field.DESCRIPTION: attrgetter("description_html"),
        Field.VENDOR: attrgetter("vendor"),
        Field.PRODUCT_TYPE: attrgetter("product_type"),
        Field.CATEGORY: attrgetter("category_id"),
        Field.TAGS: lambda product: tags(product.tags),
        Field.STATUS: lambda product: product.status.value,
        Field.SEO_TITLE: attrgetter("seo_title"),
        Field.SEO_DESCRIPTION: attrgetter("seo_description"),
        Field.TEMPLATE_SUFFIX: attrgetter("template_suffix"),
        Field.HANDLE: lambda product: handle(product.handle),
    }
)

VARIANT_VALUES: Mapping[Field, Callable[[Variant], Json]] = MappingProxyType(
    {
        Field.SKU: attrgetter("sku"),
        Field.BARCODE: attrgetter("barcode"),
        Field.WEIGHT: lambda variant: weight(variant.weight),
        Field.TAXABLE: attrgetter("taxable"),
        Field.REQUIRES_SHIPPING: attrgetter("requires_shipping"),
        Field.TRACKED: attrgetter("tracked"),
        Field.INVENTORY_POLICY: lambda variant: variant.inventory_policy.value,
        Field.HS_CODE: attrgetter("hs_code"),
        Field.COUNTRY_OF_ORIGIN: attrgetter("country_of_origin"),
        Field.COST: lambda variant: money(variant.cost),
        Field.PRICE: lambda variant: money_text(variant.price),
        Field.COMPARE_AT_PRICE: lambda variant: money(variant.compare_at_price),
    }
)


def structure(product: Product) -> dict[str, Json]:
    """Options and the variants' option values, as a RESTRUCTURE writes them."""
    return {
        "options": [[option.name, list(option.values)] for option in product.options],
        "variants": {variant.id: option_values(variant.options) for variant in product.variants},
    }


def read_value(product: Product, field: Field, key: str = "", variant: VariantId | None = None) -> Json:
    """What the dependent's product says now for a change's field and key; None where it says nothing.

    Orders (OPTION_ORDER, VARIANT_ORDER, MEDIA_ORDER) are in the dependent's own ids and names. Raises
    KeyError when the product has no such variant.
    """
    if variant:
        return _variant_value(variant_of(product, variant), field, key)
    match field:
        case Field.OPTIONS:
            return structure(product)
        case Field.OPTION_ORDER:
            return [[option.name, list(option.values)] for option in product.options]
        case Field.VARIANT_ORDER:
            return [item.id for item in product.variants]
        case Field.MEDIA_ORDER:
            return [item.id for item in product.media]
        case Field.MEDIA:
            found = _media(product, key)
            return None if found is None else dump_media(found)
        case Field.METAFIELD:
            return _metafield(product.metafields, key)
        case _:
            return PRODUCT_VALUES[field](product)


def variant_of(product: Product, variant: VariantId) -> Variant:
    for item in product.variants:
        if item.id == variant:
            return item
    raise KeyError(variant)


def _variant_value(variant: Variant, field: Field, key: str) -> Json:
    match field:
        case Field.STOCK:
            return next((count for location, count in variant.stock.items() if location == key), None)
        case Field.VARIANT_MEDIA:
            return None if variant.media_id is None else {"media": variant.media_id}
        case Field.METAFIELD:
            return _metafield(variant.metafields, key)
        case _:
            return VARIANT_VALUES[field](variant)


def _metafield(values: tuple[Metafield, ...], key: str) -> Json:
    return next((metafield(item) for item in values if metafield_key(item) == key), None)


def _media(product: Product, key: str) -> Media | None:
    return next((item for item in product.media if item.id == key), None)
