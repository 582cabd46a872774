import asyncio

import pytest

from backend.errors import Throttled
from backend.shopify.bucket import Priority, ThrottleStatus
from backend.shopify.throttle import LocalThrottle
from sandbox.clock import VirtualClock

STANDARD = ThrottleStatus(2000, 2000, 100)


async def known(clock: VirtualClock, status: ThrottleStatus = STANDARD) -> LocalThrottle:
    throttle = LocalThrottle(clock)
    probe = await throttle.reserve(1, Priority.BACKGROUND, 0)
    await throttle.settle(probe, status)
    return throttle


async def test_waits_exactly_as_long_as_the_bucket_needs() -> None:
    clock = VirtualClock()
    throttle = await known(clock, ThrottleStatus(2000, 0, 100))
    await clock.run_until(throttle.reserve(100, Priority.LIVE, 60))
    assert clock.monotonic() == pytest.approx(1.0)
    await clock.run_until(throttle.reserve(100, Priority.BACKGROUND, 60))
    assert clock.monotonic() == pytest.approx(6.0)


async def test_says_at_once_how_long_when_that_is_beyond_patience() -> None:
    clock = VirtualClock()
    throttle = await known(clock, ThrottleStatus(2000, 0, 100))
    with pytest.raises(Throttled) as refused:
        await throttle.reserve(900, Priority.LIVE, 5)
    assert refused.value.after == pytest.approx(9.0)
    assert clock.monotonic() == 0


async def test_people_pass_background_work() -> None:
    clock = VirtualClock()
    throttle = await known(clock, ThrottleStatus(2000, 300, 100))
    background = asyncio.ensure_future(throttle.reserve(200, Priority.BACKGROUND, 60))
    await asyncio.sleep(0)
    await throttle.reserve(200, Priority.INTERACTIVE, 0)
    assert not background.done()
    await clock.run_until(background)
    # 100 are left, 600 are needed: the kept fifth and its own 200.
    assert clock.monotonic() == pytest.approx(5.0)


async def test_one_probe_learns_the_size_while_the_others_wait() -> None:
    clock = VirtualClock()
    throttle = LocalThrottle(clock)
    assert await throttle.status() is None
    probe = await throttle.reserve(14, Priority.BACKGROUND, 5)
    waiting = [asyncio.ensure_future(throttle.reserve(14, Priority.BACKGROUND, 20)) for _ in range(3)]
    for _ in range(10):
        await asyncio.sleep(0)
    assert [each.done() for each in waiting] == [False, False, False]
    await throttle.settle(probe, ThrottleStatus(2000, 1986, 100))
    await asyncio.gather(*waiting)
    assert clock.monotonic() == 0
    assert await throttle.status() == ThrottleStatus(2000, 1986 - 3 * 14, 100)


async def test_the_next_probes_when_the_first_brings_no_figures() -> None:
    throttle = LocalThrottle(VirtualClock())
    probe = await throttle.reserve(14, Priority.BACKGROUND, 5)
    waiting = [asyncio.ensure_future(throttle.reserve(14, Priority.BACKGROUND, 20)) for _ in range(2)]
    await asyncio.sleep(0)
    await throttle.settle(probe, None)
    for _ in range(10):
        await asyncio.sleep(0)
    assert sorted(each.done() for each in waiting) == [False, True]
    second = next(each for each in waiting if each.done()).result()
    await throttle.release(second)
    await asyncio.gather(*waiting)


async def test_waiting_for_a_probe_ends_with_patience() -> None:
    clock = VirtualClock()
    throttle = LocalThrottle(clock)
    await throttle.reserve(14, Priority.BACKGROUND, 5)
    with pytest.raises(Throttled):
        await clock.run_until(throttle.reserve(14, Priority.BACKGROUND, 5))
    assert clock.monotonic() == pytest.approx(5.0)


async def test_a_lost_probe_is_replaced_after_its_reservation_expires() -> None:
    clock = VirtualClock()
    throttle = LocalThrottle(clock)
    await throttle.reserve(14, Priority.BACKGROUND, 5)
    await clock.run_until(throttle.reserve(14, Priority.BACKGROUND, 60))
    assert clock.monotonic() == pytest.approx(30.0)
