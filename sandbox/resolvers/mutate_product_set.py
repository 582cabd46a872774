"""productSet."""

from typing import Any

from sandbox.commands.errors import RefusedError, UserError
from sandbox.commands.normalise import handle as normalised
from sandbox.commands.product_set import set_product
from sandbox.commands.specs import UNSET, FileSpec, ProductSpec, VariantSpec
from sandbox.context import Call
from sandbox.plan import Args
from sandbox.resolvers import specs_from
from sandbox.resolvers.fields import Fields
from sandbox.resolvers.payload import Payload, demand_gid, refused, told
from sandbox.resolvers.query import by_custom_id
from sandbox.store.operation import ProductOperation
from sandbox.store.product import Product

STARTS_AFTER = 0.5
ENDS_AFTER = 2.0
"""Seconds from the answer until an asynchronous productSet turns ACTIVE and COMPLETE."""


def product_set(source: Any, args: Args, ctx: Call) -> Payload:
    try:
        product = _target(args, ctx)
        spec = _spec(args["input"], ctx)
        if args.get("synchronous", True) or ctx.bulk:
            return {
                "product": set_product(ctx.shop, spec, product),
                "productSetOperation": None,
                "userErrors": [],
            }
    except RefusedError as refusal:
        return refused(refusal.errors, "product", "productSetOperation")
    return _later(ctx, spec, product)


def _later(ctx: Call, spec: ProductSpec, product: Product | None) -> Payload:
    """The work is done at once; that it is done shows only when its time has come."""
    now = ctx.shop.clock.monotonic()
    number = ctx.shop.ids.next()
    done = product.id if product is not None else None
    operation = ProductOperation(number, "ProductSetOperation", done, now + STARTS_AFTER, now + ENDS_AFTER)
    try:
        operation.product = set_product(ctx.shop, spec, product).id
    except RefusedError as refusal:
        operation.user_errors = told(refusal.errors)
    ctx.shop.product_operations[number] = operation
    return {"product": product, "productSetOperation": operation, "userErrors": []}


def _target(args: Args, ctx: Call) -> Product | None:
    """The product to change; None to make one. The identifier's rules are those of the schema's error
    codes.
    """
    given = args["input"]
    identifier = args.get("identifier")
    if identifier is None:
        if given.get("id") is None:
            return None
        return _by_id(ctx, given["id"], ("input", "id"))
    if given.get("id") is not None:
        message = "The id field is not allowed if identifier is provided."
        raise RefusedError(UserError(("input",), message, "ID_NOT_ALLOWED"))
    if identifier.get("id") is not None:
        return _by_id(ctx, identifier["id"], ("identifier", "id"))
    if identifier.get("handle") is not None:
        return _by_handle(ctx, identifier["handle"], given)
    return _by_custom_id(ctx, identifier.get("customId") or {}, given)


def _by_id(ctx: Call, text: str, field: tuple[str, ...]) -> Product:
    demand_gid(text)
    product = ctx.shop.products.get(specs_from.number(text, "Product"))
    if product is None or product.deletion_ends is not None:
        raise RefusedError(UserError(("input", "id"), "Product does not exist", "PRODUCT_DOES_NOT_EXIST"))
    return product


def _by_handle(ctx: Call, handle: str, given: dict[str, Any]) -> Product | None:
    if given.get("handle") is None:
        message = "The input field corresponding to the identifier is required."
        raise RefusedError(UserError(("input", "handle"), message, "MISSING_FIELD_REQUIRED"))
    if normalised(given["handle"]) != normalised(handle):
        message = "The identifier value does not match the value of the corresponding field in the input."
        raise RefusedError(UserError(("input", "handle"), message, "INPUT_MISMATCH"))
    return ctx.shop.handles.get(normalised(handle))


def _by_custom_id(ctx: Call, custom: dict[str, Any], given: dict[str, Any]) -> Product | None:
    found = by_custom_id(ctx, "PRODUCT", custom)
    definition = specs_from.metafield_specs(ctx, [custom])[0]
    known = ctx.shop.definition_keys.get(("PRODUCT", definition.namespace or "", definition.key))
    if known is None or known.type != "id":
        message = f"No metafield definition of type 'id' was found for '{custom.get('key')}'."
        raise RefusedError(UserError(("identifier", "customId"), message, "NOT_FOUND"))
    if found is None or given.get("metafields") is not None:
        listed = specs_from.metafield_specs(ctx, given.get("metafields") or [])
        wanted = (definition.namespace, definition.key, definition.value)
        if wanted not in {(entry.namespace, entry.key, entry.value) for entry in listed}:
            message = "The input argument `metafields` (if present) must contain the `customId` value."
            raise RefusedError(UserError(("input", "metafields"), message, "METAFIELD_MISMATCH"))
    return ctx.shop.products.get(found)


def _spec(given: dict[str, Any], ctx: Call) -> ProductSpec:
    return ProductSpec(
        fields=specs_from.product_fields(given),
        options=specs_from.option_specs(given["productOptions"] or [])
        if "productOptions" in given
        else UNSET,
        variants=tuple(_variant(entry, ctx) for entry in given["variants"] or ())
        if "variants" in given
        else UNSET,
        files=tuple(map(specs_from.file_spec, given["files"] or ())) if "files" in given else UNSET,
        metafields=specs_from.metafield_specs(ctx, given["metafields"] or [])
        if "metafields" in given
        else UNSET,
    )


def _variant(given: dict[str, Any], ctx: Call) -> VariantSpec:
    spec = specs_from.variant_spec(ctx, given)
    if "file" in given:
        file: FileSpec | None = None if given["file"] is None else specs_from.file_spec(given["file"])
        spec.file = file
    return spec


FIELDS: Fields = {"productSet": product_set}
