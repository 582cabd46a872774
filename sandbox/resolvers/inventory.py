"""InventoryItem, InventoryLevel and Location."""

from typing import Any

from sandbox.context import Call
from sandbox.ids import gid, level_gid, parse_gid
from sandbox.paging import Connection, connect_list
from sandbox.plan import Args
from sandbox.resolvers import lookup, search_fields
from sandbox.resolvers.fields import Fields, always, attr, count, money, own_id
from sandbox.resolvers.metafield import METAFIELDS
from sandbox.search import parse, predicate
from sandbox.store.inventory import STATES, InventoryItem, InventoryLevel
from sandbox.store.location import Address, Location


def _level_at(item: InventoryItem, args: Args, ctx: Call) -> InventoryLevel | None:
    number = parse_gid(args["locationId"], "Location")
    level = item.levels.get(number) if number is not None else None
    return level if level is not None and (level.is_active or args.get("includeInactive")) else None


def _levels(item: InventoryItem, args: Args, ctx: Call) -> Connection:
    matches = predicate(parse(args.get("query") or ""), search_fields.LEVEL_FIELDS, "inventoryLevels")
    inactive = args.get("includeInactive", False)
    rows = [row for row in item.levels.values() if (row.is_active or inactive) and matches(row)]
    if len(rows) > 1:
        rows.sort(key=_by_location)
    return connect_list(rows, args, "inventoryLevels", _level_key, unpaged=ctx.unpaged)


def _by_location(level: InventoryLevel) -> int:
    return level.location.id


def _level_key(level: InventoryLevel) -> tuple[int, int]:
    return (level.location.id, level.location.id)


def _duplicates(item: InventoryItem, args: Args, ctx: Call) -> int:
    return len(ctx.shop.skus.get((item.sku or "").lower(), ())) if item.sku else 0


def _measurement(item: InventoryItem, args: Args, ctx: Call) -> dict[str, Any]:
    weight = {"value": item.weight, "unit": item.weight_unit}
    return {"id": gid("InventoryItemMeasurement", item.id), "weight": weight}


def _cost(item: InventoryItem, args: Args, ctx: Call) -> dict[str, Any] | None:
    return None if item.cost is None else money(item.cost, ctx.shop.currency)


def _variants(item: InventoryItem, args: Args, ctx: Call) -> Connection:
    return connect_list([item.variant], args, "variants", lambda row: (row.id, row.id), unpaged=ctx.unpaged)


ITEM: Fields = {
    "id": own_id("InventoryItem"),
    "legacyResourceId": attr("id"),
    "sku": attr("sku"),
    "tracked": attr("tracked"),
    "trackedEditable": always({"locked": False, "reason": None}),
    "requiresShipping": attr("requires_shipping"),
    "unitCost": _cost,
    "measurement": _measurement,
    "harmonizedSystemCode": attr("harmonized_system_code"),
    "countryCodeOfOrigin": attr("country_code_of_origin"),
    "provinceCodeOfOrigin": attr("province_code_of_origin"),
    "duplicateSkuCount": _duplicates,
    "inventoryLevel": _level_at,
    "inventoryLevels": _levels,
    "locationsCount": lambda i, args, ctx: count(sum(1 for level in i.levels.values() if level.is_active)),
    "variant": attr("variant"),
    "variants": _variants,
    "createdAt": attr("created_at"),
    "updatedAt": attr("updated_at"),
}


def _quantities(level: InventoryLevel, args: Args, ctx: Call) -> list[dict[str, Any]]:
    known = (*STATES, "on_hand")
    start = f"{gid('InventoryQuantity', level.item.id)}?inventory_level_id={level.location.id}"
    return [
        {
            "id": f"{start}&name={name}",
            "name": name,
            "quantity": level.quantity(name),
            "updatedAt": level.updated_at,
        }
        for name in args["names"]
        if name in known
    ]


def _can_deactivate(level: InventoryLevel, args: Args, ctx: Call) -> bool:
    return sum(1 for other in level.item.levels.values() if other.is_active) > 1


LEVEL: Fields = {
    "id": lambda row, args, ctx: level_gid(row.location.id, row.item.id),
    "item": attr("item"),
    "location": attr("location"),
    "quantities": _quantities,
    "isActive": attr("is_active"),
    "canDeactivate": _can_deactivate,
    "deactivationAlert": always(None),
    "createdAt": attr("created_at"),
    "updatedAt": attr("updated_at"),
}


def _address(location: Location, args: Args, ctx: Call) -> dict[str, Any]:
    return address_of(location.address)


def address_of(address: Address) -> dict[str, Any]:
    lines = (address.address1, address.address2, f"{address.zip} {address.city}".strip(), address.country)
    return {
        "address1": address.address1 or None,
        "address2": address.address2 or None,
        "city": address.city or None,
        "zip": address.zip or None,
        "province": address.province or None,
        "provinceCode": address.province_code or None,
        "country": address.country or None,
        "countryCode": address.country_code or None,
        "countryCodeV2": address.country_code or None,
        "phone": address.phone or None,
        "latitude": None,
        "longitude": None,
        "company": None,
        "formatted": [line for line in lines if line],
        "formattedArea": ", ".join(part for part in (address.city, address.country) if part) or None,
        "coordinatesValidated": False,
    }


def _location_level(location: Location, args: Args, ctx: Call) -> InventoryLevel | None:
    number = parse_gid(args["inventoryItemId"], "InventoryItem")
    level = location.levels.get(number) if number is not None else None
    return level if level is not None and (level.is_active or args.get("includeInactive")) else None


def _location_levels(location: Location, args: Args, ctx: Call) -> Connection:
    query = args.get("query") or ""
    inactive = args.get("includeInactive", False)

    def rows() -> list[InventoryLevel]:
        matches = predicate(parse(query), search_fields.LEVEL_FIELDS, "inventoryLevels")
        found = [row for row in location.levels.values() if (row.is_active or inactive) and matches(row)]
        found.sort(key=lambda row: row.item.id)
        return found

    ordered = ctx.shop.cached(("levels", location.id, query, inactive), rows)
    return connect_list(ordered, args, "inventoryLevels", _item_key, unpaged=ctx.unpaged)


def _item_key(level: InventoryLevel) -> tuple[int, int]:
    return (level.item.id, level.item.id)


def _is_primary(location: Location, args: Args, ctx: Call) -> bool:
    return location is ctx.shop.primary_location


LOCATION: Fields = {
    "id": own_id("Location"),
    "legacyResourceId": attr("id"),
    "name": attr("name"),
    "address": _address,
    "addressVerified": always(False),
    "isActive": attr("is_active"),
    "isPrimary": _is_primary,
    "isFulfillmentService": lambda row, args, ctx: row.fulfillment_service is not None,
    "fulfillmentService": always(None),
    "fulfillsOnlineOrders": attr("fulfills_online_orders"),
    "shipsInventory": attr("ships_inventory"),
    "hasActiveInventory": lambda row, args, ctx: any(level.is_active for level in row.levels.values()),
    "hasUnfulfilledOrders": always(False),
    "activatable": lambda row, args, ctx: not row.is_active,
    "deactivatable": lambda row, args, ctx: row.is_active and not _is_primary(row, args, ctx),
    "deletable": lambda row, args, ctx: not row.is_active,
    "deactivatedAt": lambda row, args, ctx: row.deactivated_at.isoformat() if row.deactivated_at else None,
    "inventoryLevel": _location_level,
    "inventoryLevels": _location_levels,
    "createdAt": attr("created_at"),
    "updatedAt": attr("updated_at"),
    **METAFIELDS,
}


def locations(source: Any, args: Args, ctx: Call) -> Connection:
    matches = predicate(parse(args.get("query") or ""), search_fields.LOCATION_FIELDS, "locations")
    rows = [
        row
        for row in ctx.shop.locations
        if (row.is_active or args.get("includeInactive"))
        and (row.fulfillment_service is None or args.get("includeLegacy"))
        and matches(row)
    ]
    if args.get("sortKey", "NAME") == "NAME":
        rows.sort(key=lambda row: (row.name.lower(), row.id))
        return connect_list(
            rows, args, "locations", lambda row: (row.name.lower(), row.id), unpaged=ctx.unpaged
        )
    return connect_list(rows, args, "locations", lambda row: (row.id, row.id), unpaged=ctx.unpaged)


def location(source: Any, args: Args, ctx: Call) -> Location | None:
    """Without an id: the primary location."""
    if args.get("id") is None:
        return ctx.shop.primary_location
    found: Location | None = lookup.of_kind(ctx, args["id"], "Location")
    return found
