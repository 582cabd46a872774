from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from backend.config import REQUIRED_SCOPES
from backend.connections.role import shown_key
from backend.models.connection import Connection as ConnectionRow
from backend.models.shop import Role
from backend.models.shop import Shop as ShopRow
from backend.schema.context import Info
from backend.schema.described import described

if TYPE_CHECKING:
    from backend.schema.connection import Connection


@strawberry.type(
    description="`available`: products in the shop, null until first read; `linked`: those tied to others."
)
class ProductCounts:
    linked: int
    available: int | None


@strawberry.type(description="An installed shop: the caller's own, or one it is connected to.")
class Shop:
    id: strawberry.ID
    domain: str
    name: str
    role: Role | None
    currency: str
    timezone: str
    _row: strawberry.Private[ShopRow]

    @classmethod
    def of(cls, row: ShopRow) -> Shop:
        return cls(
            id=strawberry.ID(str(row.id)),
            domain=row.domain,
            name=display_name(row),
            role=row.role,
            currency=row.currency,
            timezone=row.timezone,
            _row=row,
        )

    @described("Whether this is the shop that asks.")
    def is_self(self, info: Info) -> bool:
        return self._row.id == info.context.scope.shop_id

    @described("Null of a shop that the caller is not connected to any more.")
    async def installed(self, info: Info) -> bool | None:
        return self._row.uninstalled_at is None if await self._is_near(info) else None

    @described("What Shopify lets the app do there, as granted. None of a former partner.")
    async def scopes(self, info: Info) -> list[str]:
        return sorted(self._row.scopes) if await self._is_near(info) else []

    @described("What the app needs and was not granted. None of a former partner.")
    async def missing_scopes(self, info: Info) -> list[str]:
        if not await self._is_near(info):
            return []
        granted = set(self._row.scopes)
        if self._row.facts_read_at is None:
            return []
        return [each for each in REQUIRED_SCOPES if each not in granted and not _implied(each, granted)]

    @described("Of a former partner 0 and null.")
    async def product_counts(self, info: Info) -> ProductCounts:
        if not await self._is_near(info):
            return ProductCounts(linked=0, available=None)
        loaders = info.context.loaders
        linked = await loaders.linked_of_shop.load(self._row.id)
        return ProductCounts(linked=linked, available=await loaders.available.load(self._row.id))

    @described(
        "The secret by which others connect; shown to the people of the main shop only, not to programs."
    )
    def connection_key(self, info: Info) -> str | None:
        scope = info.context.scope
        if self._row.id != scope.shop_id or not scope.principal.is_person:
            return None
        return shown_key(self._row, info.context.services.settings.keyring)

    @described("When the set-up was finished or put off; null before, and of any other shop.")
    def onboarded_at(self, info: Info) -> datetime | None:
        return self._row.onboarded_at if self._row.id == info.context.scope.shop_id else None

    @described("A dependent shop's tie to its main.")
    async def connection(
        self, info: Info
    ) -> Annotated[Connection, strawberry.lazy("backend.schema.connection")] | None:
        from backend.schema.connection import Connection

        row = await self._tie(info)
        return Connection.of(row) if row else None

    @described("When a dependent last said everything that it should.")
    async def last_in_step_at(self, info: Info) -> datetime | None:
        row = await self._tie(info)
        return row.in_step_at if row else None

    async def _is_near(self, info: Info) -> bool:
        """Whether the shop is the caller's own, or one that it is connected to now: what is there now is no
        former partner's business."""
        own = info.context.scope.shop_id
        if self._row.id == own or await self._tie(info) is not None:
            return True
        mine = await info.context.loaders.connection_of_dependent.load(own)
        return mine is not None and mine.main_id == self._row.id

    async def _tie(self, info: Info) -> ConnectionRow | None:
        """The dependent's living tie, if the caller is on one side of it: a former partner is not."""
        row = await info.context.loaders.connection_of_dependent.load(self._row.id)
        own = info.context.scope.shop_id
        return row if row is not None and own in (row.main_id, row.dependent_id) else None


def display_name(row: ShopRow) -> str:
    """A shop that was never read has no name yet."""
    return row.name or row.domain.removesuffix(".myshopify.com")


def _implied(scope: str, granted: set[str]) -> bool:
    """`write_x` comes with `read_x`; whoever may read inventory may read locations."""
    if scope == "read_locations" and granted & {"read_inventory", "write_inventory"}:
        return True
    return scope.startswith("read_") and f"write_{scope.removeprefix('read_')}" in granted
