"""Many tasks on a virtual clock that also wait for a real Redis: time moves on when all of them sleep."""

import asyncio
import random
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.shopify.bucket import Priority, Spent, ThrottleStatus
from backend.shopify.throttle import Throttle
from sandbox.bucket import Bucket
from sandbox.clock import VirtualClock


class RacingClock(VirtualClock):
    """Counts the sleepers."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep = 0

    async def sleep(self, seconds: float) -> None:
        self.asleep += 1
        try:
            await super().sleep(seconds)
        finally:
            self.asleep -= 1

    async def race(self, work: Sequence[Coroutine[Any, Any, None]]) -> None:
        """Run to the end what never waits for anything but this clock and real input or output."""
        tasks = [asyncio.ensure_future(each) for each in work]
        try:
            while running := [task for task in tasks if not task.done()]:
                if self.asleep == len(running):
                    self.advance_to_next()
                await asyncio.sleep(0)
        finally:
            for task in tasks:
                task.cancel()
        for task in tasks:
            task.result()


@dataclass(slots=True)
class Server:
    """Shopify's side of one bucket, as the sandbox keeps it; `latency` is one way, in seconds, at most."""

    clock: RacingClock
    bucket: Bucket
    rng: random.Random
    latency: float = 0.05
    used: int = 0
    requests: int = 0
    throttled: int = 0
    by_priority: dict[Priority, int] = field(default_factory=dict)

    async def call(self, throttle: Throttle, cost: int, actual: int, priority: Priority) -> float:
        """One request until it has run; answers the seconds it waited for its points."""
        began = self.clock.monotonic()
        while True:
            reservation = await throttle.reserve(cost, priority, 1000.0)
            waited = self.clock.monotonic() - began
            await self.clock.sleep(self.rng.uniform(0, self.latency))
            now = self.clock.monotonic()
            self.requests += 1
            ran = self.bucket.take(cost, now)
            if ran:
                self.bucket.give_back(cost - actual, now)
                self.used += actual
                self.by_priority[priority] = self.by_priority.get(priority, 0) + 1
            else:
                self.throttled += 1
            tier = self.bucket.tier
            told = ThrottleStatus(tier.maximum, self.bucket.available(now), tier.restore_rate)
            await self.clock.sleep(self.rng.uniform(0, self.latency))
            await throttle.settle(reservation, Spent(actual if ran else 0, told))
            if ran:
                return waited
