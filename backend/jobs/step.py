"""What one slice of work answers: it is through, it wants to go on, or it has to wait."""

from dataclasses import dataclass
from typing import TypeAlias

from backend.jobs.context import Context
from backend.jobs.leases import Leases
from backend.jobs.runtime import Runtime
from backend.models.job import Job


@dataclass(frozen=True, slots=True)
class Done:
    """The phase is complete."""


@dataclass(frozen=True, slots=True)
class Again:
    """The time of this slice is up."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody else has to get on first; to be tried again in `seconds`."""

    seconds: float = 1.0


Step: TypeAlias = Done | Again | Wait


@dataclass(slots=True)
class Slice:
    """One slice of one job. `deadline` is in the clock's monotonic seconds."""

    job: Job
    context: Context
    leases: Leases
    runtime: Runtime
    deadline: float

    def time_is_up(self) -> bool:
        return self.runtime.clock.monotonic() >= self.deadline
