"""Which location of the main feeds which location of the dependent."""

from datetime import datetime
from uuid import UUID, uuid4

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.errors import ErrorCode, UserError
from backend.jobs.queue import transaction
from backend.jobs.requests import sync_all
from backend.models.connection import Connection, ConnectionState, LocationMapping
from backend.models.job import Job, Trigger
from backend.models.shop import ShopLocation


async def save_mapping(
    connection: Connection, main_gid: str, dependent_gid: str, *, now: datetime, created_by: str = ""
) -> tuple[LocationMapping, list[Job]]:
    """The mapping, and the sync that brings stock in line with it. Saving it twice changes nothing.

    Raises UserError: LOCATION_FOREIGN, LOCATION_INACTIVE, or LOCATION_TAKEN where the main location feeds
    another one.
    """
    async with transaction() as client:
        locked = await _locked(client, connection.id)
        await _check(client, locked.main_id, main_gid, "mainLocationId")
        await _check(client, locked.dependent_id, dependent_gid, "dependentLocationId")
        own = LocationMapping.filter(connection_id=locked.id, main_gid=main_gid).using_db(client)
        found = await own.first()
        if found is not None:
            if found.dependent_gid == dependent_gid:
                return found, []
            raise UserError(
                ErrorCode.LOCATION_TAKEN,
                "This location of the main shop feeds another location already.",
                field=("mainLocationId",),
            )
        mapping = await LocationMapping.create(
            id=uuid4(),
            connection_id=locked.id,
            main_gid=main_gid,
            dependent_gid=dependent_gid,
            created_at=now,
            using_db=client,
        )
        return mapping, await _sync(locked, now, created_by)


async def delete_mapping(mapping: LocationMapping, *, now: datetime, created_by: str = "") -> list[Job]:
    """Without any mapping left, the default locations are used again."""
    async with transaction() as client:
        locked = await _locked(client, mapping.connection_id)
        await LocationMapping.filter(id=mapping.id).using_db(client).delete()
        return await _sync(locked, now, created_by)


async def _locked(client: BaseDBAsyncClient, connection_id: UUID) -> Connection:
    return await Connection.filter(id=connection_id).using_db(client).select_for_update().get()


async def _check(client: BaseDBAsyncClient, shop: UUID, gid: str, field: str) -> None:
    place = await ShopLocation.filter(shop_id=shop, gid=gid).using_db(client).first()
    if place is None:
        raise UserError(ErrorCode.LOCATION_FOREIGN, "That shop has no such location.", field=(field,))
    if not place.is_active:
        raise UserError(ErrorCode.LOCATION_INACTIVE, "That location is deactivated.", field=(field,))


async def _sync(connection: Connection, now: datetime, created_by: str) -> list[Job]:
    if connection.settings_version is None or connection.state is not ConnectionState.ACTIVE:
        return []
    return await sync_all([connection.id], now=now, trigger=Trigger.SETTINGS, created_by=created_by)
