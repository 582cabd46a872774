"""How equal a dependent is, what differs in it, and how long changes take."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import strawberry
from strawberry.scalars import JSON
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from backend.access.ids import shopify_id
from backend.errors import ErrorCode
from backend.models.connection import Connection as ConnectionRow
from backend.models.live import Difference as DifferenceRow
from backend.models.live import DifferenceReason
from backend.parity.delay import Delay as DelayValue
from backend.parity.share import Parity as ParityValue
from backend.schema.change import searched
from backend.schema.context import Info
from backend.schema.described import described
from backend.schema.location import Location, unknown_location
from backend.schema.paging import Key, Order
from backend.sync.fields import Field, Lane

BY_PRODUCT: Order = (Key("title", str), Key("id", int))


@strawberry.type
class ReasonCount:
    reason: DifferenceReason
    count: int


@strawberry.type(
    description="As of the last check of every link; each is checked within a day (of more than some"
    " 200,000 later). Of `values`, those that the dependent's people hold are neither equal nor different."
)
class Parity:
    linked: int = strawberry.field(description="Products.")
    checked: int = strawberry.field(description="Of these, products that were checked at least once.")
    values: int
    equal: int
    held: int
    differences: int
    share: float | None = strawberry.field(
        description="Equal ones of the values that are not held, rounded down; 1 only where nothing differs."
        " Null before anything was checked."
    )
    reasons: list[ReasonCount]
    oldest_check_at: datetime | None
    newest_check_at: datetime | None

    @classmethod
    def of(cls, value: ParityValue) -> Parity:
        return cls(
            linked=value.linked,
            checked=value.checked,
            values=value.values,
            equal=value.equal,
            held=value.held,
            differences=value.differences,
            share=value.share,
            reasons=[ReasonCount(reason=each, count=number) for each, number in value.reasons.items()],
            oldest_check_at=value.oldest_check,
            newest_check_at=value.newest_check,
        )


@strawberry.type(
    description="Seconds from a change to its confirmation at the other end, of what came by itself."
)
class Delay:
    lane: Lane
    median: float
    p95: float
    count: int
    since: datetime

    @classmethod
    def of(cls, value: DelayValue) -> Delay:
        return cls(lane=value.lane, median=value.median, p95=value.p95, count=value.count, since=value.since)


@strawberry.type(
    description="A value that was found to differ; `code` says why it can't be written. Money is text."
)
class Difference:
    id: strawberry.ID
    main_product_id: strawberry.ID
    product_id: strawberry.ID
    variant_id: strawberry.ID | None
    field: str
    key: str
    title: str
    sku: str
    main_value: JSON | None = strawberry.field(description="What the dependent should say by the settings.")
    dependent_value: JSON | None
    reason: DifferenceReason
    code: ErrorCode | None
    found_at: datetime
    _row: strawberry.Private[DifferenceRow]
    _connection: strawberry.Private[ConnectionRow]

    @classmethod
    def of(cls, row: DifferenceRow, connection: ConnectionRow) -> Difference:
        return cls(
            id=strawberry.ID(str(row.id)),
            main_product_id=strawberry.ID(row.main_gid),
            product_id=strawberry.ID(row.product_gid),
            variant_id=variant_id(row.subject),
            field=row.field,
            key=row.key,
            title=row.title,
            sku=row.sku,
            main_value=cast(JSON, row.main_value),
            dependent_value=cast(JSON, row.dependent_value),
            reason=row.reason,
            code=ErrorCode(row.code) if row.code in set(ErrorCode) else None,
            found_at=row.found_at,
            _row=row,
            _connection=connection,
        )

    @described("Where the stock lies, for quantities.")
    async def location(self, info: Info) -> Location | None:
        if self._row.field != Field.STOCK.value or not self._row.key:
            return None
        key = (self._connection.dependent_id, self._row.key)
        row = await info.context.loaders.location.load(key)
        return Location.of(row) if row else unknown_location(self._row.key)


@strawberry.input
class DifferenceFilter:
    reasons: list[DifferenceReason] | None = None
    product_id: strawberry.ID | None = strawberry.field(default=None, description="The dependent's.")
    search: str | None = strawberry.field(default=None, description="In title or SKU.")

    def apply(self, rows: QuerySet[DifferenceRow]) -> QuerySet[DifferenceRow]:
        """Raises UserError at `filter`."""
        given: dict[str, Any] = {}
        if self.reasons is not None:
            given["reason__in"] = self.reasons
        if self.product_id is not None:
            given["product_gid"] = shopify_id(self.product_id, "Product", "filter", "productId")
        rows = rows.filter(**given)
        text = searched(self.search)
        return rows.filter(Q(title__icontains=text) | Q(sku__icontains=text)) if text else rows


def variant_id(subject: str) -> strawberry.ID | None:
    """`subject` where it is a variant's id and not a product's."""
    return strawberry.ID(subject) if "/ProductVariant/" in subject else None
