"""Products, their options and their variants."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.store.inventory import InventoryItem

if TYPE_CHECKING:
    from sandbox.store.media import File
    from sandbox.store.metafield import Metafield

DEFAULT_OPTION = "Title"
DEFAULT_VALUE = "Default Title"


@dataclass(slots=True, eq=False)
class OptionValue:
    id: int
    name: str


@dataclass(slots=True, eq=False)
class Option:
    id: int
    name: str
    values: list[OptionValue]


@dataclass(slots=True, eq=False)
class Variant:
    id: int
    product: "Product" = field(repr=False)
    item: InventoryItem = field(repr=False)
    options: tuple[OptionValue, ...]
    """One value for each option of the product, in the options' order."""
    position: int
    price: Decimal
    created_at: datetime
    updated_at: datetime
    compare_at_price: Decimal | None = None
    barcode: str | None = None
    taxable: bool = True
    tax_code: str | None = None
    inventory_policy: str = "DENY"
    requires_components: bool = False
    show_unit_price: bool = False
    media: "File | None" = None
    metafields: "dict[tuple[str, str], Metafield]" = field(default_factory=dict)

    @property
    def title(self) -> str:
        return " / ".join(value.name for value in self.options)


@dataclass(slots=True, eq=False)
class Product:
    id: int
    title: str
    handle: str
    created_at: datetime
    updated_at: datetime
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    category: str | None = None
    """The id of a taxonomy category."""
    status: str = "ACTIVE"
    tags: tuple[str, ...] = ()
    """Sorted, without case-insensitive duplicates."""
    seo_title: str | None = None
    seo_description: str | None = None
    template_suffix: str | None = None
    gift_card: bool = False
    gift_card_template_suffix: str | None = None
    requires_selling_plan: bool = False
    options: list[Option] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    """In the order of their positions."""
    media: "list[File]" = field(default_factory=list)
    metafields: "dict[tuple[str, str], Metafield]" = field(default_factory=dict)
    publications: dict[int, datetime] = field(default_factory=dict)
    """When it is or was to be published, by publication."""
    deletion_ends: float | None = None
    """While an asynchronous deletion runs: when it takes effect, on the scale of Clock.monotonic()."""

    @property
    def has_only_default_variant(self) -> bool:
        return (
            len(self.variants) == 1
            and len(self.options) == 1
            and self.options[0].name == DEFAULT_OPTION
            and self.variants[0].options[0].name == DEFAULT_VALUE
        )
