"""Metafields of whatever has them, and their definitions."""

from typing import Any

from sandbox.commands import metafield_values, metafields
from sandbox.context import Call
from sandbox.ids import split_gid
from sandbox.paging import Connection, connect_list
from sandbox.plan import Args
from sandbox.resolvers import lookup
from sandbox.resolvers.fields import Fields, always, attr, own_id
from sandbox.store.metafield import Metafield, MetafieldDefinition
from sandbox.wire import JsonText

_TEXT = {"single_line_text_field", "multi_line_text_field", "color", "date", "date_time", "url", "id"}


def one(owner: metafields.Owner, args: Args, ctx: Call) -> Metafield | None:
    namespace = metafields.app_namespace(args.get("namespace"), ctx.app_id)
    key = args["key"]
    if args.get("namespace") is None and "." in key:
        namespace, _, key = key.rpartition(".")
        namespace = metafields.app_namespace(namespace, ctx.app_id)
    return owner.metafields.get((namespace, key))


def of_owner(owner: metafields.Owner, args: Args, ctx: Call) -> Connection:
    """Other apps' own namespaces are hidden."""
    mine = metafields.app_namespace(None, ctx.app_id)
    rows = [
        row
        for row in owner.metafields.values()
        if not row.namespace.startswith("app--")
        or row.namespace == mine
        or row.namespace.startswith(f"{mine}--")
    ]
    if args.get("namespace") is not None:
        wanted = metafields.app_namespace(args["namespace"], ctx.app_id)
        rows = [row for row in rows if row.namespace == wanted]
    if args.get("keys") is not None:
        keys = set()
        for key in args["keys"]:
            namespace, _, name = key.rpartition(".")
            keys.add((metafields.app_namespace(namespace or None, ctx.app_id), name))
        rows = [row for row in rows if (row.namespace, row.key) in keys]
    rows.sort(key=lambda row: row.id)
    return connect_list(rows, args, "metafields", lambda row: (row.id, row.id), unpaged=ctx.unpaged)


METAFIELDS: Fields = {"metafield": one, "metafields": of_owner}


def json_value(metafield: Metafield, args: Args, ctx: Call) -> Any:
    if metafield.type in _TEXT or metafield.type.endswith("_reference"):
        return JsonText(metafield.value)
    if metafield.type.startswith("number_") and metafield.type.endswith("decimal"):
        return JsonText(metafield.value)
    return metafield.value


def _definition(metafield: Metafield, args: Args, ctx: Call) -> MetafieldDefinition | None:
    return metafields.find_definition(ctx.shop, metafield.owner_type, metafield.namespace, metafield.key)


def _reference(metafield: Metafield, args: Args, ctx: Call) -> Any:
    if not metafield.type.endswith("_reference") or metafield.type.startswith("list."):
        return None
    return lookup.node(ctx, metafield.value) if split_gid(metafield.value) else None


METAFIELD: Fields = {
    "id": own_id("Metafield"),
    "legacyResourceId": attr("id"),
    "namespace": attr("namespace"),
    "key": attr("key"),
    "type": attr("type"),
    "value": attr("value"),
    "jsonValue": json_value,
    "compareDigest": lambda m, args, ctx: metafields.digest(m),
    "createdAt": attr("created_at"),
    "updatedAt": attr("updated_at"),
    "owner": attr("owner"),
    "ownerType": attr("owner_type"),
    "sizeInBytes": lambda m, args, ctx: len(m.value.encode()),
    "description": always(None),
    "definition": _definition,
    "reference": _reference,
}


def definitions(source: Any, args: Args, ctx: Call) -> Connection:
    rows = [row for row in ctx.shop.definitions.values() if row.owner_type == args["ownerType"]]
    if args.get("namespace") is not None:
        wanted = metafields.app_namespace(args["namespace"], ctx.app_id)
        rows = [row for row in rows if row.namespace == wanted]
    if args.get("key") is not None:
        rows = [row for row in rows if row.key == args["key"]]
    match args.get("pinnedStatus", "ANY"):
        case "PINNED":
            rows = [row for row in rows if row.pinned_position is not None]
        case "UNPINNED":
            rows = [row for row in rows if row.pinned_position is None]
    if args.get("sortKey") == "NAME":
        rows.sort(key=lambda row: (row.name.lower(), row.id))
        return connect_list(rows, args, "metafieldDefinitions", _by_name, unpaged=ctx.unpaged)
    rows.sort(key=lambda row: row.id)
    return connect_list(rows, args, "metafieldDefinitions", _by_id, unpaged=ctx.unpaged)


def _by_name(row: MetafieldDefinition) -> tuple[str, int]:
    return (row.name.lower(), row.id)


def _by_id(row: MetafieldDefinition) -> tuple[int, int]:
    return (row.id, row.id)


def definition(source: Any, args: Args, ctx: Call) -> MetafieldDefinition | None:
    if args.get("identifier"):
        wanted = args["identifier"]
        namespace = metafields.app_namespace(wanted.get("namespace"), ctx.app_id)
        return metafields.find_definition(ctx.shop, wanted["ownerType"], namespace, wanted["key"])
    parsed = split_gid(args.get("id") or "")
    return ctx.shop.definitions.get(parsed[1]) if parsed and parsed[0] == "MetafieldDefinition" else None


def _type(row: MetafieldDefinition, args: Args, ctx: Call) -> dict[str, Any]:
    return {
        "name": row.type,
        "category": row.type.removeprefix("list.").partition("_")[0].upper(),
        "supportsDefinitionMigrations": row.type in metafield_values.SCALARS,
    }


DEFINITION: Fields = {
    "id": own_id("MetafieldDefinition"),
    "name": attr("name"),
    "namespace": attr("namespace"),
    "key": attr("key"),
    "description": attr("description"),
    "ownerType": attr("owner_type"),
    "type": _type,
    "validations": lambda d, args, ctx: [
        {"name": name, "type": d.type, "value": value} for name, value in d.validations
    ],
    "capabilities": lambda d, args, ctx: {
        "uniqueValues": {"enabled": d.unique_values, "eligible": True},
        "adminFilterable": {"enabled": False, "eligible": True, "status": "NOT_FILTERABLE"},
        "smartCollectionCondition": {"enabled": False, "eligible": True},
    },
    "access": lambda d, args, ctx: {
        "admin": d.admin_access,
        "storefront": d.storefront_access,
        "customerAccount": "NONE",
    },
    "pinnedPosition": attr("pinned_position"),
    "useAsCollectionCondition": always(False),
    "validationStatus": always("ALL_VALID"),
    "metafieldsCount": lambda d, args, ctx: sum(
        1 for owner in metafields.owners(ctx.shop, d.owner_type) if (d.namespace, d.key) in owner.metafields
    ),
}
