"""What each side of a connection may do. The dependent owns its catalogue and its settings; the main may send
what it has and see what came of it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from backend.access.principal import Principal, PrincipalKind
from backend.errors import ErrorCode, UserError
from backend.models.connection import Connection, ConnectionState
from backend.models.job import JobKind
from backend.models.shop import Role


class Right(StrEnum):
    SYNC = "SYNC"
    PREVIEW = "PREVIEW"
    EDIT_SETTINGS = "EDIT_SETTINGS"
    CONFIRM = "CONFIRM"
    UNDO = "UNDO"
    RESOLVE = "RESOLVE"
    REPAIR = "REPAIR"
    DISCONNECT = "DISCONNECT"


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.MAIN: frozenset({Right.SYNC, Right.PREVIEW, Right.DISCONNECT}),
        Role.DEPENDENT: frozenset(Right),
    }
)

# What is needed to start a job of a kind is needed to cancel it and to run it again.
RIGHT_OF_JOB: Mapping[JobKind, Right] = MappingProxyType(
    {
        JobKind.SYNC_ALL: Right.SYNC,
        JobKind.RETRY: Right.SYNC,
        JobKind.PREVIEW: Right.PREVIEW,
        JobKind.CONFIRM: Right.CONFIRM,
        JobKind.UNDO: Right.UNDO,
        JobKind.RESOLVE: Right.RESOLVE,
        JobKind.REPAIR: Right.REPAIR,
        JobKind.LIVE: Right.SYNC,
        JobKind.CHECK: Right.SYNC,
    }
)


def demand_writing(principal: Principal) -> None:
    """Raises UserError TOKEN_READ_ONLY where the caller's token was made for reading."""
    if not principal.may_write:
        raise UserError(ErrorCode.TOKEN_READ_ONLY, "This API token may read only.")


def demand_person(principal: Principal) -> None:
    """Raises UserError FORBIDDEN for programs: a leaked token must not make itself another one."""
    if principal.kind is not PrincipalKind.SESSION:
        raise UserError(ErrorCode.FORBIDDEN, "Only a person in the shop's admin may do this.")


def side(principal: Principal, connection: Connection) -> Role:
    """The side of `connection` that the caller is on; it must be on one."""
    return Role.MAIN if connection.main_id == principal.shop_id else Role.DEPENDENT


def rights(principal: Principal, connection: Connection) -> frozenset[Right]:
    """What the caller may do with a connection it is part of: nothing more once it has ended."""
    if connection.state is ConnectionState.DISCONNECTED:
        return frozenset()
    return RIGHTS[side(principal, connection)]


def demand(right: Right, principal: Principal, connection: Connection) -> None:
    """Raises UserError: NOT_CONNECTED where the connection has ended, FORBIDDEN where the right is the other
    side's."""
    if connection.state is ConnectionState.DISCONNECTED:
        raise UserError(ErrorCode.NOT_CONNECTED, "The shops are not connected any more.")
    if right not in RIGHTS[side(principal, connection)]:
        raise UserError(
            ErrorCode.FORBIDDEN, "Only the dependent shop may do this.", params={"right": right.value}
        )
