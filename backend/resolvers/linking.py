"""Products without a link, and a person's word on which belong together."""

from functools import partial

import strawberry

from backend.access.ids import row_id, shopify_id
from backend.access.policy import Right
from backend.billing.limits import wait_warnings
from backend.errors import ErrorCode, UserError
from backend.products.catalogue import count_main_products
from backend.products.catalogue import main_products as listed
from backend.products.linking import link_products as link
from backend.products.linking import unlink_products as unlink
from backend.products.unlinked import Side, count_free, free, unlinked
from backend.resolvers.announce import announce
from backend.schema.change import searched
from backend.schema.context import Info
from backend.schema.errors import UserError as UserErrorType
from backend.schema.job import Job
from backend.schema.paging import MOST, Page, page_of, page_size, text_of
from backend.schema.payloads import LinkProductsPayload, UnlinkProductsPayload
from backend.schema.unlinked import (
    FreeProduct,
    MainProduct,
    MainProductFilter,
    ProductFilter,
    UnlinkedProduct,
)
from backend.sync.catalog import ProductId


async def unlinked_products(
    info: Info,
    connection_id: strawberry.ID,
    first: int | None = None,
    after: str | None = None,
    filter: ProductFilter | None = None,  # noqa: A002
) -> Page[UnlinkedProduct]:
    tie = await info.context.scope.living_connection(row_id(connection_id, "connectionId"), "connectionId")
    size, text = page_size(first), searched(filter.search if filter else None)
    return page_of(
        await unlinked(tie, text, text_of(after), size + 1),
        lambda found: UnlinkedProduct.of(found, tie),
        lambda found: found.product.id,
        size=size,
        after=after,
        count=partial(count_free, Side.main(tie), text),
    )


async def free_products(
    info: Info,
    connection_id: strawberry.ID,
    first: int | None = None,
    after: str | None = None,
    filter: ProductFilter | None = None,  # noqa: A002
) -> Page[FreeProduct]:
    tie = await info.context.scope.living_connection(row_id(connection_id, "connectionId"), "connectionId")
    size, text = page_size(first), searched(filter.search if filter else None)
    return page_of(
        await free(tie, text, text_of(after), size + 1),
        FreeProduct.of,
        lambda found: found.product.id,
        size=size,
        after=after,
        count=partial(count_free, Side.dependent(tie), text),
    )


async def main_products(
    info: Info,
    connection_id: strawberry.ID,
    first: int | None = None,
    after: str | None = None,
    filter: MainProductFilter | None = None,  # noqa: A002
) -> Page[MainProduct]:
    tie = await info.context.scope.living_connection(row_id(connection_id, "connectionId"), "connectionId")
    size, text = page_size(first), searched(filter.search if filter else None)
    ids = _product_ids(filter)
    return page_of(
        await listed(tie, ids, text, text_of(after), size + 1),
        MainProduct.of,
        lambda found: found.product.id,
        size=size,
        after=after,
        count=partial(count_main_products, tie, ids, text),
    )


def _product_ids(wanted: MainProductFilter | None) -> list[str] | None:
    if wanted is None or wanted.ids is None:
        return None
    if len(wanted.ids) > MOST:
        params = {"limit": str(MOST)}
        raise UserError(ErrorCode.TOO_MANY, "Too many ids.", field=("filter", "ids"), params=params)
    return [shopify_id(each, "Product", "filter", "ids", str(place)) for place, each in enumerate(wanted.ids)]


async def link_products(
    info: Info,
    connection_id: strawberry.ID,
    main_product_id: strawberry.ID,
    dependent_product_id: strawberry.ID,
) -> LinkProductsPayload:
    scope = info.context.scope
    tie = await scope.connection(row_id(connection_id, "connectionId"), "connectionId", right=Right.RESOLVE)
    product = ProductId(shopify_id(main_product_id, "Product", "mainProductId"))
    warnings = await wait_warnings(tie, info.context.services.runtime.product_limit, product)
    made = await link(
        tie.id,
        product,
        ProductId(shopify_id(dependent_product_id, "Product", "dependentProductId")),
        now=info.context.services.clock.now(),
        allow=scope.guard(Right.RESOLVE),
        created_by=scope.principal.user,
    )
    await announce(info, [made])
    return LinkProductsPayload(job=Job.of(made), warnings=[UserErrorType.of(each) for each in warnings])


async def unlink_products(info: Info, link_id: strawberry.ID) -> UnlinkProductsPayload:
    scope = info.context.scope
    row = await scope.link(row_id(link_id, "linkId"), "linkId", right=Right.RESOLVE)
    made = await unlink(
        row.connection_id,
        row.id,
        now=info.context.services.clock.now(),
        allow=scope.guard(Right.RESOLVE),
        created_by=scope.principal.user,
    )
    await announce(info, [made])
    return UnlinkProductsPayload(unlinked_id=strawberry.ID(str(row.id)), job=Job.of(made) if made else None)
