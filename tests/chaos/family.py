"""A main shop and its dependents, what people do in them, and what has to be true because of it."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from typing import Any

from tests.chaos.control import DISCONNECT, HOLDS, JOBS, RELEASE, SAVE, SYNC, UNDO, Sandbox
from tests.chaos.effects import Entry
from tests.chaos.faults import Place
from tests.chaos.story import Call, Edit, Step
from tests.oracle.pairs import Product, Shop, pairs, variant_twins

OPEN_BRAKE = {"percent": "100", "count": 100_000, "pricePercent": "1000000", "priceZero": False}
MIRRORED: dict[str, Any] = {
    "products": "ALL",
    "priceRules": {"conversionRate": "0.85", "ending": "0.99"},
    "stockBuffer": 1,
    "brake": OPEN_BRAKE,
}
SHARED: dict[str, Any] = {"products": "ALL", "stockMode": "SHARED", "brake": OPEN_BRAKE}
MATCHED: dict[str, Any] = {
    "products": "MATCHED",
    "details": True,
    "prices": True,
    "quantities": False,
    "fields": ["TITLE", "SKU", "TAGS"],
    "localEditsDetails": "KEEP_LOCAL",
    "brake": OPEN_BRAKE,
}
_DELIVERY = 12

Variant = dict[str, Any]


@dataclass(slots=True)
class Kept:
    """What somebody wrote over a title where local edits stay. `raced`: main's title changed in that round
    too, so that whoever came last has won."""

    title: str
    raced: bool


@dataclass(slots=True)
class Family:
    """`main` and the dependents are handles; `ties` are the connections by dependent.

    What people did is kept as far as the judge needs it: `pool` is what each of main's variants must have in
    stock; `sold` the mirrored ones that were sold since; `kept` by product of the matched dependent;
    `deleted` main's products of this round, `gone` those of all rounds that were not made again; `vendors`
    those that people chose there; `undone` whether somebody undid a job in this round, `saved` how often
    settings were saved. `seen` is the last that was written down of the shops before it; `missed_events`
    whether there ever was something that no event told of.
    """

    sandbox: Sandbox
    main: str
    mirrored: str
    shared: str
    matched: str
    ties: dict[str, str] = field(default_factory=dict)
    pool: dict[str, int] = field(default_factory=dict)
    sold: set[str] = field(default_factory=set)
    kept: dict[str, Kept] = field(default_factory=dict)
    titled: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    at_start: dict[str, Shop] = field(default_factory=dict)
    vendors: dict[str, str] = field(default_factory=dict)
    undone: bool = False
    saved: int = 0
    seen: int = 0
    missed_events: bool = False
    _serial: int = 0

    @property
    def dependents(self) -> tuple[str, ...]:
        return (self.mirrored, self.shared, self.matched)

    @property
    def handles(self) -> list[str]:
        return [self.main, *self.dependents]

    def at(self, places: Iterable[Place]) -> list[str]:
        """The handles of shops."""
        return [handle for place, handle in zip(Place, self.handles, strict=True) if place in places]

    @classmethod
    def make(cls, sandbox: Sandbox, name: str, seed: int, products: int) -> "Family":
        """Shops with a catalogue each, connected; the first syncs have begun."""
        found = cls(sandbox, f"{name}-main", f"{name}-mirrored", f"{name}-shared", f"{name}-matched")
        for handle in found.handles:
            sandbox.add_shop(handle, currency="GBP" if handle == found.mirrored else "EUR")
        recipe = {"seed": seed, "variants": 2, "images": 1}
        sandbox.add_catalogue(found.main, products, **recipe)
        sandbox.add_catalogue(found.mirrored, products // 4, **recipe)
        sandbox.add_catalogue(found.matched, products // 2, **recipe)
        for number in range(1, 6):
            sandbox.add_product(found.main, f"Simple {number}", sku=f"SIMPLE-{number}")
        sandbox.add_product(found.mirrored, "Their own", sku="THEIR-OWN")
        key = sandbox.open_shop(found.main, "MAIN")
        assert key is not None
        for handle, settings in zip(found.dependents, (MIRRORED, SHARED, MATCHED), strict=True):
            found.ties[handle] = sandbox.tie(handle, key, settings)
        for handle in found.handles:
            sandbox.write_down(handle)
        return found

    def begin(self) -> None:
        """A round begins, in shops that are quiet."""
        self.at_start = {handle: self.sandbox.dump(handle) for handle in self.handles}
        main = self.at_start[self.main]
        self.pool = {
            variant["id"]: quantity
            for product in main["products"]
            for variant in product["variants"]
            if (quantity := available(main, variant)) is not None
        }
        self.sold, self.titled, self.deleted = set(), set(), set()
        self.vendors, self.undone, self.saved = {}, False, 0
        self.seen = max((each.number for each in self.written()), default=self.seen)

    def written(self) -> list[Entry]:
        """Every value that has changed in this round, in the order of what happened."""
        found = [entry for handle in self.handles for entry in self.sandbox.written(handle, self.seen)]
        return sorted(found, key=lambda each: each.number)

    def end(self) -> None:
        for handle in self.handles:
            self.sandbox.forget(handle)
        for handle, tie in self.ties.items():
            self.sandbox.persist(handle, DISCONNECT, id=tie)

    def edit(self, step: Step) -> str:
        """Do it; answers what was done, for the story."""
        self._serial += 1
        match step.deed:
            case Edit.NEW:
                return self._new(step)
            case Edit.SILENT | Edit.MANY:
                count = _DELIVERY if step.deed is Edit.MANY else 1 + step.size % 3
                recipe = {"seed": 1 + int(step.pick * 1e6), "variants": 1 + step.size % 4, "images": 1}
                self.sandbox.add_catalogue(self.main, count, start=1000 + self._serial * 20, **recipe)
                return f"{count} products of seed {recipe['seed']}"
            case Edit.SOLD_MIRRORED | Edit.LOCAL_TITLE | Edit.LOCAL_PRICE | Edit.DEPENDENT_DELETED:
                return self._in_mirrored(step)
            case Edit.SOLD_SHARED:
                return self._in_shared(step)
            case Edit.KEPT_TITLE | Edit.UNOWNED:
                return self._in_matched(step)
            case _:
                return self._in_main(step)

    def _new(self, step: Step) -> str:
        title = f"New {self._serial} of {step.size}"
        price, sku = f"{step.size}.50", f"NEW-{self._serial}"
        self.sandbox.add_product(self.main, title, sku=sku, price=price, available=step.size)
        return title

    def _in_main(self, step: Step) -> str:
        shop = self.sandbox.dump(self.main)
        known = {each["id"] for each in self.at_start[self.main]["products"]}
        products = [each for each in shop["products"] if each["id"] in known]
        if step.deed is Edit.RECREATED:
            products = [each for each in products if _is_simple(each)]
        if step.deed is Edit.VARIANT:
            products = [each for each in products if len(each["variants"]) > 1]
        if not products:
            return "no such product"
        product = pick(products, step.pick)
        variant = pick(product["variants"], step.pick * 7 % 1)
        match step.deed:
            case Edit.PRICE:
                self.sandbox.set_price(self.main, variant["id"], f"{step.size}{self._serial}.00")
            case Edit.TITLE:
                self.titled.add(product["id"])
                self.sandbox.edit_product(self.main, product["id"], title=f"Renamed {self._serial}")
            case Edit.TAGS:
                tags = f"chaos, tag-{self._serial}"
                self.sandbox.edit_product(self.main, product["id"], tags=tags)
            case Edit.BARCODE:
                self.sandbox.edit_variant(self.main, variant["id"], barcode=f"40000{self._serial}")
            case Edit.SKU:
                self.sandbox.edit_variant(self.main, variant["id"], sku=f"SKU-{self._serial}-{step.size}")
            case Edit.STOCK if variant["tracked"]:
                self._move(variant["id"], self.main, variant["id"], step)
            case Edit.VARIANT:
                text = _with_variant(product, f"Extra {self._serial}", f"EXTRA-{self._serial}")
                refused = self.sandbox.import_csv(self.main, text)["refused"]
                assert refused == [], refused
            case Edit.DELETED:
                self._delete(product)
            case Edit.RECREATED:
                self._delete(product)
                title, sku, price = product["title"], variant["sku"], variant["price"]
                self.sandbox.add_product(self.main, title, sku=sku, price=price, available=step.size)
                self.gone.discard(product["id"])
        return f"{product['title']} {product['id']} {variant['sku']} {variant['id']}"

    def _delete(self, product: Product) -> None:
        self.deleted.add(product["id"])
        self.gone.add(product["id"])
        for variant in product["variants"]:
            self.pool.pop(variant["id"], None)
        self.sandbox.remove_product(self.main, product["id"])

    def _in_mirrored(self, step: Step) -> str:
        shop = self.sandbox.dump(self.mirrored)
        found = pairs(self.at_start[self.main], shop).twins
        if not found:
            return "nothing is linked yet"
        _, twin = pick(found, step.pick)
        variant = pick(twin["variants"], step.pick * 7 % 1)
        match step.deed:
            case Edit.SOLD_MIRRORED if variant["tracked"]:
                self.sold.add(variant["id"])
                self.sandbox.change_stock(self.mirrored, variant["id"], -step.size)
            case Edit.LOCAL_TITLE:
                self.sandbox.edit_product(self.mirrored, twin["id"], title=f"Ours {self._serial}")
            case Edit.LOCAL_PRICE:
                self.sandbox.set_price(self.mirrored, variant["id"], f"{step.size}.11")
            case Edit.DEPENDENT_DELETED:
                self.sandbox.remove_product(self.mirrored, twin["id"])
        return f"{twin['title']} {twin['id']} {variant['sku']}"

    def _in_shared(self, step: Step) -> str:
        """Of what was linked when the round began: what was never agreed on has no difference to book."""
        twins = {
            other["id"]: variant["id"]
            for product, twin in pairs(self.at_start[self.main], self.at_start[self.shared]).twins
            if product["id"] not in self.deleted
            for variant, other in variant_twins(product, twin)
            if other is not None and variant["tracked"] and other["tracked"]
        }
        if not twins:
            return "nothing is linked yet"
        other, variant = pick(sorted(twins.items()), step.pick)
        return self._move(variant, self.shared, other, step)

    def _move(self, of_main: str, handle: str, variant: str, step: Step) -> str:
        """Mostly sales, sometimes a delivery."""
        change = step.size * 3 if step.size % 3 == 0 else -step.size
        self.sandbox.change_stock(handle, variant, change)
        if of_main in self.pool:
            self.pool[of_main] += change
        return f"{change:+d} of {of_main} by {variant}"

    def _in_matched(self, step: Step) -> str:
        found = pairs(self.at_start[self.main], self.at_start[self.matched]).twins
        if not found:
            return "nothing is linked yet"
        _, twin = pick(found, step.pick)
        if step.deed is Edit.UNOWNED:
            self.vendors[twin["id"]] = f"Vendor {self._serial}"
            self.sandbox.edit_product(self.matched, twin["id"], vendor=self.vendors[twin["id"]])
        else:
            self.kept[twin["id"]] = Kept(f"Kept {self._serial}", raced=False)
            self.sandbox.edit_product(self.matched, twin["id"], title=self.kept[twin["id"]].title)
        return f"{twin['title']} {twin['id']}"

    def call(self, step: Step) -> str:
        """Something a person does in the page while all this goes on; nobody may be there to answer."""
        match step.deed:
            case Call.SYNC:
                done = self.sandbox.attempt(self.main, SYNC)
            case Call.SETTINGS:
                settings = MIRRORED | {"stockBuffer": step.size % 4}
                settings["priceRules"] = MIRRORED["priceRules"] | {"percent": str(Decimal(step.size))}
                self.saved += 1
                done = self.sandbox.attempt(self.mirrored, SAVE, id=self.ties[self.mirrored], input=settings)
            case _:
                done = self._undo()
        return "done" if done is not None else "no answer, or refused"

    def _undo(self) -> dict[str, Any] | None:
        tie = self.ties[self.mirrored]
        try:
            jobs = self.sandbox.query(self.mirrored, JOBS, id=tie)["jobs"]["nodes"]
        except Exception:  # noqa: BLE001 - the API is away
            return None
        self.undone = True
        return self.sandbox.attempt(self.mirrored, UNDO, id=jobs[0]["id"]) if jobs else None

    def release(self) -> None:
        """Lets go of what an undo holds, so that main's values count again."""
        for handle, tie in self.ties.items():
            while nodes := self.sandbox.query(handle, HOLDS, id=tie)["holds"]["nodes"]:
                for hold in nodes:
                    self.sandbox.persist(handle, RELEASE, id=hold["id"])


def available(shop: Shop, variant: Variant) -> int | None:
    """At the primary location; None where nothing is counted."""
    level = variant["levels"].get(primary(shop))
    return int(level["available"]) if level is not None and variant["tracked"] else None


def primary(shop: Shop) -> str:
    """The id of its primary location."""
    return next(str(each["id"]) for each in shop["locations"] if each["isPrimary"])


def pick(things: list[Any], where: float) -> Any:
    return things[int(where * len(things))]


def _is_simple(product: Product) -> bool:
    """As the sandbox makes one by its control addresses: it can be made again as it was."""
    return len(product["variants"]) == 1 and not product["media"] and bool(product["variants"][0]["sku"])


def _with_variant(product: Product, value: str, sku: str) -> str:
    """A product CSV with the variants of the product and one more."""
    options = [option["name"] for option in product["options"]]
    rows = [(each["options"], each["sku"], each["price"]) for each in product["variants"]]
    last = rows[-1][0]
    rows.append(([value, *last[1:]], sku, rows[-1][2]))
    out = StringIO()
    write = csv.writer(out)
    heads = [f"Option{number + 1} {what}" for number in range(len(options)) for what in ("Name", "Value")]
    write.writerow(["Handle", "Title", *heads, "Variant SKU", "Variant Price"])
    for values, code, price in rows:
        pairs_of = [cell for name, each in zip(options, values, strict=True) for cell in (name, each)]
        write.writerow([product["handle"], product["title"], *pairs_of, code, price])
    return out.getvalue()
