"""A main shop and dependents that sell one item from one pool, and an app that keeps them in step: what it
read and when, what it agreed on, what it has sent and not yet been answered.

Time is a number. A read is begun, takes its sample and is stored; a call is sent, takes effect, is answered
and settled: each at a time of its own, in any order with everything else, or never. A call without an answer
for LONGEST has to be sent again; so long nothing is stored of what it writes to.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from backend.sync.batching import batch
from backend.sync.catalog import LocationId
from backend.sync.changeset import Change
from backend.sync.diff import plan_product
from backend.sync.link import ProductLink, VariantLink
from backend.sync.settings import LocationMap, StockMode, SyncSettings
from backend.sync.settle import settled
from backend.sync.writes import AdjustStock, ChangeId, SetStock, Write, change_ids
from tests.sync.factories import ONLY_STOCK, TWIN, product, rules, variant

A, B, X, Y = (LocationId(name) for name in "ABXY")
MAPS = (
    LocationMap({X: (A, B)}),
    LocationMap({X: (A,)}),
    LocationMap({X: (A,), Y: (B,)}),
    LocationMap({X: (B,)}),
)
SHARED = replace(ONLY_STOCK, stock_mode=StockMode.SHARED)
Levels = Mapping[LocationId, int]
MINE, THEIRS = variant("m", tracked=True), variant("d", tracked=True)
TIE = VariantLink(MINE.id, THEIRS.id)


# Ticks that a call may be under way for, its answer included.
LONGEST = 15
Booked = frozenset[int]


@dataclass(slots=True)
class Seen:
    """A level as the app knows it, with the time it is stamped with. What the app does not know, and the laws
    are about: `sampled` is when the level really was so, `booked` which bookings are in it."""

    quantity: int
    at: int
    sampled: int = 0
    booked: Booked = frozenset()


@dataclass(slots=True, eq=False)
class Reading:
    """A read that is under way."""

    begun: int
    sample: Mapping[LocationId, Seen] | None = None


@dataclass(slots=True, eq=False)
class Call:
    """`took`: what the shop made of it, by change; kept by the shop under the call's key, however often it is
    sent; `effect` is when. `answered` is when the answer came, None as long as it did not."""

    number: int
    write: Write
    changes: Mapping[ChangeId, Change]
    sent: int
    effect: int = 0
    took: dict[ChangeId, str] | None = None
    answered: int | None = None

    @property
    def places(self) -> set[LocationId]:
        """What it writes to: main's locations for a booking, the dependent's for all else."""
        assert isinstance(self.write, SetStock | AdjustStock)
        return {entry.location for entry in self.write.entries}


@dataclass
class Shop:
    levels: dict[LocationId, int]
    mirror: dict[LocationId, Seen] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    booked: Booked = frozenset()

    def __post_init__(self) -> None:
        self.mirror = {place: Seen(quantity, 0) for place, quantity in self.levels.items()}

    def now(self, at: int) -> dict[LocationId, Seen]:
        """How it is at this moment."""
        return {place: Seen(quantity, at, at, self.booked) for place, quantity in self.levels.items()}

    def store(self, sample: Mapping[LocationId, Seen], begun: int, spare: AbstractSet[LocationId]) -> None:
        """The mirror never goes backwards, and what is being written is left alone."""
        for place, found in sample.items():
            if self.mirror[place].at <= begun and place not in spare:
                self.mirror[place] = replace(found, at=begun)

    @property
    def known(self) -> dict[LocationId, int]:
        return {place: seen.quantity for place, seen in self.mirror.items()}


@dataclass
class Dependent(Shop):
    settings: SyncSettings = SHARED
    locations: LocationMap = MAPS[0]
    link: ProductLink = field(init=False)
    planned: list[Change] = field(default_factory=list)
    written: dict[LocationId, int] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.link = ProductLink(product().id, TWIN, variants={MINE.id: TIE})

    def should_show(self, main: Levels) -> dict[LocationId, int]:
        """Main's numbers by the settings, told without the engine's own words."""
        cap = self.settings.stock_cap
        shown = {}
        for target, sources in self.locations.sources.items():
            count = sum(main[source] for source in sources) - self.settings.stock_buffer
            shown[target] = max(0, count if cap is None else min(count, cap))
        return shown


class World:
    def __init__(self, dependents: Sequence[tuple[LocationMap, int, int | None]], main: Levels) -> None:
        self.clock = 1
        self.number = 0
        self.known_bookings: set[tuple[LocationId, int]] = set()
        self.main = Shop(dict(main))
        self.pool = sum(main.values())
        self.peak = dict(main)
        self.dependents: list[Dependent] = []
        for locations, buffer, cap in dependents:
            settings = replace(SHARED, stock_buffer=buffer, stock_cap=cap)
            own = Dependent(dict.fromkeys(locations.sources, 0), settings=settings, locations=locations)
            self.dependents.append(own)
        self.settle_down()
        assert self.pool == sum(self.main.levels.values()), "what a dependent had at first is nobody's sale"

    def tick(self) -> int:
        self.clock += 1
        return self.clock

    def happens(self, shop: Shop, place: LocationId, delta: int) -> None:
        """Somebody buys, returns or counts."""
        self.tick()
        shop.levels[place] += delta
        self.pool += delta
        self.remember()

    def remember(self) -> None:
        for place, quantity in self.main.levels.items():
            self.peak[place] = max(self.peak[place], quantity)

    def most(self, own: Dependent, target: LocationId) -> int:
        """What main's locations had at their best."""
        return max(0, sum(self.peak[source] for source in own.locations.sources[target]))

    def choose(self, own: Dependent, buffer: int, cap: int | None) -> None:
        """Other settings; what was planned by the old ones and not sent is over."""
        self.tick()
        own.settings = replace(own.settings, stock_buffer=buffer, stock_cap=cap)
        own.planned = []

    def writing(self, shop: Shop, begun: int) -> set[LocationId]:
        """What is being written to the shop, as far as a read that began then can't tell."""
        return {
            place
            for own in self.dependents
            for call in own.calls
            if (self.main if isinstance(call.write, AdjustStock) else own) is shop
            if call.sent > begun - LONGEST
            for place in call.places
        }

    def check(self) -> None:
        """Whatever is agreed on is in the numbers that plans are made from."""
        for place, number in self.known_bookings:
            assert number in self.main.mirror[place].booked, "main's number from before a booking"
        for own in self.dependents:
            for place, effect in own.written.items():
                assert own.mirror[place].sampled >= effect, "a number from before our write"

    def look(self, shop: Shop) -> None:
        begun = self.tick()
        shop.store(shop.now(begun), begun, self.writing(shop, begun))

    def begin_reading(self, shop: Shop) -> None:
        shop.readings.append(Reading(self.tick()))

    def sample(self, reading: Reading, shop: Shop) -> None:
        reading.sample = shop.now(self.tick())

    def end_reading(self, reading: Reading, shop: Shop) -> None:
        self.tick()
        shop.readings.remove(reading)
        if reading.sample is not None:
            shop.store(reading.sample, reading.begun, self.writing(shop, reading.begun))

    def plan(self, own: Dependent) -> None:
        """From what is known; not while an answer is open. What was planned before and not sent is over."""
        self.tick()
        if own.calls:
            return
        mine = product(replace(MINE, stock=self.main.known))
        theirs = product(replace(THEIRS, stock=own.known), gid=TWIN)
        found = plan_product(mine, theirs, own.link, rules(own.settings, location_map=own.locations))
        base = {ref: mark for ref, mark in own.link.base.items() if ref not in found.forgotten}
        own.link = replace(own.link, base=base | dict(found.agreed))
        own.planned = list(found.changes)

    def send(self, own: Dependent) -> None:
        now = self.tick()
        numbered = {ChangeId(index): change for index, change in enumerate(own.planned)}
        own.planned = []
        for write in batch(numbered.items()):
            self.number += 1
            changes = {gid: numbered[gid] for gid in change_ids(write)}
            own.calls.append(Call(self.number, write, changes, now))

    def execute(self, call: Call, own: Dependent) -> None:
        """The shop carries it out; the second time, under the same key, it only says what it did."""
        now = self.tick()
        if call.took is not None:
            return
        call.effect = now
        match call.write:
            case AdjustStock(bookings):
                for booking in bookings:
                    self.main.levels[booking.location] += booking.delta
                self.main.booked |= {call.number}
                self.remember()
                call.took = {booking.change: "applied" for booking in bookings}
            case SetStock(entries):
                stale = {entry.change for entry in entries if own.levels[entry.location] != entry.change_from}
                call.took = {
                    entry.change: "stale" if entry.change in stale else "unsent" if stale else "applied"
                    for entry in entries
                }
                for entry in entries:
                    if not stale:
                        assert entry.quantity <= self.most(own, entry.location), "more than main ever had"
                        own.levels[entry.location] = entry.quantity
            case other:
                raise AssertionError(f"{other} is no stock")

    def answer(self, call: Call) -> None:
        if call.took is not None and call.answered is None:
            call.answered = self.tick()

    def settle(self, call: Call, own: Dependent) -> None:
        """Outcome, agreement and mirror at once. Nothing has been stored since the call was sent, unless its
        answer came so late that it was given up to wait for it."""
        assert call.took is not None
        assert call.answered is not None
        self.tick()
        own.calls.remove(call)
        base = dict(own.link.base)
        for gid, change in call.changes.items():
            if call.took[gid] != "applied":
                continue
            settlement = settled(change, change.after)
            base |= settlement.agreed
            for ref in settlement.forgotten:
                base.pop(ref, None)
            if isinstance(call.write, SetStock):
                self._is_set(call, own, change)
            else:
                self._is_booked(call, change)
        own.link = replace(own.link, base=base)

    def _is_set(self, call: Call, own: Dependent, change: Change) -> None:
        assert isinstance(change.after, int)
        assert call.answered is not None
        place = LocationId(change.key)
        seen = own.mirror[place]
        if seen.at < call.sent + LONGEST:
            assert seen.sampled < call.effect, "a write of our own over a newer reading"
        own.written[place] = call.effect
        own.mirror[place] = Seen(change.after, max(seen.at, call.answered), call.effect)

    def _is_booked(self, call: Call, change: Change) -> None:
        assert isinstance(change.before, int)
        assert isinstance(change.after, int)
        assert call.answered is not None
        self.known_bookings.add((change.location, call.number))
        seen = self.main.mirror[change.location]
        if seen.at < call.sent + LONGEST:
            assert call.number not in seen.booked, "added to a number that has it already"
            self.main.mirror[change.location] = replace(
                seen,
                quantity=seen.quantity + change.after - change.before,
                at=max(seen.at, call.answered),
                booked=seen.booked | {call.number},
            )

    def replay(self, call: Call, own: Dependent) -> None:
        """Sent again under its key by whoever goes on. What has become of the level since is not in the
        answer, so it is read before anything is planned."""
        self.execute(call, own)
        call.answered = self.tick()
        shop = self.main if isinstance(call.write, AdjustStock) else own
        begun = self.tick()
        found = shop.now(begun)
        self.settle(call, own)
        shop.store({place: found[place] for place in call.places}, begun, self.writing(shop, begun))

    def go_on(self, call: Call, own: Dependent) -> None:
        """One step: it takes effect, it is answered, it is settled; in time, or by whoever sends it again."""
        if self.clock >= call.sent + LONGEST:
            self.replay(call, own)
        elif call.took is None:
            self.execute(call, own)
        elif call.answered is None:
            self.answer(call)
        else:
            self.settle(call, own)

    def finish(self, call: Call, own: Dependent) -> None:
        while call in own.calls:
            self.go_on(call, own)

    def shops(self) -> Iterator[Shop]:
        yield self.main
        yield from self.dependents

    def settle_down(self) -> int:
        """No more events: what is open is sent again under its key, everything is read again, until nothing
        is left to do. The number of rounds."""
        for rounds in range(1, 12):
            for own in self.dependents:
                for call in list(own.calls):
                    self.replay(call, own)
            for shop in self.shops():
                shop.readings.clear()
                self.look(shop)
            for own in self.dependents:
                self.plan(own)
                self.send(own)
            if not any(own.calls for own in self.dependents):
                return rounds
        raise AssertionError("does not come to rest")
