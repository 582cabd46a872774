"""metafieldsSet, metafieldsDelete and metafieldDefinitionCreate."""

import re
from typing import Any

from sandbox.commands import metafields
from sandbox.commands.errors import RefusedError, UserError
from sandbox.context import Call
from sandbox.failures import FieldError, NotSimulatedError
from sandbox.ids import split_gid
from sandbox.plan import Args
from sandbox.resolvers import lookup, specs_from
from sandbox.resolvers.fields import Fields
from sandbox.resolvers.payload import Payload, demand_gid, refused, told

_OWNERS = {
    "Product": ("PRODUCT", "write_products"),
    "ProductVariant": ("PRODUCTVARIANT", "write_products"),
    "Location": ("LOCATION", "write_locations"),
    "Shop": ("SHOP", ""),
}
_SCOPES = dict(_OWNERS.values())
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def _owner(ctx: Call, text: str, field: str) -> tuple[str, metafields.Owner | None]:
    """Owner type and owner; the caller must be allowed to change that kind of object."""
    demand_gid(text)
    kind = (split_gid(text) or ("", 0))[0]
    if kind not in _OWNERS:
        raise NotSimulatedError(f"metafields of {kind}")
    owner_type, scope = _OWNERS[kind]
    _demand(ctx, scope, field)
    return owner_type, lookup.node(ctx, text)


def _demand(ctx: Call, scope: str, field: str) -> None:
    if scope and not ctx.allows(frozenset((scope,))):
        required = f"`{scope}` access scope."
        raise FieldError(
            f"Access denied for {field} field. Required access: {required}",
            "ACCESS_DENIED",
            documentation="https://shopify.dev/api/usage/access-scopes",
            requiredAccess=required,
        )


def metafields_set(source: Any, args: Args, ctx: Call) -> Payload:
    given = args["metafields"]
    if len(given) > metafields.MAX_PER_CALL:
        message = f"Exceeded the maximum metafields input limit of {metafields.MAX_PER_CALL}."
        return _answer([UserError(("metafields",), message, "LESS_THAN_OR_EQUAL_TO")])
    mine = metafields.app_namespace(None, ctx.app_id)
    errors: list[UserError] = []
    claimed: dict[tuple[str, str, str], int] = {}
    good = []
    for index, entry in enumerate(given):
        at = ("metafields", str(index))
        owner_type, owner = _owner(ctx, entry["ownerId"], "metafieldsSet")
        spec = specs_from.metafield_specs(ctx, [entry])[0]
        if owner is None:
            errors.append(UserError((*at, "ownerId"), "Owner does not exist.", "INVALID_VALUE"))
            continue
        namespace = spec.namespace or ""
        if namespace.startswith("app--") and namespace != mine and not namespace.startswith(f"{mine}--"):
            message = "ApiPermission metafields can only be created or updated by the app owner."
            errors.append(UserError(at, message, "APP_NOT_AUTHORIZED"))
        errors.extend(
            UserError((*at, *(fault.field or ())), fault.message, fault.code)
            for fault in metafields.faults(ctx.shop, owner, owner_type, spec, claimed)
        )
        errors.extend(_compared(entry, owner.metafields.get((namespace, spec.key)), at))
        good.append((owner, owner_type, spec))
    if errors:
        return _answer(errors)
    with ctx.shop.change() as change:
        result = [
            metafields.apply(ctx.shop, change, owner, owner_type, [spec])[0]
            for owner, owner_type, spec in good
        ]
    return {"metafields": result, "userErrors": []}


def _compared(entry: dict[str, Any], present: Any, at: tuple[str, ...]) -> list[UserError]:
    """compareDigest: left out, nothing is compared; null demands that there is none yet."""
    if "compareDigest" not in entry:
        return []
    wanted = entry["compareDigest"]
    if wanted is not None and not _DIGEST.match(wanted):
        return [UserError(at, "Invalid `compareDigest` value.", "INVALID_COMPARE_DIGEST")]
    actual = None if present is None else metafields.digest(present)
    if wanted == actual:
        return []
    message = (
        "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value."
    )
    return [UserError(at, message, "STALE_OBJECT")]


def _answer(errors: list[UserError]) -> Payload:
    entries = told(errors)
    for entry, error in zip(entries, errors, strict=True):
        place = error.field[1] if error.field is not None and len(error.field) > 1 else None
        entry["elementIndex"] = int(place) if place is not None else None
    return {"metafields": None, "userErrors": entries}


def metafields_delete(source: Any, args: Args, ctx: Call) -> Payload:
    """What was not there is null among the deleted, and no error."""
    found = []
    deleted: list[dict[str, Any] | None] = []
    for entry in args["metafields"]:
        owner = _owner(ctx, entry["ownerId"], "metafieldsDelete")[1]
        namespace = metafields.app_namespace(entry["namespace"], ctx.app_id)
        metafield = owner.metafields.get((namespace, entry["key"])) if owner is not None else None
        if owner is None or metafield is None:
            deleted.append(None)
            continue
        found.append((owner, metafield))
        deleted.append({"ownerId": entry["ownerId"], "namespace": namespace, "key": entry["key"]})
    unique = {metafield.id: (owner, metafield) for owner, metafield in found}
    if unique:
        metafields.delete_metafields(ctx.shop, list(unique.values()))
    return {"deletedMetafields": deleted, "userErrors": []}


def definition_create(source: Any, args: Args, ctx: Call) -> Payload:
    given = args["definition"]
    if given["ownerType"] not in _SCOPES:
        raise NotSimulatedError(f"metafield definitions of {given['ownerType']}")
    _demand(ctx, _SCOPES[given["ownerType"]], "metafieldDefinitionCreate")
    unique = ((given.get("capabilities") or {}).get("uniqueValues") or {}).get("enabled")
    if given["type"] == "id" and unique is False:
        message = "The unique values capability is required for metafields of type id."
        error = UserError(("definition", "capabilities"), message, "CAPABILITY_REQUIRED_BUT_DISABLED")
        return refused([error], "createdDefinition")
    try:
        definition = metafields.define(
            ctx.shop,
            owner_type=given["ownerType"],
            namespace=metafields.app_namespace(given.get("namespace"), ctx.app_id),
            key=given["key"],
            name=given["name"],
            kind=given["type"],
            description=given.get("description"),
            validations={entry["name"]: entry["value"] for entry in given.get("validations") or ()},
            unique_values=bool(unique),
        )
    except RefusedError as refusal:
        return refused(refusal.errors, "createdDefinition")
    access = given.get("access") or {}
    definition.admin_access = access.get("admin") or definition.admin_access
    definition.storefront_access = access.get("storefront") or definition.storefront_access
    if given.get("pin"):
        definition.pinned_position = 1 + sum(
            1 for other in ctx.shop.definitions.values() if other.pinned_position is not None
        )
    return {"createdDefinition": definition, "userErrors": []}


FIELDS: Fields = {
    "metafieldsSet": metafields_set,
    "metafieldsDelete": metafields_delete,
    "metafieldDefinitionCreate": definition_create,
}
