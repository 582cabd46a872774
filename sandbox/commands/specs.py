"""What callers ask of the commands. UNSET fields are left alone; None clears what can be empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final


class Unset(Enum):
    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclass(slots=True)
class ProductFields:
    title: str | Unset = UNSET
    handle: str | Unset = UNSET
    description_html: str | Unset = UNSET
    vendor: str | Unset = UNSET
    product_type: str | Unset = UNSET
    category: str | Unset | None = UNSET
    status: str | Unset = UNSET
    tags: tuple[str, ...] | Unset = UNSET
    seo_title: str | Unset | None = UNSET
    seo_description: str | Unset | None = UNSET
    template_suffix: str | Unset | None = UNSET
    gift_card: bool | Unset = UNSET
    gift_card_template_suffix: str | Unset | None = UNSET
    requires_selling_plan: bool | Unset = UNSET


@dataclass(slots=True)
class ValueSpec:
    """An option value, by id or by name; with both, the value of that id gets the name."""

    name: str | None = None
    id: int | None = None


@dataclass(slots=True)
class OptionSpec:
    name: str | None
    values: tuple[ValueSpec, ...] = ()
    id: int | None = None
    position: int | None = None


@dataclass(slots=True)
class Choice:
    """A variant's value for one option; option and value each by id or by name."""

    option_name: str | None = None
    value_name: str | None = None
    option_id: int | None = None
    value_id: int | None = None


@dataclass(slots=True)
class FileSpec:
    """A file that is there already (id), or one to fetch from a URL."""

    id: int | None = None
    original_source: str | None = None
    alt: str | Unset | None = UNSET
    content_type: str = "IMAGE"
    filename: str | None = None


@dataclass(slots=True)
class MetafieldSpec:
    key: str
    value: str
    namespace: str | None = None
    type: str | None = None
    id: int | None = None


@dataclass(slots=True)
class QuantitySpec:
    """name is ``available`` or ``on_hand``."""

    location_id: int
    quantity: int
    name: str = "available"


@dataclass(slots=True)
class ItemFields:
    sku: str | Unset | None = UNSET
    tracked: bool | Unset = UNSET
    requires_shipping: bool | Unset = UNSET
    cost: Decimal | Unset | None = UNSET
    weight: Decimal | Unset = UNSET
    weight_unit: str | Unset = UNSET
    """GRAMS, KILOGRAMS, OUNCES or POUNDS."""
    harmonized_system_code: str | Unset | None = UNSET
    country_code_of_origin: str | Unset | None = UNSET
    province_code_of_origin: str | Unset | None = UNSET


@dataclass(slots=True)
class VariantFields:
    price: Decimal | Unset = UNSET
    compare_at_price: Decimal | Unset | None = UNSET
    barcode: str | Unset | None = UNSET
    taxable: bool | Unset = UNSET
    tax_code: str | Unset | None = UNSET
    inventory_policy: str | Unset = UNSET
    requires_components: bool | Unset = UNSET
    show_unit_price: bool | Unset = UNSET


@dataclass(slots=True)
class VariantSpec:
    """id None asks for a new variant. file must be among the product's files (or in the same order's
    files).
    """

    choices: tuple[Choice, ...] | Unset = UNSET
    fields: VariantFields | None = None
    item: ItemFields | None = None
    id: int | None = None
    position: int | None = None
    quantities: tuple[QuantitySpec, ...] = ()
    file: FileSpec | Unset | None = UNSET
    metafields: tuple[MetafieldSpec, ...] | Unset = UNSET


@dataclass(slots=True)
class ProductSpec:
    """A list that is set replaces what is there: see sandbox.commands.product_set."""

    fields: ProductFields
    options: tuple[OptionSpec, ...] | Unset = UNSET
    variants: tuple[VariantSpec, ...] | Unset = UNSET
    files: tuple[FileSpec, ...] | Unset = UNSET
    metafields: tuple[MetafieldSpec, ...] | Unset = UNSET


def options_of(values: Mapping[str, tuple[str, ...]]) -> tuple[OptionSpec, ...]:
    """Options from plain names, for example ``{"Size": ("S", "M")}``."""
    return tuple(OptionSpec(name, tuple(map(ValueSpec, names))) for name, names in values.items())


def choices_of(values: Mapping[str, str]) -> tuple[Choice, ...]:
    """A variant's choices from plain names, for example ``{"Size": "M"}``."""
    return tuple(Choice(option, value) for option, value in values.items())
