"""What happens in the shops of the sandbox, told to the app as webhooks do, and the work that follows."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import orjson

from backend.jobs.queue import transaction
from backend.jobs.runner import run_job
from backend.jobs.state import ALIVE
from backend.live.dirty import connections_waiting, want_live_job
from backend.live.inbox import Arrival, receive
from backend.live.look import look_at
from backend.live.pending import shops_waiting
from backend.live.topics import subjects
from backend.models.connection import ConnectionState
from backend.models.job import Job, JobKind, JobState
from backend.models.live import DirtyProduct, PendingSubject
from sandbox.store.change import Event
from sandbox.store.shop import Shop as SandboxShop
from sandbox.webhook_payloads import payload_of
from tests.jobs.world import World

_ROUNDS = 200
_LATER = timedelta(minutes=1)


@dataclass(slots=True)
class Events:
    """Deliveries of every shop of a world, made when something happens and kept until they are sent."""

    world: World
    waiting: list[Arrival] = field(default_factory=list)

    def hear(self, shop: SandboxShop, event: Event) -> None:
        body = orjson.dumps(payload_of(shop, event))
        self.waiting.append(
            Arrival(
                str(uuid4()),
                str(uuid4()),
                shop.domain,
                event.topic,
                self.world.now(),
                subjects(event.topic, body),
            )
        )

    async def send(self, arrivals: Iterable[Arrival] | None = None) -> None:
        """Take deliveries in: these, or all that wait."""
        given = list(self.waiting if arrivals is None else arrivals)
        if arrivals is None:
            self.waiting.clear()
        if given:
            async with transaction() as client:
                await receive(client, given, self.world.now())

    async def settle(self) -> None:
        """Send what waits, and work until nothing is pending, dirty or alive, echoes included."""
        for _ in range(_ROUNDS):
            await self.send()
            if not await self.work() and not self.waiting:
                return
        raise AssertionError("the world does not come to rest")

    async def work(self) -> bool:
        """One round of what the workers would do; False when there was nothing to do."""
        world, now = self.world, self.world.now()
        busy = False
        for shop in await shops_waiting(now):
            busy = True
            await look_at(shop, world.runtime)
        for owner, stream in await connections_waiting(now):
            async with transaction() as client:
                await want_live_job(client, owner, stream, now)
        for job in await Job.filter(state__in=list(ALIVE)).order_by("created_at", "id"):
            if job.state is JobState.QUEUED and job.next_run_at and job.next_run_at - now > _LATER:
                continue  # one that looks at what is gone once more, when its grace is over
            busy = True
            if job.state is JobState.WAITING and job.next_run_at is not None:
                world.clock.ahead += max(0.0, (job.next_run_at - world.now()).total_seconds())
            await run_job(job.id, world.runtime)
        if busy:
            return True
        pending = PendingSubject.filter(set_aside_at=None)
        # What is dirty on a connection that is stopped waits for it.
        dirty = DirtyProduct.filter(set_aside_at=None, connection__state=ConnectionState.ACTIVE)
        soon = [*(each.due_at for each in await pending), *(each.due_at for each in await dirty)]
        near = [at for at in soon if (at - now).total_seconds() < 60]
        if near:
            world.clock.ahead += max(0.0, (min(near) - world.now()).total_seconds()) + 0.001
        return bool(near)


@contextmanager
def events_of(world: World) -> Iterator[Events]:
    """Listens to every shop of the world."""
    events = Events(world)
    heard = []
    for shop in (world.main, *world.dependents):

        def listener(event: Event, shop: SandboxShop = shop) -> None:
            events.hear(shop, event)

        shop.listeners.append(listener)
        heard.append((shop, listener))
    try:
        yield events
    finally:
        for shop, listener in heard:
            shop.listeners.remove(listener)


@contextmanager
def deaf(shop: SandboxShop) -> Iterator[None]:
    """Nothing that happens in the shop is told to anybody."""
    told, shop.listeners[:] = list(shop.listeners), []
    yield
    shop.listeners[:] = told


async def live_jobs() -> list[Job]:
    return await Job.filter(kind=JobKind.LIVE).order_by("created_at")
