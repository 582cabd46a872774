"""Bulk operations and product operations, and the fields that find them."""

from collections.abc import Iterable
from typing import Any

from sandbox.context import Call
from sandbox.ids import gid
from sandbox.paging import Connection, Key, connect_sorted, sort_value
from sandbox.plan import Args
from sandbox.resolvers import lookup
from sandbox.resolvers.fields import Fields, attr, own_id
from sandbox.search import Field, parse, predicate
from sandbox.store.operation import BulkOperation, ProductOperation

BULK: Fields = {
    "id": own_id("BulkOperation"),
    "type": attr("type"),
    "status": attr("status"),
    "errorCode": attr("error_code"),
    "query": attr("query"),
    "createdAt": attr("created_at"),
    "completedAt": attr("completed_at"),
    "objectCount": attr("object_count"),
    "rootObjectCount": attr("root_object_count"),
    "fileSize": attr("file_size"),
    "url": attr("url"),
    "partialDataUrl": attr("partial_data_url"),
}

_FIELDS: dict[str, Field] = {
    "default": Field("words", lambda row: (row.query,)),
    "id": Field("number", lambda row: (row.id,)),
    "status": Field("choice", lambda row: (row.status,)),
    "operation_type": Field("text", lambda row: (row.type,)),
    "created_at": Field("time", lambda row: (row.created_at,)),
}


def _mine(ctx: Call) -> Iterable[BulkOperation]:
    client = ctx.installation.app.client_id
    return (row for row in ctx.shop.bulk_operations.values() if row.client_id == client)


def bulk_operation(source: Any, args: Args, ctx: Call) -> BulkOperation | None:
    found: BulkOperation | None = lookup.of_kind(ctx, args["id"], "BulkOperation")
    return found if found is not None and found.client_id == ctx.installation.app.client_id else None


def bulk_operations(source: Any, args: Args, ctx: Call) -> Connection:
    matches = predicate(parse(args.get("query") or ""), _FIELDS, "bulkOperations")
    by_end = args.get("sortKey") == "COMPLETED_AT"

    def key(row: BulkOperation) -> Key:
        return (sort_value(row.completed_at if by_end else row.created_at), row.id)

    entries = sorted(((key(row), row) for row in _mine(ctx) if matches(row)), key=lambda entry: entry[0])
    return connect_sorted(entries, args, "bulkOperations", unpaged=ctx.unpaged)


def current_bulk_operation(source: Any, args: Args, ctx: Call) -> BulkOperation | None:
    wanted = args.get("type", "QUERY")
    return max((row for row in _mine(ctx) if row.type == wanted), key=lambda row: row.id, default=None)


def _status(operation: ProductOperation, ctx: Call) -> str:
    now = ctx.shop.clock.monotonic()
    if now < operation.starts:
        return "CREATED"
    return "ACTIVE" if now < operation.ends else "COMPLETE"


def _product(operation: ProductOperation, args: Args, ctx: Call) -> Any:
    return ctx.shop.products.get(operation.product) if _status(operation, ctx) == "COMPLETE" else None


def _errors(operation: ProductOperation, args: Args, ctx: Call) -> list[dict[str, Any]]:
    return operation.user_errors if _status(operation, ctx) == "COMPLETE" else []


def _deleted(operation: ProductOperation, args: Args, ctx: Call) -> str | None:
    done = _status(operation, ctx) == "COMPLETE" and ctx.shop.products.get(operation.product) is None
    return gid("Product", operation.product) if done and operation.product is not None else None


PRODUCT_SET: Fields = {
    "id": own_id("ProductSetOperation"),
    "status": lambda o, args, ctx: _status(o, ctx),
    "product": _product,
    "userErrors": _errors,
}
PRODUCT_DELETE: Fields = {
    **PRODUCT_SET,
    "id": own_id("ProductDeleteOperation"),
    "deletedProductId": _deleted,
}


def product_operation(source: Any, args: Args, ctx: Call) -> ProductOperation | None:
    found: ProductOperation | None = lookup.of_kind(
        ctx, args["id"], "ProductSetOperation", "ProductDeleteOperation"
    )
    return found
