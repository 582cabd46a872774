"""Who may do what: every right, for both sides, delegated or not, in every state."""

from itertools import product
from uuid import uuid4

import pytest

from backend.access.policy import Right, demand, rights, side
from backend.access.principal import Principal, ShopId
from backend.errors import ErrorCode, UserError
from backend.models.connection import Connection, ConnectionState
from backend.models.shop import Role

MAIN, DEPENDENT = ShopId(uuid4()), ShopId(uuid4())
SIDES = {Role.MAIN: MAIN, Role.DEPENDENT: DEPENDENT}
ALIVE = [state for state in ConnectionState if state is not ConnectionState.DISCONNECTED]

# right: (main's own, main's by delegation, the dependent's)
TABLE = {
    Right.SYNC: (True, True, True),
    Right.PREVIEW: (True, True, True),
    Right.PAUSE: (True, True, True),
    Right.RESUME: (True, True, True),
    Right.DISCONNECT: (True, True, True),
    Right.EDIT_SETTINGS: (False, True, True),
    Right.CONFIRM: (False, True, True),
    Right.UNDO: (False, True, True),
    Right.RESOLVE: (False, True, True),
    Right.REPAIR: (False, True, True),
    Right.DELEGATE: (False, False, True),
}


def caller(role: Role) -> Principal:
    return Principal(SIDES[role], f"{role.lower()}.myshopify.com")


def tie(
    state: ConnectionState = ConnectionState.ACTIVE,
    *,
    delegated: bool = False,
    paused_by: Role | None = None,
) -> Connection:
    made = Connection(id=uuid4(), state=state, delegated=delegated, paused_by=paused_by)
    made.main_id, made.dependent_id = MAIN, DEPENDENT
    return made


def refusal(right: Right, role: Role, connection: Connection) -> ErrorCode | None:
    try:
        demand(right, caller(role), connection)
    except UserError as error:
        return error.code
    return None


def test_the_table_has_every_right() -> None:
    assert set(TABLE) == set(Right)


@pytest.mark.parametrize("state", ALIVE)
@pytest.mark.parametrize("delegated", [False, True])
@pytest.mark.parametrize("role", list(Role))
def test_what_each_side_may(role: Role, delegated: bool, state: ConnectionState) -> None:
    column = 2 if role is Role.DEPENDENT else int(delegated)
    allowed = {right for right, row in TABLE.items() if row[column]}
    connection = tie(state, delegated=delegated)
    assert side(caller(role), connection) is role
    assert rights(caller(role), connection) == allowed
    for right in Right:
        expected = None if right in allowed else ErrorCode.FORBIDDEN
        assert refusal(right, role, connection) == expected, right


@pytest.mark.parametrize(
    "role, delegated, right", list(product(Role, (False, True), Right)), ids=lambda each: str(each)
)
def test_what_has_ended_is_nobodys(role: Role, delegated: bool, right: Right) -> None:
    ended = tie(ConnectionState.DISCONNECTED, delegated=delegated)
    assert rights(caller(role), ended) == frozenset()
    assert refusal(right, role, ended) is ErrorCode.NOT_CONNECTED


@pytest.mark.parametrize("state", [ConnectionState.PAUSED, ConnectionState.SUSPENDED])
@pytest.mark.parametrize(
    "role, delegated, paused_by, code",
    [
        (Role.MAIN, False, Role.MAIN, None),
        (Role.MAIN, False, Role.DEPENDENT, ErrorCode.PAUSED_BY_DEPENDENT),
        (Role.MAIN, True, Role.MAIN, None),
        (Role.MAIN, True, Role.DEPENDENT, None),
        (Role.DEPENDENT, False, Role.MAIN, None),
        (Role.DEPENDENT, False, Role.DEPENDENT, None),
        (Role.DEPENDENT, True, Role.MAIN, None),
        (Role.DEPENDENT, True, Role.DEPENDENT, None),
    ],
)
def test_who_may_resume_what_the_other_has_paused(
    role: Role, delegated: bool, paused_by: Role, code: ErrorCode | None, state: ConnectionState
) -> None:
    connection = tie(state, delegated=delegated, paused_by=paused_by)
    assert refusal(Right.RESUME, role, connection) is code
    assert (Right.RESUME in rights(caller(role), connection)) is (code is None)
    # Nothing else depends on who paused.
    column = 2 if role is Role.DEPENDENT else int(delegated)
    others = {right for right, row in TABLE.items() if row[column]} - {Right.RESUME}
    assert rights(caller(role), connection) - {Right.RESUME} == others
