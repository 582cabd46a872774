"""Why a value is what it is."""

import strawberry

from backend.access.ids import row_id, shopify_id
from backend.errors import NotFound
from backend.products.trace import history, trace
from backend.products.values import load_values
from backend.resolvers.parity import value_of
from backend.schema.change import Change
from backend.schema.context import Info
from backend.schema.link import ProductLink
from backend.schema.paging import Page, page
from backend.schema.trace import NEWEST_CHANGES, ProductValues, ValueTrace, value_trace
from backend.sync.catalog import ProductId


async def trace_of_value(
    info: Info,
    connection_id: strawberry.ID,
    product_id: strawberry.ID,
    field: str,
    variant_id: strawberry.ID | None = None,
    key: str = "",
) -> ValueTrace:
    scope = info.context.scope
    tie = await scope.living_connection(row_id(connection_id, "connectionId"), "connectionId")
    value = value_of(product_id, variant_id, field, key)
    found = await trace(tie, value, scope.changes())

    async def changes(first: int | None, after: str | None) -> Page[Change]:
        rows = history(found.sides, value, scope.changes().filter(connection_id=tie.id))
        return await page(rows, NEWEST_CHANGES, Change.of, first=first, after=after)

    return value_trace(found, tie, scope.principal.domain, changes)


async def product_values(
    info: Info, connection_id: strawberry.ID, product_id: strawberry.ID
) -> ProductValues | None:
    scope = info.context.scope
    tie = await scope.living_connection(row_id(connection_id, "connectionId"), "connectionId")
    product = ProductId(shopify_id(product_id, "Product", "productId"))
    link = await scope.links().filter(connection_id=tie.id, dependent_gid=product).first()
    if link is None:
        return None
    try:
        return ProductValues.of(await load_values(tie, product), ProductLink.of(link, tie), tie)
    except NotFound:
        return None
