"""What happens by itself and wants a person's eye: edits in a dependent, and what could not be looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import strawberry
from strawberry.scalars import JSON
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from backend.models.connection import Connection as ConnectionRow
from backend.models.live import DirtyProduct, PendingSubject, Stream, SubjectKind
from backend.models.live import LocalEdit as LocalEditRow
from backend.schema.change import searched
from backend.schema.context import Info
from backend.schema.paging import Key, Order
from backend.schema.parity import variant_id
from backend.schema.title import title_of

NEWEST_FOUND: Order = (Key("found_at", datetime, descending=True), Key("id", UUID, descending=True))
OLDEST_ASIDE: Order = (Key("set_aside_at", datetime), Key("id", int))


@strawberry.type(
    description="A value that somebody changed in the dependent. `kept`: it stands, by the settings or by a"
    " person's word; else main's was written over it."
)
class LocalEdit:
    id: strawberry.ID
    product_id: strawberry.ID
    variant_id: strawberry.ID | None
    field: str
    key: str
    title: str
    sku: str
    main_value: JSON | None
    dependent_value: JSON | None
    kept: bool
    found_at: datetime

    @classmethod
    def of(cls, row: LocalEditRow) -> LocalEdit:
        return cls(
            id=strawberry.ID(str(row.id)),
            product_id=strawberry.ID(row.product_gid),
            variant_id=variant_id(row.subject),
            field=row.field,
            key=row.key,
            title=row.title,
            sku=row.sku,
            main_value=cast(JSON, row.main_value),
            dependent_value=cast(JSON, row.dependent_value),
            kept=row.kept,
            found_at=row.found_at,
        )


@strawberry.input
class LocalEditFilter:
    kept: bool | None = None
    search: str | None = strawberry.field(default=None, description="In title or SKU.")

    def apply(self, rows: QuerySet[LocalEditRow]) -> QuerySet[LocalEditRow]:
        """Raises UserError at `filter`."""
        given: dict[str, Any] = {} if self.kept is None else {"kept": self.kept}
        rows = rows.filter(**given)
        text = searched(self.search)
        return rows.filter(Q(title__icontains=text) | Q(sku__icontains=text)) if text else rows


@strawberry.type(
    description="Something of the calling shop that was to be read again and failed three times. New events"
    " about it, or `retrySetAside`, take it up again; nothing else waits for it."
)
class SetAsideSubject:
    id: strawberry.ID
    kind: SubjectKind
    subject_id: strawberry.ID | None = strawberry.field(description="Shopify's id of it.")
    reason: str
    attempts: int
    since: datetime

    @classmethod
    def of(cls, row: PendingSubject) -> SetAsideSubject:
        return cls(
            id=strawberry.ID(str(row.id)),
            kind=row.kind,
            subject_id=strawberry.ID(row.gid) if row.gid else None,
            reason=row.reason,
            attempts=row.attempts,
            since=row.set_aside_at or row.latest_at,
        )


@strawberry.type(description="A main product that could not be planned for a dependent, three times.")
class SetAsideProduct:
    id: strawberry.ID
    stream: Stream
    main_product_id: strawberry.ID
    reason: str
    attempts: int
    since: datetime
    _row: strawberry.Private[DirtyProduct]
    _connection: strawberry.Private[ConnectionRow]

    @classmethod
    def of(cls, row: DirtyProduct, connection: ConnectionRow) -> SetAsideProduct:
        return cls(
            id=strawberry.ID(str(row.id)),
            stream=row.stream,
            main_product_id=strawberry.ID(row.main_gid),
            reason=row.reason,
            attempts=row.attempts,
            since=row.set_aside_at or row.latest_at,
            _row=row,
            _connection=connection,
        )

    @strawberry.field
    async def title(self, info: Info) -> str:
        return await title_of(info, self._connection, self._connection.main_id, self._row.main_gid)
