import pytest

from backend.jobs.state import (
    ALIVE,
    FINISHED,
    PHASES,
    TRANSITIONS,
    Event,
    IllegalTransitionError,
    after,
    may,
    next_phase,
    outcome,
)
from backend.models.job import ChangeState, JobKind, JobPhase, JobState

EXPECTED = {
    JobState.QUEUED: {"START": "RUNNING", "CANCEL": "CANCELED", "FAIL": "FAILED"},
    JobState.RUNNING: {
        "START": "RUNNING",
        "WAIT": "WAITING",
        "CANCEL": "CANCELING",
        "SUCCEED": "SUCCEEDED",
        "PARTLY": "PARTIAL",
        "FAIL": "FAILED",
    },
    JobState.WAITING: {"START": "RUNNING", "CANCEL": "CANCELING", "FAIL": "FAILED"},
    JobState.CANCELING: {
        "START": "CANCELING",
        "WAIT": "CANCELING",
        "CANCEL": "CANCELING",
        "STOP": "CANCELED",
        "SUCCEED": "SUCCEEDED",
        "PARTLY": "PARTIAL",
        "FAIL": "FAILED",
    },
    JobState.SUCCEEDED: {},
    JobState.PARTIAL: {},
    JobState.FAILED: {},
    JobState.CANCELED: {},
}


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("event", Event)
def test_every_pair_of_state_and_event_has_one_defined_outcome(state: JobState, event: Event) -> None:
    expected = EXPECTED[state].get(event.value)
    assert may(state, event) is (expected is not None)
    if expected is None:
        with pytest.raises(IllegalTransitionError) as caught:
            after(state, event)
        assert (caught.value.state, caught.value.event) == (state, event)
    else:
        assert after(state, event).value == expected


def test_a_finished_job_never_moves_again() -> None:
    assert {state for state, _ in TRANSITIONS} == ALIVE
    assert frozenset({"SUCCEEDED", "PARTIAL", "FAILED", "CANCELED"}) == FINISHED


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({}, Event.SUCCEED),
        ({ChangeState.APPLIED: 5}, Event.SUCCEED),
        ({ChangeState.APPLIED: 5, ChangeState.HELD: 2}, Event.SUCCEED),
        ({ChangeState.HELD: 2, ChangeState.SKIPPED: 1}, Event.SUCCEED),
        ({ChangeState.APPLIED: 5, ChangeState.FAILED: 1}, Event.PARTLY),
        ({ChangeState.FAILED: 1}, Event.FAIL),
        ({ChangeState.FAILED: 1, ChangeState.SKIPPED: 1}, Event.FAIL),
    ],
)
def test_outcome(changes: dict[ChangeState, int], expected: Event) -> None:
    assert outcome(changes) is expected


@pytest.mark.parametrize("kind", JobKind)
def test_only_what_is_dry_never_reaches_apply(kind: JobKind) -> None:
    seen = [PHASES[kind][0]]
    while seen[-1] is not JobPhase.DONE:
        seen.append(next_phase(kind, seen[-1]))
    assert tuple(seen) == PHASES[kind]
    assert (JobPhase.APPLY in seen) is (kind not in (JobKind.PREVIEW, JobKind.CHECK))
    assert next_phase(kind, JobPhase.DONE) is JobPhase.DONE
