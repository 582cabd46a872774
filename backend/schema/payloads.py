"""What mutations answer: their result, or `userErrors` that say why nothing was changed."""

from __future__ import annotations

import strawberry

from backend.billing.subscription import SubscriptionStatus
from backend.schema.api_token import ApiToken
from backend.schema.change import Change
from backend.schema.conflict import Conflict
from backend.schema.connection import Connection
from backend.schema.errors import UserError
from backend.schema.invitation import Invitation, InviteResult
from backend.schema.job import Job, Run
from backend.schema.link import Hold
from backend.schema.location import LocationMapping
from backend.schema.plan import CurrentPlan
from backend.schema.settings import SyncSettings
from backend.schema.shop import Shop


def _no_errors() -> list[UserError]:
    return []


@strawberry.type
class ChooseRolePayload:
    shop: Shop | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class FinishOnboardingPayload:
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
class InviteShopsPayload:
    results: list[InviteResult] | None = strawberry.field(
        default=None, description="One for each address, in order."
    )
    user_errors: list[UserError] = strawberry.field(
        default_factory=_no_errors, description="Of the request as a whole; nobody was invited then."
    )


@strawberry.type
class AcceptInvitationPayload:
    invitation: Invitation | None = None
    connection: Connection | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class InvitationPayload:
    invitation: Invitation | None = None
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
class CreateApiTokenPayload:
    api_token: ApiToken | None = None
    token: str | None = strawberry.field(
        default=None, description="The secret itself. It is shown here and never again."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class RevokeApiTokenPayload:
    api_token: ApiToken | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class LinkProductsPayload:
    job: Job | None = None
    warnings: list[UserError] = strawberry.field(
        default_factory=_no_errors,
        description="Decided all the same: whose plan, by the parameter `shop`, the link has to wait for.",
    )
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
    warnings: list[UserError] = strawberry.field(
        default_factory=_no_errors,
        description="Decided all the same: whose plan, by the parameter `shop`, the link has to wait for.",
    )
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class ChangePlanPayload:
    confirmation_url: str | None = strawberry.field(
        default=None, description="Where the merchant approves; null where nothing has to be paid."
    )
    current_plan: CurrentPlan | None = None
    warnings: list[UserError] = strawberry.field(
        default_factory=_no_errors, description="Done all the same: what will wait, and why."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)


@strawberry.type
class RefreshPlanPayload:
    current_plan: CurrentPlan | None = None
    outcome: SubscriptionStatus | None = strawberry.field(
        default=None, description="What became of the charge; null where Shopify knows none."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=_no_errors)
