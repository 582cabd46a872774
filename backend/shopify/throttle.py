"""Waiting for Shopify's rate limit: as long as needed and no longer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import uuid4

from backend.clock import Clock
from backend.errors import Throttled
from backend.shopify import bucket as leaky
from backend.shopify.bucket import (
    AGAIN_SECONDS,
    Bucket,
    Priority,
    Reservation,
    ReservationId,
    Spent,
    ThrottleStatus,
)


class Throttle(Protocol):
    """One bucket of one app and shop. Whoever sends a request reserves first and then settles, always."""

    async def reserve(self, cost: float, priority: Priority, patience: float) -> Reservation:
        """Wait until `cost` points may be spent and take them.

        Raises `Throttled` with `after` at once when that would take more than `patience` seconds: a worker is
        not kept asleep, the job comes back later.
        """
        ...

    async def settle(self, reservation: Reservation, spent: Spent) -> None:
        """The request is over, and this is what its answer tells of the bucket."""
        ...

    async def release(self, reservation: Reservation) -> None:
        """The request was never sent."""
        ...

    async def status(self) -> ThrottleStatus | None:
        """The bucket as it is believed to be now; None while nothing is known."""
        ...


def new_id() -> ReservationId:
    return ReservationId(uuid4().hex)


async def wait_for_turn(
    clock: Clock,
    ask: Callable[[float], Awaitable[float]],
    patience: float,
    pause: Callable[[float], Awaitable[None]],
) -> None:
    """Ask, with the patience that is left, until the answer is 0 seconds. Raises `Throttled` when it is more
    than that patience."""
    deadline = clock.monotonic() + patience
    while True:
        left = max(0.0, deadline - clock.monotonic())
        wait = await ask(left)
        if wait <= 0:
            return
        if wait > left:
            raise Throttled("the bucket does not hold enough points", after=wait)
        await pause(min(wait, AGAIN_SECONDS))


class LocalThrottle:
    """A bucket of this process alone. `single` lets one request at a time through: where other processes
    spend from the same bucket unseen, only the answer to the last request tells what is left."""

    def __init__(self, clock: Clock, *, single: bool = False) -> None:
        self._clock = clock
        self._single = single
        self._bucket = Bucket()
        self._changed = asyncio.Event()

    async def reserve(self, cost: float, priority: Priority, patience: float) -> Reservation:
        reservation_id = new_id()

        async def ask(left: float) -> float:
            now = self._clock.monotonic()
            current = leaky.forward(self._bucket, now)
            if self._single and current.reservations:
                return min(leaky.PROBED_SECONDS, left) or leaky.PROBED_SECONDS
            self._bucket, wait = leaky.reserve(current, reservation_id, cost, priority, left, now)
            return wait

        await wait_for_turn(self._clock, ask, patience, self._pause)
        return self._bucket.reservations[reservation_id]

    async def settle(self, reservation: Reservation, spent: Spent) -> None:
        self._bucket = leaky.settle(self._bucket, reservation, spent, self._clock.monotonic())
        self._wake()

    async def release(self, reservation: Reservation) -> None:
        self._bucket = leaky.release(self._bucket, reservation, self._clock.monotonic())
        self._wake()

    async def status(self) -> ThrottleStatus | None:
        return leaky.status(self._bucket, self._clock.monotonic())

    def holds(self, reservation: Reservation) -> bool:
        return reservation.id in self._bucket.reservations

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _pause(self, seconds: float) -> None:
        """Sleep; what comes back in the meantime may end it."""
        changed = asyncio.ensure_future(self._changed.wait())
        over = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait({changed, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()
            over.cancel()
