"""A main shop, a dependent and an app between them that lives by events: what is pending, what is dirty, what
was planned, sent and answered. Small and pure; the comparison is the engine's own.

Main's titles and prices only ever go up, so that an old value written over a newer one shows as a fall.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from backend.sync.batching import batch
from backend.sync.catalog import InventoryItemId, LocationId, Product, ProductId, VariantId
from backend.sync.changeset import Action, Change
from backend.sync.diff import plan_product
from backend.sync.fields import Field, Lane
from backend.sync.link import ProductLink, VariantLink
from backend.sync.rules import Rules
from backend.sync.settings import LocationMap, SyncSettings
from backend.sync.settle import settled
from backend.sync.writes import AdjustStock, ChangeId, SetStock, StockEntry, Write, change_ids
from tests.sync.factories import EVERYTHING, HERE, THERE, product, rules, variant
from tests.sync.shop import Shop

ANNEX, OWN = LocationId("main-annex"), LocationId("dependents-own")
FEEDS = LocationMap({THERE: (HERE, ANNEX)})
Side = Literal["main", "dependent"]
Took = Literal["applied", "stale", "unsent"]


@dataclass(slots=True)
class Seen:
    product: Product
    at: int


@dataclass(slots=True, eq=False)
class Reading:
    """A read under way; `seq` is what was pending when it began."""

    side: Side
    gid: ProductId
    begun: int
    seq: int
    sample: Product | None = None


@dataclass(slots=True, eq=False)
class Call:
    gid: ProductId
    write: Write
    changes: Mapping[ChangeId, Change]
    sent: int
    took: dict[ChangeId, Took] | None = None
    answered: int | None = None

    @property
    def side(self) -> Side:
        """Where it goes to."""
        return "main" if isinstance(self.write, AdjustStock) else "dependent"

    @property
    def is_stock(self) -> bool:
        return isinstance(self.write, SetStock | AdjustStock)


class LiveWorld:
    def __init__(self, products: int) -> None:
        self.clock = 1
        self.settings: SyncSettings = EVERYTHING
        self.installed = self.active = True
        self.repair = False
        self.chosen_at = 0
        self.shops: dict[Side, dict[ProductId, Product]] = {"main": {}, "dependent": {}}
        self.links: dict[ProductId, ProductLink] = {}
        self.pending: dict[tuple[Side, ProductId], int] = {}
        self.dirty: dict[ProductId, int] = {}
        self.planned: dict[ProductId, list[Change]] = {}
        self.calls: list[Call] = []
        self.readings: list[Reading] = []
        self.written: dict[tuple[str, Field], object] = {}
        self.number = 100
        for index in range(products):
            self._add(index)
        self.mirror: dict[Side, dict[ProductId, Seen]] = {
            side: {gid: Seen(each, 0) for gid, each in shop.items()} for side, shop in self.shops.items()
        }

    def _add(self, index: int) -> None:
        gid = ProductId(f"product-{index}")
        variants = [
            variant(f"{index}-{size}", size, tracked=True, price=Decimal(100), stock={HERE: 9, ANNEX: 3})
            for size in ("S", "M")[: index + 1]
        ]
        mine = product(*variants, gid=gid, title="Title 100", vendor="Main")
        theirs = [
            replace(
                each,
                id=VariantId(f"d-{each.id}"),
                inventory_item_id=InventoryItemId(f"d-{each.inventory_item_id}"),
                stock={THERE: 5, OWN: 7},
                price=Decimal(90),
            )
            for each in mine.variants
        ]
        other = product(*theirs, gid=ProductId(f"d-{gid}"), title="Title 090", vendor="Dependent")
        self.shops["main"][gid], self.shops["dependent"][gid] = mine, other
        ties = {each.id: VariantLink(each.id, VariantId(f"d-{each.id}")) for each in mine.variants}
        self.links[gid] = ProductLink(gid, other.id, variants=ties)
        self.dirty[gid] = 1

    @property
    def rules(self) -> Rules:
        return rules(self.settings, location_map=FEEDS, repair=self.repair)

    def tick(self) -> int:
        self.clock += 1
        return self.clock

    # What people do

    def edit_main(self, gid: ProductId, name: str) -> None:
        """A higher price, or a later title."""
        self.tick()
        self.number += 1
        mine = self.shops["main"][gid]
        if name == "title":
            mine = replace(mine, title=f"Title {self.number}")
        else:
            price = Decimal(self.number)
            mine = replace(mine, variants=tuple(replace(each, price=price) for each in mine.variants))
        self.shops["main"][gid] = mine

    def edit_dependent(self, gid: ProductId, name: str, word: str) -> None:
        self.tick()
        theirs = self.shops["dependent"][gid]
        match name:
            case "title":
                theirs = replace(theirs, title=word)
            case "vendor":
                theirs = replace(theirs, vendor=word)
            case _:
                first, *rest = theirs.variants
                theirs = replace(theirs, variants=(replace(first, price=Decimal(len(word))), *rest))
        self.shops["dependent"][gid] = theirs

    def sell(self, side: Side, gid: ProductId, place: LocationId, delta: int) -> None:
        self.tick()
        old = self.shops[side][gid]
        first, *rest = old.variants
        sold = replace(first, stock={**first.stock, place: first.stock.get(place, 0) + delta})
        self.shops[side][gid] = replace(old, variants=(sold, *rest))

    # Events, reads

    def hear(self, side: Side, gid: ProductId, times: int) -> None:
        """An event comes in, lost (0 times) or more than once; none from where the app is not installed."""
        if side == "main" or self.installed:
            for _ in range(times):
                self.pending[side, gid] = self.pending.get((side, gid), 0) + 1

    def begin_reading(self, side: Side, gid: ProductId) -> None:
        if side == "main" or self.installed:
            self.readings.append(Reading(side, gid, self.tick(), self.pending.get((side, gid), 0)))

    def go_on_reading(self, reading: Reading) -> None:
        self.tick()
        if reading.sample is None:
            reading.sample = self.shops[reading.side][reading.gid]
            return
        self.readings.remove(reading)
        self._store(reading.side, reading.gid, reading.sample, reading.begun)
        self.make_dirty(reading.gid)
        if self.pending.get((reading.side, reading.gid)) == reading.seq:
            del self.pending[reading.side, reading.gid]

    def look(self, side: Side, gid: ProductId) -> None:
        """A read without anything in between."""
        others = list(self.readings)
        self.begin_reading(side, gid)
        for reading in [each for each in self.readings if each not in others]:
            self.go_on_reading(reading)
            self.go_on_reading(reading)

    def _store(self, side: Side, gid: ProductId, sample: Product, at: int) -> None:
        """The mirror never goes backwards. What is being written is looked at again a moment later."""
        if any(call.gid == gid and call.side == side for call in self.calls):
            self.hear(side, gid, 1)
        elif self.mirror[side][gid].at <= at:
            self.mirror[side][gid] = Seen(sample, at)

    def make_dirty(self, gid: ProductId) -> None:
        self.dirty[gid] = self.dirty.get(gid, 0) + 1

    # Plans and writes

    def plan(self, gid: ProductId) -> None:
        """Not while an answer about the product is open. What was planned before and not sent is over."""
        self.tick()
        if gid not in self.dirty or not self.active or any(call.gid == gid for call in self.calls):
            return
        mine, theirs = self.mirror["main"][gid].product, self.mirror["dependent"][gid].product
        found = plan_product(mine, theirs, self.links[gid], self.rules)
        for change in found.changes:
            assert change.before != change.after, "a value that is equal is written"
            assert change.field in self.rules.owned, "a value that the settings do not own is written"
            if change.field is Field.STOCK and change.action is Action.SET:
                assert change.after == self.shown(mine, change.main_variant), "not what main had when read"
        base = {ref: mark for ref, mark in self.links[gid].base.items() if ref not in found.forgotten}
        self.links[gid] = replace(self.links[gid], base=base | dict(found.agreed))
        self.planned[gid] = list(found.changes)
        del self.dirty[gid]

    def shown(self, main: Product, sold: VariantId) -> int:
        """What the dependent may show of a variant, told without the engine's own words."""
        levels = next(each.stock for each in main.variants if each.id == sold)
        count = levels.get(HERE, 0) + levels.get(ANNEX, 0) - self.settings.stock_buffer
        cap = self.settings.stock_cap
        return max(0, count if cap is None else min(count, cap))

    def send(self, gid: ProductId) -> None:
        """Everything that is planned for the product, marked as sent before it leaves."""
        now = self.tick()
        if not self.active:
            return
        numbered = {ChangeId(index): change for index, change in enumerate(self.planned.pop(gid, []))}
        for lane in Lane:
            for write in batch(item for item in numbered.items() if item[1].lane is lane):
                changes = {number: numbered[number] for number in change_ids(write)}
                self.calls.append(Call(gid, write, changes, now))

    def next_call(self, gid: ProductId) -> Call | None:
        return next((call for call in self.calls if call.gid == gid), None)

    def go_on_calling(self, call: Call) -> None:
        """One step: it takes effect, it is answered, it is settled."""
        if call.took is None:
            self.execute(call)
        elif call.answered is None:
            call.answered = self.tick()
        else:
            self.settle(call)

    def execute(self, call: Call) -> None:
        self.tick()
        if not self.installed and not isinstance(call.write, AdjustStock):
            self.lose_access()
            return
        shop = Shop(self.shops["dependent"][call.gid], self.links[call.gid], self.shops["main"][call.gid])
        call.took = self._took(call.write, shop)
        if "stale" not in call.took.values():
            shop.execute(call.write)
            assert shop.product is not None
            assert shop.main is not None
            self.shops["dependent"][call.gid] = shop.product
            self.shops["main"][call.gid] = shop.main
            self._watch(call)

    def _took(self, write: Write, shop: Shop) -> dict[ChangeId, Took]:
        """A stale level refuses the whole call."""
        assert shop.product is not None
        if not isinstance(write, SetStock):
            return dict.fromkeys(change_ids(write), "applied")
        levels = {each.inventory_item_id: each.stock for each in shop.product.variants}
        stale = {
            entry.change
            for entry in write.entries
            if levels[entry.inventory_item].get(entry.location) != entry.change_from
        }
        took: dict[ChangeId, Took] = {}
        for entry in write.entries:
            took[entry.change] = "stale" if entry.change in stale else "unsent" if stale else "applied"
        return took

    def _watch(self, call: Call) -> None:
        """Main's titles and prices only go up; so do those that are written by the same settings."""
        if call.sent < self.chosen_at:
            return
        for change in call.changes.values():
            if change.field in (Field.TITLE, Field.PRICE):
                key = (change.ref.subject, change.field)
                value = Decimal(str(change.after)) if change.field is Field.PRICE else str(change.after)
                before = self.written.get(key, value)
                assert value >= before, "an old value over a newer one"  # type: ignore[operator]
                self.written[key] = value

    def settle(self, call: Call) -> None:
        """Outcome, agreement and mirror at once; what was stale is read again."""
        assert call.took is not None
        assert call.answered is not None
        self.tick()
        self.calls.remove(call)
        link = self.links[call.gid]
        base = dict(link.base)
        for number, change in call.changes.items():
            if call.took[number] == "applied":
                settlement = settled(change, change.after)
                base |= settlement.agreed
                for ref in settlement.forgotten:
                    base.pop(ref, None)
        self.links[call.gid] = replace(link, base=base)
        if set(call.took.values()) != {"applied"}:
            self.hear("dependent", call.gid, 1)
            self.make_dirty(call.gid)
        elif isinstance(call.write, AdjustStock):
            self.hear("main", call.gid, 1)
        else:
            self._patch(call, call.answered)

    def _patch(self, call: Call, at: int) -> None:
        """Nothing newer has been stored since the call was sent."""
        seen = self.mirror["dependent"][call.gid]
        copy = seen.product
        if isinstance(call.write, SetStock):
            for entry in call.write.entries:
                copy = _with_level(copy, entry)
        else:
            shop = Shop(copy, self.links[call.gid])
            shop.execute(call.write)
            assert shop.product is not None
            copy = shop.product
        self.mirror["dependent"][call.gid] = Seen(copy, max(seen.at, at))

    # What goes wrong

    def crash(self) -> None:
        """The workers die: reads are forgotten, nobody wrote down what was answered."""
        self.readings.clear()
        for call in self.calls:
            call.answered = None

    def recover(self) -> None:
        """Stock is sent again under its key, and answered as the first time. All else is read and planned
        again."""
        for call in list(self.calls):
            if call.is_stock and (self.installed or isinstance(call.write, AdjustStock)):
                while call in self.calls:
                    self.go_on_calling(call)
            elif self.installed:
                self.calls.remove(call)
                self.hear("dependent", call.gid, 1)
                self.look("dependent", call.gid)

    def lose_access(self) -> None:
        self.active = False
        self.planned.clear()

    def uninstall(self) -> None:
        self.tick()
        self.installed = False
        self.pending = {key: seq for key, seq in self.pending.items() if key[0] == "main"}
        self.readings = [each for each in self.readings if each.side == "main"]

    def install(self) -> None:
        """Nobody knows what happened meanwhile: everything is read and planned again."""
        self.tick()
        self.installed = self.active = True
        for gid in self.links:
            self.hear("dependent", gid, 1)
            self.make_dirty(gid)

    def choose(self, settings: SyncSettings) -> None:
        """What was planned by the old settings and not sent is over."""
        self.tick()
        self.settings, self.chosen_at = settings, self.clock
        self.planned.clear()
        self.written.clear()
        for gid in self.links:
            self.make_dirty(gid)

    # Quiet

    def check(self) -> None:
        """Everything is read again, whatever was heard of it."""
        for gid in self.links:
            self.look("main", gid)
            self.look("dependent", gid)

    def rest(self) -> int:
        """Nothing happens any more; the number of rounds until nothing is left to do."""
        if not self.installed or not self.active:
            self.install()
        self.crash()
        for rounds in range(1, 10):
            self.recover()
            self.check()
            for gid in self.links:
                self.plan(gid)
                self.send(gid)
            if not self.calls:
                return rounds
            for gid in self.links:
                while (call := self.next_call(gid)) is not None:
                    self.go_on_calling(call)
        raise AssertionError("does not come to rest")

    def pairs(self) -> Iterator[tuple[Product, Product]]:
        for gid, mine in self.shops["main"].items():
            yield mine, self.shops["dependent"][gid]


def _with_level(shown: Product, entry: StockEntry) -> Product:
    own = next(each for each in shown.variants if each.inventory_item_id == entry.inventory_item)
    new = replace(own, stock={**own.stock, entry.location: entry.quantity})
    return replace(shown, variants=tuple(new if each.id == own.id else each for each in shown.variants))
