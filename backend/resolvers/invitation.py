"""Invitations: a main sends, repeats and revokes them; the invited shop answers."""

import strawberry

from backend.access.ids import row_id
from backend.access.policy import Direction
from backend.connections import invitation_quota
from backend.connections import invitations as use
from backend.models.invitation import Invitation as InvitationRow
from backend.resolvers.announce import announce
from backend.resolvers.connection import read_shops
from backend.schema.connection import Connection
from backend.schema.context import Info
from backend.schema.invitation import LAST_SENT_FIRST, Invitation, InvitationFilter, InviteResult
from backend.schema.paging import Page, page
from backend.schema.payloads import AcceptInvitationPayload, InvitationPayload, InviteShopsPayload


async def invitations(
    info: Info,
    first: int | None = None,
    after: str | None = None,
    filter: InvitationFilter | None = None,  # noqa: A002
) -> Page[Invitation]:
    rows = info.context.scope.invitations(filter.direction if filter else None)
    wanted = filter.apply(rows) if filter else rows
    return await page(wanted, LAST_SENT_FIRST, Invitation.of, first=first, after=after)


async def invite_shops(info: Info, urls: list[str]) -> InviteShopsPayload:
    services, principal = info.context.services, info.context.scope.principal
    use.check_number(urls)
    now = services.clock.now()
    await invitation_quota.take(services.runtime.redis, principal.shop_id, len(urls), now)
    results = await use.invite(principal.shop_id, urls, now=now, created_by=principal.user)
    return InviteShopsPayload(results=[InviteResult.of(each, index) for index, each in enumerate(results)])


async def accept_invitation(info: Info, id: strawberry.ID) -> AcceptInvitationPayload:  # noqa: A002
    row, scope = await _invitation(info, id, Direction.RECEIVED), info.context.scope
    services = info.context.services
    accepted, tie, jobs = await use.accept(
        row,
        scope.shop_id,
        limit=services.runtime.product_limit,
        now=services.clock.now(),
        created_by=scope.principal.user,
    )
    await announce(info, jobs)
    await read_shops(info, tie)
    return AcceptInvitationPayload(invitation=Invitation.of(accepted), connection=Connection.of(tie))


async def decline_invitation(info: Info, id: strawberry.ID) -> InvitationPayload:  # noqa: A002
    row = await _invitation(info, id, Direction.RECEIVED)
    declined = await use.decline(row, now=info.context.services.clock.now())
    return InvitationPayload(invitation=Invitation.of(declined))


async def resend_invitation(info: Info, id: strawberry.ID) -> InvitationPayload:  # noqa: A002
    row, principal = await _invitation(info, id, Direction.SENT), info.context.scope.principal
    services = info.context.services
    now = services.clock.now()
    await invitation_quota.take(services.runtime.redis, principal.shop_id, 1, now)
    sent = await use.resend(row, now=now, created_by=principal.user)
    return InvitationPayload(invitation=Invitation.of(sent))


async def revoke_invitation(info: Info, id: strawberry.ID) -> InvitationPayload:  # noqa: A002
    row = await _invitation(info, id, Direction.SENT)
    revoked = await use.revoke(row, now=info.context.services.clock.now())
    return InvitationPayload(invitation=Invitation.of(revoked))


async def _invitation(info: Info, given: str, end: Direction) -> InvitationRow:
    return await info.context.scope.invitation(row_id(given, "id"), "id", end=end)
