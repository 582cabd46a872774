"""What can be searched and sorted by, for each kind of object."""

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.context import Call
from sandbox.paging import Connection, Key, connect_by_id, connect_sorted, sort_value
from sandbox.search import Bounds, Field, Predicate, bounds, parse, predicate
from sandbox.store.product import Product, Variant
from sandbox.store.table import Table

Sort = Callable[[Any], Any]


def by_id(row: Any) -> Any:
    return row.id


def _product_texts(product: Product) -> Iterable[str | None]:
    yield from (product.title, product.vendor, product.product_type, product.handle)
    yield from product.tags
    for variant in product.variants:
        yield variant.item.sku
        yield variant.barcode


def _skus(product: Product) -> Iterable[str | None]:
    return (variant.item.sku for variant in product.variants)


def _total(product: Product) -> int:
    return sum(variant.item.available for variant in product.variants if variant.item.tracked)


PRODUCT_FIELDS: dict[str, Field] = {
    "default": Field("words", _product_texts),
    "id": Field("number", lambda p: (p.id,)),
    "title": Field("words", lambda p: (p.title,)),
    "handle": Field("text", lambda p: (p.handle,)),
    "status": Field("choice", lambda p: (p.status,)),
    "tag": Field("text", lambda p: p.tags),
    "vendor": Field("text", lambda p: (p.vendor,)),
    "product_type": Field("text", lambda p: (p.product_type,)),
    "sku": Field("text", _skus),
    "barcode": Field("text", lambda p: (v.barcode for v in p.variants)),
    "price": Field("number", lambda p: (v.price for v in p.variants)),
    "inventory_total": Field("number", lambda p: (_total(p),)),
    "created_at": Field("time", lambda p: (p.created_at,)),
    "updated_at": Field("time", lambda p: (p.updated_at,)),
    "variant_id": Field("number", lambda p: (v.id for v in p.variants)),
    "variant_title": Field("words", lambda p: (v.title for v in p.variants)),
    "gift_card": Field("flag", lambda p: (p.gift_card,)),
}
PRODUCT_SORTS: dict[str, Sort] = {
    "TITLE": lambda p: sort_value(p.title),
    "VENDOR": lambda p: sort_value(p.vendor),
    "PRODUCT_TYPE": lambda p: sort_value(p.product_type),
    "CREATED_AT": lambda p: sort_value(p.created_at),
    "UPDATED_AT": lambda p: sort_value(p.updated_at),
    "PUBLISHED_AT": lambda p: sort_value(min(p.publications.values(), default=None)),
    "INVENTORY_TOTAL": _total,
}


def _variant_texts(variant: Variant) -> Iterable[str | None]:
    return (variant.product.title, variant.title, variant.item.sku, variant.barcode, variant.product.vendor)


VARIANT_FIELDS: dict[str, Field] = {
    "default": Field("words", _variant_texts),
    "id": Field("number", lambda v: (v.id,)),
    "product_id": Field("number", lambda v: (v.product.id,)),
    "product_ids": Field("text", lambda v: (str(v.product.id),)),
    "sku": Field("text", lambda v: (v.item.sku,)),
    "barcode": Field("text", lambda v: (v.barcode,)),
    "title": Field("words", lambda v: (v.title,)),
    "vendor": Field("text", lambda v: (v.product.vendor,)),
    "product_type": Field("text", lambda v: (v.product.product_type,)),
    "product_status": Field("choice", lambda v: (v.product.status,)),
    "tag": Field("text", lambda v: v.product.tags),
    "inventory_quantity": Field("number", lambda v: (v.item.available,)),
    "managed": Field("flag", lambda v: (v.item.tracked,)),
    "option1": Field("text", lambda v: (v.options[0].name,)),
    "option2": Field("text", lambda v: (o.name for o in v.options[1:2])),
    "option3": Field("text", lambda v: (o.name for o in v.options[2:3])),
    "taxable": Field("flag", lambda v: (v.taxable,)),
    "updated_at": Field("time", lambda v: (v.updated_at,)),
    "price": Field("number", lambda v: (v.price,)),
}
VARIANT_SORTS: dict[str, Sort] = {
    "SKU": lambda v: sort_value(v.item.sku),
    "TITLE": lambda v: sort_value(v.title),
    "NAME": lambda v: sort_value(v.title),
    "FULL_TITLE": lambda v: sort_value(f"{v.product.title} - {v.title}"),
    "INVENTORY_QUANTITY": lambda v: v.item.available,
    "POSITION": lambda v: v.position,
}

ITEM_FIELDS: dict[str, Field] = {
    "default": Field("words", lambda i: (i.sku,)),
    "id": Field("number", lambda i: (i.id,)),
    "sku": Field("text", lambda i: (i.sku,)),
    "created_at": Field("time", lambda i: (i.created_at,)),
    "updated_at": Field("time", lambda i: (i.updated_at,)),
}
LOCATION_FIELDS: dict[str, Field] = {
    "default": Field("words", lambda row: (row.name, row.address.city)),
    "id": Field("number", lambda row: (row.id,)),
    "location_id": Field("number", lambda row: (row.id,)),
    "name": Field("words", lambda row: (row.name,)),
    "active": Field("flag", lambda row: (row.is_active,)),
    "legacy": Field("flag", lambda row: (row.fulfillment_service is not None,)),
    "city": Field("text", lambda row: (row.address.city,)),
    "country": Field("text", lambda row: (row.address.country,)),
    "created_at": Field("time", lambda row: (row.created_at,)),
}
FILE_FIELDS: dict[str, Field] = {
    "default": Field("words", lambda row: (row.filename, row.alt)),
    "id": Field("number", lambda row: (row.id,)),
    "filename": Field("text", lambda row: (row.filename,)),
    "media_type": Field("text", lambda row: (row.content_type,)),
    "created_at": Field("time", lambda row: (row.created_at,)),
    "updated_at": Field("time", lambda row: (row.updated_at,)),
}
FILE_SORTS: dict[str, Sort] = {
    "FILENAME": lambda row: sort_value(row.filename),
    "CREATED_AT": lambda row: sort_value(row.created_at),
    "UPDATED_AT": lambda row: sort_value(row.updated_at),
}
LEVEL_FIELDS: dict[str, Field] = {
    "id": Field("number", lambda row: (row.location.id,)),
    "inventory_item_id": Field("number", lambda row: (row.item.id,)),
    "updated_at": Field("time", lambda row: (row.updated_at,)),
    "created_at": Field("time", lambda row: (row.created_at,)),
}


def connect(
    ctx: Call,
    field: str,
    table: Table[Any],
    args: dict[str, Any],
    fields: dict[str, Field],
    sorts: dict[str, Sort],
    keep: Predicate | None = None,
    narrow: Callable[[Bounds], Iterable[Any] | None] | None = None,
) -> Connection:
    """A table's rows that match the field's query, in the order it asks for.

    narrow may offer all candidates for what the query certainly demands, where an index knows them.
    """
    query = args.get("query") or ""
    tree = parse(query)
    found = bounds(tree)
    matches = predicate(tree, fields, field)
    if keep is not None:
        searched, also = matches, keep

        def matches(row: Any) -> bool:
            return searched(row) and also(row)

    value = sorts.get(args.get("sortKey", "ID"))
    candidates = narrow(found) if narrow is not None else None
    if value is None and candidates is None:
        return connect_by_id(table, args, field, matches, found, unpaged=ctx.unpaged)
    order = value or by_id

    def ordered() -> list[tuple[Key, Any]]:
        rows = table.ascending(found.above, found.up_to) if candidates is None else candidates
        entries = [((order(row), row.id), row) for row in rows if matches(row)]
        entries.sort(key=lambda entry: entry[0])
        return entries

    cache_key = (field, query, args.get("sortKey"), bool(args.get("includeInactive")))
    return connect_sorted(ctx.shop.cached(cache_key, ordered), args, field, unpaged=ctx.unpaged)


def tally(
    query: str | None,
    table: Table[Any],
    fields: dict[str, Field],
    field: str,
    narrow: Callable[[Bounds], Iterable[Any] | None] | None = None,
) -> int:
    """How many rows match."""
    tree = parse(query or "")
    if tree is None:
        return len(table)
    found = bounds(tree)
    rows = narrow(found) if narrow is not None else None
    matches = predicate(tree, fields, field)
    return sum(
        1 for row in (table.ascending(found.above, found.up_to) if rows is None else rows) if matches(row)
    )
