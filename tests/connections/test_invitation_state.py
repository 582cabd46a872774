from itertools import product

import pytest

from backend.connections.invitation_state import Step, after
from backend.errors import UserError
from backend.models.invitation import InvitationState

ANSWERS = {Step.ACCEPT: "ACCEPTED", Step.DECLINE: "DECLINED", Step.REVOKE: "REVOKED"}


@pytest.mark.parametrize("state, step", list(product(InvitationState, Step)))
def test_only_what_waits_is_answered_and_all_can_be_asked_again(state: InvitationState, step: Step) -> None:
    if step is Step.SEND:
        assert after(state, step) is InvitationState.PENDING
    elif state is InvitationState.PENDING:
        assert after(state, step) == ANSWERS[step]
    else:
        with pytest.raises(UserError) as caught:
            after(state, step)
        assert caught.value.code == "INVITATION_CLOSED"
        assert caught.value.params == {"state": state.value}
