"""Events of Redis, read once per process and handed on to everybody who watches.

An event is a hint that a job has changed; what is handed on is the job's row, read once however many watch
it. A watcher that is slow misses states in between, never the latest: it keeps one row per job.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.clock import Clock
from backend.jobs.events import JobEvent, Recall, subscribe
from backend.models.job import Job

log = structlog.get_logger(__name__)

# Events that come within so many seconds are one read of the database.
GATHER_SECONDS = 0.02
# A watcher remembers so many changed jobs; the page reads its list again anyway when it comes back.
MOST_PENDING = 200
_RETRY_SECONDS = 1.0


@dataclass(slots=True, eq=False)
class Watcher:
    """Watches one job, or all jobs of a shop."""

    shop: UUID
    job: UUID | None = None
    _pending: dict[UUID, Job] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def concerns(self, event: JobEvent) -> bool:
        return self.shop in event.shops and self.job in (None, event.job)

    def put(self, job: Job) -> None:
        self._pending.pop(job.id, None)
        self._pending[job.id] = job
        if len(self._pending) > MOST_PENDING:
            del self._pending[next(iter(self._pending))]
        self._wake.set()

    def wake(self) -> None:
        """End the waiting of `take`, with nothing to show."""
        self._wake.set()

    async def take(self, timeout: float) -> list[Job]:
        """The jobs that have changed since the last time, waiting for one at most `timeout` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._wake.wait()
        self._wake.clear()
        taken, self._pending = list(self._pending.values()), {}
        return taken


@dataclass(frozen=True, slots=True, eq=False)
class _Alarm:
    shop: UUID
    rung: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """Start `run` as a task of the process; `watch` while a subscription is open."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._watchers: set[Watcher] = set()
        self._alarms: set[_Alarm] = set()

    @property
    def watchers(self) -> int:
        return len(self._watchers)

    @asynccontextmanager
    async def watch(self, shop: UUID, job: UUID | None = None) -> AsyncIterator[Watcher]:
        watcher = Watcher(shop, job)
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    @contextmanager
    def recalled(self, shop: UUID) -> Iterator[asyncio.Event]:
        """Set whenever the shop's callers have to prove again that they may stay."""
        alarm = _Alarm(shop)
        self._alarms.add(alarm)
        try:
            yield alarm.rung
        finally:
            self._alarms.discard(alarm)

    def recall(self, shop: UUID) -> None:
        for alarm in self._alarms:
            if alarm.shop == shop:
                alarm.rung.set()
        for watcher in self._watchers:
            if watcher.shop == shop:
                watcher.wake()

    async def run(self) -> None:
        """For as long as the process lives; Redis may come and go."""
        while True:
            reader = asyncio.create_task(self._read())
            try:
                await reader
            except (RedisError, OSError) as error:
                log.warning("events interrupted", reason=type(error).__name__)
            finally:
                reader.cancel()
            await self._clock.sleep(_RETRY_SECONDS)

    async def _read(self) -> None:
        gathered: list[JobEvent] = []
        arrived = asyncio.Event()
        handing_on = asyncio.create_task(self._hand_on(gathered, arrived))
        try:
            async for event in subscribe(self._redis):
                if isinstance(event, Recall):
                    self.recall(event.shop)
                    continue
                gathered.append(event)
                arrived.set()
        finally:
            handing_on.cancel()

    async def _hand_on(self, gathered: list[JobEvent], arrived: asyncio.Event) -> None:
        while True:
            await arrived.wait()
            await asyncio.sleep(GATHER_SECONDS)
            arrived.clear()
            events = {event.job: event for event in gathered}
            gathered.clear()
            try:
                await self.deliver(events.values())
            except Exception:
                log.exception("events not handed on yet")
                gathered[:0] = events.values()
                arrived.set()
                await self._clock.sleep(_RETRY_SECONDS)

    async def deliver(self, events: Iterable[JobEvent]) -> None:
        """Read the jobs that somebody watches and give each watcher its own."""
        concerned = [
            (event, [watcher for watcher in self._watchers if watcher.concerns(event)]) for event in events
        ]
        wanted = [event.job for event, watchers in concerned if watchers]
        if not wanted:
            return
        jobs = {job.id: job for job in await Job.filter(id__in=wanted)}
        for event, watchers in concerned:
            for watcher in watchers:
                if event.job in jobs:
                    watcher.put(jobs[event.job])
