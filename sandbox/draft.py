"""Products as values, before they stand in a shop: what the CSV import reads and what the generator
invents.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ImageDraft:
    """An image by its source address. `width` and `height` are in pixels, where known."""

    source: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class MetafieldDraft:
    namespace: str
    key: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """One variant.

    `option_values` are in the order of the product's `options`; empty for a product without options.
    `available` is per location, in the order in which the shop's locations were made; a location that is
    missing does not stock the variant. `weight` is in `weight_unit`, one of Shopify's WeightUnit names.
    `image` is a source among the product's images.
    """

    option_values: tuple[str, ...] = ()
    sku: str = ""
    barcode: str = ""
    price: Decimal = Decimal("0.00")
    compare_at_price: Decimal | None = None
    cost: Decimal | None = None
    tracked: bool = False
    available: tuple[int | None, ...] = ()
    policy: str = "DENY"
    weight: Decimal = Decimal("0")
    weight_unit: str = "KILOGRAMS"
    requires_shipping: bool = True
    taxable: bool = True
    tax_code: str | None = None
    country_code_of_origin: str | None = None
    harmonized_system_code: str | None = None
    image: str | None = None
    metafields: tuple[MetafieldDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """One product. Without a handle the shop derives it from the title; without options it has the default
    variant.
    """

    title: str
    variants: tuple[VariantDraft, ...] = (VariantDraft(),)
    handle: str | None = None
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    tags: tuple[str, ...] = ()
    status: str = "ACTIVE"
    published: bool = True
    options: tuple[str, ...] = ()
    images: tuple[ImageDraft, ...] = ()
    seo_title: str | None = None
    seo_description: str | None = None
    gift_card: bool = False
    metafields: tuple[MetafieldDraft, ...] = ()
