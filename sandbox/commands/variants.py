"""Variants of a product: their limits, making, changing, ordering and deleting them."""

from collections.abc import Iterable, Iterator

from sandbox.commands import inventory, metafields, normalise
from sandbox.commands.assign import assign
from sandbox.commands.errors import UserError, refuse_if
from sandbox.commands.specs import UNSET, VariantFields, VariantSpec
from sandbox.ids import gid
from sandbox.store.change import Change
from sandbox.store.inventory import InventoryItem
from sandbox.store.product import OptionValue, Product, Variant
from sandbox.store.shop import Shop

MAX_VARIANTS = 2048


def field_faults(spec: VariantSpec) -> Iterator[UserError]:
    """With the codes of productVariantsBulkUpdate; paths start at the variant."""
    fields = spec.fields
    if fields is not None:
        limit = f"must be less than {inventory.MAX_AMOUNT:f}"
        if fields.price is not UNSET:
            if fields.price < 0:
                message = "Price must be greater than or equal to 0"
                yield UserError(("price",), message, "GREATER_THAN_OR_EQUAL_TO")
            elif fields.price >= inventory.MAX_AMOUNT:
                yield UserError((), limit)
        if fields.compare_at_price is not UNSET and fields.compare_at_price is not None:
            if fields.compare_at_price < 0:
                yield UserError((), "must be greater than or equal to 0")
            elif fields.compare_at_price >= inventory.MAX_AMOUNT:
                yield UserError(("compareAtPrice",), limit, "INVALID_INPUT")
        if fields.barcode is not UNSET and len(fields.barcode or "") > inventory.MAX_TEXT:
            yield UserError(("barcode",), "Barcode is too long (maximum is 255 characters)", "TOO_LONG")
    if spec.item is not None:
        for fault in inventory.item_faults(spec.item):
            yield UserError(("inventoryItem", *(fault.field or ())), fault.message, fault.code)


def create_variant(
    shop: Shop, change: Change, product: Product, spec: VariantSpec, values: tuple[OptionValue, ...]
) -> Variant:
    """A checked variant at the end of the product's list; stocked at the primary location unless spec says
    where.
    """
    item = InventoryItem(shop.ids.next(), change.now, change.now, weight_unit=shop.weight_unit)
    variant = Variant(
        id=shop.ids.next(),
        product=product,
        item=item,
        options=values,
        position=len(product.variants) + 1,
        price=normalise.ZERO,
        created_at=change.now,
        updated_at=change.now,
    )
    item.variant = variant
    shop.items.add(item)
    shop.variants.add(variant)
    product.variants.append(variant)
    apply_spec(shop, change, variant, spec)
    if not item.levels:
        inventory.activate(change, item, shop.primary_location)
    change.event("inventory_items/create", gid("InventoryItem", item.id))
    change.touch_variant(variant)
    return variant


def apply_spec(
    shop: Shop, change: Change, variant: Variant, spec: VariantSpec, *, replace: bool = False
) -> None:
    """Everything of a checked spec but option values, position and file; replace as for metafields.apply."""
    if spec.fields is not None and apply_fields(variant, spec.fields):
        change.touch_variant(variant)
    if spec.item is not None and inventory.apply_item(shop, change, variant.item, spec.item):
        change.touch_item(variant.item)
    for quantity in spec.quantities:
        level = inventory.activate(change, variant.item, shop.locations[quantity.location_id])
        inventory.set_quantity(change, level, quantity.name, quantity.quantity)
    if spec.metafields is not UNSET:
        metafields.apply(shop, change, variant, "PRODUCTVARIANT", spec.metafields, replace=replace)


def apply_fields(variant: Variant, fields: VariantFields) -> bool:
    compare_at = fields.compare_at_price
    return assign(
        variant,
        price=fields.price if fields.price is UNSET else normalise.amount(fields.price),
        compare_at_price=compare_at
        if compare_at is UNSET or compare_at is None
        else normalise.amount(compare_at),
        barcode=fields.barcode,
        taxable=fields.taxable,
        tax_code=fields.tax_code,
        inventory_policy=fields.inventory_policy,
        requires_components=fields.requires_components,
        show_unit_price=fields.show_unit_price,
    )


def delete_variant(shop: Shop, change: Change, variant: Variant) -> None:
    """Takes its inventory item and levels along. The product's positions are left to number()."""
    shop.unindex_sku(variant)
    shop.variants.remove(variant)
    shop.items.remove(variant.item)
    for level in variant.item.levels.values():
        del level.location.levels[variant.item.id]
    for metafield in list(variant.metafields.values()):
        metafields.remove(shop, variant, metafield)
    variant.product.variants.remove(variant)
    change.touch_product(variant.product)
    change.event("inventory_items/delete", gid("InventoryItem", variant.item.id))


def number(change: Change, product: Product, order: Iterable[Variant]) -> None:
    """Put the product's variants into this order."""
    wanted = list(order)
    if wanted != product.variants:
        product.variants = wanted
        change.touch_product(product)
    for position, variant in enumerate(wanted, 1):
        variant.position = position


def change_variant(shop: Shop, variant: Variant, spec: VariantSpec) -> None:
    """What a merchant does in the admin: price, SKU, and so on; RefusedError with
    productVariantsBulkUpdate's codes.
    """
    refuse_if(field_faults(spec))
    with shop.change() as change:
        apply_spec(shop, change, variant, spec)
