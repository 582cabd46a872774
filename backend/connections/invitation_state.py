"""The life of an invitation, as a pure function. Asking again is possible from everywhere: a main that was
declined, that changed its mind or whose dependent has left may try once more."""

from enum import StrEnum

from backend.errors import ErrorCode, UserError
from backend.models.invitation import InvitationState


class Step(StrEnum):
    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    REVOKE = "REVOKE"
    SEND = "SEND"


_ANSWERS = {
    Step.ACCEPT: InvitationState.ACCEPTED,
    Step.DECLINE: InvitationState.DECLINED,
    Step.REVOKE: InvitationState.REVOKED,
}


def after(state: InvitationState, step: Step) -> InvitationState:
    """Raises UserError INVITATION_CLOSED where the invitation waits for no answer any more."""
    if step is Step.SEND:
        return InvitationState.PENDING
    if state is not InvitationState.PENDING:
        raise UserError(
            ErrorCode.INVITATION_CLOSED,
            "This invitation does not wait for an answer any more.",
            params={"state": state.value},
        )
    return _ANSWERS[step]
