"""A main asks shops to become its dependents; each of them accepts or declines, without a key.

Locks are taken shops first, lowest id first, then invitations: an answer and a revocation at the same moment
come one after the other, and two requests never wait for each other.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError

from backend.billing.limits import ProductLimit
from backend.connections.invitation_state import Step, after
from backend.connections.role import locked_shop
from backend.connections.shop_address import shop_domain
from backend.connections.tie import already_connected, join
from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs.queue import transaction
from backend.models.connection import Connection, ConnectionState
from backend.models.invitation import Invitation, InvitationState
from backend.models.job import Job
from backend.models.shop import Role, Shop

MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of one address: the invitation, or the fault. `domain` is None where it names no shop."""

    url: str
    domain: str | None
    invitation: Invitation | None = None
    fault: UserError | None = None


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands in the way of inviting some domains: shops of `main`, shops that can't be had at all."""

    main: Shop
    own: frozenset[str]
    taken: frozenset[str]

    def fault(self, domain: str) -> UserError | None:
        """Why a shop can't be had is not told: that it uses the app is more than enough."""
        if domain == self.main.domain:
            return UserError(ErrorCode.INVITING_OWN_SHOP, "This is the address of your own shop.")
        if domain in self.own:
            return UserError(ErrorCode.ALREADY_DEPENDENT, "That shop is connected to yours already.")
        if domain in self.taken:
            return UserError(
                ErrorCode.SHOP_NOT_AVAILABLE, "That shop is a main shop itself, or follows another one."
            )
        return None


async def invite(main_id: UUID, urls: Sequence[str], *, now: datetime, created_by: str = "") -> list[Invited]:
    """One result for each address, in order; a wrong one doesn't stop the others.

    Raises UserError: NOT_A_MAIN; at `urls`, INVALID_INPUT where there are none and TOO_MANY above
    MOST_AT_ONCE.
    """
    check_number(urls)
    async with transaction() as client:
        main = await _locked_main(client, main_id)
        read = [_read(url) for url in urls]
        domains = {each.domain for each in read if each.domain is not None}
        standing = await _standing(client, main, domains)
        former = Invitation.filter(main_id=main.id, domain__in=domains).using_db(client)
        asked = {row.domain: row for row in await former.order_by("id").select_for_update()}
        results = []
        for each in _sorted_out(read, standing, asked):
            if each.domain is not None and each.fault is None:
                row = asked.get(each.domain)
                if row is None:
                    row = await _create(client, main, each.domain, now, created_by)
                else:
                    await _send(client, row, now, created_by)
                each = replace(each, invitation=row)
            results.append(each)
        return results


def check_number(urls: Sequence[str]) -> None:
    if not urls:
        raise UserError(ErrorCode.INVALID_INPUT, "Name a shop at least.", field=("urls",))
    if len(urls) > MOST_AT_ONCE:
        params = {"limit": str(MOST_AT_ONCE)}
        raise UserError(ErrorCode.TOO_MANY, "Too many shops at once.", field=("urls",), params=params)


async def resend(invitation: Invitation, *, now: datetime, created_by: str = "") -> Invitation:
    """Ask again, also where it was declined or revoked. Raises UserError: NOT_A_MAIN, ALREADY_DEPENDENT,
    SHOP_NOT_AVAILABLE."""
    async with transaction() as client:
        main = await _locked_main(client, invitation.main_id)
        standing = await _standing(client, main, {invitation.domain})
        if fault := standing.fault(invitation.domain):
            raise fault
        row = await _locked(client, invitation.id)
        await _send(client, row, now, created_by)
        return row


async def revoke(invitation: Invitation, *, now: datetime) -> Invitation:
    """Raises UserError INVITATION_CLOSED."""
    return await _end(invitation, Step.REVOKE, now)


async def decline(invitation: Invitation, *, now: datetime) -> Invitation:
    """Raises UserError INVITATION_CLOSED."""
    return await _end(invitation, Step.DECLINE, now)


async def accept(
    invitation: Invitation,
    dependent_id: UUID,
    *,
    limit: ProductLimit,
    now: datetime,
    created_by: str = "",
) -> tuple[Invitation, Connection, list[Job]]:
    """Connect as with a key; a shop without a role becomes a dependent by it.

    Raises UserError: INVITATION_CLOSED, NOT_A_DEPENDENT, ALREADY_CONNECTED, CONNECTION_SUSPENDED (the main
    has removed the app).
    """
    try:
        async with transaction() as client:
            both = Shop.filter(id__in=(invitation.main_id, dependent_id)).using_db(client)
            shops = {shop.id: shop for shop in await both.order_by("id").select_for_update()}
            row = await _locked(client, invitation.id)
            main, dependent = shops[invitation.main_id], shops[dependent_id]
            after(row.state, Step.ACCEPT)
            if dependent.role is None:
                dependent.role = Role.DEPENDENT
                await dependent.save(update_fields=["role"], using_db=client)
            tie, jobs = await join(client, main, dependent, limit=limit, now=now, created_by=created_by)
            await row.refresh_from_db(using_db=client)
            return row, tie, jobs
    except IntegrityError:
        raise already_connected() from None


async def _end(invitation: Invitation, step: Step, now: datetime) -> Invitation:
    async with transaction() as client:
        row = await _locked(client, invitation.id)
        row.state, row.answered_at = after(row.state, step), now
        await row.save(update_fields=["state", "answered_at"], using_db=client)
        return row


async def _locked_main(client: BaseDBAsyncClient, shop_id: UUID) -> Shop:
    shop = await locked_shop(client, shop_id)
    if shop.role is not Role.MAIN:
        raise UserError(ErrorCode.NOT_A_MAIN, "Only a main shop invites others.")
    return shop


async def _locked(client: BaseDBAsyncClient, invitation_id: UUID) -> Invitation:
    """It goes with its main shop, which may have been deleted a moment ago."""
    row = await Invitation.filter(id=invitation_id).using_db(client).select_for_update().first()
    if row is None:
        raise NotFound(field=("id",))
    return row


async def _standing(client: BaseDBAsyncClient, main: Shop, domains: Iterable[str]) -> _Standing:
    found = await Shop.filter(domain__in=set(domains)).using_db(client)
    ties = Connection.filter(dependent_id__in=[shop.id for shop in found]).using_db(client)
    alive = {tie.dependent_id: tie.main_id for tie in await ties.exclude(state=ConnectionState.DISCONNECTED)}
    own = frozenset(shop.domain for shop in found if alive.get(shop.id) == main.id)
    taken = frozenset(shop.domain for shop in found if shop.role is Role.MAIN or shop.id in alive)
    return _Standing(main, own, taken - own)


def _sorted_out(
    read: Sequence[Invited], standing: _Standing, asked: Mapping[str, Invitation]
) -> list[Invited]:
    """Each with its fault, if there is one."""
    seen: set[str] = set()
    results = []
    for each in read:
        if each.domain is not None:
            fault = _fault(each.domain, standing, asked, seen)
            seen.add(each.domain)
            each = replace(each, fault=fault)
        results.append(each)
    return results


def _fault(
    domain: str, standing: _Standing, asked: Mapping[str, Invitation], seen: Set[str]
) -> UserError | None:
    if domain in seen:
        return UserError(ErrorCode.INVITED_TWICE, "This shop stands in the list already.")
    if fault := standing.fault(domain):
        return fault
    if domain in asked and asked[domain].state is InvitationState.PENDING:
        return UserError(ErrorCode.ALREADY_INVITED, "An invitation to this shop waits already.")
    return None


async def _create(
    client: BaseDBAsyncClient, main: Shop, domain: str, now: datetime, created_by: str
) -> Invitation:
    return await Invitation.create(
        id=uuid4(),
        main_id=main.id,
        domain=domain,
        sent_at=now,
        created_at=now,
        created_by=created_by[:64],
        using_db=client,
    )


async def _send(client: BaseDBAsyncClient, row: Invitation, now: datetime, created_by: str) -> None:
    row.state, row.sent_at, row.answered_at = after(row.state, Step.SEND), now, None
    row.sent_count += 1
    row.created_by = created_by[:64]
    await row.save(
        update_fields=["state", "sent_at", "answered_at", "sent_count", "created_by"], using_db=client
    )


def _read(url: str) -> Invited:
    try:
        return Invited(url, shop_domain(url))
    except UserError as fault:
        return Invited(url, None, fault=fault)
