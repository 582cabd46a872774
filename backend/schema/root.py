"""The API: where the shape of the schema meets the behaviour of its fields."""

from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from typing import Any

import strawberry
from strawberry.extensions import ParserCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

import backend.schema.enums  # noqa: F401 - names the enums before a type refers to them
from backend.resolvers import api_token as api_token_fields
from backend.resolvers import aside as aside_fields
from backend.resolvers import connection as connection_fields
from backend.resolvers import invitation as invitation_fields
from backend.resolvers import job as job_fields
from backend.resolvers import linking as linking_fields
from backend.resolvers import parity as parity_fields
from backend.resolvers import plan as plan_fields
from backend.resolvers import product as product_fields
from backend.resolvers import rights as rights_fields
from backend.resolvers import shop as shop_fields
from backend.resolvers import subscription as subscription_fields
from backend.resolvers import trace as trace_fields
from backend.schema.api_token import ApiToken
from backend.schema.app_info import AppInfo
from backend.schema.conflict import Conflict
from backend.schema.connection import Connection
from backend.schema.errors import CodedErrors, UserErrors
from backend.schema.invitation import Invitation
from backend.schema.job import Job, Run
from backend.schema.limits import Limits
from backend.schema.link import Hold, ProductLink
from backend.schema.live import LocalEdit, SetAsideProduct, SetAsideSubject
from backend.schema.location import Location, LocationMapping
from backend.schema.paging import Page
from backend.schema.parity import Difference
from backend.schema.payloads import (
    AcceptInvitationPayload,
    ChangePlanPayload,
    ChangesPayload,
    ChooseRolePayload,
    ConflictPayload,
    ConnectPayload,
    CreateApiTokenPayload,
    DeletePayload,
    FinishOnboardingPayload,
    InvitationPayload,
    InviteShopsPayload,
    JobPayload,
    KeepLocalPayload,
    LinkProductsPayload,
    RefreshPlanPayload,
    ReleaseHoldPayload,
    RetrySetAsidePayload,
    RevokeApiTokenPayload,
    RotateConnectionKeyPayload,
    SaveLocationMappingPayload,
    SyncAllPayload,
    UnlinkProductsPayload,
    UpdateSyncSettingsPayload,
)
from backend.schema.plan import CurrentPlan, Plan
from backend.schema.rights import ConnectionPayload, CopySettingsPayload, ResumeConnectionPayload
from backend.schema.settings import SyncSettings
from backend.schema.shop import Shop
from backend.schema.trace import ProductValues, ValueTrace
from backend.schema.unlinked import FreeProduct, MainProduct, UnlinkedProduct


def _mutation(resolver: Callable[..., Any], payload: Callable[..., Any], description: str) -> Any:
    return strawberry.mutation(resolver=resolver, extensions=[UserErrors(payload)], description=description)


@strawberry.type
class Query:
    app: AppInfo = strawberry.field(resolver=shop_fields.app)
    shop: Shop = strawberry.field(resolver=shop_fields.shop, description="The calling shop.")
    plans: list[Plan] = strawberry.field(
        resolver=plan_fields.plans, description="Those on offer, and the calling shop's own."
    )
    current_plan: CurrentPlan = strawberry.field(
        resolver=plan_fields.current_plan, description="Of the calling shop."
    )
    unattended_since: datetime | None = strawberry.field(
        resolver=shop_fields.unattended_since,
        description="Since when work of the calling shop's active connections has waited because no worker"
        " runs; null within the first minute, and while one works.",
    )
    shops: Page[Shop] = strawberry.field(
        resolver=shop_fields.shops, description="The calling shop first, then those it is connected to."
    )
    locations: list[Location] = strawberry.field(
        resolver=shop_fields.locations, description="Of the calling shop, or of one it is connected to."
    )
    connections: Page[Connection] = strawberry.field(
        resolver=connection_fields.connections, description="Without `states`, those that have not ended."
    )
    connection: Connection | None = strawberry.field(resolver=connection_fields.connection)
    sync_settings: SyncSettings | None = strawberry.field(
        resolver=connection_fields.sync_settings, description="Null until the dependent has chosen."
    )
    location_mappings: list[LocationMapping] = strawberry.field(resolver=connection_fields.location_mappings)
    invitations: Page[Invitation] = strawberry.field(
        resolver=invitation_fields.invitations,
        description="Sent by the calling shop, and those to it that were not revoked; last sent first.",
    )
    jobs: Page[Job] = strawberry.field(resolver=job_fields.jobs, description="Newest first.")
    job: Job | None = strawberry.field(resolver=job_fields.job)
    run: Run | None = strawberry.field(resolver=job_fields.run, description="The jobs of one request.")
    links: Page[ProductLink] = strawberry.field(resolver=product_fields.links)
    unlinked_products: Page[UnlinkedProduct] = strawberry.field(
        resolver=linking_fields.unlinked_products,
        description="Of the main shop, by id, each with the reason why it is not linked.",
    )
    free_products: Page[FreeProduct] = strawberry.field(
        resolver=linking_fields.free_products,
        description="Of the dependent, by id: those that can be linked.",
    )
    main_products: Page[MainProduct] = strawberry.field(
        resolver=linking_fields.main_products,
        description="Of the main shop, by id: those that a selection chooses among.",
    )
    product_values: ProductValues | None = strawberry.field(
        resolver=trace_fields.product_values,
        description="Of a product of the dependent, by its id there; null where it is not linked.",
    )
    value_trace: ValueTrace = strawberry.field(
        resolver=trace_fields.trace_of_value,
        description="Why a value of the dependent is what it is. `field` and `key` as in a change.",
    )
    conflicts: Page[Conflict] = strawberry.field(resolver=product_fields.conflicts)
    holds: Page[Hold] = strawberry.field(resolver=product_fields.holds)
    differences: Page[Difference] = strawberry.field(
        resolver=parity_fields.differences,
        description="As the last check of each product found them; by title.",
    )
    local_edits: Page[LocalEdit] = strawberry.field(
        resolver=parity_fields.local_edits, description="Newest first."
    )
    set_aside_subjects: Page[SetAsideSubject] = strawberry.field(
        resolver=aside_fields.set_aside_subjects, description="Of the calling shop, oldest first."
    )
    set_aside_products: Page[SetAsideProduct] = strawberry.field(
        resolver=aside_fields.set_aside_products, description="Oldest first."
    )
    api_tokens: Page[ApiToken] = strawberry.field(
        resolver=api_token_fields.api_tokens, description="Of the calling shop, newest first."
    )


@strawberry.type
class Mutation:
    choose_role: ChooseRolePayload = _mutation(
        shop_fields.choose_role, ChooseRolePayload, "A role changes only without connections."
    )
    finish_onboarding: FinishOnboardingPayload = _mutation(
        shop_fields.finish_onboarding,
        FinishOnboardingPayload,
        "The page does not lead through the set-up of the calling shop any more. It may be repeated.",
    )
    rotate_connection_key: RotateConnectionKeyPayload = _mutation(
        shop_fields.rotate_connection_key,
        RotateConnectionKeyPayload,
        "The old key stops working; connections stay.",
    )
    change_plan: ChangePlanPayload = _mutation(
        plan_fields.change_plan,
        ChangePlanPayload,
        "At once where nothing is paid, else when the merchant has approved. The present plan takes back a"
        " change that waits.",
    )
    refresh_plan: RefreshPlanPayload = _mutation(
        plan_fields.refresh_plan,
        RefreshPlanPayload,
        "Asks Shopify what is paid for, and what became of the charge that a merchant returns with.",
    )
    connect_with_key: ConnectPayload = _mutation(
        connection_fields.connect_with_key,
        ConnectPayload,
        "Ties the calling dependent to the main whose key it is.",
    )
    disconnect: ConnectPayload = _mutation(
        connection_fields.disconnect,
        ConnectPayload,
        "Products stay; links wait for the shops to connect again.",
    )
    pause_connection: ConnectionPayload = _mutation(
        rights_fields.pause_connection,
        ConnectionPayload,
        "Sends nothing until it is resumed; what changes meanwhile is brought then.",
    )
    resume_connection: ResumeConnectionPayload = _mutation(
        rights_fields.resume_connection,
        ResumeConnectionPayload,
        "What the dependent has paused only the dependent resumes, or a main that acts for it.",
    )
    set_delegation: ConnectionPayload = _mutation(
        rights_fields.set_delegation,
        ConnectionPayload,
        "The dependent lends its rights to the main, or takes them back.",
    )
    invite_shops: InviteShopsPayload = _mutation(
        invitation_fields.invite_shops,
        InviteShopsPayload,
        "Asks shops, 50 at most, to become dependents of the calling main. An address that is wrong doesn't"
        " stop the others.",
    )
    accept_invitation: AcceptInvitationPayload = _mutation(
        invitation_fields.accept_invitation,
        AcceptInvitationPayload,
        "Ties the calling shop to the main that invites it, without a key; it becomes a dependent by that.",
    )
    decline_invitation: InvitationPayload = _mutation(
        invitation_fields.decline_invitation, InvitationPayload, "The main sees it, and may ask again."
    )
    resend_invitation: InvitationPayload = _mutation(
        invitation_fields.resend_invitation,
        InvitationPayload,
        "Asks again, also where it was declined or revoked.",
    )
    revoke_invitation: InvitationPayload = _mutation(
        invitation_fields.revoke_invitation, InvitationPayload, "The invited shop sees it no longer."
    )
    update_sync_settings: UpdateSyncSettingsPayload = _mutation(
        connection_fields.update_sync_settings,
        UpdateSyncSettingsPayload,
        "Takes effect at once. `expectedVersion`, 0 before the first, guards against a second editor.",
    )
    copy_settings: CopySettingsPayload = _mutation(
        rights_fields.copy_settings,
        CopySettingsPayload,
        "For a main, to dependents that have delegated. Rate, amount and ending of prices only between shops"
        " of one currency; location mappings never.",
    )
    save_location_mapping: SaveLocationMappingPayload = _mutation(
        connection_fields.save_location_mapping,
        SaveLocationMappingPayload,
        "A main location feeds one location at most. Any mapping replaces the default entirely. With `id`,"
        " that mapping is changed.",
    )
    delete_location_mapping: DeletePayload = _mutation(
        connection_fields.delete_location_mapping,
        DeletePayload,
        "Without any mapping, the default locations are used.",
    )
    sync_all: SyncAllPayload = _mutation(
        job_fields.sync_all,
        SyncAllPayload,
        "One job per connection; all active ones without `connectionIds`.",
    )
    preview_sync: JobPayload = _mutation(
        connection_fields.preview_sync, JobPayload, "Computes what would change, as if `settings` were saved."
    )
    confirm_changes: JobPayload = _mutation(
        job_fields.confirm_changes,
        JobPayload,
        "All held ones without `changeIds`; a new job computes them afresh.",
    )
    reject_changes: ChangesPayload = _mutation(
        job_fields.reject_changes, ChangesPayload, "All held ones without `changeIds`."
    )
    cancel_job: JobPayload = _mutation(job_fields.cancel_job, JobPayload, "What was applied stays.")
    retry_job: JobPayload = _mutation(
        job_fields.retry_job, JobPayload, "A new job for what did not work out."
    )
    undo_job: JobPayload = _mutation(
        job_fields.undo_job, JobPayload, "Writes the old values back where the dependent still has ours."
    )
    undo_changes: JobPayload = _mutation(job_fields.undo_changes, JobPayload, "The same for some changes.")
    undo_product: JobPayload = _mutation(
        job_fields.undo_product,
        JobPayload,
        "The same for what a job changed in one product of the dependent.",
    )
    release_hold: ReleaseHoldPayload = _mutation(
        product_fields.release_hold, ReleaseHoldPayload, "Lets main's value through again."
    )
    repair_differences: JobPayload = _mutation(
        parity_fields.repair_differences,
        JobPayload,
        "Writes what the settings own wherever it is known to differ, mirrored stock too; of all products, or"
        " of the dependent's `productIds`. What is held or kept local stays.",
    )
    keep_local: KeepLocalPayload = _mutation(
        parity_fields.keep_local,
        KeepLocalPayload,
        "Leaves a value of the dependent alone, whatever main says, until it is released. Not for stock.",
    )
    use_main_value: JobPayload = _mutation(
        parity_fields.use_main_value,
        JobPayload,
        "Lets main's value through, whatever keeps it back. The job is null while the connection is not"
        " active.",
    )
    retry_set_aside: RetrySetAsidePayload = _mutation(
        aside_fields.retry_set_aside,
        RetrySetAsidePayload,
        "Takes up again what failed three times; all of it without ids.",
    )
    link_products: LinkProductsPayload = _mutation(
        linking_fields.link_products,
        LinkProductsPayload,
        "Ties two products by hand; the job carries it out as far as the plan has room.",
    )
    unlink_products: UnlinkProductsPayload = _mutation(
        linking_fields.unlink_products,
        UnlinkProductsPayload,
        "Both products stay as they are. Matching leaves them apart until the decision is taken back: it"
        " stands among the ignored conflicts.",
    )
    link_conflict: ConflictPayload = _mutation(
        product_fields.link_conflict, ConflictPayload, "Ties the conflict's product to one of the dependent."
    )
    ignore_conflict: ConflictPayload = _mutation(
        product_fields.ignore_conflict, ConflictPayload, "Leaves it alone."
    )
    create_from_conflict: ConflictPayload = _mutation(
        product_fields.create_from_conflict, ConflictPayload, "Creates it as a new product of the dependent."
    )
    reopen_conflict: ConflictPayload = _mutation(
        product_fields.reopen_conflict, ConflictPayload, "Takes the decision back."
    )
    create_api_token: CreateApiTokenPayload = _mutation(
        api_token_fields.create_api_token,
        CreateApiTokenPayload,
        "A program's key to the calling shop. Only for people: a token can't make another one.",
    )
    revoke_api_token: RevokeApiTokenPayload = _mutation(
        api_token_fields.revoke_api_token,
        RevokeApiTokenPayload,
        "The token stops working at once, what it has open ends. Only for people.",
    )


@strawberry.type
class Subscription:
    job_progress: AsyncGenerator[Job, None] = strawberry.subscription(
        resolver=subscription_fields.job_progress,
        description="The state now, then every change; completes when the job has finished.",
    )
    jobs: AsyncGenerator[Job, None] = strawberry.subscription(
        resolver=subscription_fields.jobs, description="Every job of the shop's connections that changes."
    )


class Api(strawberry.Schema):
    def process_errors(self, errors: object, execution_context: object = None) -> None:
        """The library would log callers' mistakes with what they sent; ours logs what nobody expected."""

    async def execute(self, *args: Any, **kwargs: Any) -> ExecutionResult:
        """One answer; a subscription has many and goes through `stream`."""
        wanted = kwargs.get("allowed_operation_types") or OperationType
        kwargs["allowed_operation_types"] = set(wanted) - {OperationType.SUBSCRIPTION}
        return await super().execute(*args, **kwargs)


def build(*, sort: bool) -> strawberry.Schema:
    """A sorted schema is for printing only: sorting builds the enums anew, and values then arrive as plain
    text."""
    return Api(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(auto_camel_case=True, sort_schema=sort, disable_field_suggestions=True),
        extensions=[CodedErrors, Limits, lambda: ParserCache(maxsize=256)],
    )


schema = build(sort=False)
