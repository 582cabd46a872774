"""productCreate, productUpdate, productDelete, tags and publishing."""

from datetime import UTC, datetime
from typing import Any

from sandbox.commands import normalise, product_create, products
from sandbox.commands.errors import RefusedError, UserError
from sandbox.commands.publications import Order, publish, unpublish
from sandbox.context import Call
from sandbox.failures import FieldError, NotSimulatedError
from sandbox.ids import gid, split_gid
from sandbox.plan import Args
from sandbox.resolvers import specs_from
from sandbox.resolvers.fields import Fields
from sandbox.resolvers.payload import Payload, demand_gid, refused
from sandbox.resolvers.query import by_custom_id
from sandbox.store.operation import ProductOperation
from sandbox.store.product import Product

DELETE_STARTS, DELETE_ENDS = 0.5, 2.0
"""Seconds from the answer until an asynchronous productDelete turns ACTIVE and COMPLETE."""

MISSING = UserError(("id",), "Product does not exist")


def find_product(ctx: Call, text: str | None) -> Product | None:
    """The product of an id; a product that is being deleted is still there."""
    demand_gid(text)
    return ctx.shop.products.get(specs_from.number(text, "Product"))


def product_create_(source: Any, args: Args, ctx: Call) -> Payload:
    given = _given(args)
    if given.get("id") is not None:
        error = UserError(("input",), "id cannot be specified during creation")
        return {**refused([error], "product"), "shop": ctx.shop}
    try:
        product = product_create.create_product(
            ctx.shop,
            specs_from.product_fields(given),
            specs_from.option_specs(given.get("productOptions") or []),
            [specs_from.file_spec(entry) for entry in args.get("media") or ()],
            specs_from.metafield_specs(ctx, given.get("metafields") or []),
        )
    except RefusedError as refusal:
        return {**refused(refusal.errors, "product"), "shop": ctx.shop}
    return {"product": product, "shop": ctx.shop, "userErrors": []}


def product_update(source: Any, args: Args, ctx: Call) -> Payload:
    given = _given(args)
    product = _identified(args.get("identifier") or {}, given, ctx)
    if product is None:
        return refused([MISSING], "product")
    try:
        product_create.update_product(
            ctx.shop,
            product,
            specs_from.product_fields(given),
            [specs_from.file_spec(entry) for entry in args.get("media") or ()],
            specs_from.metafield_specs(ctx, given.get("metafields") or []),
        )
    except RefusedError as refusal:
        return {**refused(refusal.errors), "product": product}
    return {"product": product, "userErrors": []}


def _given(args: Args) -> dict[str, Any]:
    given: dict[str, Any] | None = args.get("input") if args.get("product") is None else args["product"]
    if given is None:
        raise FieldError("One of the arguments product and input is required", "BAD_REQUEST")
    return given


def _identified(identifier: dict[str, Any], given: dict[str, Any], ctx: Call) -> Product | None:
    if identifier.get("handle") is not None:
        return ctx.shop.handles.get(normalise.handle(identifier["handle"]))
    if identifier.get("customId") is not None:
        return ctx.shop.products.get(by_custom_id(ctx, "PRODUCT", identifier["customId"]))
    return find_product(ctx, identifier.get("id") or given.get("id"))


def product_delete(source: Any, args: Args, ctx: Call) -> Payload:
    product = find_product(ctx, args["input"]["id"])
    empty: Payload = {"deletedProductId": None, "productDeleteOperation": None, "shop": ctx.shop}
    if product is None:
        return {**empty, **refused([MISSING])}
    if product.deletion_ends is not None:
        message = "Another operation already in progress. Please wait until current one is finished."
        return {**empty, **refused([UserError(None, message)])}
    if args.get("synchronous", True) or ctx.bulk:
        products.delete_product(ctx.shop, product)
        return {**empty, "deletedProductId": gid("Product", product.id), "userErrors": []}
    now = ctx.shop.clock.monotonic()
    product.deletion_ends = now + DELETE_ENDS
    operation = ProductOperation(
        ctx.shop.ids.next(), "ProductDeleteOperation", product.id, now + DELETE_STARTS, product.deletion_ends
    )
    ctx.shop.product_operations[operation.id] = operation
    ctx.shop.deletions.append(operation)
    return {**empty, "productDeleteOperation": operation, "userErrors": []}


def product_change_status(source: Any, args: Args, ctx: Call) -> Payload:
    product = find_product(ctx, args["productId"])
    if product is None:
        return refused([UserError(("productId",), "Product does not exist", "PRODUCT_NOT_FOUND")], "product")
    products.update_product(ctx.shop, product, specs_from.product_fields({"status": args["status"]}))
    return {"product": product, "userErrors": []}


def _tagged(args: Args, ctx: Call) -> Product | None:
    parsed = split_gid(args["id"])
    demand_gid(args["id"])
    if parsed is not None and parsed[0] != "Product":
        raise NotSimulatedError(f"tags of {parsed[0]}")
    return find_product(ctx, args["id"])


def tags_add(source: Any, args: Args, ctx: Call) -> Payload:
    product = _tagged(args, ctx)
    if product is None:
        return refused([UserError(("id",), "Product does not exist")], "node")
    return _tag(ctx, product, (*product.tags, *args["tags"]))


def tags_remove(source: Any, args: Args, ctx: Call) -> Payload:
    product = _tagged(args, ctx)
    if product is None:
        return refused([UserError(("id",), "Product does not exist")], "node")
    gone = {tag.lower() for tag in normalise.tags(args["tags"])}
    return _tag(ctx, product, tuple(tag for tag in product.tags if tag.lower() not in gone))


def _tag(ctx: Call, product: Product, tags: tuple[str, ...]) -> Payload:
    try:
        product_create.set_tags(ctx.shop, product, tags)
    except RefusedError as refusal:
        return {**refused(refusal.errors), "node": product}
    return {"node": product, "userErrors": []}


def publishable_publish(source: Any, args: Args, ctx: Call) -> Payload:
    return _publish(args, ctx, on=True)


def publishable_unpublish(source: Any, args: Args, ctx: Call) -> Payload:
    return _publish(args, ctx, on=False)


def _publish(args: Args, ctx: Call, *, on: bool) -> Payload:
    demand_gid(args["id"])
    parsed = split_gid(args["id"])
    if parsed is not None and parsed[0] not in ("Product", "Collection"):
        raise FieldError(f"Invalid global id '{args['id']}'", "argumentLiteralsIncompatible")
    product = ctx.shop.products.get(specs_from.number(args["id"], "Product"))
    if product is None:
        return {**refused([UserError(("id",), "Resource does not exist")], "publishable"), "shop": ctx.shop}
    orders = [
        Order(specs_from.number(entry.get("publicationId"), "Publication"), _moment(entry.get("publishDate")))
        for entry in args["input"]
    ]
    try:
        (publish if on else unpublish)(ctx.shop, product, orders)
    except RefusedError as refusal:
        return {**refused(refusal.errors), "publishable": product, "shop": ctx.shop}
    return {"publishable": product, "shop": ctx.shop, "userErrors": []}


def _moment(value: Any) -> datetime | None:
    return value.astimezone(UTC).replace(microsecond=0) if isinstance(value, datetime) else None


FIELDS: Fields = {
    "productCreate": product_create_,
    "productUpdate": product_update,
    "productDelete": product_delete,
    "productChangeStatus": product_change_status,
    "tagsAdd": tags_add,
    "tagsRemove": tags_remove,
    "publishablePublish": publishable_publish,
    "publishableUnpublish": publishable_unpublish,
}
