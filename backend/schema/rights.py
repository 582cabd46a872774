"""What pausing, delegating and copying settings answer."""

from __future__ import annotations

import strawberry

from backend.connections.copying import Copied
from backend.models.connection import Connection as ConnectionRow
from backend.schema.connection import Connection
from backend.schema.errors import UserError
from backend.schema.job import Job
from backend.schema.settings import SyncSettings


def _no_errors() -> list[UserError]:
    return []


@strawberry.type
class ConnectionPayload:
    connection: Connection | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class ResumeConnectionPayload:
    connection: Connection | None = None
    job: Job | None = strawberry.field(
        default=None, description="The sync that brings what has changed meanwhile; null where there is none."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type(description="Settings that were copied to one connection.")
class SettingsCopy:
    connection: Connection
    sync_settings: SyncSettings
    job: Job | None = strawberry.field(
        description="The sync that applies what changed; null where nothing did."
    )
    warnings: list[UserError] = strawberry.field(
        description="Copied all the same: what was left as it is, or will have to wait, and why."
    )

    @classmethod
    def of(cls, row: ConnectionRow, value: Copied) -> SettingsCopy:
        return cls(
            connection=Connection.of(row),
            sync_settings=SyncSettings.of(value.saved.version),
            job=Job.of(value.saved.job) if value.saved.job else None,
            warnings=[UserError.of(each) for each in value.warnings],
        )


@strawberry.type
class CopySettingsPayload:
    copies: list[SettingsCopy] | None = None
    user_errors: list[UserError] = strawberry.field(
        default_factory=_no_errors,
        description="One for every connection of `toConnectionIds` that was left as it is; the others are"
        " done.",
    )
