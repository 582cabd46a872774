"""Ids, clocks, the table and the bucket."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.bucket import Bucket, Tier
from sandbox.clock import VirtualClock
from sandbox.ids import IdSequence, gid, level_gid, parse_gid, parse_level_gid, split_gid
from sandbox.store.table import Table


def test_ids_ascend_and_soon_leave_what_a_double_can_hold() -> None:
    sequence = IdSequence()
    numbers = [sequence.next() for _ in range(1000)]
    assert numbers == sorted(set(numbers))
    assert numbers[0] < 2**53 < numbers[-1]
    assert any(int(float(number)) != number for number in numbers)


def test_two_sandboxes_give_the_same_ids() -> None:
    one, other = IdSequence(), IdSequence()
    assert [one.next() for _ in range(5)] == [other.next() for _ in range(5)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gid://shopify/Product/9007199254740993", ("Product", 9007199254740993)),
        ("gid://shopify/InventoryLevel/5?inventory_item_id=7", ("InventoryLevel", 5)),
        ("gid://shopify/Product/", None),
        ("gid://shopify/Product/x", None),
        ("gid://shopify/Product/²", None),
        ("gid://other/Product/1", None),
        ("17", None),
        ("", None),
        ("gid://shopify/Product/" + "9" * 40, None),
    ],
)
def test_only_a_global_id_is_read_as_one(text: str, expected: tuple[str, int] | None) -> None:
    assert split_gid(text) == expected


def test_an_id_of_another_kind_is_not_taken() -> None:
    assert parse_gid(gid("Product", 4), "Product") == 4
    assert parse_gid(gid("Product", 4), "ProductVariant") is None


def test_a_level_is_named_by_location_and_item() -> None:
    assert parse_level_gid(level_gid(12, 34)) == (12, 34)
    assert parse_level_gid(gid("InventoryLevel", 12)) is None


async def test_virtual_time_wakes_sleepers_in_order_at_their_moment() -> None:
    clock = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.monotonic()))

    tasks = [asyncio.ensure_future(sleeper("late", 30)), asyncio.ensure_future(sleeper("early", 10))]
    await asyncio.sleep(0)
    assert clock.next_wake() == 10
    assert clock.advance_to_next()
    await asyncio.sleep(0)
    assert woken == [("early", 10.0)]
    clock.advance(100)
    await asyncio.gather(*tasks)
    assert woken == [("early", 10.0), ("late", 110.0)]
    assert clock.now() == datetime(2026, 1, 1, 0, 1, 50, tzinfo=UTC)
    assert not clock.advance_to_next()


async def test_virtual_time_runs_by_itself_until_something_is_done() -> None:
    clock = VirtualClock()

    async def work() -> str:
        for _ in range(24):
            await clock.sleep(3600)
        return "done"

    assert await clock.run_until(work()) == "done"
    assert clock.monotonic() == 24 * 3600


def test_virtual_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="back"):
        VirtualClock().advance(-1)


@dataclass(eq=False)
class Thing:
    id: int
    updated_at: datetime


START = datetime(2026, 1, 1, tzinfo=UTC)


@given(
    st.lists(st.tuples(st.sampled_from(["add", "remove", "touch"]), st.integers(0, 30)), max_size=80),
    st.integers(-1, 31),
    st.integers(-1, 31),
    st.integers(0, 80),
)
def test_a_table_agrees_with_a_plain_dictionary(
    steps: list[tuple[str, int]], above: int, up_to: int, since: int
) -> None:
    table: Table[Thing] = Table()
    plain: dict[int, Thing] = {}
    for tick, (step, number) in enumerate(steps):
        now = START + timedelta(seconds=tick)
        match step:
            case "add" if number not in plain:
                plain[number] = Thing(number, now)
                table.add(plain[number])
            case "remove" if number in plain:
                table.remove(plain.pop(number))
            case "touch" if number in plain:
                plain[number].updated_at = now
                table.touched(plain[number])
    assert [row.id for row in table] == sorted(plain)
    inside = [number for number in sorted(plain) if above < number <= up_to]
    assert [row.id for row in table.ascending(above, up_to)] == inside
    down = [number for number in sorted(plain, reverse=True) if up_to <= number < above]
    assert [row.id for row in table.descending(above, up_to)] == down
    moment = START + timedelta(seconds=since)
    changed = [row.id for row in table.changed_since(moment)]
    assert sorted(changed) == sorted(row.id for row in plain.values() if row.updated_at >= moment)
    assert len(table) == len(plain)


def test_a_table_forgets_many_and_takes_one_back() -> None:
    table: Table[Thing] = Table()
    things = [Thing(number, START) for number in range(400)]
    for thing in things:
        table.add(thing)
    for thing in things[::2]:
        table.remove(thing)
    assert [row.id for row in table] == list(range(1, 400, 2))
    table.add(things[10])
    assert [row.id for row in table.ascending(8, 13)] == [9, 10, 11, 13]
    assert [row.id for row in table.descending(13, 8)] == [11, 10, 9]


def test_rows_may_go_while_they_are_read() -> None:
    table: Table[Thing] = Table()
    for number in range(10):
        table.add(Thing(number, START))
    seen = []
    for row in table:
        seen.append(row.id)
        if row.id + 1 in table:
            table.remove(table[row.id + 1])
    assert seen == [0, 2, 4, 6, 8]


def test_a_row_is_added_once() -> None:
    table: Table[Thing] = Table()
    table.add(Thing(1, START))
    with pytest.raises(ValueError, match="there already"):
        table.add(Thing(1, START))


@pytest.mark.parametrize(
    ("tier", "rate", "maximum"),
    [
        (Tier.STANDARD, 100, 2000),
        (Tier.ADVANCED, 200, 4000),
        (Tier.PLUS, 1000, 20000),
        (Tier.ENTERPRISE, 2000, 40000),
    ],
)
def test_the_bucket_of_each_plan(tier: Tier, rate: int, maximum: int) -> None:
    bucket = Bucket.full(tier, now=0.0)
    assert bucket.take(maximum, now=0.0)
    assert not bucket.take(1, now=0.0)
    assert bucket.available(now=1.0) == rate
    assert bucket.available(now=1000.0) == maximum


def test_a_refused_request_takes_nothing_and_a_refund_never_overfills() -> None:
    bucket = Bucket.full(Tier.STANDARD, now=0.0)
    assert bucket.take(1990, now=0.0)
    assert not bucket.take(11, now=0.0)
    assert bucket.available(now=0.0) == 10
    bucket.give_back(5000, now=0.0)
    assert bucket.available(now=0.0) == 2000


def test_a_clock_that_jumps_back_fills_nothing() -> None:
    bucket = Bucket.full(Tier.STANDARD, now=10.0)
    assert bucket.take(2000, now=10.0)
    assert bucket.available(now=5.0) == 0
    assert bucket.available(now=11.0) == 100
