import asyncio

import pytest

from backend.errors import Throttled
from backend.shopify.bucket import NOTHING_KNOWN, Priority, Spent, ThrottleStatus
from backend.shopify.throttle import LocalThrottle
from sandbox.clock import VirtualClock

STANDARD = ThrottleStatus(2000, 2000, 100)


async def known(clock: VirtualClock, status: ThrottleStatus = STANDARD) -> LocalThrottle:
    throttle = LocalThrottle(clock)
    probe = await throttle.reserve(1, Priority.BACKGROUND, 0)
    await throttle.settle(probe, Spent(1, status))
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
    await throttle.settle(probe, Spent(14, ThrottleStatus(2000, 1986, 100)))
    await asyncio.gather(*waiting)
    assert clock.monotonic() == 0
    assert await throttle.status() == ThrottleStatus(2000, 1986 - 3 * 14, 100)


async def test_the_next_probes_when_the_first_brings_no_figures() -> None:
    throttle = LocalThrottle(VirtualClock())
    probe = await throttle.reserve(14, Priority.BACKGROUND, 5)
    waiting = [asyncio.ensure_future(throttle.reserve(14, Priority.BACKGROUND, 20)) for _ in range(2)]
    await asyncio.sleep(0)
    await throttle.settle(probe, NOTHING_KNOWN)
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


async def test_a_429_keeps_everybody_out_until_its_time() -> None:
    clock = VirtualClock()
    throttle = await known(clock)
    sent = await throttle.reserve(10, Priority.LIVE, 0)
    await throttle.settle(sent, Spent(actual=0, closed_for=4))
    with pytest.raises(Throttled) as refused:
        await throttle.reserve(10, Priority.INTERACTIVE, 3)
    assert refused.value.after == pytest.approx(4.0)
    await clock.run_until(throttle.reserve(10, Priority.BACKGROUND, 5))
    assert clock.monotonic() == pytest.approx(4.0)


async def test_a_costly_request_is_not_passed_for_ever_by_cheap_ones() -> None:
    clock = VirtualClock()
    throttle = await known(clock, ThrottleStatus(2000, 400, 100))
    order: list[str] = []

    async def send(name: str, cost: float) -> None:
        await throttle.reserve(cost, Priority.BACKGROUND, 60)
        order.append(name)

    costly = asyncio.ensure_future(send("costly", 400))
    await asyncio.sleep(0)
    cheap = [asyncio.ensure_future(send(f"cheap {number}", 20)) for number in range(3)]
    await clock.run_until(asyncio.gather(costly, *cheap))
    assert order == ["costly", "cheap 0", "cheap 1", "cheap 2"]
    assert clock.monotonic() == pytest.approx(4.6)


async def test_one_request_at_a_time_where_others_spend_unseen() -> None:
    clock = VirtualClock()
    throttle = LocalThrottle(clock, single=True)
    first = await throttle.reserve(10, Priority.BACKGROUND, 5)
    waiting = [asyncio.ensure_future(throttle.reserve(10, Priority.LIVE, 20)) for _ in range(2)]
    for each in (first, None):
        for _ in range(10):
            await asyncio.sleep(0)
        done = [task for task in waiting if task.done()]
        if each is not None:
            assert done == []
            await throttle.settle(each, Spent(10, ThrottleStatus(2000, 1500, 100)))
        else:
            assert len(done) == 1
            await throttle.settle(done[0].result(), Spent(10, ThrottleStatus(2000, 1490, 100)))
    await asyncio.gather(*waiting)
    assert clock.monotonic() == 0
