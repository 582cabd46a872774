"""How equal the shops are: what differs, repairing it, and keeping a value of the dependent as it is."""

from collections.abc import Sequence

import strawberry

from backend.access.ids import row_id, shopify_id
from backend.access.policy import Right
from backend.errors import ErrorCode, UserError
from backend.models.connection import Connection as ConnectionRow
from backend.parity import local
from backend.parity.repair import repair
from backend.resolvers.announce import announce
from backend.schema.context import Info
from backend.schema.job import Job
from backend.schema.link import Hold
from backend.schema.live import NEWEST_FOUND, LocalEdit, LocalEditFilter
from backend.schema.paging import Page, page
from backend.schema.parity import BY_PRODUCT, Difference, DifferenceFilter
from backend.schema.payloads import JobPayload, KeepLocalPayload
from backend.sync.catalog import ProductId, VariantId
from backend.sync.fields import Field

_LONGEST_KEY = 400


async def differences(
    info: Info,
    connection_id: strawberry.ID,
    first: int | None = None,
    after: str | None = None,
    filter: DifferenceFilter | None = None,  # noqa: A002
) -> Page[Difference]:
    tie = await _connection(info, connection_id)
    rows = info.context.scope.differences().filter(connection_id=tie.id)
    wanted = filter.apply(rows) if filter else rows
    return await page(wanted, BY_PRODUCT, lambda row: Difference.of(row, tie), first=first, after=after)


async def local_edits(
    info: Info,
    connection_id: strawberry.ID,
    first: int | None = None,
    after: str | None = None,
    filter: LocalEditFilter | None = None,  # noqa: A002
) -> Page[LocalEdit]:
    tie = await _connection(info, connection_id)
    rows = info.context.scope.local_edits().filter(connection_id=tie.id)
    wanted = filter.apply(rows) if filter else rows
    return await page(wanted, NEWEST_FOUND, LocalEdit.of, first=first, after=after)


async def repair_differences(
    info: Info, connection_id: strawberry.ID, product_ids: list[strawberry.ID] | None = None
) -> JobPayload:
    tie = await _connection(info, connection_id, right=Right.REPAIR)
    made = await repair(
        tie.id,
        _products(product_ids),
        now=info.context.services.clock.now(),
        allow=info.context.scope.guard(Right.REPAIR),
        created_by=info.context.scope.principal.user,
    )
    await announce(info, [made])
    return JobPayload(job=Job.of(made))


async def keep_local(
    info: Info,
    connection_id: strawberry.ID,
    product_id: strawberry.ID,
    field: str,
    variant_id: strawberry.ID | None = None,
    key: str = "",
) -> KeepLocalPayload:
    tie = await _connection(info, connection_id, right=Right.RESOLVE)
    value = value_of(product_id, variant_id, field, key)
    hold = await local.keep_local(
        tie.id,
        value,
        now=info.context.services.clock.now(),
        allow=info.context.scope.guard(Right.RESOLVE),
    )
    return KeepLocalPayload(hold=Hold.of(hold, tie))


async def use_main_value(
    info: Info,
    connection_id: strawberry.ID,
    product_id: strawberry.ID,
    field: str,
    variant_id: strawberry.ID | None = None,
    key: str = "",
) -> JobPayload:
    tie = await _connection(info, connection_id, right=Right.RESOLVE)
    made = await local.use_main_value(
        tie.id,
        value_of(product_id, variant_id, field, key),
        now=info.context.services.clock.now(),
        allow=info.context.scope.guard(Right.RESOLVE),
        created_by=info.context.scope.principal.user,
    )
    await announce(info, [made])
    return JobPayload(job=Job.of(made) if made else None)


async def _connection(info: Info, connection_id: str, right: Right | None = None) -> ConnectionRow:
    wanted = row_id(connection_id, "connectionId")
    return await info.context.scope.connection(wanted, "connectionId", right=right)


def _products(ids: Sequence[str] | None) -> list[ProductId] | None:
    if ids is None:
        return None
    return [
        ProductId(shopify_id(each, "Product", "productIds", str(index))) for index, each in enumerate(ids)
    ]


def value_of(product_id: str, variant_id: str | None, field: str, key: str) -> local.Value:
    """Raises UserError at the argument that names nothing."""
    if field not in set(Field):
        raise UserError(ErrorCode.INVALID_INPUT, "There is no such field.", field=("field",))
    if len(key) > _LONGEST_KEY:
        params = {"limit": str(_LONGEST_KEY)}
        raise UserError(ErrorCode.TOO_LONG, "The key is too long.", field=("key",), params=params)
    if "\x00" in key:
        raise UserError(ErrorCode.INVALID_INPUT, "There is no such key.", field=("key",))
    product = ProductId(shopify_id(product_id, "Product", "productId"))
    variant = None if variant_id is None else VariantId(shopify_id(variant_id, "ProductVariant", "variantId"))
    return local.Value(product, variant, Field(field), key)
