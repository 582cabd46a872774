"""Products as they are matched: links, conflicts and a person's decisions on them, values kept local."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from tortoise.expressions import Q, Subquery

from backend.access.ids import row_id, shopify_id
from backend.access.policy import Right
from backend.billing.limits import wait_warnings
from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs import decisions
from backend.models.connection import Connection as ConnectionRow
from backend.models.job import Job as JobRow
from backend.models.link import Conflict as ConflictRow
from backend.models.mirror import MirrorProduct, MirrorVariant
from backend.resolvers.announce import announce
from backend.schema.change import searched
from backend.schema.conflict import Conflict, ConflictFilter, conflict_actions
from backend.schema.context import Info
from backend.schema.errors import UserError as UserErrorType
from backend.schema.job import Job
from backend.schema.link import BY_TIME, Hold, HoldFilter, LinkFilter, ProductLink
from backend.schema.paging import NEWEST_FIRST, Page, page
from backend.schema.payloads import ConflictPayload, ReleaseHoldPayload
from backend.sync.catalog import ProductId
from backend.sync.match import ConflictAction, ConflictCode


async def links(
    info: Info,
    connection_id: strawberry.ID,
    first: int | None = None,
    after: str | None = None,
    filter: LinkFilter | None = None,  # noqa: A002
) -> Page[ProductLink]:
    tie = await _connection(info, connection_id)
    rows = info.context.scope.links().filter(connection_id=tie.id)
    if filter is not None:
        if filter.origins is not None:
            rows = rows.filter(origin__in=filter.origins)
        if filter.gone is not None:
            rows = rows.filter(gone_since__isnull=not filter.gone)
        text = searched(filter.search)
        if text:
            rows = rows.filter(main_gid__in=_products_like(info, tie, tie.main_id, text))
    return await page(rows, BY_TIME, lambda row: ProductLink.of(row, tie), first=first, after=after)


async def conflicts(
    info: Info,
    connection_id: strawberry.ID,
    first: int | None = None,
    after: str | None = None,
    filter: ConflictFilter | None = None,  # noqa: A002
) -> Page[Conflict]:
    tie = await _connection(info, connection_id)
    rows = info.context.scope.conflicts().filter(connection_id=tie.id)
    if filter is not None:
        if filter.states is not None:
            rows = rows.filter(state__in=filter.states)
        if filter.codes is not None:
            rows = rows.filter(code__in=[code.value for code in filter.codes])
        text = searched(filter.search)
        if text:
            like = _products_like(info, tie, tie.main_id, text)
            rows = rows.filter(Q(title__icontains=text) | Q(main_gid__in=like))
    return await page(rows, NEWEST_FIRST, lambda row: Conflict.of(row, tie), first=first, after=after)


async def holds(
    info: Info,
    connection_id: strawberry.ID,
    first: int | None = None,
    after: str | None = None,
    filter: HoldFilter | None = None,  # noqa: A002
) -> Page[Hold]:
    tie = await _connection(info, connection_id)
    rows = info.context.scope.holds().filter(connection_id=tie.id)
    text = searched(filter.search if filter else None)
    if text:
        rows = rows.filter(product_gid__in=_products_like(info, tie, tie.dependent_id, text))
    return await page(rows, NEWEST_FIRST, lambda row: Hold.of(row, tie), first=first, after=after)


async def release_hold(info: Info, id: strawberry.ID) -> ReleaseHoldPayload:  # noqa: A002
    hold = await info.context.scope.hold(row_id(id, "id"), "id", right=Right.RESOLVE)
    made = await decisions.release_hold(
        hold.connection_id,
        hold.id,
        now=info.context.services.clock.now(),
        allow=info.context.scope.guard(Right.RESOLVE),
        created_by=info.context.scope.principal.user,
    )
    await announce(info, [made])
    return ReleaseHoldPayload(released_id=strawberry.ID(str(hold.id)), job=Job.of(made) if made else None)


async def link_conflict(
    info: Info,
    id: strawberry.ID,  # noqa: A002
    dependent_product_id: strawberry.ID,
) -> ConflictPayload:
    conflict = await _conflict(info, id)
    product = ProductId(shopify_id(dependent_product_id, "Product", "dependentProductId"))
    there = MirrorProduct.filter(shop_id=conflict.connection.dependent_id, gid=product, gone_at__isnull=True)
    if not await there.exists():
        raise NotFound(field=("dependentProductId",))
    return await _resolve(info, conflict, ConflictAction.LINK_TO, product)


async def ignore_conflict(info: Info, id: strawberry.ID) -> ConflictPayload:  # noqa: A002
    return await _resolve(info, await _conflict(info, id), ConflictAction.IGNORE)


async def create_from_conflict(info: Info, id: strawberry.ID) -> ConflictPayload:  # noqa: A002
    return await _resolve(info, await _conflict(info, id), ConflictAction.CREATE_AS_NEW)


async def reopen_conflict(info: Info, id: strawberry.ID) -> ConflictPayload:  # noqa: A002
    conflict = await _conflict(info, id)
    allow = info.context.scope.guard(Right.RESOLVE)
    await decisions.reopen_conflict(conflict.connection_id, conflict.id, allow=allow)
    return await _conflict_payload(conflict)


async def _resolve(
    info: Info, conflict: ConflictRow, action: ConflictAction, product: ProductId | None = None
) -> ConflictPayload:
    if action not in conflict_actions(ConflictCode(conflict.code)):
        raise UserError(ErrorCode.INVALID_INPUT, "This can't be done about it.", field=("id",))
    tie = conflict.connection
    warnings: list[UserError] = []
    if action is not ConflictAction.IGNORE:
        await tie.fetch_related("main", "dependent")
        limit = info.context.services.runtime.product_limit
        warnings = await wait_warnings(tie, limit, ProductId(conflict.main_gid))
    try:
        made = await decisions.resolve_conflict(
            conflict.connection_id,
            conflict.id,
            action,
            now=info.context.services.clock.now(),
            allow=info.context.scope.guard(Right.RESOLVE),
            product=product,
            created_by=info.context.scope.principal.user,
        )
    except UserError as fault:
        field = ("dependentProductId",) if fault.code is ErrorCode.ALREADY_LINKED else ("id",)
        raise UserError(fault.code, fault.message, field=field, params=fault.params) from None
    await announce(info, [made])
    return await _conflict_payload(conflict, made, warnings)


async def _conflict_payload(
    conflict: ConflictRow, made: JobRow | None = None, warnings: Sequence[UserError] = ()
) -> ConflictPayload:
    tie = conflict.connection
    await conflict.refresh_from_db()
    return ConflictPayload(
        conflict=Conflict.of(conflict, tie),
        job=Job.of(made) if made else None,
        warnings=[UserErrorType.of(each) for each in warnings],
    )


async def _connection(info: Info, connection_id: str) -> ConnectionRow:
    return await info.context.scope.connection(row_id(connection_id, "connectionId"), "connectionId")


async def _conflict(info: Info, conflict_id: str) -> ConflictRow:
    return await info.context.scope.conflict(row_id(conflict_id, "id"), "id", right=Right.RESOLVE)


def _products_like(info: Info, tie: ConnectionRow, shop: UUID, text: str) -> Subquery:
    """Products of the shop whose title, or the SKU of one of whose variants, has `text` in it; none where
    these are not the caller's to know."""
    if not info.context.scope.knows(tie, shop):
        return Subquery(MirrorProduct.filter(gid__in=[]).values("gid"))
    by_sku = MirrorVariant.filter(shop_id=shop, sku__icontains=text).values("product_gid")
    found = MirrorProduct.filter(shop_id=shop).filter(Q(title__icontains=text) | Q(gid__in=Subquery(by_sku)))
    return Subquery(found.values("gid"))
