"""What one slice of work answers: it is through, it wants to go on, or it has to wait."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from backend.database import connection
from backend.jobs.context import Context
from backend.jobs.ending import recount
from backend.jobs.events import JobEvent, publish
from backend.jobs.leases import Leases
from backend.jobs.progress import eta
from backend.jobs.queue import Queue
from backend.jobs.runtime import OpenShop, Runtime
from backend.models.job import Job, JobKind
from backend.models.shop import Shop
from backend.shopify.bucket import Priority

_TELL_SECONDS = 0.5
_COUNT_SECONDS = 2.0


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
    told_at: float = field(init=False)
    counted_at: float = field(init=False)

    def __post_init__(self) -> None:
        # What is through before it could be shown needs not be: the times count from when the job began.
        clock, began = self.runtime.clock, self.job.started_at
        age = 0.0 if began is None else (clock.now() - began).total_seconds()
        self.told_at = self.counted_at = clock.monotonic() - age

    async def announce(self) -> None:
        """Store how far the phase is and tell who watches, twice a second at most."""
        now = self.runtime.clock.monotonic()
        if now - self.told_at < _TELL_SECONDS:
            return
        self.told_at = now
        await Job.filter(id=self.job.id).update(done=self.job.done, total=self.job.total, eta_at=self._eta())
        await self.tell()

    async def tell(self) -> None:
        """Have whoever watches look at what is stored of the job."""
        shops = (self.context.main.id, self.context.dependent.id)
        await publish(self.runtime.redis, JobEvent(self.job.id, self.context.connection, shops))

    async def recount(self) -> None:
        """Store what has become of the changes so far; not too often, since it counts them all."""
        now = self.runtime.clock.monotonic()
        if now - self.counted_at >= _COUNT_SECONDS:
            self.counted_at = now
            self.job.counts = await recount(connection(), self.job.id)

    def _eta(self) -> datetime | None:
        started = self.job.phase_started_at
        now = self.runtime.clock.now()
        if started is None:
            return None
        return eta(self.job.done, self.job.total, started, now, self.job.estimate_seconds)

    def open(self, shop: Shop) -> OpenShop:
        """The shop's API; a job that a person waits for, or that follows a change at once, may spend the
        points that are kept for them."""
        return self.runtime.open(shop, self._priority())

    def _priority(self) -> Priority:
        if self.job.queue != Queue.LIVE:
            return Priority.BACKGROUND
        return Priority.LIVE if self.job.kind is JobKind.LIVE else Priority.INTERACTIVE

    def time_is_up(self) -> bool:
        return self.runtime.clock.monotonic() >= self.deadline
