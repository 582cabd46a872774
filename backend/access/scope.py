"""The only door to tenant data: every query starts from the caller's own shop and its connections.

What belongs to others is as good as missing: both raise the same NotFound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from backend.access.policy import Direction, Guard, Right, demand, demand_direction, rights
from backend.access.principal import Principal, ShopId
from backend.errors import ErrorCode, NotFound, UserError
from backend.models.api_token import ApiToken
from backend.models.connection import Connection, ConnectionState, LocationMapping
from backend.models.invitation import Invitation, InvitationState
from backend.models.job import Change, Job
from backend.models.link import Conflict, Hold, ProductLink
from backend.models.live import Difference, DirtyProduct, LocalEdit, PendingSubject
from backend.models.shop import Shop, ShopLocation

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Scope:
    principal: Principal

    @property
    def shop_id(self) -> ShopId:
        return self.principal.shop_id

    def _side(self, path: str = "") -> Q:
        """Rows whose connection, found at `path`, has the caller on one side."""
        as_main: dict[str, Any] = {f"{path}main_id": self.shop_id}
        as_dependent: dict[str, Any] = {f"{path}dependent_id": self.shop_id}
        return Q(**as_main) | Q(**as_dependent)

    def connections(self) -> QuerySet[Connection]:
        return Connection.filter(self._side())

    def alive(self) -> QuerySet[Connection]:
        return self.connections().exclude(state=ConnectionState.DISCONNECTED)

    def jobs(self) -> QuerySet[Job]:
        return Job.filter(self._side("connection__"))

    def changes(self) -> QuerySet[Change]:
        return Change.filter(self._side("job__connection__"))

    def links(self) -> QuerySet[ProductLink]:
        return ProductLink.filter(self._side("connection__"))

    def conflicts(self) -> QuerySet[Conflict]:
        return Conflict.filter(self._side("connection__"))

    def holds(self) -> QuerySet[Hold]:
        return Hold.filter(self._side("connection__"))

    def differences(self) -> QuerySet[Difference]:
        return Difference.filter(self._side("connection__"))

    def local_edits(self) -> QuerySet[LocalEdit]:
        return LocalEdit.filter(self._side("connection__"))

    def subjects_aside(self) -> QuerySet[PendingSubject]:
        """Of the caller's own shop alone."""
        return PendingSubject.filter(shop_id=self.shop_id, set_aside_at__isnull=False)

    def products_aside(self) -> QuerySet[DirtyProduct]:
        return DirtyProduct.filter(self._side("connection__"), set_aside_at__isnull=False)

    def mappings(self) -> QuerySet[LocationMapping]:
        return LocationMapping.filter(self._side("connection__"))

    def _at_end(self, end: Direction) -> Q:
        if end is Direction.SENT:
            return Q(main_id=self.shop_id)
        return Q(domain=self.principal.domain)

    def invitations(self, end: Direction | None = None) -> QuerySet[Invitation]:
        """Sent by the caller or to it. One that was revoked, maybe because it went to the wrong shop, is the
        sender's alone."""
        sent, received = self._at_end(Direction.SENT), self._at_end(Direction.RECEIVED)
        received &= ~Q(state=InvitationState.REVOKED)
        ends = {Direction.SENT: sent, Direction.RECEIVED: received, None: sent | received}
        return Invitation.filter(ends[end])

    async def invitation(self, invitation_id: UUID, *field: str, end: Direction) -> Invitation:
        """An invitation that the caller is at the wanted end of; a received one may have been revoked."""
        either = self._at_end(Direction.SENT) | self._at_end(Direction.RECEIVED)
        found = await _found(Invitation.filter(either).filter(id=invitation_id), field)
        demand_direction(end, self.principal, found)
        return found

    def api_tokens(self) -> QuerySet[ApiToken]:
        """Of the caller's own shop alone."""
        return ApiToken.filter(shop_id=self.shop_id)

    async def api_token(self, token_id: UUID, *field: str) -> ApiToken:
        return await _found(self.api_tokens().filter(id=token_id), field)

    async def own_shop(self) -> Shop:
        return await Shop.get(id=self.shop_id)

    def shops(self) -> QuerySet[Shop]:
        """The caller's own shop and those it is connected to; a dependent sees its main, not its siblings."""
        mine = Q(id=self.shop_id)
        ended = ConnectionState.DISCONNECTED
        of_mains = Connection.filter(dependent_id=self.shop_id).exclude(state=ended).values("main_id")
        of_dependents = Connection.filter(main_id=self.shop_id).exclude(state=ended).values("dependent_id")
        return Shop.filter(mine | Q(id__in=Subquery(of_mains)) | Q(id__in=Subquery(of_dependents)))

    async def shop(self, shop_id: UUID, *field: str) -> Shop:
        """The caller's own shop or one it is connected to."""
        return await _found(self.shops().filter(id=shop_id), field)

    def locations(self, shop: Shop) -> QuerySet[ShopLocation]:
        """`shop` comes from this scope."""
        return ShopLocation.filter(shop_id=shop.id)

    async def connection(self, connection_id: UUID, *field: str, right: Right | None = None) -> Connection:
        """A connection of the caller's, both shops fetched; with `right`, one it may use that way."""
        found = await _found(
            self.connections().filter(id=connection_id).select_related("main", "dependent"), field
        )
        if right is not None:
            demand(right, self.principal, found)
        return found

    async def living_connection(self, connection_id: UUID, *field: str) -> Connection:
        """One that has not ended: what the other shop says now is no former partner's business. Raises
        UserError NOT_CONNECTED."""
        found = await self.connection(connection_id, *field)
        if found.state is ConnectionState.DISCONNECTED:
            raise UserError(ErrorCode.NOT_CONNECTED, "The shops are not connected any more.", field=field)
        return found

    def knows(self, connection: Connection, shop: UUID) -> bool:
        """Whether what is there now in `shop`, at one end of a connection of the caller's, is the caller's to
        know."""
        return shop == self.shop_id or connection.state is not ConnectionState.DISCONNECTED

    async def job(self, job_id: UUID, *field: str, right: Right | None = None) -> Job:
        """A job of the caller's, its connection fetched."""
        found = await _found(self.jobs().filter(id=job_id).select_related("connection"), field)
        if right is not None:
            demand(right, self.principal, found.connection)
        return found

    async def link(self, link_id: UUID, *field: str, right: Right) -> ProductLink:
        found = await _found(self.links().filter(id=link_id).select_related("connection"), field)
        demand(right, self.principal, found.connection)
        return found

    async def conflict(self, conflict_id: UUID, *field: str, right: Right) -> Conflict:
        found = await _found(self.conflicts().filter(id=conflict_id).select_related("connection"), field)
        demand(right, self.principal, found.connection)
        return found

    async def hold(self, hold_id: UUID, *field: str, right: Right) -> Hold:
        found = await _found(self.holds().filter(id=hold_id).select_related("connection"), field)
        demand(right, self.principal, found.connection)
        return found

    async def mapping(self, mapping_id: UUID, *field: str, right: Right) -> LocationMapping:
        found = await _found(self.mappings().filter(id=mapping_id).select_related("connection"), field)
        demand(right, self.principal, found.connection)
        return found

    async def connection_of_changes(self, ids: Sequence[int], *field: str, right: Right) -> Connection:
        """The one connection that all these changes belong to. Some unknown: NotFound, none is told apart."""
        found = await self.changes().filter(id__in=ids).values_list("id", "connection_id")
        if not ids or len(found) < len(set(ids)):
            raise NotFound(field=field)
        if len({connection for _, connection in found}) > 1:
            raise UserError(
                ErrorCode.INVALID_INPUT, "The changes belong to different connections.", field=field
            )
        return await self.connection(found[0][1], *field, right=right)

    def rights(self, connection: Connection) -> frozenset[Right]:
        return rights(self.principal, connection)

    def guard(self, right: Right) -> Guard:
        """Asks for the right once more, of the row as it is when it is locked: what a side lets the other one
        do can be taken back between looking and writing."""
        return lambda connection: demand(right, self.principal, connection)


async def _found(query: QuerySet[M], field: tuple[str, ...]) -> M:
    row = await query.first()
    if row is None:
        raise NotFound(field=field)
    return row
