"""Stock: activating levels, setting and adjusting quantities, the items themselves."""

from collections.abc import Iterator
from decimal import Decimal

from sandbox.commands.assign import assign
from sandbox.commands.errors import UserError
from sandbox.commands.specs import UNSET, ItemFields
from sandbox.ids import level_gid
from sandbox.store.change import Change
from sandbox.store.inventory import InventoryItem, InventoryLevel
from sandbox.store.location import Location
from sandbox.store.shop import Shop

MAX_QUANTITY = 1_000_000_000
MAX_AMOUNT = Decimal(10) ** 18
MAX_TEXT = 255
_UNITS = {"GRAMS": "g", "KILOGRAMS": "kg", "OUNCES": "oz", "POUNDS": "lb"}


def activate(change: Change, item: InventoryItem, location: Location) -> InventoryLevel:
    """The item's level at the location, made or woken up; a woken level keeps its old quantities."""
    level = item.levels.get(location.id)
    if level is None:
        level = InventoryLevel(item, location, change.now, change.now)
        item.levels[location.id] = level
        location.levels[item.id] = level
    elif level.is_active:
        return level
    level.is_active = True
    change.touch_level(level)
    change.event("inventory_levels/connect", level_gid(location.id, item.id))
    return level


def deactivate(change: Change, level: InventoryLevel) -> None:
    if level.is_active:
        level.is_active = False
        change.touch_level(level)
        change.event("inventory_levels/disconnect", level_gid(level.location.id, level.item.id))


def set_quantity(change: Change, level: InventoryLevel, name: str, quantity: int) -> int:
    """Set ``available`` or ``on_hand`` (which moves available along); the difference is answered."""
    delta = quantity - level.quantity(name)
    if delta:
        level.available += delta
        change.touch_level(level)
    return delta


def adjust_quantity(change: Change, level: InventoryLevel, name: str, delta: int) -> None:
    if delta:
        setattr(level, name, getattr(level, name) + delta)
        change.touch_level(level)


def set_available(shop: Shop, item: InventoryItem, location: Location, quantity: int) -> None:
    """What a merchant does in the admin: stock the item there if it is not, and count."""
    with shop.change() as change:
        set_quantity(change, activate(change, item, location), "available", quantity)


def item_faults(fields: ItemFields) -> Iterator[UserError]:
    """With the codes of productVariantsBulkUpdate; paths start at the inventory item."""
    if fields.cost is not UNSET and fields.cost is not None:
        if fields.cost < 0:
            message = "Cost per item must be greater than or equal to 0"
            yield UserError(("cost",), message, "GREATER_THAN_OR_EQUAL_TO")
        elif fields.cost >= MAX_AMOUNT:
            yield UserError(("cost",), f"Cost per item must be less than {MAX_AMOUNT:f}", "INVALID_INPUT")
    if fields.sku is not UNSET and fields.sku is not None and len(fields.sku) > MAX_TEXT:
        yield UserError(("sku",), "SKU is too long (maximum is 255 characters)", "TOO_LONG")
    if fields.weight is not UNSET and fields.weight < 0:
        unit = _UNITS["KILOGRAMS" if fields.weight_unit is UNSET else fields.weight_unit]
        message = f"Measurement weight value {fields.weight.normalize():f} {unit} must be >= 0 {unit}"
        yield UserError(("measurement", "weight"), message, "INVALID_INPUT")
    code = fields.harmonized_system_code
    if code is not UNSET and code:
        digits = code.replace(".", "").replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 13):
            message = "Harmonized system code must be a number between six and thirteen digits"
            yield UserError(("harmonizedSystemCode",), message, "INVALID_INPUT")


def apply_item(shop: Shop, change: Change, item: InventoryItem, fields: ItemFields) -> bool:
    """Fields that passed item_faults(); True if any value changed."""
    if fields.sku is not UNSET and fields.sku != item.sku:
        known = item.variant.id in shop.variants
        if known:
            shop.unindex_sku(item.variant)
        item.sku = fields.sku
        if known:
            shop.index_sku(item.variant)
        change.touch_variant(item.variant)
        change.touch_item(item)
    code = fields.harmonized_system_code
    changed = assign(
        item,
        tracked=fields.tracked,
        requires_shipping=fields.requires_shipping,
        cost=fields.cost,
        weight=fields.weight,
        weight_unit=fields.weight_unit,
        harmonized_system_code=code.replace(".", "").replace(" ", "") if isinstance(code, str) else code,
        country_code_of_origin=fields.country_code_of_origin,
        province_code_of_origin=fields.province_code_of_origin,
    )
    if changed:
        change.touch_item(item)
    return changed
