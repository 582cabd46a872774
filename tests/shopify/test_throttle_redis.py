"""One bucket for many processes, in a real Redis, on a virtual clock; and what happens without Redis."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from backend.errors import Throttled
from backend.shopify import throttle_redis
from backend.shopify.bucket import NOTHING_KNOWN, Priority, Spent, ThrottleStatus
from backend.shopify.throttle import Throttle
from backend.shopify.throttle_redis import Throttles, bucket_key, connect
from dev.valkey import Valkey
from sandbox.bucket import Bucket, Tier
from tests.shopify.racing import RacingClock, Server

APP = "client-of-the-tests"
SHOP = "main-shop.myshopify.com"
KEY = bucket_key(APP, SHOP)
FULL = ThrottleStatus(2000, 2000, 100)


@asynccontextmanager
async def processes(url: str, clock: RacingClock, count: int) -> AsyncIterator[list[Throttle]]:
    """The same shop's throttle in `count` processes: each has its own connections and its own state."""
    clients: list[Redis] = [connect(url) for _ in range(count)]
    yield [Throttles(client, APP, clock).throttle_for(SHOP) for client in clients]
    for client in clients:
        await client.aclose()


@pytest.fixture
def redis_url(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """One that is there all the time, and may be late where the machine is busy."""
    monkeypatch.setattr(throttle_redis, "ANSWER_SECONDS", 10.0)
    return redis_url


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[Valkey]:
    """A Redis that the test may stop and start."""
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.stop()


def a_random() -> random.Random:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (a failure must be repeatable)
    return random.Random(seed)


@contextmanager
def silent(server: Valkey) -> Iterator[None]:
    """The server keeps its connections and answers nothing."""
    os.kill(server.child.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.child.pid, signal.SIGCONT)


async def learn(throttle: Throttle, status: ThrottleStatus = FULL) -> None:
    probe = await throttle.reserve(1, Priority.BACKGROUND, 0)
    await throttle.settle(probe, Spent(1, status))


async def test_what_one_process_reserves_the_other_cannot(redis_url: str) -> None:
    clock = RacingClock()
    async with processes(redis_url, clock, 2) as (one, other):
        await learn(one)
        assert await other.status() == FULL
        mine = await one.reserve(1500, Priority.BACKGROUND, 0)
        with pytest.raises(Throttled) as refused:
            await other.reserve(200, Priority.BACKGROUND, 0)
        assert refused.value.after == pytest.approx(1.0)
        theirs = await other.reserve(200, Priority.LIVE, 0)
        await one.settle(mine, Spent(500, ThrottleStatus(2000, 1300, 100)))
        await other.release(theirs)
        assert await one.status() == await other.status() == ThrottleStatus(2000, 1500, 100)


async def test_the_other_process_waits_for_the_probe_of_the_first(redis_url: str) -> None:
    clock = RacingClock()
    async with processes(redis_url, clock, 2) as (one, other):
        assert await one.status() is None
        probe = await one.reserve(10, Priority.BACKGROUND, 0)

        async def probing() -> None:
            await clock.sleep(1.0)
            await one.settle(probe, Spent(10, FULL))

        async def waiting() -> None:
            await other.reserve(10, Priority.BACKGROUND, 5)

        await clock.race([probing(), waiting()])
        assert clock.monotonic() == pytest.approx(1.0, abs=0.11)


async def test_a_refusal_seen_by_one_process_holds_back_the_others(redis_url: str) -> None:
    clock = RacingClock()
    async with processes(redis_url, clock, 2) as (one, other):
        await learn(one)
        refused = await one.reserve(100, Priority.BACKGROUND, 0)
        await one.settle(refused, Spent(0, ThrottleStatus(2000, 50, 100)))
        with pytest.raises(Throttled) as empty:
            await other.reserve(100, Priority.LIVE, 0)
        assert empty.value.after == pytest.approx(0.5)
        clock.advance(60)
        refused = await one.reserve(100, Priority.BACKGROUND, 0)
        await one.settle(refused, Spent(0, closed_for=30))
        with pytest.raises(Throttled) as closed:
            await other.reserve(1, Priority.INTERACTIVE, 5)
        assert closed.value.after == pytest.approx(30)


async def test_shops_and_apps_have_buckets_of_their_own(redis_url: str) -> None:
    clock = RacingClock()
    client = connect(redis_url)
    mine = Throttles(client, APP, clock)
    assert mine.throttle_for(SHOP) is mine.throttle_for(SHOP)
    await learn(mine.throttle_for(SHOP), ThrottleStatus(2000, 0, 100))
    for free in (
        mine.throttle_for("other.myshopify.com"),
        Throttles(client, "another-app", clock).throttle_for(SHOP),
    ):
        assert await free.status() is None
        await free.reserve(100, Priority.BACKGROUND, 0)
    await client.aclose()


@pytest.mark.parametrize("tier", [Tier.STANDARD, Tier.PLUS])
async def test_eight_workers_of_two_processes_use_the_rate_and_are_not_refused(
    redis_url: str, tier: Tier
) -> None:
    rng = a_random()
    clock = RacingClock()
    server = Server(clock, Bucket.full(tier, 0.0), rng)
    end, ends = 60.0, []
    async with processes(redis_url, clock, 2) as throttles:

        async def worker(throttle: Throttle) -> None:
            while clock.monotonic() < end:
                cost = rng.randint(10, 60) * tier.restore_rate // 100
                await server.call(throttle, cost, rng.randint(cost // 2, cost), Priority.BACKGROUND)
            ends.append(clock.monotonic())

        await clock.race([worker(throttles[number % 2]) for number in range(8)])
    assert server.requests > 100
    assert server.throttled == 0
    # Four fifths of a full bucket and what comes in: all there is for background work.
    assert server.used >= 0.95 * (0.8 * tier.maximum + tier.restore_rate * end)
    assert server.bucket.level <= tier.maximum * 0.4


async def test_work_for_people_does_not_wait_behind_a_full_sync(redis_url: str) -> None:
    rng = a_random()
    clock = RacingClock()
    server = Server(clock, Bucket.full(Tier.STANDARD, 0.0), rng)
    waits: list[float] = []
    async with processes(redis_url, clock, 2) as throttles:

        async def syncing(throttle: Throttle) -> None:
            while clock.monotonic() < 60.0:
                await server.call(throttle, 50, 50, Priority.BACKGROUND)

        async def live() -> None:
            while clock.monotonic() < 60.0:
                await clock.sleep(2.0)
                waits.append(await server.call(throttles[0], 60, 60, Priority.LIVE))

        await clock.race([*(syncing(throttles[number % 2]) for number in range(6)), live()])
    assert len(waits) > 20
    # The first one may come while the size is being learnt; none waits for the bucket to refill.
    assert max(waits) <= 0.11
    assert server.throttled == 0


async def test_a_costly_request_gets_its_turn_among_cheap_ones_of_another_process(redis_url: str) -> None:
    clock = RacingClock()
    rng = random.Random(5)
    server = Server(clock, Bucket.full(Tier.STANDARD, 0.0), rng)
    waits: list[float] = []
    async with processes(redis_url, clock, 2) as (one, other):

        async def cheap() -> None:
            while clock.monotonic() < 60.0:
                await server.call(one, 20, 20, Priority.BACKGROUND)

        async def costly() -> None:
            await clock.sleep(30.0)
            waits.append(await server.call(other, 400, 400, Priority.BACKGROUND))

        await clock.race([*(cheap() for _ in range(4)), costly()])
    # 400 points at 100 a second, and the few cheap ones that were there before.
    assert waits == [pytest.approx(4.4, abs=0.5)]


async def test_a_flushed_redis_is_learnt_again(redis_url: str) -> None:
    clock = RacingClock()
    async with processes(redis_url, clock, 2) as (one, other):
        await learn(one)
        lost = await one.reserve(100, Priority.BACKGROUND, 0)
        async with Redis.from_url(redis_url) as client:
            await client.flushall()
        assert await other.status() is None
        await one.settle(lost, Spent(100, ThrottleStatus(2000, 1400, 100)))
        assert await other.status() == ThrottleStatus(2000, 1400, 100)
        with pytest.raises(Throttled):
            await other.reserve(1500, Priority.LIVE, 0)


async def test_without_redis_one_request_at_a_time_and_with_it_again_by_itself(own_redis: Valkey) -> None:
    clock = RacingClock()
    async with processes(own_redis.url, clock, 1) as (throttle,):
        await learn(throttle)
        in_redis = await throttle.reserve(10, Priority.BACKGROUND, 0)
        own_redis.child.stop()
        await throttle.settle(in_redis, Spent(10, ThrottleStatus(2000, 600, 100)))
        alone = await throttle.reserve(10, Priority.BACKGROUND, 0)
        with pytest.raises(Throttled):
            await throttle.reserve(10, Priority.INTERACTIVE, 0)
        await throttle.settle(alone, Spent(10, ThrottleStatus(2000, 590, 100)))
        assert await throttle.status() == ThrottleStatus(2000, 590, 100)
        released = await throttle.reserve(10, Priority.BACKGROUND, 0)
        await throttle.release(released)

        own_redis.start()
        still_alone = await throttle.reserve(10, Priority.BACKGROUND, 0)
        await throttle.settle(still_alone, Spent(10, ThrottleStatus(2000, 580, 100)))
        clock.advance(1.0)
        probe = await throttle.reserve(10, Priority.BACKGROUND, 0)
        async with Redis.from_url(own_redis.url) as client:
            assert await client.exists(KEY) == 1
        await throttle.settle(probe, Spent(10, ThrottleStatus(2000, 570, 100)))
        assert await throttle.status() == ThrottleStatus(2000, 570, 100)


async def test_what_was_spent_without_redis_is_not_believed_to_be_there_still(own_redis: Valkey) -> None:
    """The other process saw nothing of it: its bucket has refilled in the meantime."""
    clock = RacingClock()
    async with processes(own_redis.url, clock, 2) as (one, other):
        await learn(one)
        with silent(own_redis):
            alone = await one.reserve(100, Priority.BACKGROUND, 0)
        await one.settle(alone, Spent(100, ThrottleStatus(2000, 100, 100)))
        clock.advance(1.0)
        probe = await one.reserve(10, Priority.BACKGROUND, 0)
        with pytest.raises(Throttled):
            await other.reserve(10, Priority.LIVE, 0)
        await one.settle(probe, NOTHING_KNOWN)
        assert await other.status() is None


async def test_a_silent_redis_delays_a_request_by_half_a_second_at_most(own_redis: Valkey) -> None:
    clock = RacingClock()
    async with processes(own_redis.url, clock, 1) as (throttle,):
        await learn(throttle)
        with silent(own_redis):
            loop = asyncio.get_running_loop()
            began = loop.time()
            reservation = await throttle.reserve(10, Priority.BACKGROUND, 0)
            first = loop.time() - began
            await throttle.release(reservation)
            began = loop.time()
            await throttle.release(await throttle.reserve(10, Priority.BACKGROUND, 0))
            second = loop.time() - began
    assert second < 0.4 <= first < 5.0
