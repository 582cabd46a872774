"""A comparison that also tells everything that differs, and why: for a report on how equal two shops are."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backend.errors import ErrorCode
from backend.sync.catalog import LocationId, Product, Variant
from backend.sync.changeset import Action
from backend.sync.comparison import Comparison, Hold
from backend.sync.fields import Field
from backend.sync.fingerprint import Json
from backend.sync.link import ProductLink, Ref
from backend.sync.rules import Refusal, Rules


class DifferenceReason(StrEnum):
    """DRIFT: there is a change for it. HELD: a hold keeps it. LOCAL_EDIT: the settings keep what somebody
    edited. LOCAL_STOCK: the dependent's own quantity, which mirrored stock leaves alone. REFUSED: main's
    value can't be carried over."""

    DRIFT = "DRIFT"
    HELD = "HELD"
    LOCAL_EDIT = "LOCAL_EDIT"
    LOCAL_STOCK = "LOCAL_STOCK"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Difference:
    """`main` is what the dependent should say, `dependent` what it says; None both where `code` tells that
    main's value has no counterpart. `ref` as in a change or, there, in a refusal."""

    ref: Ref
    main: Json
    dependent: Json
    reason: DifferenceReason
    code: ErrorCode | None = None
    title: str = ""
    sku: str = ""


class Survey(Comparison):
    """`values` are those that were compared one by one, main's and the dependent's; `seen` all."""

    def __init__(
        self,
        wanted: Product,
        dependent: Product,
        link: ProductLink,
        rules: Rules,
        holds: Mapping[Ref, Hold],
    ) -> None:
        super().__init__(wanted, dependent, link, rules, holds)
        self.seen: set[Ref] = set()
        self.values: dict[Ref, tuple[Json, Json]] = {}
        self.different: dict[Ref, Difference] = {}
        self.skus = {variant.id: variant.sku for variant in (*wanted.variants, *dependent.variants)}

    def moves(
        self, field: Field, wanted: Json, actual: Json, theirs: Variant | None = None, key: str = ""
    ) -> bool:
        self.compares(Ref(theirs.id if theirs is not None else self.dependent.id, field, key), wanted, actual)
        return super().moves(field, wanted, actual, theirs, key)

    def equal(self, subject: str, field: Field, fingerprint: str, key: str = "") -> None:
        self.seen.add(Ref(subject, field, key))
        super().equal(subject, field, fingerprint, key)

    def stock(self, location: LocationId, wanted: int, mine: Variant, theirs: Variant) -> None:
        ref = Ref(theirs.id, Field.STOCK, location)
        actual = theirs.stock.get(location)
        self.compares(ref, wanted, actual)
        super().stock(location, wanted, mine, theirs)
        if (actual or 0) != wanted and ref not in self.different:
            self._note(ref, DifferenceReason.LOCAL_STOCK)

    def compares(self, ref: Ref, wanted: Json, actual: Json) -> None:
        self.seen.add(ref)
        self.values[ref] = wanted, actual

    def holds_back(self, ref: Ref, fingerprint: str, *, differs: bool) -> bool:
        held = super().holds_back(ref, fingerprint, differs=differs)
        if held and differs:
            self._note(ref, DifferenceReason.HELD)
        return held

    def keeps_edit(self, ref: Ref, wanted: Json, actual: Json, theirs: Variant | None = None) -> bool:
        kept = super().keeps_edit(ref, wanted, actual, theirs)
        if kept:
            self.compares(ref, wanted, actual)
            self._note(ref, DifferenceReason.LOCAL_EDIT)
        return kept

    def add(self, *args: Any, **kwargs: Any) -> None:
        super().add(*args, **kwargs)
        change = self.changes[-1]
        if change.action is not Action.BOOK:
            self.compares(change.ref, change.after, change.before)
        self._note(change.ref, DifferenceReason.DRIFT)

    def report(self, refused: tuple[Refusal, ...]) -> tuple[int, tuple[Difference, ...]]:
        """How many values were compared, and those that differ, in a fixed order."""
        for refusal in refused:
            self._note(refusal.ref, DifferenceReason.REFUSED, refusal.code)
        return len(self.seen | self.different.keys()), tuple(
            self.different[ref] for ref in sorted(self.different)
        )

    def _note(self, ref: Ref, reason: DifferenceReason, code: ErrorCode | None = None) -> None:
        main, dependent = self.values.get(ref, (None, None))
        sku = next((sku for gid, sku in self.skus.items() if gid == ref.subject), "")
        self.different.setdefault(ref, Difference(ref, main, dependent, reason, code, self.wanted.title, sku))
