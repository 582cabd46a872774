"""Products without a link, and main's products whether they have one or not."""

from __future__ import annotations

from typing import Self

import strawberry

from backend.models.connection import Connection as ConnectionRow
from backend.products.unlinked import Free, UnlinkedReason
from backend.schema.conflict import Conflict
from backend.sync.catalog import ProductStatus


@strawberry.type(description="A product of the main shop without a link, and why it has none.")
class UnlinkedProduct:
    id: strawberry.ID
    title: str
    skus: list[str] = strawberry.field(description="The first five.")
    status: ProductStatus
    reason: UnlinkedReason
    waits_for: list[str] = strawberry.field(description="Domains of the shops whose plan has no room for it.")
    conflict: Conflict | None = strawberry.field(description="Where a person has to decide, or has decided.")

    @classmethod
    def of(cls, found: Free, connection: ConnectionRow) -> UnlinkedProduct:
        return cls(
            id=strawberry.ID(found.product.id),
            title=found.product.title,
            skus=list(found.skus),
            status=found.product.status,
            reason=found.reason or UnlinkedReason.WAITING,
            waits_for=list(found.waits_for),
            conflict=None if found.conflict is None else Conflict.of(found.conflict, connection),
        )


@strawberry.type
class _Listed:
    id: strawberry.ID
    title: str
    skus: list[str] = strawberry.field(description="The first five.")
    status: ProductStatus

    @classmethod
    def of(cls, found: Free) -> Self:
        return cls(
            id=strawberry.ID(found.product.id),
            title=found.product.title,
            skus=list(found.skus),
            status=found.product.status,
        )


@strawberry.type(description="A product of the dependent that no product of the main shop is linked to.")
class FreeProduct(_Listed):
    pass


@strawberry.type(description="A product of the main shop, linked or not.")
class MainProduct(_Listed):
    pass


@strawberry.input
class ProductFilter:
    search: str | None = strawberry.field(default=None, description="In title or SKU.")


@strawberry.input
class MainProductFilter:
    search: str | None = strawberry.field(default=None, description="In title or SKU.")
    ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="A hundred at most; what is not there any more is left out."
    )
