"""Waiting for Shopify's rate limit: as long as needed and no longer."""

import asyncio
from typing import Protocol

from backend.clock import Clock
from backend.errors import Throttled
from backend.shopify import bucket as leaky
from backend.shopify.bucket import Bucket, Priority, Reservation, ThrottleStatus


class Throttle(Protocol):
    """One bucket of one app and shop. Whoever sends a request reserves first and then settles, always."""

    async def reserve(self, cost: float, priority: Priority, patience: float) -> Reservation:
        """Wait until `cost` points may be spent and take them.

        Raises `Throttled` with `after` at once when that would take more than `patience` seconds: a worker is
        not kept asleep, the job comes back later.
        """
        ...

    async def settle(self, reservation: Reservation, status: ThrottleStatus | None) -> None:
        """The answer is here; None when it told nothing of the bucket."""
        ...

    async def release(self, reservation: Reservation) -> None:
        """The request was never sent."""
        ...

    async def status(self) -> ThrottleStatus | None:
        """The bucket as it is believed to be now; None while nothing is known."""
        ...


class LocalThrottle:
    """A bucket of this process alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._bucket = Bucket()
        self._probed = asyncio.Event()

    async def reserve(self, cost: float, priority: Priority, patience: float) -> Reservation:
        deadline = self._clock.monotonic() + patience
        while True:
            now = self._clock.monotonic()
            wait = leaky.seconds_until(self._bucket, cost, priority, now)
            if wait <= 0:
                self._bucket, reservation = leaky.reserve(self._bucket, cost, now)
                return reservation
            if self._bucket.maximum is None:
                if now >= deadline:
                    raise Throttled("the size of the bucket is not known yet", after=min(wait, 1.0))
                await self._probe(min(wait, deadline - now))
                continue
            if now + wait > deadline:
                raise Throttled("the bucket is empty", after=wait)
            await self._clock.sleep(wait)

    async def settle(self, reservation: Reservation, status: ThrottleStatus | None) -> None:
        self._bucket = leaky.settle(self._bucket, reservation, status, self._clock.monotonic())
        self._wake()

    async def release(self, reservation: Reservation) -> None:
        self._bucket = leaky.release(self._bucket, reservation, self._clock.monotonic())
        self._wake()

    async def status(self) -> ThrottleStatus | None:
        if self._bucket.maximum is None:
            return None
        now = leaky.forward(self._bucket, self._clock.monotonic())
        return ThrottleStatus(self._bucket.maximum, max(0.0, now.level), self._bucket.rate)

    def _wake(self) -> None:
        self._probed.set()
        self._probed = asyncio.Event()

    async def _probe(self, limit: float) -> None:
        """Wait until the request that asks for the bucket's size is back, `limit` seconds at most."""
        answered = asyncio.ensure_future(self._probed.wait())
        given_up = asyncio.ensure_future(self._clock.sleep(limit))
        try:
            await asyncio.wait({answered, given_up}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            answered.cancel()
            given_up.cancel()
