import pytest

from backend.errors import LeaseLost
from backend.jobs.leases import LEASE_SECONDS, Leases
from backend.models.job import Lease
from sandbox.clock import VirtualClock


async def test_one_owner_at_a_time(database: str) -> None:
    clock = VirtualClock()
    async with Leases(clock) as mine, Leases(clock) as other:
        assert await mine.take("connection:1:PRICE")
        assert not await other.take("connection:1:PRICE")
        assert await other.take("connection:1:STOCK")
        assert await mine.take("connection:1:PRICE")
        await mine.release("connection:1:PRICE")
        assert await other.take("connection:1:PRICE")


async def test_leaving_gives_everything_back(database: str) -> None:
    async with Leases(VirtualClock()) as leases:
        await leases.take("a")
        await leases.take("b")
        assert await Lease.all().count() == 2
    assert await Lease.all().count() == 0


async def test_an_expired_lease_is_taken_over_and_its_owner_notices(database: str) -> None:
    clock = VirtualClock()
    async with Leases(clock) as mine:
        assert await mine.take("job:1")
        mine.check()
        clock.advance(LEASE_SECONDS)
        with pytest.raises(LeaseLost):
            mine.check()
        async with Leases(clock) as other:
            assert await other.take("job:1")
            await mine.renew()
            with pytest.raises(LeaseLost, match="job:1"):
                mine.check()
            other.check()
            # Losing it must not take it from its new owner.
            await mine.release("job:1")
            assert (await Lease.get(resource="job:1")).owner == other.owner


async def test_renewing_keeps_it_for_as_long_as_the_work_lasts(database: str) -> None:
    clock = VirtualClock()
    async with Leases(clock) as mine, Leases(clock) as other:
        assert await mine.take("job:1")
        for _ in range(10):
            clock.advance(LEASE_SECONDS / 2)
            await mine.renew()
            mine.check()
        assert not await other.take("job:1")


async def test_an_owner_that_slept_through_its_lease_does_not_renew_it(database: str) -> None:
    clock = VirtualClock()
    async with Leases(clock) as mine:
        await mine.take("job:1")
        clock.advance(LEASE_SECONDS * 2)
        await mine.renew()
        with pytest.raises(LeaseLost):
            mine.check()
