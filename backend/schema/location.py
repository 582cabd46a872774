from uuid import UUID

import strawberry

from backend.models.connection import Connection
from backend.models.connection import LocationMapping as MappingRow
from backend.models.shop import ShopLocation
from backend.schema.context import Info


@strawberry.type(description="A place of a shop that holds stock. `id` is Shopify's.")
class Location:
    id: strawberry.ID
    name: str
    is_active: bool
    is_primary: bool

    @classmethod
    def of(cls, row: ShopLocation) -> "Location":
        return cls(
            id=strawberry.ID(row.gid), name=row.name, is_active=row.is_active, is_primary=row.is_primary
        )


def unknown_location(gid: str) -> Location:
    """A location that its shop does not tell of any more, or not to the caller."""
    return Location(id=strawberry.ID(gid), name="", is_active=False, is_primary=False)


@strawberry.type(description="A location of the main shop that feeds a location of the dependent.")
class LocationMapping:
    id: strawberry.ID
    _row: strawberry.Private[MappingRow]

    @classmethod
    def of(cls, row: MappingRow) -> "LocationMapping":
        return cls(id=strawberry.ID(str(row.id)), _row=row)

    @strawberry.field
    async def main(self, info: Info) -> Location:
        connection = await info.context.loaders.connection.load(self._row.connection_id)
        return await self._location(info, connection, connection.main_id, self._row.main_gid)

    @strawberry.field
    async def dependent(self, info: Info) -> Location:
        connection = await info.context.loaders.connection.load(self._row.connection_id)
        return await self._location(info, connection, connection.dependent_id, self._row.dependent_gid)

    async def _location(self, info: Info, tie: Connection, shop: UUID, gid: str) -> Location:
        if not info.context.scope.knows(tie, shop):
            return unknown_location(gid)
        row = await info.context.loaders.location.load((shop, gid))
        return Location.of(row) if row else unknown_location(gid)
