"""productVariantsBulkCreate, -Update, -Delete and -Reorder."""

from typing import Any

from sandbox.commands import variant_bulk
from sandbox.commands.errors import RefusedError, UserError
from sandbox.commands.specs import UNSET, FileSpec, VariantSpec
from sandbox.commands.variant_bulk import Adjustment
from sandbox.context import Call
from sandbox.failures import FieldError
from sandbox.plan import Args
from sandbox.resolvers import specs_from
from sandbox.resolvers.fields import Fields
from sandbox.resolvers.mutate_product import find_product
from sandbox.resolvers.payload import Payload, demand_gid, refused, told

_MISSING = UserError(("productId",), "Product does not exist", "PRODUCT_DOES_NOT_EXIST")


def bulk_create(source: Any, args: Args, ctx: Call) -> Payload:
    product = find_product(ctx, args["productId"])
    if product is None:
        return refused([_MISSING], "product", "productVariants")
    try:
        made = variant_bulk.create_variants(
            ctx.shop,
            product,
            [_spec(ctx, entry) for entry in args["variants"]],
            args.get("strategy") or "DEFAULT",
            _media(args),
        )
    except RefusedError as refusal:
        return {**refused(refusal.errors, "productVariants"), "product": product}
    return {"product": product, "productVariants": made, "userErrors": []}


def bulk_update(source: Any, args: Args, ctx: Call) -> Payload:
    product = find_product(ctx, args["productId"])
    if product is None:
        return refused([_MISSING], "product", "productVariants")
    changed, errors = variant_bulk.update_variants(
        ctx.shop,
        product,
        [_spec(ctx, entry) for entry in args["variants"]],
        [_adjustments(entry.get("quantityAdjustments") or []) for entry in args["variants"]],
        _media(args),
        partial=bool(args.get("allowPartialUpdates")),
    )
    shown = changed if not errors or args.get("allowPartialUpdates") else None
    return {"product": product, "productVariants": shown, "userErrors": told(errors)}


def _media(args: Args) -> list[FileSpec]:
    return [specs_from.file_spec(entry) for entry in args.get("media") or ()]


def _spec(ctx: Call, given: dict[str, Any]) -> VariantSpec:
    spec = specs_from.variant_spec(ctx, given)
    if "mediaId" in given:
        spec.file = None if given["mediaId"] is None else specs_from.file_spec({"id": given["mediaId"]})
    elif given.get("mediaSrc"):
        spec.file = FileSpec(original_source=given["mediaSrc"][0])
    return spec


def _adjustments(given: list[dict[str, Any]]) -> list[Adjustment]:
    for entry in given:
        if "changeFromQuantity" not in entry:
            message = "InventoryAdjustmentInput must include the following argument: changeFromQuantity."
            raise FieldError(message, "INVALID_FIELD_ARGUMENTS")
    return [
        Adjustment(
            specs_from.known(entry["locationId"], "Location"),
            entry.get("adjustment"),
            entry.get("changeFromQuantity", UNSET),
        )
        for entry in given
    ]


def bulk_delete(source: Any, args: Args, ctx: Call) -> Payload:
    product = find_product(ctx, args["productId"])
    if product is None:
        return refused([_MISSING], "product")
    demand_gid(*args["variantsIds"])
    try:
        numbers = [specs_from.known(text, "ProductVariant") for text in args["variantsIds"]]
        variant_bulk.delete_variants(ctx.shop, product, numbers)
    except RefusedError as refusal:
        return refused(refusal.errors, "product")
    return {"product": product, "userErrors": []}


def bulk_reorder(source: Any, args: Args, ctx: Call) -> Payload:
    product = find_product(ctx, args["productId"])
    if product is None:
        return refused([_MISSING], "product")
    places = [
        (specs_from.known(entry["id"], "ProductVariant"), entry["position"]) for entry in args["positions"]
    ]
    try:
        variant_bulk.reorder_variants(ctx.shop, product, places)
    except RefusedError as refusal:
        return {**refused(refusal.errors), "product": product}
    return {"product": product, "userErrors": []}


FIELDS: Fields = {
    "productVariantsBulkCreate": bulk_create,
    "productVariantsBulkUpdate": bulk_update,
    "productVariantsBulkDelete": bulk_delete,
    "productVariantsBulkReorder": bulk_reorder,
}
