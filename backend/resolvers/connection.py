"""Connections: seeing them, making and ending them, their settings and location mappings."""

import strawberry
import structlog

from backend.access.ids import row_id, shopify_id
from backend.access.policy import Right
from backend.connections.mappings import delete_mapping, save_mapping
from backend.connections.settings import current_settings, save_settings
from backend.connections.tie import connect_with_key as connect
from backend.connections.tie import disconnect as end
from backend.connections.validation import check, currency_fault
from backend.errors import AppError, NotFound
from backend.jobs.requests import preview
from backend.models.connection import Connection as ConnectionRow
from backend.models.connection import ConnectionState
from backend.resolvers.announce import announce
from backend.schema.connection import Connection
from backend.schema.context import Info
from backend.schema.errors import UserError as UserErrorType
from backend.schema.job import Job
from backend.schema.location import LocationMapping
from backend.schema.paging import NEWEST_FIRST, Page, page
from backend.schema.payloads import (
    ConnectPayload,
    DeletePayload,
    JobPayload,
    SaveLocationMappingPayload,
    UpdateSyncSettingsPayload,
)
from backend.schema.settings import SyncSettings
from backend.schema.settings_input import SyncSettingsInput
from backend.sync.settings import SyncSettings as SettingsValue
from backend.web.install import refresh_shop

log = structlog.get_logger(__name__)


async def connections(
    info: Info,
    first: int | None = None,
    after: str | None = None,
    states: list[ConnectionState] | None = None,
) -> Page[Connection]:
    scope = info.context.scope
    rows = scope.alive() if states is None else scope.connections().filter(state__in=states)
    return await page(rows, NEWEST_FIRST, Connection.of, first=first, after=after)


async def connection(info: Info, id: strawberry.ID) -> Connection | None:  # noqa: A002
    try:
        return Connection.of(await info.context.scope.connection(row_id(id, "id")))
    except NotFound:
        return None


async def sync_settings(info: Info, connection_id: strawberry.ID) -> SyncSettings | None:
    row = await _connection(info, connection_id)
    found = await current_settings(row)
    return SyncSettings.of(found[0]) if found else None


async def location_mappings(info: Info, connection_id: strawberry.ID) -> list[LocationMapping]:
    row = await _connection(info, connection_id)
    found = await info.context.scope.mappings().filter(connection_id=row.id).order_by("created_at", "id")
    return [LocationMapping.of(each) for each in found]


async def connect_with_key(info: Info, key: str) -> ConnectPayload:
    services, scope = info.context.services, info.context.scope
    row, jobs = await connect(
        scope.shop_id,
        key,
        services.settings.keyring,
        limit=services.runtime.product_limit,
        now=services.clock.now(),
        created_by=scope.principal.user,
    )
    await announce(info, jobs)
    await read_shops(info, row)
    return ConnectPayload(connection=Connection.of(row))


async def disconnect(info: Info, connection_id: strawberry.ID) -> ConnectPayload:
    row = await _connection(info, connection_id, right=Right.DISCONNECT)
    ended = await end(
        row.id, allow=info.context.scope.guard(Right.DISCONNECT), now=info.context.services.clock.now()
    )
    return ConnectPayload(connection=Connection.of(ended))


async def update_sync_settings(
    info: Info,
    connection_id: strawberry.ID,
    input: SyncSettingsInput,  # noqa: A002
    expected_version: int | None = None,
    start_sync: bool = True,
) -> UpdateSyncSettingsPayload:
    row = await _connection(info, connection_id, right=Right.EDIT_SETTINGS)
    currencies = (row.main.currency, row.dependent.currency)
    saved = await save_settings(
        row.id,
        lambda value: input.edit(value, currencies),
        allow=info.context.scope.guard(Right.EDIT_SETTINGS),
        now=info.context.services.clock.now(),
        expected=expected_version,
        start=start_sync,
        created_by=info.context.scope.principal.user,
    )
    await announce(info, [saved.job])
    warning = currency_fault(saved.settings, *currencies)
    return UpdateSyncSettingsPayload(
        sync_settings=SyncSettings.of(saved.version),
        job=Job.of(saved.job) if saved.job else None,
        warnings=[UserErrorType.of(warning)] if warning else [],
    )


async def preview_sync(
    info: Info, connection_id: strawberry.ID, settings: SyncSettingsInput | None = None
) -> JobPayload:
    row = await _connection(info, connection_id, right=Right.PREVIEW)
    candidate: SettingsValue | None = None
    if settings is not None:
        current = await current_settings(row)
        candidate = settings.edit(
            current[1] if current else SettingsValue(), (row.main.currency, row.dependent.currency)
        )
        check(candidate, "settings")
    job = await preview(
        row.id,
        allow=info.context.scope.guard(Right.PREVIEW),
        now=info.context.services.clock.now(),
        settings=candidate,
        created_by=info.context.scope.principal.user,
    )
    await announce(info, [job])
    return JobPayload(job=Job.of(job))


async def save_location_mapping(
    info: Info,
    connection_id: strawberry.ID,
    main_location_id: strawberry.ID,
    dependent_location_id: strawberry.ID,
    id: strawberry.ID | None = None,  # noqa: A002
) -> SaveLocationMappingPayload:
    row = await _connection(info, connection_id, right=Right.EDIT_SETTINGS)
    mapping, jobs = await save_mapping(
        row,
        shopify_id(main_location_id, "Location", "mainLocationId"),
        shopify_id(dependent_location_id, "Location", "dependentLocationId"),
        allow=info.context.scope.guard(Right.EDIT_SETTINGS),
        changed=None if id is None else row_id(id, "id"),
        now=info.context.services.clock.now(),
        created_by=info.context.scope.principal.user,
    )
    await announce(info, jobs)
    return SaveLocationMappingPayload(location_mapping=LocationMapping.of(mapping))


async def delete_location_mapping(info: Info, id: strawberry.ID) -> DeletePayload:  # noqa: A002
    mapping = await info.context.scope.mapping(row_id(id, "id"), "id", right=Right.EDIT_SETTINGS)
    jobs = await delete_mapping(
        mapping,
        allow=info.context.scope.guard(Right.EDIT_SETTINGS),
        now=info.context.services.clock.now(),
        created_by=info.context.scope.principal.user,
    )
    await announce(info, jobs)
    return DeletePayload(deleted_id=strawberry.ID(str(mapping.id)))


async def _connection(info: Info, connection_id: str, right: Right | None = None) -> ConnectionRow:
    wanted = row_id(connection_id, "connectionId")
    return await info.context.scope.connection(wanted, "connectionId", right=right)


async def read_shops(info: Info, row: ConnectionRow) -> None:
    """Both shops as they are now, so that mappings and currencies can be chosen; best effort."""
    await row.fetch_related("main", "dependent")
    for shop in (row.main, row.dependent):
        try:
            await refresh_shop(info.context.services, shop)
        except AppError as error:
            log.warning("shop not read", shop=shop.domain, code=error.code)
