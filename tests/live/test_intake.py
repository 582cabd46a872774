"""Deliveries in groups: who waits for whom, what is committed when, and what an accident costs."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from tortoise.transactions import in_transaction

from backend.clock import SystemClock
from backend.database import connection, execute, rows
from backend.errors import Unavailable
from backend.live import intake as module
from backend.live.inbox import Arrival
from backend.live.intake import GATHER_SECONDS, MOST_IN_GROUP, Intake, Outcome
from backend.live.topics import Subject
from backend.models.live import PendingSubject, SubjectKind, Webhook
from backend.models.shop import Role, Shop
from sandbox.clock import VirtualClock

DOMAIN = "main.myshopify.com"


@dataclass(slots=True)
class Woken:
    """The messages sent, and how many deliveries the database had when each was."""

    calls: list[tuple[frozenset[UUID], float]] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)
    fails: bool = False
    some: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, shops: Sequence[UUID], *, delay: float) -> None:
        self.stored.append(await Webhook.all().count())
        self.calls.append((frozenset(shops), delay))
        self.some.set()
        if self.fails:
            raise ConnectionError("Redis is away")


def arrival(number: int, **given: Any) -> Arrival:
    facts: dict[str, Any] = {
        "event_id": "e",
        "shop": DOMAIN,
        "topic": "products/update",
        "triggered_at": SystemClock().now(),
        "subjects": (Subject(SubjectKind.PRODUCT, f"gid://shopify/Product/{number}"),),
    }
    return Arrival(id=f"w{number}", **(facts | given))


@pytest.fixture
async def shop(database: str) -> Shop:
    return await Shop.create(domain=DOMAIN, role=Role.MAIN)


async def until(true: Callable[[], bool]) -> None:
    """Lets everybody else go on until it is so."""
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)


async def test_what_comes_together_is_one_commit_and_one_message(shop: Shop) -> None:
    sizes: list[int] = []
    woken = Woken()
    async with Intake(SystemClock(), woken, sizes.append) as intake:
        outcomes = await asyncio.gather(*(intake.put(arrival(number)) for number in range(50)))
        await woken.some.wait()
    assert outcomes == [Outcome.STORED] * 50
    assert sizes == [50]
    assert woken.calls == [(frozenset({shop.id}), 0.0)]
    assert woken.stored == [50]
    assert await PendingSubject.all().count() == 50


async def test_a_group_waits_for_its_time_and_no_longer(shop: Shop) -> None:
    sizes: list[int] = []
    clock = VirtualClock()
    async with Intake(clock, Woken(), sizes.append) as intake:
        first = asyncio.create_task(intake.put(arrival(1)))
        await until(lambda: clock.next_wake() is not None)
        second = asyncio.create_task(intake.put(arrival(2)))
        await asyncio.sleep(0)
        clock.advance(GATHER_SECONDS)
        assert (await first, await second) == (Outcome.STORED, Outcome.STORED)
    assert sizes == [2]


async def test_a_full_group_does_not_wait_and_leaves_the_rest_to_the_next(shop: Shop) -> None:
    sizes: list[int] = []
    clock = VirtualClock()
    async with Intake(clock, Woken(), sizes.append) as intake:
        puts = [asyncio.create_task(intake.put(arrival(number))) for number in range(2 * MOST_IN_GROUP + 1)]
        # On this clock the time of a group never ends by itself.
        await until(lambda: clock.next_wake() is not None)
        waiting = {each for each in puts if not each.done()}
        assert sizes == [MOST_IN_GROUP] * 2
        assert len(waiting) == 1
        assert await Webhook.all().count() == 2 * MOST_IN_GROUP
    assert all(each.cancelled() for each in await settled(waiting))


async def settled(tasks: set[asyncio.Task[Outcome]]) -> set[asyncio.Task[Outcome]]:
    done, _ = await asyncio.wait(tasks, timeout=5)
    return done


async def test_nobody_is_answered_before_the_commit_and_the_next_group_gathers_meanwhile(shop: Shop) -> None:
    sizes: list[int] = []
    async with Intake(SystemClock(), Woken(), sizes.append) as intake:
        async with in_transaction() as other:
            await execute(other, "LOCK TABLE webhook IN EXCLUSIVE MODE")
            first = asyncio.create_task(intake.put(arrival(1)))
            await waits_for_lock()
            others = [asyncio.create_task(intake.put(arrival(number))) for number in range(2, 12)]
            await asyncio.sleep(3 * GATHER_SECONDS)
            assert not first.done()
            assert not any(each.done() for each in others)
            assert sizes == []
        assert await asyncio.gather(first, *others) == [Outcome.STORED] * 11
    assert sizes == [1, 10]


async def waits_for_lock() -> None:
    async with asyncio.timeout(10):
        while not await rows(connection(), "SELECT 1 FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_one_delivery_that_cannot_be_stored_takes_no_other_with_it(shop: Shop) -> None:
    bad = arrival(7, event_id="\x00")
    async with Intake(SystemClock(), Woken(), lambda _size: None) as intake:
        puts = [intake.put(bad if number == 7 else arrival(number)) for number in range(20)]
        outcomes = await asyncio.gather(*puts, return_exceptions=True)
    assert isinstance(outcomes.pop(7), Unavailable)
    assert outcomes == [Outcome.STORED] * 19
    assert {row.id for row in await Webhook.all()} == {f"w{number}" for number in range(20)} - {"w7"}


async def test_of_several_deliveries_of_one_id_one_is_the_stored_one(shop: Shop) -> None:
    async with Intake(SystemClock(), Woken(), lambda _size: None) as intake:
        together = await asyncio.gather(*(intake.put(arrival(1)) for _ in range(5)))
        again = await intake.put(arrival(1))
        stranger = await intake.put(arrival(2, shop="stranger.myshopify.com"))
    assert sorted(together) == [Outcome.DUPLICATE] * 4 + [Outcome.STORED]
    assert (again, stranger) == (Outcome.DUPLICATE, Outcome.UNKNOWN_SHOP)


async def test_two_processes_that_get_the_same_deliveries_do_not_wait_for_each_other_in_a_circle(
    shop: Shop,
) -> None:
    """Each has them in another order, and other ids about the same subjects."""
    subjects = [arrival(number).subjects for number in range(100)]
    async with (
        Intake(SystemClock(), Woken(), lambda _size: None) as one,
        Intake(SystemClock(), Woken(), lambda _size: None) as other,
    ):
        for round_ in range(5):
            both = [arrival(1000 * round_ + number, subjects=subjects[number]) for number in range(100)]
            outcomes = await asyncio.gather(
                *(one.put(each) for each in both),
                *(other.put(each) for each in reversed(both)),
                *(
                    other.put(arrival(1000 * round_ + 500 + number, subjects=subjects[99 - number]))
                    for number in range(100)
                ),
            )
            assert outcomes.count(Outcome.STORED) == 200
            assert outcomes.count(Outcome.DUPLICATE) == 100
    assert await Webhook.all().count() == 1000
    assert await PendingSubject.all().count() == 100


async def test_a_message_that_cannot_be_sent_is_nobody_elses_trouble(shop: Shop) -> None:
    woken = Woken(fails=True)
    async with Intake(SystemClock(), woken, lambda _size: None) as intake:
        assert await intake.put(arrival(1)) is Outcome.STORED
        await woken.some.wait()
        woken.some.clear()
        assert await intake.put(arrival(2)) is Outcome.STORED
        await woken.some.wait()
    assert woken.stored == [1, 2]


async def test_more_than_fit_in_line_are_sent_away_at_once(shop: Shop) -> None:
    async with Intake(SystemClock(), Woken(), lambda _size: None) as intake:
        async with in_transaction() as other:
            await execute(other, "LOCK TABLE webhook IN EXCLUSIVE MODE")
            first = asyncio.create_task(intake.put(arrival(0)))
            await waits_for_lock()
            line = [
                asyncio.create_task(intake.put(arrival(number)))
                for number in range(1, module.MOST_WAITING + 1)
            ]
            await asyncio.sleep(0)
            with pytest.raises(Unavailable):
                await intake.put(arrival(module.MOST_WAITING + 1))
        assert await first is Outcome.STORED
        assert set(await asyncio.gather(*line)) == {Outcome.STORED}
    assert await Webhook.all().count() == module.MOST_WAITING + 1
