from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.scalars import JSON
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from backend.access.ids import shopify_id
from backend.errors import ErrorCode, UserError
from backend.models.call import Call as CallRow
from backend.models.job import Change as ChangeRow
from backend.models.job import ChangeState
from backend.schema.context import Info
from backend.schema.described import described
from backend.schema.location import Location, unknown_location
from backend.schema.paging import Key, Order
from backend.sync.brake import BrakeReason
from backend.sync.changeset import Action
from backend.sync.changeset import Change as ChangeValue
from backend.sync.fields import Field, Lane
from backend.sync.undo import is_undoable

if TYPE_CHECKING:
    from backend.schema.job import Job

IN_ORDER: Order = (Key("seq", int),)
_LONGEST_SEARCH = 200


@strawberry.type(description="Why a change did not work out; `message` is Shopify's own where it has one.")
class ChangeError:
    code: ErrorCode
    shopify_code: str | None
    shopify_field: str | None
    message: str


@strawberry.type(
    description="A write that Shopify answered. `requestId` is Shopify's own name of the request, for its"
    " support; of products created in bulk it is the bulk operation's id, and its points are the job's."
)
class ShopifyCall:
    id: strawberry.ID
    operation: str = strawberry.field(description="The mutation's name.")
    request_id: str
    points: int
    sent_at: datetime
    answered_at: datetime

    @classmethod
    def of(cls, row: CallRow) -> ShopifyCall:
        return cls(
            id=strawberry.ID(str(row.id)),
            operation=row.operation,
            request_id=row.request_id,
            points=row.points,
            sent_at=row.sent_at,
            answered_at=row.answered_at,
        )


@strawberry.type(description="One value of a dependent, before and after. Money is text.")
class Change:
    id: strawberry.ID
    seq: int
    lane: Lane
    action: Action
    field: str
    key: str
    title: str
    sku: str
    main_product_id: strawberry.ID | None
    product_id: strawberry.ID | None
    variant_id: strawberry.ID | None
    before: JSON | None
    after: JSON | None
    state: ChangeState
    held_reason: BrakeReason | None
    error: ChangeError | None
    happened_at: datetime | None = strawberry.field(
        description="When main changed, as far as that is known; when it was read, where everything was."
    )
    sent_at: datetime | None
    applied_at: datetime | None
    local_edit: bool = strawberry.field(description="It overwrites what somebody changed in the dependent.")
    undoable: bool
    _row: strawberry.Private[ChangeRow]

    @classmethod
    def of(cls, row: ChangeRow) -> Change:
        return cls(
            id=strawberry.ID(str(row.id)),
            seq=row.seq,
            lane=Lane(row.lane),
            action=Action(row.action),
            field=row.field,
            key=row.key,
            title=row.title,
            sku=row.sku,
            main_product_id=_gid(row.main_product_gid),
            product_id=_gid(row.product_gid),
            variant_id=_gid(row.variant_gid),
            before=row.before,
            after=row.after,
            state=row.state,
            held_reason=BrakeReason(row.held_reason) if row.held_reason else None,
            error=_error(row),
            happened_at=row.happened_at,
            sent_at=row.sent_at,
            applied_at=row.applied_at,
            local_edit=row.local_edit,
            undoable=_undoable(row),
            _row=row,
        )

    @described("The write that carried it out; null where Shopify's answer was lost, and before it is sent.")
    async def call(self, info: Info) -> ShopifyCall | None:
        if self._row.call_id is None:
            return None
        found = await info.context.loaders.call.load(self._row.call_id)
        return ShopifyCall.of(found) if found else None

    @strawberry.field
    async def job(self, info: Info) -> Annotated[Job, strawberry.lazy("backend.schema.job")]:
        from backend.schema.job import Job

        return Job.of(await info.context.loaders.job.load(self._row.job_id))

    @described("Where the stock lies, for changes of quantities.")
    async def location(self, info: Info) -> Location | None:
        if self._row.field != Field.STOCK.value or not self._row.key:
            return None
        loaders = info.context.loaders
        connection = await loaders.connection.load(self._row.connection_id)
        row = await loaders.location.load((connection.dependent_id, self._row.key))
        return Location.of(row) if row else unknown_location(self._row.key)


@strawberry.input
class ChangeFilter:
    states: list[ChangeState] | None = None
    lanes: list[Lane] | None = None
    actions: list[Action] | None = None
    fields: list[str] | None = strawberry.field(default=None, description="As in a change: PRICE, STOCK, …")
    search: str | None = strawberry.field(default=None, description="In title or SKU.")
    product_id: strawberry.ID | None = None

    def apply(self, rows: QuerySet[ChangeRow]) -> QuerySet[ChangeRow]:
        """Raises UserError at `filter`."""
        given: dict[str, Any] = {}
        if self.states is not None:
            given["state__in"] = self.states
        if self.lanes is not None:
            given["lane__in"] = [each.value for each in self.lanes]
        if self.actions is not None:
            given["action__in"] = [each.value for each in self.actions]
        if self.fields is not None:
            given["field__in"] = _fields(self.fields)
        if self.product_id is not None:
            given["product_gid"] = shopify_id(self.product_id, "Product", "filter", "productId")
        rows = rows.filter(**given)
        text = searched(self.search)
        if text:
            rows = rows.filter(Q(title__icontains=text) | Q(sku__icontains=text))
        return rows


def _fields(names: list[str]) -> list[str]:
    for index, name in enumerate(names):
        if name not in set(Field):
            at = ("filter", "fields", str(index))
            raise UserError(ErrorCode.INVALID_INPUT, "There is no such field.", field=at)
    return names


def searched(text: str | None) -> str:
    """What is searched for; raises UserError TOO_LONG at `filter.search`."""
    found = (text or "").strip().replace("\x00", "")
    if len(found) > _LONGEST_SEARCH:
        params = {"limit": str(_LONGEST_SEARCH)}
        raise UserError(
            ErrorCode.TOO_LONG, "The search is too long.", field=("filter", "search"), params=params
        )
    return found


def _undoable(row: ChangeRow) -> bool:
    value = ChangeValue(Lane(row.lane), Action(row.action), Field(row.field))
    return row.state is ChangeState.APPLIED and is_undoable(value)


def _gid(value: str) -> strawberry.ID | None:
    return strawberry.ID(value) if value else None


def _error(row: ChangeRow) -> ChangeError | None:
    if row.code is None:
        return None
    known = {code.value for code in ErrorCode}
    return ChangeError(
        code=ErrorCode(row.code) if row.code in known else ErrorCode.INTERNAL,
        shopify_code=row.shopify_code,
        shopify_field=row.shopify_field or None,
        message=row.message,
    )
