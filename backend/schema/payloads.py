"""What mutations answer: their result, or `userErrors` that say why nothing was changed."""

from __future__ import annotations

import strawberry

from backend.schema.change import Change
from backend.schema.conflict import Conflict
from backend.schema.connection import Connection
from backend.schema.errors import UserError
from backend.schema.job import Job, Run
from backend.schema.link import Hold
from backend.schema.location import LocationMapping
from backend.schema.settings import SyncSettings
from backend.schema.shop import Shop


def _no_errors() -> list[UserError]:
    return []


@strawberry.type
class ChooseRolePayload:
    shop: Shop | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class RotateConnectionKeyPayload:
    connection_key: str | None = None
    shop: Shop | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class ConnectPayload:
    connection: Connection | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class UpdateSyncSettingsPayload:
    sync_settings: SyncSettings | None = None
    job: Job | None = strawberry.field(
        default=None, description="The sync that applies what changed; null where nothing did."
    )
    warnings: list[UserError] = strawberry.field(
        default_factory=_no_errors, description="Saved all the same: what will have to wait, and why."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class SaveLocationMappingPayload:
    location_mapping: LocationMapping | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class DeletePayload:
    deleted_id: strawberry.ID | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class SyncAllPayload:
    run: Run | None = None
    jobs: list[Job] | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class JobPayload:
    job: Job | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class ChangesPayload:
    changes: list[Change] | None = strawberry.field(default=None, description="The first 250 of them.")
    count: int | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class ReleaseHoldPayload:
    released_id: strawberry.ID | None = None
    job: Job | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class KeepLocalPayload:
    hold: Hold | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class RetrySetAsidePayload:
    count: int | None = strawberry.field(default=None, description="How many are taken up again.")
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class UnlinkProductsPayload:
    unlinked_id: strawberry.ID | None = None
    job: Job | None = strawberry.field(default=None, description="Null while the connection is not active.")
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class ConflictPayload:
    conflict: Conflict | None = None
    job: Job | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)
