"""The enums of the API: the ones the rest of the program uses, under the API's names."""

import strawberry

from backend.access.policy import Direction, Right
from backend.billing.plans import Interval
from backend.billing.standing import PlanStatus
from backend.billing.subscription import SubscriptionStatus
from backend.errors import ErrorCode
from backend.models.api_token import TokenScope
from backend.models.connection import ConnectionState
from backend.models.invitation import InvitationState
from backend.models.job import ChangeState, JobKind, JobPhase, JobState, Trigger
from backend.models.link import ConflictState
from backend.models.live import DifferenceReason, Stream, SubjectKind
from backend.models.shop import Role
from backend.products.trace import Cause, EventKind
from backend.products.unlinked import UnlinkedReason
from backend.schema.actions import JobAction
from backend.sync.brake import BrakeReason
from backend.sync.catalog import ProductStatus
from backend.sync.changeset import Action
from backend.sync.explain import Standing, StepKind
from backend.sync.fields import Lane
from backend.sync.link import LinkOrigin
from backend.sync.match import ConflictAction, ConflictCode
from backend.sync.settings import (
    DetailField,
    LocalEditPolicy,
    MissingProductPolicy,
    MissingVariantPolicy,
    NewProductStatus,
    ProductScope,
    StockMode,
)

for _plain in (
    ChangeState,
    ConflictAction,
    ConflictCode,
    ConflictState,
    ConnectionState,
    DetailField,
    DifferenceReason,
    InvitationState,
    JobAction,
    JobKind,
    JobPhase,
    JobState,
    Lane,
    LinkOrigin,
    LocalEditPolicy,
    MissingProductPolicy,
    MissingVariantPolicy,
    NewProductStatus,
    PlanStatus,
    ProductScope,
    ProductStatus,
    Role,
    StockMode,
    SubjectKind,
    SubscriptionStatus,
    UnlinkedReason,
):
    strawberry.enum(_plain)

strawberry.enum(ErrorCode, description="Stable codes; texts for people are the client's.")
strawberry.enum(Action, name="ChangeAction")
strawberry.enum(BrakeReason, name="HoldReason")
strawberry.enum(Direction, name="InvitationDirection")
strawberry.enum(Right, name="Permission")
strawberry.enum(Interval, name="PlanInterval")
strawberry.enum(TokenScope, name="ApiTokenScope", description="WRITE implies READ.")
strawberry.enum(Trigger, name="JobTrigger")
strawberry.enum(Stream, name="LiveStream")
strawberry.enum(Cause, name="TraceCause")
strawberry.enum(EventKind, name="TraceEventKind")
strawberry.enum(Standing, name="ValueStanding")
strawberry.enum(StepKind, name="TraceStepKind")
