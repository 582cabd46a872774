"""Which location of the main feeds which location of the dependent."""

from datetime import datetime
from uuid import UUID, uuid4

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.access.locked import locked_connection
from backend.access.policy import Guard
from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs.queue import transaction
from backend.jobs.requests import sync_all
from backend.models.connection import Connection, ConnectionState, LocationMapping
from backend.models.job import Job, Trigger
from backend.models.shop import ShopLocation


async def save_mapping(
    connection: Connection,
    main_gid: str,
    dependent_gid: str,
    *,
    allow: Guard,
    now: datetime,
    changed: UUID | None = None,
    created_by: str = "",
) -> tuple[LocationMapping, list[Job]]:
    """The mapping, a new one or `changed`, and the sync that brings stock in line with it. Saving it twice
    changes nothing.

    Raises UserError: what `allow` raises, LOCATION_FOREIGN, LOCATION_INACTIVE, LOCATION_TAKEN where the main
    location feeds another one, or NotFound at `id` where the connection has no mapping `changed`.
    """
    async with transaction() as client:
        locked = await locked_connection(client, connection.id, allow)
        own = LocationMapping.filter(connection_id=locked.id)
        mapping = None if changed is None else await own.filter(id=changed).using_db(client).first()
        if changed is not None and mapping is None:
            raise NotFound(field=("id",))
        await _check(client, locked.main_id, main_gid, "mainLocationId")
        await _check(client, locked.dependent_id, dependent_gid, "dependentLocationId")
        found = await own.filter(main_gid=main_gid).using_db(client).first()
        if found is not None and changed in (None, found.id) and found.dependent_gid == dependent_gid:
            return found, []
        if found is not None and changed != found.id:
            raise UserError(
                ErrorCode.LOCATION_TAKEN,
                "This location of the main shop feeds another location already.",
                field=("mainLocationId",),
            )
        if mapping is not None:
            mapping.main_gid, mapping.dependent_gid = main_gid, dependent_gid
            await mapping.save(update_fields=["main_gid", "dependent_gid"], using_db=client)
            return mapping, await _sync(locked, now, created_by)
        mapping = await LocationMapping.create(
            id=uuid4(),
            connection_id=locked.id,
            main_gid=main_gid,
            dependent_gid=dependent_gid,
            created_at=now,
            using_db=client,
        )
        return mapping, await _sync(locked, now, created_by)


async def delete_mapping(
    mapping: LocationMapping, *, allow: Guard, now: datetime, created_by: str = ""
) -> list[Job]:
    """Without any mapping left, the default locations are used again. Raises what `allow` raises."""
    async with transaction() as client:
        locked = await locked_connection(client, mapping.connection_id, allow)
        await LocationMapping.filter(id=mapping.id).using_db(client).delete()
        return await _sync(locked, now, created_by)


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
