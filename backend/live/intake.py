"""Deliveries, taken in by groups: what comes within a few milliseconds is one commit, and everybody is
answered after it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

import structlog
from asyncpg import InterfaceError, PostgresConnectionError
from tortoise.exceptions import DBConnectionError

from backend.clock import Clock
from backend.database import connection
from backend.errors import Unavailable
from backend.live.inbox import Arrival, Received, receive

# A group is closed this long after its first delivery, or when it is full.
GATHER_SECONDS = 0.005
MOST_IN_GROUP = 200
# Shopify waits five seconds for an answer; what is not stored by then is refused, and comes again.
COMMIT_SECONDS = 4.0
# Deliveries that wait for their group. More than that would be late anyway.
MOST_WAITING = 10_000

log = structlog.get_logger(__name__)

_AWAY = (PostgresConnectionError, InterfaceError, DBConnectionError, OSError)


class Outcome(StrEnum):
    """What became of a delivery that was answered with 200."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    UNKNOWN_SHOP = "unknown_shop"


class Wake(Protocol):
    """Has shops looked at, `delay` seconds from now. A message that gets lost is made up for by the sweep."""

    def __call__(self, shops: Sequence[UUID], *, delay: float) -> Awaitable[None]: ...


@dataclass(slots=True, eq=False)
class _Waiting:
    """`since` is by the clock's monotonic seconds."""

    arrival: Arrival
    since: float
    answer: asyncio.Future[Outcome]


class Intake:
    """One per process, open as a context; `committed` is told the size of every group that was stored."""

    def __init__(self, clock: Clock, wake: Wake, committed: Callable[[int], object]) -> None:
        self._clock = clock
        self._wake = wake
        self._committed = committed
        self._waiting: list[_Waiting] = []
        self._arrived = asyncio.Event()
        self._full = asyncio.Event()
        self._due: set[tuple[UUID, float]] = set()
        self._some_due = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._storing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._commit_groups()), asyncio.create_task(self._wake_shops())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = [*self._tasks, *self._storing]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in self._waiting:
            each.answer.cancel()

    async def put(self, arrival: Arrival) -> Outcome:
        """Answers once the delivery is committed. Raises Unavailable where it is not: then it has to be sent
        again, which does no harm if it was stored after all."""
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable("too many deliveries are waiting", sent=False)
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(arrival, self._clock.monotonic(), answer))
        self._arrived.set()
        if len(self._waiting) >= MOST_IN_GROUP:
            self._full.set()
        return await answer

    async def _commit_groups(self) -> None:
        while True:
            await self._arrived.wait()
            await self._gather()
            await self._commit(self._take(MOST_IN_GROUP))

    def _take(self, most: int) -> list[_Waiting]:
        """Those who have waited longest."""
        taken, self._waiting = self._waiting[:most], self._waiting[most:]
        if not self._waiting:
            self._arrived.clear()
        if len(self._waiting) < MOST_IN_GROUP:
            self._full.clear()
        return taken

    async def _gather(self) -> None:
        """Until the group is full or its time is up, which for what came during a commit is often at once."""
        left = self._waiting[0].since + GATHER_SECONDS - self._clock.monotonic()
        if left <= 0 or self._full.is_set():
            return
        pause = asyncio.ensure_future(self._clock.sleep(left))
        full = asyncio.ensure_future(self._full.wait())
        try:
            await asyncio.wait({pause, full}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pause.cancel()
            full.cancel()

    async def _commit(self, group: Sequence[_Waiting]) -> None:
        """Store the group and answer it, in good time: a database that hangs may hang on the way back too,
        so nobody waits for that. Those in line have waited as long."""
        storing = asyncio.create_task(self._store(group))
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        try:
            await asyncio.wait({storing}, timeout=COMMIT_SECONDS)
        finally:
            storing.cancel()
        if not storing.done():
            _refuse([*group, *self._take(MOST_WAITING)], "TimeoutError")

    async def _store(self, group: Sequence[_Waiting]) -> None:
        """What the database refuses is stored in halves, so that nothing but itself is lost by it."""
        try:
            received = await receive(connection(), [each.arrival for each in group], self._clock.now())
        except _AWAY as error:
            _refuse(group, type(error).__name__)
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the senders try again
            middle = len(group) // 2
            if middle == 0:
                alone = group[0].arrival
                log.error("delivery refused", id=alone.id, topic=alone.topic, shop=alone.shop)
                _refuse(group, type(error).__name__)
            else:
                await self._store(group[:middle])
                await self._store(group[middle:])
            return
        self._committed(len(group))
        if received.due:
            self._due |= received.due
            self._some_due.set()
        _tell(group, received)

    async def _wake_shops(self) -> None:
        """What is to be woken while a message is on its way leaves with the next."""
        while True:
            await self._some_due.wait()
            self._some_due.clear()
            due, self._due = self._due, set()
            by_delay: dict[float, list[UUID]] = {}
            for shop, delay in due:
                by_delay.setdefault(delay, []).append(shop)
            for delay, shops in by_delay.items():
                try:
                    await self._wake(shops, delay=delay)
                except Exception:
                    log.exception("shops left to the sweep", count=len(shops))


def _refuse(group: Sequence[_Waiting], reason: str) -> None:
    log.warning("deliveries not stored", count=len(group), reason=reason)
    for each in group:
        if not each.answer.done():
            each.answer.set_exception(Unavailable("the delivery could not be stored"))


def _tell(group: Sequence[_Waiting], received: Received) -> None:
    """Only the first of several deliveries of one id is the stored one."""
    fresh = set(received.fresh)
    for each in group:
        if each.arrival.id in fresh:
            fresh.discard(each.arrival.id)
            outcome = Outcome.STORED
        elif each.arrival.shop in received.known:
            outcome = Outcome.DUPLICATE
        else:
            outcome = Outcome.UNKNOWN_SHOP
        if not each.answer.done():
            each.answer.set_result(outcome)
