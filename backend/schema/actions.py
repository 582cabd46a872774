"""What a caller may do with a job now: a pure function of the job's row and the caller's rights."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from enum import StrEnum

from backend.access.policy import RIGHT_OF_JOB, Right
from backend.jobs.state import FINISHED, Event, may
from backend.models.connection import ConnectionState
from backend.models.job import Job, JobKind, JobState


class JobAction(StrEnum):
    CANCEL = "CANCEL"
    RETRY = "RETRY"
    UNDO = "UNDO"
    CONFIRM = "CONFIRM"
    REJECT = "REJECT"


def job_actions(job: Job, rights: AbstractSet[Right], state: ConnectionState) -> list[JobAction]:
    return list(_job_actions(job, rights, state))


def _job_actions(job: Job, rights: AbstractSet[Right], state: ConnectionState) -> Iterator[JobAction]:
    own = RIGHT_OF_JOB[job.kind] in rights
    finished = job.state in FINISHED
    active = state is ConnectionState.ACTIVE
    written = job.kind not in (JobKind.PREVIEW, JobKind.CHECK)
    if own and job.state is not JobState.CANCELING and may(job.state, Event.CANCEL):
        yield JobAction.CANCEL
    if own and finished and job.state is not JobState.SUCCEEDED and (active or not written):
        yield JobAction.RETRY
    if active and written and finished and Right.UNDO in rights and job.counts.get("APPLIED"):
        yield JobAction.UNDO
    if written and job.counts.get("HELD"):
        if active and Right.CONFIRM in rights:
            yield JobAction.CONFIRM
        if Right.CONFIRM in rights:
            yield JobAction.REJECT
