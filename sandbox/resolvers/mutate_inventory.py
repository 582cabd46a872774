"""Quantities, levels and inventory items."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sandbox.commands import inventory, stock
from sandbox.commands.errors import RefusedError, UserError
from sandbox.commands.specs import UNSET
from sandbox.commands.stock import AdjustmentGroup, Row
from sandbox.context import Call
from sandbox.failures import FieldError
from sandbox.ids import gid, parse_level_gid
from sandbox.plan import Args
from sandbox.resolvers import specs_from
from sandbox.resolvers.fields import Fields
from sandbox.resolvers.payload import Payload, demand_gid, refused

ANYWHERE_SINCE = "2026-10"
"""From this version on quantities can be set at locations where an item is not stocked yet (changelog)."""


def set_quantities(source: Any, args: Args, ctx: Call) -> Payload:
    given = args["input"]
    _demand_comparison(given["quantities"], "InventoryQuantityInput")
    rows = [_row(entry, entry["quantity"]) for entry in given["quantities"]]
    try:
        group = stock.set_quantities(
            ctx.shop,
            given["name"],
            given["reason"],
            given.get("referenceDocumentUri"),
            rows,
            only_stocked=ctx.version < ANYWHERE_SINCE,
        )
    except RefusedError as refusal:
        return refused(refusal.errors, "inventoryAdjustmentGroup")
    return {"inventoryAdjustmentGroup": _group(group, ctx), "userErrors": []}


def adjust_quantities(source: Any, args: Args, ctx: Call) -> Payload:
    given = args["input"]
    _demand_comparison(given["changes"], "InventoryChangeInput")
    rows = [_row(entry, entry["delta"]) for entry in given["changes"]]
    try:
        group = stock.adjust_quantities(
            ctx.shop,
            given["name"],
            given["reason"],
            given.get("referenceDocumentUri"),
            rows,
            only_stocked=ctx.version < ANYWHERE_SINCE,
        )
    except RefusedError as refusal:
        return refused(refusal.errors, "inventoryAdjustmentGroup")
    return {"inventoryAdjustmentGroup": _group(group, ctx), "userErrors": []}


def _demand_comparison(entries: Sequence[dict[str, Any]], kind: str) -> None:
    """Absent and null are not the same: a comparison is only skipped by an explicit null."""
    if any("changeFromQuantity" not in entry for entry in entries):
        message = f"{kind} must include the following argument: changeFromQuantity."
        raise FieldError(message, "INVALID_FIELD_ARGUMENTS")


def _row(entry: dict[str, Any], quantity: int) -> Row:
    demand_gid(entry["inventoryItemId"], entry["locationId"])
    return Row(
        specs_from.known(entry["inventoryItemId"], "InventoryItem"),
        specs_from.known(entry["locationId"], "Location"),
        quantity,
        entry.get("changeFromQuantity", UNSET),
        entry.get("ledgerDocumentUri"),
    )


def _group(group: AdjustmentGroup | None, ctx: Call) -> dict[str, Any] | None:
    if group is None:
        return None
    return {
        "id": gid("InventoryAdjustmentGroup", group.id),
        "app": ctx.installation.app,
        "createdAt": group.created_at,
        "reason": group.reason,
        "referenceDocumentUri": group.reference_document,
        "staffMember": None,
        "changes": [
            {
                "name": moved.name,
                "delta": moved.delta,
                "quantityAfterChange": None,
                "item": moved.item,
                "location": moved.location,
                "ledgerDocumentUri": moved.ledger_document,
            }
            for moved in group.changes
        ],
    }


def activate(source: Any, args: Args, ctx: Call) -> Payload:
    """On a fresh level a seed of available is ignored and one of onHand sets both, as a real shop was seen
    to do.
    """
    demand_gid(args["inventoryItemId"], args["locationId"])
    location = ctx.shop.locations.get(specs_from.number(args["locationId"], "Location"))
    if location is None or not location.is_active:
        message = "The product couldn't be stocked because the location wasn't found."
        return refused([UserError(("locationId",), message)], "inventoryLevel")
    start = f"The product couldn't be stocked at {location.name} because"
    item = ctx.shop.items.get(specs_from.number(args["inventoryItemId"], "InventoryItem"))
    if item is None:
        return refused(
            [UserError(("inventoryItemId",), f"{start} the product was deleted.")], "inventoryLevel"
        )
    available, on_hand = args.get("available"), args.get("onHand")
    present = item.levels.get(location.id)
    errors: list[UserError] = []
    if present is not None and present.is_active:
        end = "when the item is already active at the location."
        if available is not None:
            errors.append(UserError(("available",), f"Not allowed to set available quantity {end}"))
        if on_hand is not None:
            errors.append(UserError(("onHand",), f"Not allowed to set an on_hand quantity {end}"))
    elif available is not None and on_hand is not None:
        message = f"{start} not allowed to set available and on_hand quantities at the same time."
        errors.extend((UserError(("available",), message), UserError(("onHand",), message)))
    elif on_hand is not None and abs(on_hand) > inventory.MAX_QUANTITY:
        message = f"{start} the quantity needs to be between -1 billion and 1 billion."
        errors.append(UserError(("onHand",), message))
    if errors:
        return refused(errors, "inventoryLevel")
    with ctx.shop.change() as change:
        level = inventory.activate(change, item, location)
        if on_hand is not None and present is None:
            inventory.set_quantity(change, level, "on_hand", on_hand)
    return {"inventoryLevel": level, "userErrors": []}


def deactivate(source: Any, args: Args, ctx: Call) -> Payload:
    demand_gid(args["inventoryLevelId"])
    parsed = parse_level_gid(args["inventoryLevelId"])
    location = ctx.shop.locations.get(parsed[0]) if parsed else None
    if location is None:
        message = "The product couldn't be unstocked because the location was deleted."
        return refused([UserError(None, message)])
    item = ctx.shop.items.get(parsed[1]) if parsed else None
    level = item.levels.get(location.id) if item is not None else None
    if item is None or level is None:
        message = "The product couldn't be unstocked because the product was deleted."
        return refused([UserError(None, message)])
    if level.is_active and sum(1 for other in item.levels.values() if other.is_active) == 1:
        message = (
            f"The product couldn't be unstocked from {location.name} "
            "because products need to be stocked at a minimum of 1 location."
        )
        return refused([UserError(None, message)])
    with ctx.shop.change() as change:
        inventory.deactivate(change, level)
    return {"userErrors": []}


def item_update(source: Any, args: Args, ctx: Call) -> Payload:
    demand_gid(args["id"])
    item = ctx.shop.items.get(specs_from.number(args["id"], "InventoryItem"))
    if item is None:
        message = "The product couldn't be updated because it does not exist."
        return refused([UserError(("id",), message)], "inventoryItem")
    fields = specs_from.item_fields(args["input"])
    errors = [
        replace(
            fault,
            field=("input", *(fault.field or ())),
            message=fault.message.replace("Cost per item must", "Cost must"),
        )
        for fault in inventory.item_faults(fields)
    ]
    if errors:
        return refused(errors, "inventoryItem")
    with ctx.shop.change() as change:
        inventory.apply_item(ctx.shop, change, item, fields)
    return {"inventoryItem": item, "userErrors": []}


FIELDS: Fields = {
    "inventorySetQuantities": set_quantities,
    "inventoryAdjustQuantities": adjust_quantities,
    "inventoryActivate": activate,
    "inventoryDeactivate": deactivate,
    "inventoryItemUpdate": item_update,
}
