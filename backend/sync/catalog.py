"""Frozen values of a shop's catalogue, as both shops are compared.

Values are normalised where they enter (see `backend.shopify.reader`): tags sorted without duplicates, money
as `Decimal`, absent text as "". Two values that mean the same compare equal, or every sync would find
endless differences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

ProductId = NewType("ProductId", str)
VariantId = NewType("VariantId", str)
InventoryItemId = NewType("InventoryItemId", str)
LocationId = NewType("LocationId", str)
MediaId = NewType("MediaId", str)

# An id that does not exist yet, or does not apply.
NO_PRODUCT = ProductId("")
NO_VARIANT = VariantId("")
NO_ITEM = InventoryItemId("")
NO_LOCATION = LocationId("")


class ProductStatus(StrEnum):
    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"
    DRAFT = "DRAFT"
    UNLISTED = "UNLISTED"


class InventoryPolicy(StrEnum):
    DENY = "DENY"
    CONTINUE = "CONTINUE"


class MediaKind(StrEnum):
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    EXTERNAL_VIDEO = "EXTERNAL_VIDEO"
    MODEL_3D = "MODEL_3D"


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OptionValue:
    option: str
    value: str


@dataclass(frozen=True, slots=True)
class Media:
    """`url` is where a copy can be fetched from: the original source of an image, video or model, the embed
    address of an external video. `width` and `height` are pixels, 0 when unknown."""

    id: MediaId
    kind: MediaKind
    url: str
    alt: str = ""
    width: int = 0
    height: int = 0
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Metafield:
    namespace: str
    key: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Weight:
    """`unit` is Shopify's WeightUnit: GRAMS, KILOGRAMS, OUNCES or POUNDS."""

    value: Decimal
    unit: str


NO_STOCK: Mapping[LocationId, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Variant:
    """`stock` is the available quantity by location; a location without a level is absent, not 0."""

    id: VariantId
    inventory_item_id: InventoryItemId
    options: tuple[OptionValue, ...] = ()
    position: int = 1
    sku: str = ""
    barcode: str = ""
    price: Decimal = Decimal(0)
    compare_at_price: Decimal | None = None
    cost: Decimal | None = None
    taxable: bool = True
    inventory_policy: InventoryPolicy = InventoryPolicy.DENY
    tracked: bool = False
    requires_shipping: bool = True
    weight: Weight | None = None
    hs_code: str = ""
    country_of_origin: str = ""
    media_id: MediaId | None = None
    metafields: tuple[Metafield, ...] = ()
    stock: Mapping[LocationId, int] = field(default_factory=lambda: NO_STOCK, hash=False)


@dataclass(frozen=True, slots=True)
class Product:
    """`origin` is the value of the app-owned id metafield, "" where there is none: it names the main shop
    and product that this product was created from, and outlives links (see `backend.sync.origin`)."""

    id: ProductId
    title: str = ""
    handle: str = ""
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    category_id: str = ""
    tags: tuple[str, ...] = ()
    status: ProductStatus = ProductStatus.ACTIVE
    seo_title: str = ""
    seo_description: str = ""
    template_suffix: str = ""
    origin: str = ""
    options: tuple[Option, ...] = ()
    variants: tuple[Variant, ...] = ()
    media: tuple[Media, ...] = ()
    metafields: tuple[Metafield, ...] = ()
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Location:
    id: LocationId
    name: str
    is_active: bool = True
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What the rules need to know of a shop. `currency` is ISO 4217. `inactive_locations` are those that the
    shop has deactivated, sorted: nothing is stocked or sold there."""

    domain: str
    currency: str
    primary_location_id: LocationId | None
    inactive_locations: tuple[LocationId, ...] = ()
