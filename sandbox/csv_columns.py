"""The columns of Shopify's product CSV and one row of it, with its cells read as what they mean."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sandbox.draft import MetafieldDraft

COLUMNS: dict[str, tuple[str, ...]] = {
    "handle": ("Handle", "URL handle"),
    "title": ("Title",),
    "description": ("Body (HTML)", "Description"),
    "vendor": ("Vendor",),
    "type": ("Type",),
    "tags": ("Tags",),
    "published": ("Published", "Published on online store"),
    "status": ("Status",),
    "option1_name": ("Option1 Name",),
    "option1_value": ("Option1 Value",),
    "option2_name": ("Option2 Name",),
    "option2_value": ("Option2 Value",),
    "option3_name": ("Option3 Name",),
    "option3_value": ("Option3 Value",),
    "sku": ("Variant SKU", "SKU"),
    "grams": ("Variant Grams", "Weight value (grams)"),
    "weight_unit": ("Variant Weight Unit", "Weight unit for display"),
    "tracker": ("Variant Inventory Tracker", "Inventory tracker"),
    "quantity": ("Variant Inventory Qty", "Inventory quantity"),
    "policy": ("Variant Inventory Policy", "Continue selling when out of stock"),
    "fulfillment": ("Variant Fulfillment Service", "Fulfillment service"),
    "price": ("Variant Price", "Price"),
    "compare_at": ("Variant Compare At Price", "Compare-at price"),
    "cost": ("Cost per item",),
    "requires_shipping": ("Variant Requires Shipping", "Requires shipping"),
    "taxable": ("Variant Taxable", "Charge tax"),
    "tax_code": ("Variant Tax Code", "Tax code"),
    "barcode": ("Variant Barcode", "Barcode"),
    "image": ("Image Src", "Product image URL"),
    "image_position": ("Image Position",),
    "image_alt": ("Image Alt Text",),
    "variant_image": ("Variant Image", "Variant image URL"),
    "gift_card": ("Gift Card",),
    "seo_title": ("SEO Title",),
    "seo_description": ("SEO Description",),
}
FIELD_OF_HEADER = {header.casefold(): name for name, headers in COLUMNS.items() for header in headers}
METAFIELD_HEADER = re.compile(r"\(product\.metafields\.([\w$-]+)\.([\w-]+)\)\s*$")

WEIGHT_UNITS = {"g": "GRAMS", "kg": "KILOGRAMS", "oz": "OUNCES", "lb": "POUNDS"}
GRAMS_PER_UNIT = {
    "GRAMS": Decimal(1),
    "KILOGRAMS": Decimal(1000),
    "OUNCES": Decimal("28.349523125"),
    "POUNDS": Decimal("453.59237"),
}
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


class RowError(ValueError):
    """One product of the file cannot be imported. `row` is the line to blame, the header being line 1."""

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(reason)
        self.row, self.reason = row, reason


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: the cells of the known columns, trimmed, by the names of COLUMNS."""

    line: int
    values: dict[str, str]
    metafields: tuple[MetafieldDraft, ...]

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def flag(self, name: str, default: bool) -> bool:
        text = self.text(name).casefold()
        if text == "":
            return default
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        raise RowError(self.line, f"{COLUMNS[name][0]} must be TRUE or FALSE, not '{self.text(name)}'")

    def money(self, name: str) -> Decimal | None:
        text = self.text(name)
        if text == "":
            return None
        amount = decimal_of(text)
        if amount is None or amount < 0 or amount >= Decimal(10) ** 18:
            raise RowError(self.line, f"{COLUMNS[name][0]} is not a price: '{text}'")
        return amount.quantize(Decimal("0.01"))

    def integer(self, name: str) -> int | None:
        text = self.text(name)
        if text == "":
            return None
        if re.fullmatch(r"[+-]?\d{1,10}", text) is None:
            raise RowError(self.line, f"{COLUMNS[name][0]} is not a whole number: '{text}'")
        return int(text)


def decimal_of(text: str) -> Decimal | None:
    """A finite number, or None."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
