from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from backend.models.connection import Connection as ConnectionRow
from backend.models.link import Hold as HoldRow
from backend.models.link import ProductLink as LinkRow
from backend.models.link import VariantLink as VariantRow
from backend.schema.context import Info
from backend.schema.paging import Key, Order
from backend.schema.title import title_of
from backend.sync.link import LinkOrigin

BY_TIME: Order = (Key("linked_at", datetime, descending=True), Key("id", UUID, descending=True))


@strawberry.type
class VariantLink:
    main_variant_id: strawberry.ID
    dependent_variant_id: strawberry.ID
    created_by_us: bool

    @classmethod
    def of(cls, row: VariantRow) -> VariantLink:
        return cls(
            main_variant_id=strawberry.ID(row.main_gid),
            dependent_variant_id=strawberry.ID(row.dependent_gid),
            created_by_us=row.created_by_us,
        )


@strawberry.type(description="The durable tie of a main product to a dependent product, by ids.")
class ProductLink:
    id: strawberry.ID
    main_product_id: strawberry.ID
    dependent_product_id: strawberry.ID
    origin: LinkOrigin
    linked_at: datetime
    gone_since: datetime | None
    _row: strawberry.Private[LinkRow]
    _connection: strawberry.Private[ConnectionRow]

    @classmethod
    def of(cls, row: LinkRow, connection: ConnectionRow) -> ProductLink:
        return cls(
            id=strawberry.ID(str(row.id)),
            main_product_id=strawberry.ID(row.main_gid),
            dependent_product_id=strawberry.ID(row.dependent_gid),
            origin=row.origin,
            linked_at=row.linked_at,
            gone_since=row.gone_since,
            _row=row,
            _connection=connection,
        )

    @strawberry.field
    async def title(self, info: Info) -> str:
        tie = self._connection
        return await title_of(info, tie, tie.main_id, self._row.main_gid) or await title_of(
            info, tie, tie.dependent_id, self._row.dependent_gid
        )

    @strawberry.field
    async def variants(self, info: Info) -> list[VariantLink]:
        rows = await info.context.loaders.variants.load(self._row.id)
        return [VariantLink.of(row) for row in rows or []]


@strawberry.input
class LinkFilter:
    search: str | None = strawberry.field(default=None, description="In title or SKU.")
    origins: list[LinkOrigin] | None = None
    gone: bool | None = None


@strawberry.input
class HoldFilter:
    search: str | None = strawberry.field(default=None, description="In title or SKU.")


@strawberry.type(
    description="A value of the dependent that the sync leaves alone until main's value changes."
)
class Hold:
    id: strawberry.ID
    product_id: strawberry.ID
    subject_id: strawberry.ID
    field: str
    key: str
    reason: str
    created_at: datetime
    _row: strawberry.Private[HoldRow]
    _connection: strawberry.Private[ConnectionRow]

    @classmethod
    def of(cls, row: HoldRow, connection: ConnectionRow) -> Hold:
        return cls(
            id=strawberry.ID(str(row.id)),
            product_id=strawberry.ID(row.product_gid),
            subject_id=strawberry.ID(row.subject),
            field=row.field,
            key=row.key,
            reason=row.reason.value,
            created_at=row.created_at,
            _row=row,
            _connection=connection,
        )

    @strawberry.field
    async def title(self, info: Info) -> str:
        tie = self._connection
        return await title_of(info, tie, tie.dependent_id, self._row.product_gid)
