"""Catalogue values with defaults that don't matter to the test."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backend.sync.catalog import (
    InventoryItemId,
    LocationId,
    Media,
    MediaId,
    MediaKind,
    Metafield,
    Option,
    OptionValue,
    Product,
    ProductId,
    ShopFacts,
    Variant,
    VariantId,
)
from backend.sync.link import LinkOrigin, ProductLink, Ref, VariantLink
from backend.sync.rules import Rules
from backend.sync.settings import LocationMap, ProductScope, SyncSettings

MAIN = ShopFacts("main.myshopify.com", "EUR", LocationId("main-shop"))
DEPENDENT = ShopFacts("dependent.myshopify.com", "EUR", LocationId("dependent-shop"))
HERE, THERE = LocationId("main-shop"), LocationId("dependent-shop")
PRODUCT, TWIN = ProductId("gid://shopify/Product/1"), ProductId("gid://shopify/Product/501")

ONLY_PRICES = SyncSettings(ProductScope.MATCHED, details=False, prices=True, quantities=False)
ONLY_STOCK = SyncSettings(ProductScope.MATCHED, details=False, prices=False, quantities=True)
ONLY_DETAILS = SyncSettings(ProductScope.MATCHED, details=True, prices=False, quantities=False)
EVERYTHING = SyncSettings(ProductScope.ALL, details=True, prices=True, quantities=True)


def variant(number: int | str = 1, *values: str, sku: str | None = None, **fields: Any) -> Variant:
    """`values` are option values, in the order Size, Color; `sku` defaults to "SKU-<number>"."""
    names = ("Size", "Color", "Material")
    options = tuple(OptionValue(name, value) for name, value in zip(names, values, strict=False))
    fields.setdefault("price", Decimal("10.00"))
    return Variant(
        VariantId(f"variant-{number}"),
        InventoryItemId(f"item-{number}"),
        options or (OptionValue("Title", "Default Title"),),
        sku=f"SKU-{number}" if sku is None else sku,
        **fields,
    )


def product(*variants: Variant, gid: ProductId = PRODUCT, **fields: Any) -> Product:
    variants = variants or (variant(),)
    fields.setdefault("title", "Shirt")
    fields.setdefault("options", options_of(variants))
    placed = tuple(replace(item, position=index) for index, item in enumerate(variants, 1))
    return Product(gid, variants=placed, **fields)


def options_of(variants: Iterable[Variant]) -> tuple[Option, ...]:
    values: dict[str, dict[str, None]] = {}
    for item in variants:
        for option in item.options:
            values.setdefault(option.option, {})[option.value] = None
    return tuple(Option(name, tuple(found)) for name, found in values.items())


def twin(main: Product, **fields: Any) -> Product:
    """The dependent's product that says just what main's says, at its own location."""
    media = {item.id: MediaId(f"d-{item.id}") for item in main.media}
    changed: dict[str, Any] = {
        "id": TWIN,
        "variants": tuple(
            replace(
                item,
                id=VariantId(f"d-{item.id}"),
                inventory_item_id=InventoryItemId(f"d-{item.inventory_item_id}"),
                stock={THERE: item.stock[HERE]} if HERE in item.stock else {},
                media_id=None if item.media_id is None else media[item.media_id],
            )
            for item in main.variants
        ),
        "media": tuple(replace(item, id=media[item.id]) for item in main.media),
    }
    return replace(main, **(changed | fields))


def image(name: str, **fields: Any) -> Media:
    return Media(
        MediaId(name),
        MediaKind.IMAGE,
        fields.pop("url", f"https://cdn.example/{name}.png"),
        width=fields.pop("width", 100),
        height=fields.pop("height", 80),
        **fields,
    )


def text(key: str, value: str, namespace: str = "custom") -> Metafield:
    return Metafield(namespace, key, "single_line_text_field", value)


def link(
    main: Product,
    dependent: Product,
    origin: LinkOrigin = LinkOrigin.SKU,
    base: Mapping[Ref, str] | None = None,
    **fields: Any,
) -> ProductLink:
    """Variants linked one by one, in order; media too."""
    variants = {
        mine.id: VariantLink(mine.id, theirs.id, origin is LinkOrigin.CREATED)
        for mine, theirs in zip(main.variants, dependent.variants, strict=False)
    }
    fields.setdefault("variants", variants)
    fields.setdefault(
        "media", {mine.id: theirs.id for mine, theirs in zip(main.media, dependent.media, strict=False)}
    )
    return ProductLink(main.id, dependent.id, origin, base=base or {}, **fields)


def rules(settings: SyncSettings = EVERYTHING, **fields: Any) -> Rules:
    fields.setdefault("main", MAIN)
    fields.setdefault("dependent", DEPENDENT)
    fields.setdefault("location_map", LocationMap({THERE: (HERE,)}))
    return Rules(settings=settings, **fields)
