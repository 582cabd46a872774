"""The life of a job, as a table: what may follow what. Nothing here touches a database.

QUEUED ──start──▶ RUNNING ◀─start── WAITING        WAITING: until a time, a lease, or somebody else's read
   │                │  └────wait───────▲
   │                ├── succeed / partly / fail ──▶ SUCCEEDED / PARTIAL / FAILED
 cancel           cancel
   ▼                ▼
CANCELED ◀─stop── CANCELING                        the call in flight is finished and what was applied stays
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from backend.models.job import ChangeState, JobKind, JobPhase, JobState


class Event(StrEnum):
    START = "START"
    WAIT = "WAIT"
    CANCEL = "CANCEL"
    STOP = "STOP"
    SUCCEED = "SUCCEED"
    PARTLY = "PARTLY"
    FAIL = "FAIL"


class IllegalTransitionError(Exception):
    def __init__(self, state: JobState, event: Event) -> None:
        super().__init__(f"A job that is {state} cannot {event}.")
        self.state = state
        self.event = event


TRANSITIONS: Mapping[tuple[JobState, Event], JobState] = MappingProxyType(
    {
        (JobState.QUEUED, Event.START): JobState.RUNNING,
        (JobState.QUEUED, Event.CANCEL): JobState.CANCELED,
        (JobState.QUEUED, Event.FAIL): JobState.FAILED,
        (JobState.RUNNING, Event.START): JobState.RUNNING,
        (JobState.RUNNING, Event.WAIT): JobState.WAITING,
        (JobState.RUNNING, Event.CANCEL): JobState.CANCELING,
        (JobState.RUNNING, Event.SUCCEED): JobState.SUCCEEDED,
        (JobState.RUNNING, Event.PARTLY): JobState.PARTIAL,
        (JobState.RUNNING, Event.FAIL): JobState.FAILED,
        (JobState.WAITING, Event.START): JobState.RUNNING,
        (JobState.WAITING, Event.CANCEL): JobState.CANCELING,
        (JobState.WAITING, Event.FAIL): JobState.FAILED,
        (JobState.CANCELING, Event.START): JobState.CANCELING,
        (JobState.CANCELING, Event.WAIT): JobState.CANCELING,
        (JobState.CANCELING, Event.CANCEL): JobState.CANCELING,
        (JobState.CANCELING, Event.STOP): JobState.CANCELED,
        # The last call was in flight when the request came: nothing was left to cancel.
        (JobState.CANCELING, Event.SUCCEED): JobState.SUCCEEDED,
        (JobState.CANCELING, Event.PARTLY): JobState.PARTIAL,
        (JobState.CANCELING, Event.FAIL): JobState.FAILED,
    }
)

FINISHED = frozenset({JobState.SUCCEEDED, JobState.PARTIAL, JobState.FAILED, JobState.CANCELED})
ALIVE = frozenset(JobState) - FINISHED


def after(state: JobState, event: Event) -> JobState:
    """The state that follows; raises IllegalTransitionError."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransitionError(state, event) from None


def may(state: JobState, event: Event) -> bool:
    return (state, event) in TRANSITIONS


def outcome(changes: Mapping[ChangeState, int]) -> Event:
    """How a job ends whose changes came out so: FAIL only when every change that was tried failed.

    What is held, rejected or was not needed any more is no failure: the job did what it could be asked to do.
    """
    failed = changes.get(ChangeState.FAILED, 0)
    if not failed:
        return Event.SUCCEED
    return Event.PARTLY if changes.get(ChangeState.APPLIED, 0) else Event.FAIL


# What a job does, one phase after the other. A preview and a check stop before they would write.
PHASES: Mapping[JobKind, tuple[JobPhase, ...]] = MappingProxyType(
    {
        JobKind.SYNC_ALL: (JobPhase.REFRESH, JobPhase.PLAN, JobPhase.APPLY, JobPhase.DONE),
        JobKind.PREVIEW: (JobPhase.REFRESH, JobPhase.PLAN, JobPhase.DONE),
        JobKind.CONFIRM: (JobPhase.REFRESH, JobPhase.PLAN, JobPhase.APPLY, JobPhase.DONE),
        JobKind.UNDO: (JobPhase.REFRESH, JobPhase.PLAN, JobPhase.APPLY, JobPhase.DONE),
        JobKind.RESOLVE: (JobPhase.REFRESH, JobPhase.PLAN, JobPhase.APPLY, JobPhase.DONE),
        JobKind.RETRY: (JobPhase.REFRESH, JobPhase.PLAN, JobPhase.APPLY, JobPhase.DONE),
        JobKind.REPAIR: (JobPhase.REFRESH, JobPhase.PLAN, JobPhase.APPLY, JobPhase.DONE),
        # What it is about was read before it was made.
        JobKind.LIVE: (JobPhase.PLAN, JobPhase.APPLY, JobPhase.DONE),
        JobKind.CHECK: (JobPhase.REFRESH, JobPhase.PLAN, JobPhase.DONE),
    }
)


def next_phase(kind: JobKind, phase: JobPhase) -> JobPhase:
    phases = PHASES[kind]
    return phases[min(phases.index(phase) + 1, len(phases) - 1)]
