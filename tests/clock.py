"""The machine's clock, for tests of what happens later."""

import asyncio
from datetime import datetime, timedelta

from backend.clock import SystemClock


class ShiftedClock(SystemClock):
    """Moved ahead by as much as a test likes; whoever sleeps until then wakes."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    @property
    def ahead(self) -> float:
        """Seconds before the machine's clock."""
        return self._ahead

    @ahead.setter
    def ahead(self, seconds: float) -> None:
        self._ahead = seconds
        for until, event in self._sleepers:
            if until <= self.monotonic():
                event.set()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead

    @property
    def sleeping(self) -> bool:
        """Whether somebody waits for time to pass."""
        return any(not event.is_set() for _, event in self._sleepers)

    async def sleep(self, seconds: float) -> None:
        """Until the machine's time or the test's has passed."""
        event = asyncio.Event()
        sleeper = (self.monotonic() + seconds, event)
        self._sleepers.append(sleeper)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            self._sleepers.remove(sleeper)
