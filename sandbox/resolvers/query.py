"""The fields of QueryRoot that find products, variants, stock and files."""

from collections.abc import Iterable
from typing import Any

from sandbox.commands import metafields
from sandbox.context import Call
from sandbox.paging import Connection
from sandbox.plan import Args
from sandbox.resolvers import lookup, search_fields
from sandbox.resolvers.fields import count
from sandbox.search import Bounds
from sandbox.store.product import Product, Variant


def products(source: Any, args: Args, ctx: Call) -> Connection:
    return search_fields.connect(
        ctx,
        "products",
        ctx.shop.products,
        args,
        search_fields.PRODUCT_FIELDS,
        search_fields.PRODUCT_SORTS,
        narrow=lambda bounds: _products_of(ctx, bounds),
    )


def _products_of(ctx: Call, bounds: Bounds) -> Iterable[Product] | None:
    for field, value in bounds.exact:
        if field == "sku":
            found = ctx.shop.skus.get(value, {}).values()
            return {variant.product.id: variant.product for variant in found}.values()
        if field == "handle":
            owner = ctx.shop.handles.get(value)
            return [] if owner is None else [owner]
    return None if bounds.since is None else ctx.shop.products.changed_since(bounds.since)


def product_variants(source: Any, args: Args, ctx: Call) -> Connection:
    return search_fields.connect(
        ctx,
        "productVariants",
        ctx.shop.variants,
        args,
        search_fields.VARIANT_FIELDS,
        search_fields.VARIANT_SORTS,
        narrow=lambda bounds: _variants_of(ctx, bounds),
    )


def _variants_of(ctx: Call, bounds: Bounds) -> Iterable[Variant] | None:
    for field, value in bounds.exact:
        if field == "sku":
            return list(ctx.shop.skus.get(value, {}).values())
        if field == "product_id" and value.isdigit():
            owner = ctx.shop.products.get(int(value))
            return [] if owner is None else owner.variants
    return None if bounds.since is None else ctx.shop.variants.changed_since(bounds.since)


def inventory_items(source: Any, args: Args, ctx: Call) -> Connection:
    def narrow(bounds: Bounds) -> Iterable[Any] | None:
        for field, value in bounds.exact:
            if field == "sku":
                return [variant.item for variant in ctx.shop.skus.get(value, {}).values()]
        return None if bounds.since is None else ctx.shop.items.changed_since(bounds.since)

    return search_fields.connect(
        ctx, "inventoryItems", ctx.shop.items, args, search_fields.ITEM_FIELDS, {}, narrow=narrow
    )


def files(source: Any, args: Args, ctx: Call) -> Connection:
    return search_fields.connect(
        ctx, "files", ctx.shop.files, args, search_fields.FILE_FIELDS, search_fields.FILE_SORTS
    )


def products_count(source: Any, args: Args, ctx: Call) -> dict[str, Any]:
    found = search_fields.tally(
        args.get("query"),
        ctx.shop.products,
        search_fields.PRODUCT_FIELDS,
        "productsCount",
        lambda bounds: _products_of(ctx, bounds),
    )
    return count(found, args.get("limit"))


def product_variants_count(source: Any, args: Args, ctx: Call) -> dict[str, Any]:
    found = search_fields.tally(
        args.get("query"),
        ctx.shop.variants,
        search_fields.VARIANT_FIELDS,
        "productVariantsCount",
        lambda bounds: _variants_of(ctx, bounds),
    )
    return count(found, args.get("limit"))


def locations_count(source: Any, args: Args, ctx: Call) -> dict[str, Any]:
    found = search_fields.tally(
        args.get("query"), ctx.shop.locations, search_fields.LOCATION_FIELDS, "locationsCount"
    )
    return count(found, args.get("limit"))


def node(source: Any, args: Args, ctx: Call) -> Any:
    return lookup.node(ctx, args["id"])


def nodes(source: Any, args: Args, ctx: Call) -> list[Any]:
    """In the order asked for; null where the shop has no such object."""
    return [lookup.node(ctx, text) for text in args["ids"]]


def product_by_identifier(source: Any, args: Args, ctx: Call) -> Product | None:
    wanted = args["identifier"]
    if wanted.get("id") is not None:
        found: Product | None = lookup.of_kind(ctx, wanted["id"], "Product")
        return found
    if wanted.get("handle") is not None:
        return ctx.shop.handles.get(wanted["handle"])
    number = by_custom_id(ctx, "PRODUCT", wanted.get("customId") or {})
    return ctx.shop.products.get(number)


def product_variant_by_identifier(source: Any, args: Args, ctx: Call) -> Variant | None:
    wanted = args["identifier"]
    if wanted.get("id") is not None:
        found: Variant | None = lookup.of_kind(ctx, wanted["id"], "ProductVariant")
        return found
    return ctx.shop.variants.get(by_custom_id(ctx, "PRODUCTVARIANT", wanted.get("customId") or {}))


def by_custom_id(ctx: Call, owner_type: str, custom: dict[str, Any]) -> int | None:
    namespace = metafields.app_namespace(custom.get("namespace"), ctx.app_id)
    return metafields.owner_by(
        ctx.shop, owner_type, namespace, custom.get("key", ""), custom.get("value", "")
    )
