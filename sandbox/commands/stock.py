"""inventorySetQuantities and inventoryAdjustQuantities: many rows, all or nothing, compared before they
are set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sandbox.commands import inventory
from sandbox.commands.errors import UserError, refuse_if
from sandbox.commands.specs import UNSET, Unset
from sandbox.store.inventory import InventoryItem
from sandbox.store.location import Location
from sandbox.store.shop import Shop

REASONS = (
    "correction",
    "cycle_count_available",
    "damaged",
    "movement_canceled",
    "movement_created",
    "movement_received",
    "movement_updated",
    "other",
    "promotion",
    "quality_control",
    "received",
    "reservation_created",
    "reservation_deleted",
    "reservation_updated",
    "restock",
    "safety_stock",
    "shrinkage",
)
ADJUSTABLE = ("available", "damaged", "incoming", "quality_control", "reserved", "safety_stock")
_STALE = "The changeFromQuantity value does not match persisted value."
_NOT_STOCKED = "The specified inventory item is not stocked at the location."


@dataclass(frozen=True, slots=True)
class Row:
    """quantity is what to set, or what to add. expected UNSET or None: not compared."""

    item_id: int
    location_id: int
    quantity: int
    expected: int | Unset | None = UNSET
    ledger_document: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    name: str
    delta: int
    item: InventoryItem
    location: Location
    ledger_document: str | None = None


@dataclass(frozen=True, slots=True)
class AdjustmentGroup:
    id: int
    created_at: datetime
    reason: str
    reference_document: str | None
    changes: tuple[Moved, ...]


def set_quantities(
    shop: Shop, name: str, reason: str, reference: str | None, rows: Sequence[Row], *, only_stocked: bool
) -> AdjustmentGroup | None:
    """Set ``available`` or ``on_hand``; None when nothing was different. RefusedError like
    inventorySetQuantities.

    only_stocked refuses items that are not stocked at the location, as versions before 2026-10 do.
    """
    errors = list(_common_faults(reason, reference))
    if name not in ("available", "on_hand"):
        message = "The quantity name must be either 'available' or 'on_hand'."
        errors.append(UserError(("input", "name"), message, "INVALID_NAME"))
    seen: set[tuple[int, int]] = set()
    for index, row in enumerate(rows):
        at = ("input", "quantities", str(index))
        if row.quantity > inventory.MAX_QUANTITY:
            message = "The quantity can't be higher than 1,000,000,000."
            errors.append(UserError((*at, "quantity"), message, "INVALID_QUANTITY_TOO_HIGH"))
        elif row.quantity < -inventory.MAX_QUANTITY:
            message = "The quantity can't be lower than -1,000,000,000."
            errors.append(UserError((*at, "quantity"), message, "INVALID_QUANTITY_TOO_LOW"))
        elif row.quantity < 0 and name == "on_hand":
            message = "The quantity can't be negative."
            errors.append(UserError((*at, "quantity"), message, "INVALID_QUANTITY_NEGATIVE"))
        if (row.item_id, row.location_id) in seen:
            message = "The combination of inventoryItemId and locationId must be unique."
            code = "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"
            errors.append(UserError((*at, "locationId"), message, code))
        seen.add((row.item_id, row.location_id))
        errors.extend(_place_faults(shop, row, at, only_stocked))
        if name in ("available", "on_hand") and _is_stale(shop, row, name):
            errors.append(UserError((*at, "changeFromQuantity"), _STALE, "CHANGE_FROM_QUANTITY_STALE"))
    refuse_if(errors)
    moved: list[Moved] = []
    with shop.change() as change:
        for row in rows:
            item, location = shop.items[row.item_id], shop.locations[row.location_id]
            delta = inventory.set_quantity(
                change, inventory.activate(change, item, location), name, row.quantity
            )
            if delta:
                moved.append(Moved("available", delta, item, location))
                moved.append(Moved("on_hand", delta, item, location))
        return _group(shop, change.now, reason, reference, moved)


def adjust_quantities(
    shop: Shop, name: str, reason: str, reference: str | None, rows: Sequence[Row], *, only_stocked: bool
) -> AdjustmentGroup | None:
    """Add to a state's quantities. RefusedError like inventoryAdjustQuantities."""
    errors = list(_common_faults(reason, reference))
    if name not in ADJUSTABLE:
        message = f"The specified quantity name is invalid. Valid values are: {', '.join(ADJUSTABLE)}."
        errors.append(UserError(("input", "name"), message, "INVALID_QUANTITY_NAME"))
    if len({row.ledger_document for row in rows}) > 1:
        message = (
            "All changes must have the same ledger document URI or, "
            "in the case of adjusting available, no ledger document URI."
        )
        errors.append(UserError(("input", "changes"), message, "MAX_ONE_LEDGER_DOCUMENT"))
    sums: dict[tuple[int, int], int] = {}
    for index, row in enumerate(rows):
        at = ("input", "changes", str(index))
        errors.extend(_ledger_faults(name, row, at))
        errors.extend(_place_faults(shop, row, at, only_stocked))
        if name not in ADJUSTABLE:
            continue
        if _is_stale(shop, row, name):
            errors.append(UserError((*at, "changeFromQuantity"), _STALE, "CHANGE_FROM_QUANTITY_STALE"))
        total = sums.get((row.item_id, row.location_id), _quantity(shop, row, name)) + row.quantity
        sums[row.item_id, row.location_id] = total
        if total > inventory.MAX_QUANTITY:
            message = "The quantity can't be higher than 1,000,000,000."
            errors.append(UserError((*at, "delta"), message, "INVALID_QUANTITY_TOO_HIGH"))
        elif total < -inventory.MAX_QUANTITY:
            message = "The quantity can't be lower than -1,000,000,000."
            errors.append(UserError((*at, "delta"), message, "INVALID_QUANTITY_TOO_LOW"))
    refuse_if(errors)
    moved: list[Moved] = []
    with shop.change() as change:
        for row in rows:
            item, location = shop.items[row.item_id], shop.locations[row.location_id]
            level = inventory.activate(change, item, location)
            if row.quantity:
                inventory.adjust_quantity(change, level, name, row.quantity)
                moved.append(Moved(name, row.quantity, item, location, row.ledger_document))
                if name != "incoming":
                    moved.append(Moved("on_hand", row.quantity, item, location))
        return _group(shop, change.now, reason, reference, moved)


def _group(
    shop: Shop, now: datetime, reason: str, reference: str | None, moved: Sequence[Moved]
) -> AdjustmentGroup | None:
    return AdjustmentGroup(shop.ids.next(), now, reason, reference, tuple(moved)) if moved else None


def _common_faults(reason: str, reference: str | None) -> Sequence[UserError]:
    errors = []
    if reason not in REASONS:
        message = f"The specified reason is invalid. Valid values are: {', '.join(REASONS)}."
        errors.append(UserError(("input", "reason"), message, "INVALID_REASON"))
    if reference is not None and "://" not in reference:
        message = "The specified reference document is invalid."
        errors.append(UserError(("input", "referenceDocumentUri"), message, "INVALID_REFERENCE_DOCUMENT"))
    return errors


def _place_faults(shop: Shop, row: Row, at: tuple[str, ...], only_stocked: bool) -> Sequence[UserError]:
    item, location = shop.items.get(row.item_id), shop.locations.get(row.location_id)
    errors = []
    if item is None:
        message = "The specified inventory item could not be found."
        errors.append(UserError((*at, "inventoryItemId"), message, "INVALID_INVENTORY_ITEM"))
    if location is None or not location.is_active:
        message = "The specified location could not be found."
        errors.append(UserError((*at, "locationId"), message, "INVALID_LOCATION"))
    elif item is not None and only_stocked:
        level = item.levels.get(location.id)
        if level is None or not level.is_active:
            errors.append(UserError((*at, "locationId"), _NOT_STOCKED, "ITEM_NOT_STOCKED_AT_LOCATION"))
    if item is not None and item.variant.requires_components:
        message = "The specified inventory item is not allowed to be adjusted via API."
        errors.append(UserError((*at, "inventoryItemId"), message, "NON_MUTABLE_INVENTORY_ITEM"))
    return errors


def _ledger_faults(name: str, row: Row, at: tuple[str, ...]) -> Sequence[UserError]:
    here = (*at, "ledgerDocumentUri")
    if name == "available":
        if row.ledger_document is not None:
            message = "A ledger document URI is not allowed when adjusting available."
            return (UserError(here, message, "INVALID_AVAILABLE_DOCUMENT"),)
        return ()
    if row.ledger_document is None:
        message = "A ledger document URI is required except when adjusting available."
        return (UserError(here, message, "INVALID_QUANTITY_DOCUMENT"),)
    if row.ledger_document.startswith("gid://shopify/"):
        message = "Internal (gid://shopify/) ledger documents are not allowed to be adjusted via API."
        return (UserError(here, message, "INTERNAL_LEDGER_DOCUMENT"),)
    return ()


def _quantity(shop: Shop, row: Row, name: str) -> int:
    item = shop.items.get(row.item_id)
    level = item.levels.get(row.location_id) if item is not None else None
    return level.quantity(name) if level is not None else 0


def _is_stale(shop: Shop, row: Row, name: str) -> bool:
    return (
        row.expected is not UNSET and row.expected is not None and row.expected != _quantity(shop, row, name)
    )
