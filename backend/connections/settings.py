"""Saving a connection's sync settings: every save is a version of its own, and takes effect at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.access.locked import locked_connection
from backend.access.policy import Guard
from backend.connections.validation import check
from backend.errors import ErrorCode, UserError
from backend.jobs.queue import transaction
from backend.jobs.requests import sync_all
from backend.models.connection import Connection, ConnectionState, SyncSettingsVersion
from backend.models.job import Job, Trigger
from backend.sync.settings import SyncSettings
from backend.sync.settings_json import dump_settings, load_settings

Edit = Callable[[SyncSettings], SyncSettings]


@dataclass(frozen=True, slots=True)
class Saved:
    """`job` is the sync that applies what changed; None where nothing did, or where it may not run now."""

    version: SyncSettingsVersion
    settings: SyncSettings
    job: Job | None


async def save_settings(
    connection_id: UUID,
    edit: Edit,
    *,
    allow: Guard,
    now: datetime,
    expected: int | None = None,
    start: bool = True,
    created_by: str = "",
) -> Saved:
    """Apply `edit` to the settings in force (the defaults, the first time).

    Raises UserError: what `allow` raises, CONFLICTING_EDIT where somebody saved since version `expected` (0:
    none chosen yet). Raises UserErrors with the faults of the settings.
    """
    async with transaction() as client:
        connection = await locked_connection(client, connection_id, allow)
        if expected is not None and expected != (connection.settings_version or 0):
            raise UserError(
                ErrorCode.CONFLICTING_EDIT,
                "Somebody has changed the settings meanwhile.",
                field=("expectedVersion",),
                params={"version": str(connection.settings_version or 0)},
            )
        current = await current_settings(connection, client)
        settings = edit(current[1] if current else SyncSettings())
        check(settings)
        if current and settings == current[1] and settings.local_edits == current[1].local_edits:
            return Saved(current[0], settings, None)
        version = await SyncSettingsVersion.create(
            connection_id=connection.id,
            version=(connection.settings_version or 0) + 1,
            values=dump_settings(settings),
            created_at=now,
            created_by=created_by[:64],
            using_db=client,
        )
        connection.settings_version = version.version
        await connection.save(update_fields=["settings_version"], using_db=client)
        return Saved(version, settings, await _sync(connection, start, now, created_by))


async def current_settings(
    connection: Connection, client: BaseDBAsyncClient | None = None
) -> tuple[SyncSettingsVersion, SyncSettings] | None:
    """The version in force and what it says; None until settings are chosen."""
    if connection.settings_version is None:
        return None
    saved = await SyncSettingsVersion.get(
        connection_id=connection.id, version=connection.settings_version, using_db=client
    )
    return saved, load_settings(saved.values)


async def _sync(connection: Connection, start: bool, now: datetime, created_by: str) -> Job | None:
    if not start or connection.state is not ConnectionState.ACTIVE:
        return None
    jobs = await sync_all([connection.id], now=now, trigger=Trigger.SETTINGS, created_by=created_by)
    return jobs[0]
