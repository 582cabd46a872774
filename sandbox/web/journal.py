"""What has changed in shops, value by value, and by whom: for those who judge whether anything was done
twice. Only shops that are asked for are written down; the others cost nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.ids import gid
from sandbox.store.change import Change
from sandbox.store.product import Product
from sandbox.store.shop import Shop
from sandbox.web.dump import dump_product

EXISTS = "exists"
CALL = "call"
# They move by themselves, or say what other fields say.
_LEFT_OUT = frozenset({"createdAt", "id", "updatedAt", "variants"})
_LEFT_OUT_OF_VARIANTS = frozenset({"id", "inventoryItemId", "levels", "position", "title"})

_Facts = dict[tuple[str, str], Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """`field` of `subject`, a global id, has become `after`; `by` is the app's mutation, None for people.
    Something that was not there before has the field `exists`, and so has what is gone."""

    number: int
    shop: str
    by: str | None
    subject: str
    field: str
    before: Any
    after: Any

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Journal:
    """Entries of all shops stand in one row, in the order of what happened."""

    entries: list[Entry] = field(default_factory=list)
    _pages: dict[str, "_Page"] = field(default_factory=dict)
    _last: int = 0

    def begin(self, shop: Shop) -> None:
        """Of one that is written down already, what is known stays."""
        if shop.domain not in self._pages:
            shop.scribe = self._pages[shop.domain] = _Page(self, shop)

    def end(self, shop: Shop) -> None:
        """Forgets the shop, and what was written of it."""
        shop.scribe = None
        self._pages.pop(shop.domain, None)
        self.entries = [each for each in self.entries if each.shop != shop.domain]

    def of(self, shop: Shop, after: int = 0) -> list[Entry]:
        return [each for each in self.entries if each.shop == shop.domain and each.number > after]

    def add(self, shop: str, by: str | None, subject: str, name: str, before: Any, after: Any) -> None:
        self._last += 1
        self.entries.append(Entry(self._last, shop, by, subject, name, before, after))


class _Page:
    """One shop's, with the values as they were last."""

    def __init__(self, journal: Journal, shop: Shop) -> None:
        self._journal = journal
        self._shop = shop
        self._known: dict[int, _Facts] = {
            product.id: dict(_facts(shop, product)) for product in shop.products
        }
        self._since_call = 0

    def changed(self, change: Change, author: str | None) -> None:
        for number in sorted(change.products):
            product = self._shop.products.get(number)
            before = self._known.pop(number, {})
            after: _Facts = {}
            if product is not None:
                after = self._known[number] = dict(_facts(self._shop, product))
            self._compare(author, before, after)

    def ran(self, author: str, *, refused: bool) -> None:
        told = {"effects": self._since_call, "refused": refused}
        self._journal.add(self._shop.domain, author, gid("Shop", self._shop.id), CALL, None, told)
        self._since_call = 0

    def _compare(self, author: str | None, before: Mapping[tuple[str, str], Any], after: _Facts) -> None:
        for subject, name in {**before, **after}:
            old, new = before.get((subject, name)), after.get((subject, name))
            if old != new:
                self._journal.add(self._shop.domain, author, subject, name, old, new)
                self._since_call += author is not None


def _facts(shop: Shop, product: Product) -> Iterator[tuple[tuple[str, str], Any]]:
    dumped = dump_product(shop, product)
    yield (dumped["id"], EXISTS), True
    for name, value in dumped.items():
        if name not in _LEFT_OUT:
            # How far a file has been processed is Shopify's doing.
            yield (dumped["id"], name), [_shown(file) for file in value] if name == "media" else value
    for variant in dumped["variants"]:
        yield (variant["id"], EXISTS), True
        for name, value in variant.items():
            if name not in _LEFT_OUT_OF_VARIANTS:
                yield (variant["id"], name), value
        for place, level in variant["levels"].items():
            yield (variant["id"], f"available at {place}"), level["available"]


def _shown(file: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": file["id"], "alt": file["alt"]}
