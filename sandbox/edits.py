"""Changes as a merchant types them in: text to values, refusals in plain words. The commands do the work."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from sandbox.commands import inventory, products, variants
from sandbox.commands.errors import RefusedError
from sandbox.commands.specs import ItemFields, ProductFields, VariantFields, VariantSpec
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.place import place
from sandbox.store.location import Location
from sandbox.store.product import Product, Variant
from sandbox.store.shop import Shop

STATUSES = ("ACTIVE", "DRAFT", "ARCHIVED", "UNLISTED")


class EditError(ValueError):
    """What was typed in cannot be taken; the message says why."""


def money(text: str) -> Decimal:
    """A price of zero or more, with at most two decimals. Raises EditError."""
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise EditError(f"'{text}' is not a price.") from None
    if not amount.is_finite() or amount < 0 or amount >= inventory.MAX_AMOUNT:
        raise EditError("The price must be 0 or more and less than 10^18.")
    if amount != amount.quantize(Decimal("0.01")):
        raise EditError("A price has at most two decimals.")
    return amount.quantize(Decimal("0.01"))


def quantity(text: str) -> int:
    """A whole number within Shopify's bounds. Raises EditError."""
    if re.fullmatch(r"-?\d{1,10}", text.strip()) is None or abs(int(text)) > inventory.MAX_QUANTITY:
        raise EditError(f"'{text}' is not a whole number between -1,000,000,000 and 1,000,000,000.")
    return int(text)


def edit_product(shop: Shop, product: Product, name: str, text: str) -> str:
    """Set one field of a product by its name in the API; answers the value as it stands now."""
    match name:
        case "title":
            fields = ProductFields(title=text.strip())
        case "status" if text in STATUSES:
            fields = ProductFields(status=text)
        case "descriptionHtml":
            fields = ProductFields(description_html=text)
        case "vendor":
            fields = ProductFields(vendor=text.strip())
        case "productType":
            fields = ProductFields(product_type=text.strip())
        case "handle":
            fields = ProductFields(handle=text)
        case "tags":
            fields = ProductFields(tags=tuple(text.split(",")))
        case _:
            raise EditError(f"'{name}' cannot be set to '{text}' here.")
    _run(lambda: products.update_product(shop, product, fields))
    return {"title": product.title, "handle": product.handle, "tags": ", ".join(product.tags)}.get(name, text)


def edit_variant(shop: Shop, variant: Variant, name: str, text: str) -> str:
    """Set one field of a variant by its name in the API; empty clears what may be empty. Answers the new
    value.
    """
    fields, item = VariantFields(), ItemFields()
    match name:
        case "price":
            fields.price = money(text)
        case "compareAtPrice":
            fields.compare_at_price = money(text) if text.strip() else None
        case "barcode":
            fields.barcode = text.strip() or None
        case "sku":
            item.sku = text.strip() or None
        case "cost":
            item.cost = money(text) if text.strip() else None
        case "tracked" if text in ("true", "false"):
            item.tracked = text == "true"
        case _:
            raise EditError(f"'{name}' cannot be set to '{text}' here.")
    _run(lambda: variants.change_variant(shop, variant, VariantSpec(fields=fields, item=item)))
    return str(variant.price) if name == "price" else text.strip()


def edit_stock(shop: Shop, variant: Variant, location: Location, text: str) -> str:
    """Set the available quantity at a location, stocking the variant there if it was not."""
    if not variant.item.tracked:
        raise EditError("The inventory of this variant is not tracked.")
    wanted = quantity(text)
    inventory.set_available(shop, variant.item, location, wanted)
    return str(wanted)


def add_product(shop: Shop, title: str, price: str, sku: str, available: str) -> Product:
    """A product in one form, tracked, stocked at the primary location and on all sales channels."""
    if not title.strip():
        raise EditError("Title can't be blank")
    variant = VariantDraft(
        sku=sku.strip(), price=money(price), tracked=True, available=(quantity(available or "0"),)
    )
    draft = ProductDraft(title=title.strip(), variants=(variant,), vendor=shop.name)
    return _run(lambda: place(shop, draft))


T = TypeVar("T")


def _run(command: Callable[[], T]) -> T:
    try:
        return command()
    except RefusedError as refused:
        raise EditError(refused.errors[0].message) from refused
