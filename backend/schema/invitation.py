from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry
from tortoise.queryset import QuerySet

from backend.access.policy import Direction, direction
from backend.connections.invitations import Invited
from backend.models.invitation import Invitation as InvitationRow
from backend.models.invitation import InvitationState
from backend.schema.context import Info
from backend.schema.described import described
from backend.schema.errors import UserError
from backend.schema.paging import Key, Order
from backend.schema.shop import display_name

LAST_SENT_FIRST: Order = (Key("sent_at", datetime, descending=True), Key("id", UUID, descending=True))


@strawberry.type(description="The main shop that invites; nothing more is told of it before it is accepted.")
class InvitingShop:
    domain: str
    name: str


@strawberry.type(description="A main shop's request to another shop, which may not have the app yet.")
class Invitation:
    id: strawberry.ID
    domain: str = strawberry.field(description="Of the invited shop.")
    state: InvitationState
    sent_at: datetime = strawberry.field(description="The last time.")
    sent_count: int
    answered_at: datetime | None = strawberry.field(description="When it was accepted, declined or revoked.")
    _row: strawberry.Private[InvitationRow]

    @classmethod
    def of(cls, row: InvitationRow) -> Invitation:
        return cls(
            id=strawberry.ID(str(row.id)),
            domain=row.domain,
            state=row.state,
            sent_at=row.sent_at,
            sent_count=row.sent_count,
            answered_at=row.answered_at,
            _row=row,
        )

    @described("Whether the caller has sent or received it.")
    def direction(self, info: Info) -> Direction:
        return direction(info.context.scope.principal, self._row)

    @strawberry.field
    async def main(self, info: Info) -> InvitingShop:
        row = await info.context.loaders.shop.load(self._row.main_id)
        return InvitingShop(domain=row.domain, name=display_name(row))

    @described("Whether the invited shop has the app; told to the sender, while the invitation waits.")
    async def installed(self, info: Info) -> bool | None:
        if self.direction(info) is not Direction.SENT or self.state is not InvitationState.PENDING:
            return None
        return await info.context.loaders.installed.load(self.domain) or False


@strawberry.input
class InvitationFilter:
    states: list[InvitationState] | None = None
    direction: Direction | None = strawberry.field(default=None, description="Both without it.")

    def apply(self, rows: QuerySet[InvitationRow]) -> QuerySet[InvitationRow]:
        return rows if self.states is None else rows.filter(state__in=self.states)


@strawberry.type(description="What became of one address: the invitation, or `userErrors`.")
class InviteResult:
    url: str
    domain: str | None = strawberry.field(description="The shop that was understood; null where none was.")
    invitation: Invitation | None
    user_errors: list[UserError]

    @classmethod
    def of(cls, invited: Invited, index: int) -> InviteResult:
        fault = invited.fault
        errors = []
        if fault is not None:
            errors.append(UserError.of(fault, field=("urls", str(index))))
        row = invited.invitation
        return cls(
            url=invited.url,
            domain=invited.domain,
            invitation=None if row is None else Invitation.of(row),
            user_errors=errors,
        )
