"""How far a job is over all its phases."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import strawberry

from backend.jobs.state import FINISHED, PHASES
from backend.models.job import Job, JobPhase, JobState

# Shares of the time that a phase usually takes; reading and writing wait for Shopify, planning does not.
_WEIGHTS: Mapping[JobPhase, float] = MappingProxyType(
    {JobPhase.REFRESH: 0.4, JobPhase.PLAN: 0.1, JobPhase.APPLY: 0.5, JobPhase.DONE: 0.0}
)


@strawberry.type(
    description="`done` of `total` counts the phase's work; `fraction`, 0 to 1, is of the whole."
)
class Progress:
    done: int
    total: int | None
    fraction: float | None


def progress(job: Job) -> Progress:
    return Progress(done=job.done, total=job.total, fraction=_fraction(job))


def run_progress(jobs: Sequence[Job]) -> Progress:
    """Jobs finished of all; the fraction is the mean, None while it is unknown of any."""
    fractions = [_fraction(job) for job in jobs]
    known = [each for each in fractions if each is not None]
    mean = sum(known) / len(known) if known and len(known) == len(fractions) else None
    finished = sum(job.state in FINISHED for job in jobs)
    return Progress(done=finished, total=len(jobs), fraction=mean)


def run_state(jobs: Sequence[Job]) -> JobState:
    """Still going while any job is; else the common outcome, PARTIAL where they differ."""
    alive = [job.state for job in jobs if job.state not in FINISHED]
    for state in (JobState.RUNNING, JobState.CANCELING, JobState.WAITING, JobState.QUEUED):
        if state in alive:
            return state
    outcomes = {job.state for job in jobs}
    return outcomes.pop() if len(outcomes) == 1 else JobState.PARTIAL


def _fraction(job: Job) -> float | None:
    if job.state in FINISHED:
        return 1.0
    if job.state is JobState.QUEUED:
        return 0.0
    phases = PHASES[job.kind]
    whole = sum(_WEIGHTS[phase] for phase in phases)
    before = sum(_WEIGHTS[phase] for phase in phases[: phases.index(job.phase)])
    if not job.total:
        return None if job.phase is JobPhase.REFRESH else round(before / whole, 4)
    part = min(1.0, job.done / job.total) * _WEIGHTS[job.phase]
    return round((before + part) / whole, 4)
