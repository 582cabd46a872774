"""One bucket of an app and shop for all processes, in Redis; a careful one of the process's own while Redis
is away.

Redis holds nothing here that must not be lost: a bucket that is missing is learnt again by one request.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from backend.clock import Clock
from backend.shopify.bucket import Priority, Reservation, Spent, ThrottleStatus
from backend.shopify.throttle import LocalThrottle, Throttle, new_id, wait_for_turn

log = structlog.get_logger(__name__)

SCRIPT = (Path(__file__).parent / "lua" / "bucket.lua").read_text(encoding="utf-8")
# Redis answers within a millisecond; whoever waits for it longer than this had better do without.
ANSWER_SECONDS = 0.25
AWAY_SECONDS = 1.0
MOST_CONNECTIONS = 256


class RedisAway(Exception):  # noqa: N818
    """Redis does not answer, or has not a moment ago."""


def connect(url: str) -> Redis:
    """A client that gives up soon. One repetition gets over a connection that Redis closed, and over an event
    loop that was busy for longer than the timeout; the scripts can be repeated without effect."""
    return Redis.from_url(
        url,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
        max_connections=MOST_CONNECTIONS,
    )


@dataclass(slots=True)
class Scripts:
    """The way to Redis that all buckets of a process share: while it is away, one of them tries once a
    second."""

    redis: Redis
    clock: Clock
    away_until: float | None = None
    _script: AsyncScript = field(init=False)

    def __post_init__(self) -> None:
        self._script = self.redis.register_script(SCRIPT)

    async def run(self, key: str, action: str, *arguments: float | str | None) -> list[float]:
        """The answer of the script. Raises `RedisAway`."""
        if self.away_until is not None:
            if self.clock.monotonic() < self.away_until:
                raise RedisAway
            self.away_until = self.clock.monotonic() + AWAY_SECONDS
        values = ["" if each is None else _exactly(each) for each in arguments]
        now = _exactly(self.clock.now().timestamp())
        try:
            answer: Any = await self._script(keys=[key], args=[now, action, *values])
        except (RedisError, OSError) as error:
            if self.away_until is None:
                log.warning("throttle.redis_away", error=type(error).__name__)
            self.away_until = self.clock.monotonic() + AWAY_SECONDS
            raise RedisAway from None
        if self.away_until is not None:
            log.info("throttle.redis_back")
            self.away_until = None
        return [float(each) for each in answer] if isinstance(answer, list) else []


class RedisThrottle:
    """`key` names the bucket. The clock's time of day goes into the scripts: it is the time that processes
    and machines have in common."""

    def __init__(self, scripts: Scripts, key: str) -> None:
        self._scripts = scripts
        self._clock = scripts.clock
        self._key = key
        self._alone = LocalThrottle(scripts.clock, single=True)
        self._strayed = False

    async def reserve(self, cost: float, priority: Priority, patience: float) -> Reservation:
        reservation_id = new_id()
        before = 0.0

        async def ask(left: float) -> float:
            nonlocal before
            wait, before = await self._run("reserve", reservation_id, cost, int(priority), left)
            return wait

        deadline = self._clock.monotonic() + patience
        try:
            await wait_for_turn(self._clock, ask, patience, self._clock.sleep)
        except RedisAway:
            left = max(0.0, deadline - self._clock.monotonic())
            self._strayed = True
            return await self._alone.reserve(cost, priority, left)
        return Reservation(reservation_id, cost, expires=0.0, before=before)

    async def settle(self, reservation: Reservation, spent: Spent) -> None:
        if self._alone.holds(reservation):
            await self._alone.settle(reservation, spent)
            return
        status = spent.status
        figures = (None, None, None) if status is None else (status.maximum, status.available, status.rate)
        try:
            await self._run(
                "settle",
                reservation.id,
                reservation.cost,
                reservation.before,
                spent.actual,
                spent.closed_for,
                *figures,
            )
        except RedisAway:
            # What this process learns while it is on its own counts there.
            await self._alone.settle(reservation, spent)

    async def release(self, reservation: Reservation) -> None:
        if self._alone.holds(reservation):
            await self._alone.release(reservation)
        else:
            await self.settle(reservation, Spent(actual=0.0))

    async def status(self) -> ThrottleStatus | None:
        try:
            figures = await self._run("status")
        except RedisAway:
            return await self._alone.status()
        return ThrottleStatus(*figures) if figures else None

    async def _run(self, action: str, *arguments: float | str | None) -> list[float]:
        """A bucket that this process spent from without saying so is worth nothing: it is learnt again."""
        if self._strayed:
            await self._scripts.run(self._key, "forget")
            self._strayed = False
        return await self._scripts.run(self._key, action, *arguments)


@dataclass(slots=True)
class Throttles:
    """The buckets of one app. `app` is its client id."""

    redis: Redis
    app: str
    clock: Clock
    _scripts: Scripts = field(init=False, repr=False)
    _by_shop: dict[str, RedisThrottle] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self._scripts = Scripts(self.redis, self.clock)

    def throttle_for(self, domain: str) -> Throttle:
        """The bucket of the shop with this myshopify.com domain; the same object every time."""
        found = self._by_shop.get(domain)
        if found is None:
            found = RedisThrottle(self._scripts, bucket_key(self.app, domain))
            self._by_shop[domain] = found
        return found


ThrottleFor = Callable[[str], Throttle]


def bucket_key(app: str, domain: str) -> str:
    return f"throttle:1:{app}:{domain}"


def _exactly(value: float | str) -> str:
    """The number with every digit of its double; text as it is."""
    return value if isinstance(value, str) else repr(float(value))
