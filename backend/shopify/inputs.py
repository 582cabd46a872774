"""Catalogue values turned into Shopify's mutation inputs. Pure; a list is never sent empty, which would be an
order to delete everything."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from backend.sync.catalog import Media, Metafield, Option, OptionValue, Product, Variant, Weight
from backend.sync.fields import Field
from backend.sync.fingerprint import Json
from backend.sync.origin import KEY, NAMESPACE, TYPE
from backend.sync.values import money, money_text
from backend.sync.writes import FieldValue

Input = dict[str, Any]

DEFAULT_OPTION = (Option("Title", ("Default Title",)),)
DEFAULT_OPTION_VALUE = (OptionValue("Title", "Default Title"),)

_PRODUCT_KEYS: Mapping[Field, tuple[str, ...]] = {
    Field.TITLE: ("title",),
    Field.DESCRIPTION: ("descriptionHtml",),
    Field.VENDOR: ("vendor",),
    Field.PRODUCT_TYPE: ("productType",),
    Field.CATEGORY: ("category",),
    Field.TAGS: ("tags",),
    Field.STATUS: ("status",),
    Field.SEO_TITLE: ("seo", "title"),
    Field.SEO_DESCRIPTION: ("seo", "description"),
    Field.TEMPLATE_SUFFIX: ("templateSuffix",),
    Field.HANDLE: ("handle",),
}
_VARIANT_KEYS: Mapping[Field, tuple[str, ...]] = {
    Field.PRICE: ("price",),
    Field.COMPARE_AT_PRICE: ("compareAtPrice",),
    Field.BARCODE: ("barcode",),
    Field.TAXABLE: ("taxable",),
    Field.INVENTORY_POLICY: ("inventoryPolicy",),
    Field.SKU: ("inventoryItem", "sku"),
    Field.TRACKED: ("inventoryItem", "tracked"),
    Field.REQUIRES_SHIPPING: ("inventoryItem", "requiresShipping"),
    Field.COST: ("inventoryItem", "cost"),
    Field.HS_CODE: ("inventoryItem", "harmonizedSystemCode"),
    Field.COUNTRY_OF_ORIGIN: ("inventoryItem", "countryCodeOfOrigin"),
    Field.WEIGHT: ("inventoryItem", "measurement", "weight"),
}
# Text that Shopify wants as null and not as "" when there is none.
_NULL_WHEN_EMPTY = frozenset({Field.CATEGORY, Field.TEMPLATE_SUFFIX, Field.HS_CODE, Field.COUNTRY_OF_ORIGIN})
# Shopify's own names of a field in the paths of its userErrors, where they are not those of the input.
_ERROR_NAMES: Mapping[str, Field] = {
    "customProductType": Field.PRODUCT_TYPE,
    "bodyHtml": Field.DESCRIPTION,
    "sku": Field.SKU,
    "cost": Field.COST,
}


def product_update(product_id: str, values: Iterable[FieldValue]) -> Input:
    """productUpdate's `product` with these fields and no other."""
    given: Input = {"id": product_id}
    for each in values:
        _put(given, _PRODUCT_KEYS[each.field], _value(each.field, each.value))
    return given


def variant_update(variant_id: str, values: Iterable[FieldValue]) -> Input:
    """One of productVariantsBulkUpdate's `variants` with these fields and no other."""
    given: Input = {"id": variant_id}
    for each in values:
        _put(given, _VARIANT_KEYS[each.field], _value(each.field, each.value))
    return given


def field_at_fault(path: Sequence[str]) -> Field | None:
    """The field that the path of a userError names; None where it names none."""
    for field, keys in (*_PRODUCT_KEYS.items(), *_VARIANT_KEYS.items()):
        if any(tuple(path[start : start + len(keys)]) == keys for start in range(len(path))):
            return field
    return next((_ERROR_NAMES[part] for part in reversed(path) if part in _ERROR_NAMES), None)


def product_set(product: Product, origin: str, *, with_handle: bool = True) -> Input:
    """productSet's `input` that creates `product`, with its media, metafields, variants and their stock."""
    files = {each.id: _file(each) for each in product.media if each.url}
    given: Input = {
        "title": product.title,
        "descriptionHtml": product.description_html,
        "vendor": product.vendor,
        "productType": product.product_type,
        "status": product.status.value,
        "productOptions": options(product.options or DEFAULT_OPTION),
        "variants": [_set_variant(each, files) for each in product.variants],
        "metafields": [
            {"namespace": NAMESPACE, "key": KEY, "type": TYPE, "value": origin},
            *metafields(product.metafields),
        ],
    }
    optional = {
        "handle": product.handle if with_handle else "",
        "category": product.category_id,
        "tags": list(product.tags),
        "templateSuffix": product.template_suffix,
        "seo": _filled({"title": product.seo_title, "description": product.seo_description}),
        "files": list(files.values()),
    }
    return given | _filled(optional)


def options(given: Iterable[Option]) -> list[Input]:
    return [{"name": each.name, "values": [{"name": value} for value in each.values]} for each in given]


def option_values(given: Iterable[OptionValue]) -> list[Input]:
    return [{"optionName": each.option, "name": each.value} for each in given]


def metafields(given: Iterable[Metafield]) -> list[Input]:
    return [
        {"namespace": each.namespace, "key": each.key, "type": each.type, "value": each.value}
        for each in given
    ]


def bulk_variant(variant: Variant) -> Input:
    """One of productVariantsBulkCreate's `variants`."""
    stock = [{"locationId": place, "availableQuantity": count} for place, count in variant.stock.items()]
    item = _item(variant) | _filled({"sku": variant.sku})
    lists = {"metafields": metafields(variant.metafields), "inventoryQuantities": stock}
    return _variant(variant) | {"inventoryItem": item} | _filled(lists)


def create_media(media: Media) -> Input:
    """One of productUpdate's `media`."""
    return {"originalSource": media.url, "alt": media.alt, "mediaContentType": media.kind.value}


def _set_variant(variant: Variant, files: Mapping[Any, Input]) -> Input:
    stock = [
        {"locationId": place, "name": "available", "quantity": count}
        for place, count in variant.stock.items()
    ]
    lists = {
        "sku": variant.sku,
        "metafields": metafields(variant.metafields),
        "inventoryQuantities": stock,
        "file": files.get(variant.media_id),
    }
    return (
        _variant(variant) | {"position": variant.position, "inventoryItem": _item(variant)} | _filled(lists)
    )


def _variant(variant: Variant) -> Input:
    given: Input = {
        "optionValues": option_values(variant.options or DEFAULT_OPTION_VALUE),
        "price": money_text(variant.price),
        "taxable": variant.taxable,
        "inventoryPolicy": variant.inventory_policy.value,
    }
    return given | _filled({"barcode": variant.barcode, "compareAtPrice": money(variant.compare_at_price)})


def _item(variant: Variant) -> Input:
    given: Input = {"tracked": variant.tracked, "requiresShipping": variant.requires_shipping}
    optional = {
        "cost": money(variant.cost),
        "harmonizedSystemCode": variant.hs_code,
        "countryCodeOfOrigin": variant.country_of_origin,
        "measurement": {"weight": _weight(variant.weight)} if variant.weight else None,
    }
    return given | _filled(optional)


def _file(media: Media) -> Input:
    return {"originalSource": media.url, "alt": media.alt, "contentType": media.kind.value}


def _weight(weight: Weight) -> Input:
    """`value` is a Float in Shopify's schema, the one number that is not sent as text."""
    return {"value": float(weight.value), "unit": weight.unit}


def _value(field: Field, value: Json) -> Any:
    if field is Field.WEIGHT:
        weight = cast("Mapping[str, str]", value or {"value": "0", "unit": "KILOGRAMS"})
        return {"value": float(weight["value"]), "unit": weight["unit"]}
    if value == "" and field in _NULL_WHEN_EMPTY:
        return None
    return value


def _put(given: Input, keys: tuple[str, ...], value: Any) -> None:
    for key in keys[:-1]:
        given = given.setdefault(key, {})
    given[keys[-1]] = value


def _filled(given: Mapping[str, Any]) -> Input:
    """Without what is empty: nothing is to be set there, and no list is to be emptied."""
    return {key: value for key, value in given.items() if value not in (None, "", [], {})}
