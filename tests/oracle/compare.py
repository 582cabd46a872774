"""Is the dependent what main and the settings say? Compares two dumps; shares no code with the engine.

Says what differs as lines for a person: `Title › field: wanted …, found …`.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.oracle import projection
from tests.oracle.pairs import Product, Shop, is_created, pairs, variant_twins
from tests.oracle.projection import Settings

PRODUCT_FIELDS = {
    "TITLE": "title",
    "DESCRIPTION": "descriptionHtml",
    "VENDOR": "vendor",
    "PRODUCT_TYPE": "productType",
    "CATEGORY": "category",
    "TAGS": "tags",
    "STATUS": "status",
    "TEMPLATE_SUFFIX": "templateSuffix",
    "HANDLE": "handle",
}
VARIANT_FIELDS = {
    "SKU": "sku",
    "BARCODE": "barcode",
    "TAXABLE": "taxable",
    "REQUIRES_SHIPPING": "requiresShipping",
    "TRACKED": "tracked",
    "INVENTORY_POLICY": "inventoryPolicy",
    "HS_CODE": "harmonizedSystemCode",
    "COUNTRY_OF_ORIGIN": "countryCodeOfOrigin",
}


def differences(main: Shop, dependent: Shop, settings: Settings) -> list[str]:
    """Everything that is not as it should be; empty means equal. A person decides on ambiguous products."""
    found = pairs(main, dependent)
    lines = [line for pair in found.twins for line in _product(*pair, main, dependent, settings)]
    if settings["products"] == "ALL":
        lines += [f"{product['title']}: missing in {dependent['domain']}" for product in found.missing]
    return lines


def _product(
    product: Product, twin: Product, main: Shop, dependent: Shop, settings: Settings
) -> Iterator[str]:
    name = product["title"]
    if settings["details"]:
        for line in _details(product, twin, settings):
            yield f"{name} › {line}"
    for variant, other in variant_twins(product, twin):
        label = f"{name} › {variant['sku'] or ' / '.join(variant['options'])}"
        if other is None:
            if settings["details"]:
                yield f"{label}: missing"
            continue
        for line in _variant(variant, other, main, dependent, settings):
            yield f"{label} › {line}"


def _details(product: Product, twin: Product, settings: Settings) -> Iterator[str]:
    owned = set(settings["fields"])
    for field, key in PRODUCT_FIELDS.items():
        if field == "STATUS" and is_created(twin) and settings["newProductStatus"] == "DRAFT":
            continue
        if field in owned:
            yield from _differs(key, product[key] or "", twin[key] or "")
    if "OPTIONS" in owned:
        yield from _differs("options", _options(product), _options(twin))
    if "SEO" in owned:
        for part in ("title", "description"):
            yield from _differs(f"seo {part}", product["seo"][part] or "", twin["seo"][part] or "")
    if "METAFIELDS" in owned:
        yield from _metafields(product, twin)
    if "MEDIA" in owned:
        wanted = [(each["type"], each["alt"] or "") for each in product["media"]]
        shown = [(each["type"], each["alt"] or "") for each in twin["media"]]
        if is_created(twin):
            yield from _differs("media", wanted, shown)
        elif not _in_order(wanted, shown):
            yield f"media: wanted {wanted} among {shown}"
    if "VARIANT_MEDIA" in owned and "MEDIA" in owned and is_created(twin):
        for variant, other in variant_twins(product, twin):
            if other is not None:
                yield from _differs(
                    f"image of {variant['title']}", _place(product, variant), _place(twin, other)
                )


def _variant(
    variant: dict[str, Any], other: dict[str, Any], main: Shop, dependent: Shop, settings: Settings
) -> Iterator[str]:
    currency = dependent["currency"]
    if settings["prices"]:
        wanted = projection.money(variant["price"], settings, currency)
        yield from _differs("price", wanted, Decimal(other["price"]))
        if settings["priceRules"]["compareAt"]:
            shown = None if other["compareAtPrice"] is None else Decimal(other["compareAtPrice"])
            yield from _differs("compare-at price", projection.compare_at(variant, settings, currency), shown)
    if settings["quantities"] and variant["tracked"] and other["tracked"]:
        for location, quantity in projection.stock(variant, main, dependent, settings).items():
            yield from _differs(
                f"stock at {location}", quantity, other["levels"].get(location, {"available": 0})["available"]
            )
    if settings["details"]:
        owned = set(settings["fields"])
        for field, key in VARIANT_FIELDS.items():
            if field in owned:
                yield from _differs(key, variant[key] or "", other[key] or "")
        if "WEIGHT" in owned:
            yield from _differs("weight", _weight(variant), _weight(other))
        if "METAFIELDS" in owned:
            yield from _metafields(variant, other)
        if "COST" in owned and main["currency"] == currency:
            yield from _differs("cost", _amount(variant["cost"]), _amount(other["cost"]))


def _options(product: Product) -> list[tuple[str, list[str]]]:
    """Names and values in their order; a value that no variant has says nothing."""
    return [
        (option["name"], [each for each in option["values"] if each in used])
        for index, option in enumerate(product["options"])
        for used in [{variant["options"][index] for variant in product["variants"]}]
    ]


def _metafields(owner: dict[str, Any], twin: dict[str, Any]) -> Iterator[str]:
    shown = {(each["namespace"], each["key"]): each["value"] for each in twin["metafields"]}
    for each in owner["metafields"]:
        if not each["namespace"].startswith("app--") and "_reference" not in each["type"]:
            where = each["namespace"], each["key"]
            yield from _differs(".".join(where), each["value"], shown.get(where))


def _differs(name: str, wanted: object, found: object) -> Iterator[str]:
    if wanted != found:
        yield f"{name}: wanted {wanted!r}, found {found!r}"


def _in_order(wanted: list[Any], shown: list[Any]) -> bool:
    rest = iter(shown)
    return all(each in rest for each in wanted)


def _place(product: Product, variant: dict[str, Any]) -> int | None:
    ids = [each["id"] for each in product["media"]]
    return ids.index(variant["mediaId"]) if variant["mediaId"] in ids else None


def _weight(variant: dict[str, Any]) -> tuple[Decimal, str]:
    return Decimal(variant["weight"]["value"]), variant["weight"]["unit"]


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
