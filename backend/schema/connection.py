from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from backend.access.policy import Right
from backend.models.connection import Connection as ConnectionRow
from backend.models.connection import ConnectionState
from backend.models.shop import Role
from backend.parity.delay import Delay as DelayValue
from backend.parity.delay import oversell_window, window
from backend.schema.context import Info
from backend.schema.described import described
from backend.schema.location import LocationMapping
from backend.schema.parity import Delay, Parity
from backend.schema.settings import SyncSettings
from backend.schema.shop import ProductCounts, Shop

if TYPE_CHECKING:
    from backend.schema.job import Job


@strawberry.type(description="The tie of one dependent shop to one main shop.")
class Connection:
    id: strawberry.ID
    state: ConnectionState
    created_at: datetime
    disconnected_at: datetime | None
    last_in_step_at: datetime | None = strawberry.field(
        description="When the dependent last said everything that it should. Null: not once yet."
    )
    paused_by: Role | None = strawberry.field(
        description="The side that paused it. A suspended one is paused when its shop is back."
    )
    delegated: bool = strawberry.field(description="The main has the dependent's rights.")
    _row: strawberry.Private[ConnectionRow]

    @classmethod
    def of(cls, row: ConnectionRow) -> Connection:
        return cls(
            id=strawberry.ID(str(row.id)),
            state=row.state,
            created_at=row.created_at,
            disconnected_at=row.disconnected_at,
            last_in_step_at=row.in_step_at,
            paused_by=row.paused_by,
            delegated=row.delegated,
            _row=row,
        )

    @strawberry.field
    async def main(self, info: Info) -> Shop:
        row = await info.context.loaders.shop.load(self._row.main_id)
        return Shop.of(row)

    @strawberry.field
    async def dependent(self, info: Info) -> Shop:
        row = await info.context.loaders.shop.load(self._row.dependent_id)
        return Shop.of(row)

    @described("Where somebody has to open the app, so that a suspended connection goes on. Else none.")
    async def shops_to_open(self, info: Info) -> list[Shop]:
        if self._row.state is not ConnectionState.SUSPENDED:
            return []
        loaders, sides = info.context.loaders, [self._row.main_id, self._row.dependent_id]
        within_reach = await loaders.within_reach.load_many(sides)
        away = [side for side, reached in zip(sides, within_reach, strict=True) if not reached]
        return [Shop.of(row) for row in await loaders.shop.load_many(away)]

    @described("Null until the dependent has chosen.")
    async def sync_settings(self, info: Info) -> SyncSettings | None:
        row = await info.context.loaders.settings.load(self._row.id)
        return SyncSettings.of(row) if row else None

    @described("None: the default locations of both shops are used.")
    async def location_mappings(self, info: Info) -> list[LocationMapping]:
        rows = await info.context.loaders.mappings.load(self._row.id)
        return [LocationMapping.of(row) for row in rows or []]

    @described("Linked over this connection, and available in the main shop.")
    async def product_counts(self, info: Info) -> ProductCounts:
        loaders = info.context.loaders
        linked = await loaders.linked.load(self._row.id)
        main, knows = self._row.main_id, info.context.scope.knows
        available = await loaders.available.load(main) if knows(self._row, main) else None
        return ProductCounts(linked=linked, available=available)

    @described("Products that cannot be matched without a person.")
    async def open_conflicts(self, info: Info) -> int:
        return await info.context.loaders.open_conflicts.load(self._row.id)

    @described("Changes that wait for a person.")
    async def held_changes(self, info: Info) -> int:
        return await info.context.loaders.held_changes.load(self._row.id)

    @described("How equal the dependent is to what it should say.")
    async def parity(self, info: Info) -> Parity:
        return Parity.of(await info.context.loaders.parity.load(self._row.id))

    @described("As measured in the last 24 hours, for every lane in which something came by itself.")
    async def delay(self, info: Info) -> list[Delay]:
        return [Delay.of(each) for each in await self._delays(info) if not each.booked]

    @described(
        "Seconds within which 95 of 100 changed quantities were right at the other end, in the last 24 hours:"
        " until then two shops can sell the same last piece. Null where no quantity has changed."
    )
    async def oversell_window(self, info: Info) -> float | None:
        return oversell_window(await self._delays(info))

    async def _delays(self, info: Info) -> list[DelayValue]:
        since = window(info.context.services.clock.now())
        return await info.context.loaders.delays.load((self._row.id, since)) or []

    @described("Products that could not be planned three times and wait for `retrySetAside`.")
    async def products_set_aside(self, info: Info) -> int:
        return await info.context.loaders.products_aside.load(self._row.id)

    @described("The newest one that is not a check.")
    async def last_job(self, info: Info) -> Annotated[Job, strawberry.lazy("backend.schema.job")] | None:
        from backend.schema.job import Job

        row = await info.context.loaders.last_job.load(self._row.id)
        return Job.of(row) if row else None

    @described("What the caller may do with this connection.")
    def permissions(self, info: Info) -> list[Right]:
        held = info.context.scope.rights(self._row)
        return [right for right in Right if right in held]
