"""What flows over a connection: the dependent's sync settings, a value with defaults that are safe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from backend.sync.catalog import LocationId, ProductId


class ProductScope(StrEnum):
    """ALL: what is missing in the dependent is created. MATCHED: only what both shops have."""

    ALL = "ALL"
    MATCHED = "MATCHED"


class FieldGroup(StrEnum):
    DETAILS = "DETAILS"
    PRICES = "PRICES"
    QUANTITIES = "QUANTITIES"


class DetailField(StrEnum):
    TITLE = "TITLE"
    DESCRIPTION = "DESCRIPTION"
    VENDOR = "VENDOR"
    PRODUCT_TYPE = "PRODUCT_TYPE"
    CATEGORY = "CATEGORY"
    TAGS = "TAGS"
    STATUS = "STATUS"
    SEO = "SEO"
    TEMPLATE_SUFFIX = "TEMPLATE_SUFFIX"
    HANDLE = "HANDLE"
    OPTIONS = "OPTIONS"
    SKU = "SKU"
    BARCODE = "BARCODE"
    WEIGHT = "WEIGHT"
    TAXABLE = "TAXABLE"
    REQUIRES_SHIPPING = "REQUIRES_SHIPPING"
    TRACKED = "TRACKED"
    INVENTORY_POLICY = "INVENTORY_POLICY"
    HS_CODE = "HS_CODE"
    COUNTRY_OF_ORIGIN = "COUNTRY_OF_ORIGIN"
    COST = "COST"
    MEDIA = "MEDIA"
    VARIANT_MEDIA = "VARIANT_MEDIA"
    METAFIELDS = "METAFIELDS"


# A handle is part of a shop's public addresses: changing it breaks links, so it is opt-in.
DEFAULT_DETAIL_FIELDS = frozenset(DetailField) - {DetailField.HANDLE}


class NewProductStatus(StrEnum):
    AS_MAIN = "AS_MAIN"
    DRAFT = "DRAFT"


class MissingProductPolicy(StrEnum):
    """When a linked product is gone from main. DELETE only ever deletes what this app created."""

    KEEP = "KEEP"
    DRAFT = "DRAFT"
    ARCHIVE = "ARCHIVE"
    DELETE = "DELETE"


class MissingVariantPolicy(StrEnum):
    KEEP = "KEEP"
    ZERO_STOCK = "ZERO_STOCK"
    DELETE = "DELETE"


class LocalEditPolicy(StrEnum):
    MAIN_WINS = "MAIN_WINS"
    KEEP_LOCAL = "KEEP_LOCAL"


class StockMode(StrEnum):
    MIRROR = "MIRROR"
    SHARED = "SHARED"


@dataclass(frozen=True, slots=True)
class Selection:
    """A product is selected when it meets any include rule (or there is none) and no exclude rule.

    Tags, types and vendors compare case-insensitively, as Shopify treats them.
    """

    include_tags: frozenset[str] = frozenset()
    include_types: frozenset[str] = frozenset()
    include_vendors: frozenset[str] = frozenset()
    include_products: frozenset[ProductId] = frozenset()
    exclude_tags: frozenset[str] = frozenset()
    exclude_types: frozenset[str] = frozenset()
    exclude_vendors: frozenset[str] = frozenset()
    exclude_products: frozenset[ProductId] = frozenset()


@dataclass(frozen=True, slots=True)
class PriceRules:
    """Applied in this order: conversion, percent, fixed amount, ending, minor unit of the currency (half up).

    `conversion_rate` is dependent currency per main currency, valid for the pair (`rate_from`, `rate_to`) it
    was entered for: when a shop's currency changes, prices pause. `ending` is the fraction every price ends
    with, e.g. 0.99.
    """

    conversion_rate: Decimal | None = None
    rate_from: str = ""
    rate_to: str = ""
    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    ending: Decimal | None = None
    compare_at: bool = True


@dataclass(frozen=True, slots=True)
class BrakeLimits:
    """Deletes, unpublishes and zeroed stock wait when they exceed both `percent` of linked products and
    `count`, over a rolling hour; a price waits when it moves more than `price_percent`, or to 0."""

    percent: Decimal = Decimal(10)
    count: int = 20
    price_percent: Decimal = Decimal(50)
    price_zero: bool = True


MAIN_WINS: Mapping[FieldGroup, LocalEditPolicy] = MappingProxyType(
    {FieldGroup.DETAILS: LocalEditPolicy.MAIN_WINS, FieldGroup.PRICES: LocalEditPolicy.MAIN_WINS}
)


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """`metafield_namespaces` empty means every namespace that is not owned by an app.

    `stock_buffer` is held back per variant and location, `stock_cap` the most a dependent ever shows.
    """

    products: ProductScope = ProductScope.MATCHED
    details: bool = False
    prices: bool = True
    quantities: bool = True
    fields: frozenset[DetailField] = DEFAULT_DETAIL_FIELDS
    metafield_namespaces: frozenset[str] = frozenset()
    selection: Selection = Selection()
    new_product_status: NewProductStatus = NewProductStatus.AS_MAIN
    publish_new_products: bool = True
    missing_product: MissingProductPolicy = MissingProductPolicy.DRAFT
    missing_variant: MissingVariantPolicy = MissingVariantPolicy.ZERO_STOCK
    price_rules: PriceRules = PriceRules()
    stock_mode: StockMode = StockMode.MIRROR
    stock_buffer: int = 0
    stock_cap: int | None = None
    local_edits: Mapping[FieldGroup, LocalEditPolicy] = field(default_factory=lambda: MAIN_WINS, hash=False)
    brake: BrakeLimits = BrakeLimits()

    @property
    def owns_details(self) -> bool:
        """A shop that gets missing products created gets their details: ALL implies them."""
        return self.details or self.products is ProductScope.ALL

    @property
    def groups(self) -> frozenset[FieldGroup]:
        """The field groups that the connection owns."""
        owned = {
            FieldGroup.DETAILS: self.owns_details,
            FieldGroup.PRICES: self.prices,
            FieldGroup.QUANTITIES: self.quantities,
        }
        return frozenset(group for group, on in owned.items() if on)

    def owns(self, detail: DetailField) -> bool:
        return self.owns_details and detail in self.fields


@dataclass(frozen=True, slots=True)
class LocationMap:
    """Main locations that add up into each dependent location; without mappings, primary to primary.

    `inactive` are dependent locations that are mapped and can't be fed: they, or all that feed them, are
    deactivated."""

    sources: Mapping[LocationId, tuple[LocationId, ...]] = field(hash=False)
    inactive: tuple[LocationId, ...] = ()
