"""Catalogue values with defaults that do not matter to a test."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from backend.sync.catalog import (
    InventoryItemId,
    Media,
    MediaId,
    MediaKind,
    Metafield,
    Option,
    OptionValue,
    Product,
    ProductId,
    Variant,
    VariantId,
    Weight,
)

MAIN_PRODUCT = ProductId("gid://shopify/Product/7")
ORIGIN = "main.myshopify.com/7"


def a_variant(number: int = 1, **changed: Any) -> Variant:
    variant = Variant(
        id=VariantId(f"gid://shopify/ProductVariant/{number}"),
        inventory_item_id=InventoryItemId(f"gid://shopify/InventoryItem/{number}"),
        options=(OptionValue("Size", f"Size {number}"),),
        position=number,
        sku=f"SKU-{number}",
        barcode=f"40000000{number:04}",
        price=Decimal("19.90"),
        compare_at_price=Decimal("29.90"),
        cost=Decimal("7.50"),
        tracked=True,
        weight=Weight(Decimal("0.4"), "KILOGRAMS"),
        hs_code="610910",
        country_of_origin="PT",
    )
    return replace(variant, **changed)


def an_image(number: int = 1, **changed: Any) -> Media:
    image = Media(
        id=MediaId(f"gid://shopify/MediaImage/{number}"),
        kind=MediaKind.IMAGE,
        url=f"https://cdn.example.com/image-{number}.jpg",
        alt=f"View {number}",
    )
    return replace(image, **changed)


def a_product(*variants: Variant, **changed: Any) -> Product:
    given = variants or (a_variant(1), a_variant(2))
    sizes = tuple(each.options[0].value for each in given if each.options)
    product = Product(
        id=MAIN_PRODUCT,
        title="Linen Shirt",
        description_html="<p>Washed linen.</p>",
        vendor="Acme",
        product_type="Shirts",
        tags=("linen", "summer"),
        seo_title="Linen Shirt by Acme",
        seo_description="A shirt of linen.",
        options=(Option("Size", sizes),) if sizes else (),
        variants=given,
        metafields=(Metafield("custom", "care", "single_line_text_field", "Wash cold"),),
    )
    return replace(product, **changed)
