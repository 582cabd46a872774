"""The engine in the life that it leads: edits on both sides; events lost, doubled and late; reads and calls
that overlap, are throttled, die half-way; the app taken off and put back; settings that change."""

from dataclasses import replace
from decimal import Decimal
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

from backend.sync.catalog import ProductId
from backend.sync.settings import DetailField, PriceRules, ProductScope, StockMode, SyncSettings
from tests.sync.factories import HERE, THERE
from tests.sync.live_world import ANNEX, OWN, LiveWorld

MASKED = frozenset(DetailField) - {DetailField.VENDOR, DetailField.HANDLE}
CHOICES = st.builds(
    SyncSettings,
    products=st.just(ProductScope.MATCHED),
    details=st.booleans(),
    prices=st.booleans(),
    quantities=st.booleans(),
    fields=st.just(MASKED),
    price_rules=st.sampled_from([PriceRules(), PriceRules(percent=Decimal(10))]),
    stock_mode=st.sampled_from(StockMode),
    stock_buffer=st.integers(0, 2),
    stock_cap=st.none() | st.integers(2, 9),
)
SIDES = st.sampled_from(["main", "dependent"])
TIMES = st.sampled_from([0, 1, 1, 1, 2, 3])
DELTAS = st.sampled_from([-4, -2, -1, -1, 3])


class LiveMachine(RuleBasedStateMachine):
    world: LiveWorld

    @initialize(products=st.integers(1, 2), chosen=CHOICES)
    def begin(self, products: int, chosen: SyncSettings) -> None:
        self.world = LiveWorld(products)
        self.world.settings = chosen
        self.own_vendor = dict.fromkeys(self.world.links, "Dependent")
        self.own_stock = dict.fromkeys(self.world.links, 7)
        self.seen = self.ages()

    def ages(self) -> dict[tuple[str, ProductId], int]:
        return {
            (side, gid): seen.at for side, rows in self.world.mirror.items() for gid, seen in rows.items()
        }

    def gid(self, data: st.DataObject) -> ProductId:
        return data.draw(st.sampled_from(sorted(self.world.links)))

    @rule(data=st.data(), name=st.sampled_from(["title", "price"]), times=TIMES)
    def main_is_edited(self, data: st.DataObject, name: str, times: int) -> None:
        gid = self.gid(data)
        self.world.edit_main(gid, name)
        self.world.hear("main", gid, times)

    @rule(
        data=st.data(),
        name=st.sampled_from(["title", "price", "vendor"]),
        word=st.sampled_from(["Mine", "My own"]),
        times=TIMES,
    )
    def dependent_is_edited(self, data: st.DataObject, name: str, word: str, times: int) -> None:
        gid = self.gid(data)
        self.world.edit_dependent(gid, name, word)
        self.world.hear("dependent", gid, times)
        if name == "vendor":
            self.own_vendor[gid] = word

    @rule(data=st.data(), delta=DELTAS, times=TIMES)
    def main_sells(self, data: st.DataObject, delta: int, times: int) -> None:
        gid = self.gid(data)
        self.world.sell("main", gid, data.draw(st.sampled_from([HERE, ANNEX])), delta)
        self.world.hear("main", gid, times)

    @rule(data=st.data(), delta=DELTAS, times=TIMES, place=st.sampled_from([THERE, THERE, OWN]))
    def dependent_sells(self, data: st.DataObject, delta: int, times: int, place: Any) -> None:
        gid = self.gid(data)
        self.world.sell("dependent", gid, place, delta)
        self.world.hear("dependent", gid, times)
        if place == OWN:
            self.own_stock[gid] += delta

    @precondition(lambda self: self.world.pending)
    @rule(data=st.data())
    def look(self, data: st.DataObject) -> None:
        side, gid = data.draw(st.sampled_from(sorted(self.world.pending)))
        self.world.look(side, gid)

    @rule(data=st.data(), side=SIDES)
    def begin_reading(self, data: st.DataObject, side: Any) -> None:
        self.world.begin_reading(side, self.gid(data))

    @precondition(lambda self: self.world.readings)
    @rule(data=st.data())
    def go_on_reading(self, data: st.DataObject) -> None:
        self.world.go_on_reading(data.draw(st.sampled_from(self.world.readings)))

    @rule(data=st.data(), send=st.booleans())
    def plan(self, data: st.DataObject, send: bool) -> None:
        """Planned and sent, or planned and throttled."""
        gid = self.gid(data)
        self.world.plan(gid)
        if send:
            self.world.send(gid)

    @precondition(lambda self: self.world.planned)
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        self.world.send(data.draw(st.sampled_from(sorted(self.world.planned))))

    @precondition(lambda self: self.world.calls)
    @rule(data=st.data(), steps=st.integers(1, 6))
    def go_on_calling(self, data: st.DataObject, steps: int) -> None:
        gid = data.draw(st.sampled_from(sorted({call.gid for call in self.world.calls})))
        for _ in range(steps):
            call = self.world.next_call(gid)
            if call is None or not self.world.active:
                return
            self.world.go_on_calling(call)

    @rule(soon=st.booleans())
    def crash(self, soon: bool) -> None:
        self.world.crash()
        if soon:
            self.world.recover()

    @rule()
    def recover(self) -> None:
        self.world.recover()

    @rule()
    def check(self) -> None:
        self.world.check()

    @precondition(lambda self: self.world.installed)
    @rule()
    def uninstall(self) -> None:
        self.world.uninstall()

    @precondition(lambda self: not self.world.installed)
    @rule()
    def install(self) -> None:
        self.world.install()

    @rule(chosen=CHOICES)
    def choose(self, chosen: SyncSettings) -> None:
        self.world.choose(chosen)

    @rule()
    def quiet(self) -> None:
        self.world.repair = True
        self.world.rest()
        self.converged()
        for gid in self.world.links:
            self.world.make_dirty(gid)
            self.world.plan(gid)
        assert not any(self.world.planned.values()), "equal, and yet something is planned"
        self.world.repair = False

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.quiet()

    def converged(self) -> None:
        chosen = self.world.settings
        factor = 1 + chosen.price_rules.percent / 100
        for mine, theirs in self.world.pairs():
            assert not chosen.details or theirs.title == mine.title
            for ours, other in zip(mine.variants, theirs.variants, strict=True):
                assert not chosen.prices or other.price == (ours.price * factor).quantize(Decimal("0.01"))
                if chosen.quantities:
                    assert other.stock.get(THERE, 0) == self.world.shown(mine, ours.id)

    @invariant()
    def nothing_else_is_touched(self) -> None:
        if not hasattr(self, "world"):
            return
        for gid, theirs in self.world.shops["dependent"].items():
            assert theirs.vendor == self.own_vendor[gid]
            assert theirs.variants[0].stock[OWN] == self.own_stock[gid]
            assert self.world.shops["main"][gid].vendor == "Main"

    @invariant()
    def mirror_never_goes_back(self) -> None:
        if not hasattr(self, "world"):
            return
        ages = self.ages()
        assert all(ages[key] >= at for key, at in self.seen.items())
        self.seen = ages


LONG = settings(
    max_examples=40,
    stateful_step_count=50,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_machine() -> None:
    run_state_machine_as_test(LiveMachine, settings=LONG)


def test_price_travels_by_one_event() -> None:
    world = LiveWorld(1)
    world.settings = replace(world.settings, fields=MASKED)
    world.rest()
    (gid,) = world.links
    world.edit_main(gid, "price")
    world.hear("main", gid, 2)
    world.look("main", gid)
    world.plan(gid)
    world.send(gid)
    (call,) = world.calls
    for _ in range(3):
        world.go_on_calling(call)
    assert (world.calls, world.pending, world.dirty) == ([], {}, {})
    assert world.shops["dependent"][gid].variants[0].price == Decimal(101)


def test_lost_event_is_found_by_the_check() -> None:
    world = LiveWorld(2)
    world.rest()
    gid = next(iter(world.links))
    world.edit_main(gid, "title")
    world.plan(gid)
    assert (world.dirty, world.planned) == ({}, {})
    assert world.rest() == 2
    assert world.shops["dependent"][gid].title == "Title 101"
