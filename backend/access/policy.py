"""What each side of a connection may do. The dependent owns its catalogue and its settings; the main may send
what it has and see what came of it. A dependent may delegate its rights to the main, and take them back."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from backend.access.principal import Principal
from backend.errors import ErrorCode, UserError
from backend.models.connection import Connection, ConnectionState
from backend.models.invitation import Invitation
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
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    DELEGATE = "DELEGATE"
    DISCONNECT = "DISCONNECT"


class Direction(StrEnum):
    """Of an invitation, as the caller sees it. Who sent it may ask again and revoke it, who received it may
    answer."""

    SENT = "SENT"
    RECEIVED = "RECEIVED"


RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.MAIN: frozenset({Right.SYNC, Right.PREVIEW, Right.PAUSE, Right.RESUME, Right.DISCONNECT}),
        Role.DEPENDENT: frozenset(Right),
    }
)
# The main's, once the dependent has delegated: all but passing on what was lent, or keeping it.
DELEGATED = RIGHTS[Role.DEPENDENT] - {Right.DELEGATE}

# Called with the connection once it is locked: raises what `demand` raises.
Guard = Callable[[Connection], None]

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
    """Raises UserError FORBIDDEN for programs. What outlives a token's revocation, or costs money, is for
    people: a leaked token must not make itself another one, or lend rights, or change the plan."""
    if not principal.is_person:
        raise UserError(ErrorCode.FORBIDDEN, "Only a person in the shop's admin may do this.")


def side(principal: Principal, connection: Connection) -> Role:
    """The side of `connection` that the caller is on; it must be on one."""
    return Role.MAIN if connection.main_id == principal.shop_id else Role.DEPENDENT


def rights(principal: Principal, connection: Connection) -> frozenset[Right]:
    """What the caller may do with a connection it is part of: nothing more once it has ended. What the
    dependent has paused only the dependent lets go on."""
    if connection.state is ConnectionState.DISCONNECTED:
        return frozenset()
    own = side(principal, connection)
    if own is Role.MAIN and connection.delegated:
        return DELEGATED
    if own is Role.MAIN and connection.paused_by is Role.DEPENDENT:
        return RIGHTS[own] - {Right.RESUME}
    return RIGHTS[own]


def demand(right: Right, principal: Principal, connection: Connection) -> None:
    """Raises UserError: NOT_CONNECTED where the connection has ended, PAUSED_BY_DEPENDENT or FORBIDDEN where
    the right is the other side's."""
    if connection.state is ConnectionState.DISCONNECTED:
        raise UserError(ErrorCode.NOT_CONNECTED, "The shops are not connected any more.")
    if right in rights(principal, connection):
        return
    if right is Right.RESUME:
        raise UserError(
            ErrorCode.PAUSED_BY_DEPENDENT, "The dependent shop has paused this, and only it can resume it."
        )
    raise UserError(
        ErrorCode.FORBIDDEN, "Only the dependent shop may do this.", params={"right": right.value}
    )


def direction(principal: Principal, invitation: Invitation) -> Direction:
    """The end of `invitation` that the caller is at; it must be at one."""
    return Direction.SENT if invitation.main_id == principal.shop_id else Direction.RECEIVED


def demand_direction(wanted: Direction, principal: Principal, invitation: Invitation) -> None:
    """Raises UserError FORBIDDEN where this is for the other end to do."""
    if direction(principal, invitation) is not wanted:
        raise UserError(ErrorCode.FORBIDDEN, "Only the other shop may do this with the invitation.")
