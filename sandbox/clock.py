"""Where time comes from: the machine's clock, or one that stands still until it is moved."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class VirtualClock:
    """Hours in milliseconds: time moves only by advance(), advance_to_next() or run_until()."""

    def __init__(self, start: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), waiter))
        await waiter

    def next_wake(self) -> float | None:
        """When the earliest sleeper wakes, on the scale of monotonic(); None when nobody sleeps."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def advance(self, seconds: float) -> None:
        """Move on, waking in order everybody whose time comes."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._advance_to(self._elapsed + seconds)

    def advance_to_next(self) -> bool:
        """Move on to the earliest sleeper; False when nobody sleeps."""
        wake = self.next_wake()
        if wake is None:
            return False
        self._advance_to(wake)
        return True

    async def run_until(self, awaitable: Awaitable[T], settle: int = 50) -> T:
        """Await something, moving on to the earliest sleeper whenever the event loop has gone quiet.

        settle is how many turns of the loop count as quiet; work that waits for real input or output
        needs more.
        """
        task = asyncio.ensure_future(awaitable)
        while not task.done():
            for _ in range(settle):
                await asyncio.sleep(0)
                if task.done():
                    break
            else:
                self.advance_to_next()
        return await task

    def _advance_to(self, moment: float) -> None:
        while (wake := self.next_wake()) is not None and wake <= moment:
            _, _, waiter = heapq.heappop(self._sleepers)
            self._elapsed = max(self._elapsed, wake)
            waiter.set_result(None)
        self._elapsed = max(self._elapsed, moment)
