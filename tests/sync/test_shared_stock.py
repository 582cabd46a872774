"""The law of the pool: whatever happens in which order, and whatever is lost, late or done twice, main ends
with what it began with plus everything that was sold, returned and counted anywhere, each booked once; and
every dependent shows main's number."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend.sync.writes import AdjustStock
from tests.sync.pool_world import LONGEST, MAPS, A, B, Dependent, Shop, World, X, Y

BUFFERS, CAPS = st.integers(0, 3), st.none() | st.integers(0, 12)
DELTAS = st.sampled_from([-5, -2, -1, -1, -1, 1, 4])


class PoolMachine(RuleBasedStateMachine):
    world: World

    @initialize(
        chosen=st.lists(st.tuples(st.sampled_from(MAPS), BUFFERS, CAPS), min_size=1, max_size=3),
        main=st.tuples(st.integers(0, 20), st.integers(-2, 10)),
    )
    def begin(self, chosen: list[Any], main: tuple[int, int]) -> None:
        self.world = World(chosen, {A: main[0], B: main[1]})

    def own(self, data: st.DataObject) -> Dependent:
        return data.draw(st.sampled_from(self.world.dependents))

    def shop(self, data: st.DataObject) -> Shop:
        return data.draw(st.sampled_from(list(self.world.shops())))

    @rule(place=st.sampled_from([A, B]), delta=DELTAS)
    def main_sells(self, place: Any, delta: int) -> None:
        self.world.happens(self.world.main, place, delta)

    @rule(data=st.data(), delta=DELTAS)
    def dependent_sells(self, data: st.DataObject, delta: int) -> None:
        own = self.own(data)
        self.world.happens(own, data.draw(st.sampled_from(sorted(own.levels))), delta)

    @rule(data=st.data())
    def look(self, data: st.DataObject) -> None:
        self.world.look(self.shop(data))

    @rule(data=st.data(), sampled=st.booleans())
    def begin_reading(self, data: st.DataObject, sampled: bool) -> None:
        shop = self.shop(data)
        self.world.begin_reading(shop)
        if sampled:
            self.world.sample(shop.readings[-1], shop)

    @precondition(lambda self: any(shop.readings for shop in self.world.shops()))
    @rule(data=st.data())
    def go_on_reading(self, data: st.DataObject) -> None:
        open_ones = [(shop, each) for shop in self.world.shops() for each in shop.readings]
        shop, reading = data.draw(st.sampled_from(open_ones))
        if reading.sample is None:
            self.world.sample(reading, shop)
        else:
            self.world.end_reading(reading, shop)

    @rule(data=st.data())
    def plan(self, data: st.DataObject) -> None:
        self.world.plan(self.own(data))

    @rule(data=st.data())
    def plan_and_send(self, data: st.DataObject) -> None:
        own = self.own(data)
        self.world.plan(own)
        self.world.send(own)

    @precondition(lambda self: any(own.planned for own in self.world.dependents))
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        self.world.send(self.own(data))

    @precondition(lambda self: any(own.calls for own in self.world.dependents))
    @rule(data=st.data(), steps=st.integers(1, 3))
    def go_on_calling(self, data: st.DataObject, steps: int) -> None:
        """Takes effect, is answered, is settled: as far as it gets before something else happens."""
        open_ones = [(own, call) for own in self.world.dependents for call in own.calls]
        own, call = data.draw(st.sampled_from(open_ones))
        for _ in range(steps):
            if call in own.calls:
                self.world.go_on(call, own)

    @precondition(lambda self: any(own.calls for own in self.world.dependents))
    @rule(data=st.data(), early=st.booleans(), first=st.booleans())
    def call_overlaps_a_reading(self, data: st.DataObject, early: bool, first: bool) -> None:
        """What is read of a shop while it is written to, from before the write takes effect or after; stored
        first, or settled first."""
        open_ones = [(own, call) for own in self.world.dependents for call in own.calls]
        own, call = data.draw(st.sampled_from(open_ones))
        shop = self.world.main if isinstance(call.write, AdjustStock) else own
        self.world.begin_reading(shop)
        reading = shop.readings[-1]
        if early:
            self.world.sample(reading, shop)
        self.world.go_on(call, own)
        if not early:
            self.world.sample(reading, shop)
        if first:
            self.world.end_reading(reading, shop)
        self.world.finish(call, own)
        if not first:
            self.world.end_reading(reading, shop)

    @precondition(lambda self: any(own.calls for own in self.world.dependents))
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        """The worker dies: reads are forgotten, answers that nobody wrote down are asked for again, under the
        same key; what was planned is there still."""
        for shop in self.world.shops():
            shop.readings.clear()
        for own in self.world.dependents:
            for call in own.calls:
                call.answered = None
        if data.draw(st.booleans()):
            for own in self.world.dependents:
                for call in list(own.calls):
                    self.world.replay(call, own)

    @rule(data=st.data(), buffer=BUFFERS, cap=CAPS)
    def settings_change(self, data: st.DataObject, buffer: int, cap: int | None) -> None:
        self.world.choose(self.own(data), buffer, cap)

    @invariant()
    def nothing_is_planned_from_the_past(self) -> None:
        if hasattr(self, "world"):
            self.world.check()

    @rule()
    def rest(self) -> None:
        self.check()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.check()

    def check(self) -> None:
        self.world.settle_down()
        main = self.world.main.levels
        assert sum(main.values()) == self.world.pool
        for own in self.world.dependents:
            assert own.levels == own.should_show(main)


LONG = settings(
    max_examples=40,
    stateful_step_count=50,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_pool() -> None:
    run_state_machine_as_test(PoolMachine, settings=LONG)


def world(*dependents: tuple[int, int, int | None], a: int = 10, b: int = 0) -> World:
    return World([(MAPS[index], buffer, cap) for index, buffer, cap in dependents], {A: a, B: b})


def test_sale_in_one_dependent_reaches_main_and_the_other() -> None:
    pool = world((0, 0, None), (1, 2, 5))
    first, second = pool.dependents
    assert (first.levels, second.levels) == ({X: 10}, {X: 5})
    pool.happens(first, X, -6)
    pool.settle_down()
    assert (pool.main.levels, first.levels, second.levels) == ({A: 4, B: 0}, {X: 4}, {X: 2})


def test_sales_at_the_same_time_all_count() -> None:
    pool = world((0, 0, None), (0, 0, None))
    first, second = pool.dependents
    pool.happens(first, X, -2)
    pool.happens(second, X, -3)
    pool.happens(pool.main, A, -1)
    pool.settle_down()
    assert (pool.main.levels, first.levels, second.levels) == ({A: 4, B: 0}, {X: 4}, {X: 4})


def test_sale_between_plan_and_write_is_not_overwritten() -> None:
    pool = world((0, 0, None))
    (own,) = pool.dependents
    pool.happens(pool.main, A, -1)
    pool.look(pool.main)
    pool.plan(own)
    pool.happens(own, X, -1)
    pool.send(own)
    (call,) = own.calls
    pool.finish(call, own)
    assert own.levels == {X: 9}, "the write was stale, though the number is the one it would have written"
    pool.settle_down()
    assert (pool.main.levels, own.levels) == ({A: 8, B: 0}, {X: 8})


def test_booking_whose_answer_was_lost_counts_once() -> None:
    pool = world((0, 0, None))
    (own,) = pool.dependents
    pool.happens(own, X, -4)
    pool.look(own)
    pool.plan(own)
    pool.send(own)
    (call,) = own.calls
    pool.execute(call, own)
    pool.look(own)
    pool.plan(own)
    assert own.planned == [], "nothing is planned while an answer is open"
    pool.settle_down()
    assert (pool.main.levels, own.levels) == ({A: 6, B: 0}, {X: 6})


def test_read_that_saw_the_level_before_our_write_is_no_sale() -> None:
    pool = world((0, 0, None))
    (own,) = pool.dependents
    pool.happens(pool.main, A, 5)
    pool.look(pool.main)
    pool.plan(own)
    pool.send(own)
    pool.begin_reading(own)
    (reading,) = own.readings
    pool.sample(reading, own)
    (call,) = own.calls
    pool.finish(call, own)
    pool.end_reading(reading, own)
    pool.plan(own)
    assert (own.planned, own.levels) == ([], {X: 15})


def test_booking_that_a_read_has_already_seen_is_not_added_to_it() -> None:
    pool = world((0, 0, None))
    (own,) = pool.dependents
    pool.happens(own, X, 4)
    pool.look(own)
    pool.plan(own)
    pool.send(own)
    (call,) = own.calls
    pool.execute(call, own)
    pool.look(pool.main)
    pool.answer(call)
    pool.settle(call, own)
    assert pool.main.known == pool.main.levels == {A: 14, B: 0}


def test_main_read_before_a_booking_and_stored_after_it_is_the_past() -> None:
    """The dependent would get back what it has sold."""
    pool = world((0, 0, None))
    (own,) = pool.dependents
    pool.happens(own, X, -2)
    pool.look(own)
    pool.plan(own)
    pool.send(own)
    pool.begin_reading(pool.main)
    (reading,) = pool.main.readings
    pool.sample(reading, pool.main)
    (call,) = own.calls
    pool.finish(call, own)
    pool.end_reading(reading, pool.main)
    pool.plan(own)
    assert (pool.main.known, own.planned, own.levels) == ({A: 8, B: 0}, [], {X: 8})


def test_main_read_before_a_booking_and_stored_before_its_answer_is_the_past() -> None:
    pool = world((0, 0, None))
    (own,) = pool.dependents
    pool.happens(own, X, -2)
    pool.look(own)
    pool.plan(own)
    pool.send(own)
    pool.look(pool.main)
    (call,) = own.calls
    pool.finish(call, own)
    pool.plan(own)
    assert (pool.main.known, own.planned) == ({A: 8, B: 0}, [])


def test_sale_that_is_read_before_our_answer_comes_is_booked() -> None:
    pool = world((0, 0, None))
    (own,) = pool.dependents
    pool.happens(pool.main, A, -1)
    pool.look(pool.main)
    pool.plan(own)
    pool.send(own)
    (call,) = own.calls
    pool.execute(call, own)
    pool.happens(own, X, -3)
    pool.look(own)
    pool.finish(call, own)
    assert own.known == {X: 9}, "what was read meanwhile is not stored; the look is made again"
    pool.look(own)
    pool.plan(own)
    assert [(change.before, change.after) for change in own.planned] == [(9, 6)]
    pool.settle_down()
    assert (pool.main.levels, own.levels) == ({A: 6, B: 0}, {X: 6})


def test_booking_that_nobody_heard_of_for_long_is_read_and_not_reckoned() -> None:
    pool = world((0, 0, None))
    (own,) = pool.dependents
    pool.happens(own, X, -2)
    pool.look(own)
    pool.plan(own)
    pool.send(own)
    (call,) = own.calls
    pool.clock += LONGEST
    pool.look(pool.main)
    pool.go_on(call, own)
    pool.plan(own)
    assert (pool.main.known, pool.main.levels, own.planned) == ({A: 8, B: 0}, {A: 8, B: 0}, [])


def test_two_targets_book_into_their_own_sources() -> None:
    pool = world((2, 0, None), a=5, b=7)
    (own,) = pool.dependents
    pool.happens(own, X, -1)
    pool.happens(own, Y, -2)
    pool.settle_down()
    assert pool.main.levels == {A: 4, B: 5}
