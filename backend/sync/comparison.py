"""Three-way comparison of one product's values: main's, the dependent's, and what was last agreed on."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from backend.sync.catalog import (
    NO_ITEM,
    NO_LOCATION,
    NO_PRODUCT,
    NO_VARIANT,
    InventoryItemId,
    LocationId,
    MediaId,
    Product,
    ProductId,
    Variant,
)
from backend.sync.changeset import Action, Change
from backend.sync.fields import Field, Lane, group_of
from backend.sync.fingerprint import Json, value_hash
from backend.sync.link import ProductLink, Ref, agreed_hashes
from backend.sync.match import Conflict
from backend.sync.rules import Refusal, Rules
from backend.sync.settings import LocalEditPolicy
from backend.sync.stock import is_due, pool_number


@dataclass(frozen=True, slots=True)
class Hold:
    """A dependent's value that stays as it is until main's value hashes to something else than `main_hash`;
    for good when that is None."""

    main_hash: str | None = None


def hold_for(main: Json, *, lasting: bool = False) -> Hold:
    """What keeps one value of the dependent as it is: until main, which says `main` now (in the dependent's
    terms, as in `Change.after` or `LocalEdit.main`), says something else; or for good."""
    return Hold(None if lasting else value_hash(main))


NO_HOLDS: Mapping[Ref, Hold] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LocalEdit:
    """The dependent changed a value that was agreed on. `kept`: the settings keep it, whatever main says by
    now; else main's value is in the changes. `product` is the dependent's."""

    ref: Ref
    main: Json
    dependent: Json
    kept: bool
    product: ProductId = NO_PRODUCT
    title: str = ""
    sku: str = ""


LANES = {Field.STOCK: Lane.STOCK, Field.PRICE: Lane.PRICE, Field.COMPARE_AT_PRICE: Lane.PRICE}


class Comparison:
    """Collects what comparing the values of one linked product brings to light (see `diff.Diff`)."""

    def __init__(
        self,
        wanted: Product,
        dependent: Product,
        link: ProductLink,
        rules: Rules,
        holds: Mapping[Ref, Hold],
    ) -> None:
        self.wanted = wanted
        self.dependent = dependent
        self.link = link
        self.rules = rules
        self.base = link.base
        # A plain tuple finds what a Ref finds, and costs a tenth of one.
        self._marks = cast("Mapping[tuple[str, str, str], str]", link.base)
        self.holds = holds
        self.changes: list[Change] = []
        self.agreed: dict[Ref, str] = {}
        self.forgotten: list[Ref] = []
        self.media: dict[MediaId, MediaId] = {}
        self.local_edits: list[LocalEdit] = []
        self.overwritten: set[Ref] = set()
        self.released: list[Ref] = []
        self.held: list[Ref] = []
        self.conflicts: list[Conflict] = []
        self.refused: list[Refusal] = []

    def moves(
        self, field: Field, wanted: Json, actual: Json, theirs: Variant | None = None, key: str = ""
    ) -> bool:
        """Whether a value of the product, or of its variant, is to be written; remembers why not."""
        ref = Ref(theirs.id if theirs is not None else self.dependent.id, field, key)
        fingerprint = value_hash(wanted)
        if self.holds and ref in self.holds and self.holds_back(ref, fingerprint, differs=wanted != actual):
            return False
        mark = None if self.holds and ref in self.released else self.base.get(ref)
        if wanted == actual:
            if mark != fingerprint:
                self.agreed[ref] = fingerprint
            return False
        if mark is None:
            return True
        main_then, dependent_then = agreed_hashes(mark)
        if dependent_then == value_hash(actual):
            return main_then != fingerprint
        return not self.keeps_edit(ref, wanted, actual, theirs)

    def equal(self, subject: str, field: Field, fingerprint: str, key: str = "") -> None:
        """`moves` for a value known to be equal and not held: the shortest way, which most values of most
        syncs go."""
        if self._marks.get((subject, field, key)) != fingerprint:
            self.agreed[Ref(subject, field, key)] = fingerprint

    def holds_back(self, ref: Ref, fingerprint: str, *, differs: bool) -> bool:
        """Whether a hold keeps the value as it is. A hold whose main value moved on is released, and what was
        agreed on before it no longer counts: main's value is written whatever the dependent says."""
        hold = self.holds.get(ref)
        if hold is None:
            return False
        if hold.main_hash is None or hold.main_hash == fingerprint:
            if differs:
                self.held.append(ref)
            return True
        self.released.append(ref)
        if ref in self.base:
            self.forgotten.append(ref)
        return False

    def value(
        self,
        field: Field,
        wanted: Json,
        actual: Json,
        mine: Variant | None = None,
        theirs: Variant | None = None,
        *,
        key: str = "",
        lane: Lane | None = None,
        action: Action = Action.SET,
    ) -> bool:
        """Compares a value and adds the change if it is to be written, which is what it answers."""
        if not self.moves(field, wanted, actual, theirs, key):
            return False
        self.add(
            action, field, actual, wanted, mine, theirs, key=key, lane=lane, main_hash=value_hash(wanted)
        )
        return True

    def stock(self, location: LocationId, wanted: int, mine: Variant, theirs: Variant) -> None:
        """Of a mirrored level. One that isn't there and a wanted 0 are equal: nothing is activated to hold
        nothing."""
        ref = Ref(theirs.id, Field.STOCK, location)
        fingerprint = value_hash(wanted)
        actual = theirs.stock.get(location)
        if self.holds and self.holds_back(ref, fingerprint, differs=(actual or 0) != wanted):
            return
        mark = None if self.holds and ref in self.released else self.base.get(ref)
        if (actual or 0) == wanted:
            if mark != fingerprint:
                self.agreed[ref] = fingerprint
            return
        number = pool_number(mark)
        if number is not None:
            mark = value_hash(number)
        if is_due(
            agreed=mark is not None,
            main_moved=mark is None or agreed_hashes(mark)[0] != fingerprint,
            repair=self.rules.repair,
        ):
            self.add(
                Action.SET, Field.STOCK, actual, wanted, mine, theirs, key=location, main_hash=fingerprint
            )
        elif number is not None and mark is not None:
            self.agreed[ref] = mark

    def compares(self, ref: Ref, wanted: Json, actual: Json) -> None:
        """Told of every value that is compared in a way of its own; only a report is interested."""

    def keeps_edit(self, ref: Ref, wanted: Json, actual: Json, theirs: Variant | None = None) -> bool:
        """Reports that somebody edited the value in the dependent; whether the settings let it stand."""
        kept = self.keeps_local(Field(ref.field))
        sku = "" if theirs is None else theirs.sku
        self.local_edits.append(
            LocalEdit(ref, wanted, actual, kept, self.dependent.id, self.wanted.title, sku)
        )
        if not kept:
            self.overwritten.add(ref)
        return kept

    def keeps_local(self, field: Field) -> bool:
        return self.rules.settings.local_edits.get(group_of(field)) is LocalEditPolicy.KEEP_LOCAL

    def add(
        self,
        action: Action,
        field: Field,
        before: Json,
        after: Json,
        mine: Variant | None = None,
        theirs: Variant | None = None,
        *,
        key: str = "",
        lane: Lane | None = None,
        main_hash: str | None = None,
        item: InventoryItemId = NO_ITEM,
        location: LocationId = NO_LOCATION,
        local_edit: bool = False,
    ) -> None:
        """`item` defaults to that of `theirs`. A change of an edited value is marked by itself."""
        subject = self.dependent.id if theirs is None else theirs.id
        self.changes.append(
            Change(
                lane=lane or LANES.get(field, Lane.DETAILS),
                action=action,
                field=field,
                key=key,
                main_product=self.wanted.id,
                main_variant=NO_VARIANT if mine is None else mine.id,
                product=self.dependent.id,
                variant=NO_VARIANT if theirs is None else theirs.id,
                inventory_item=item or (NO_ITEM if theirs is None else theirs.inventory_item_id),
                title=self.wanted.title,
                sku=(mine.sku if mine is not None else "") or (theirs.sku if theirs is not None else ""),
                before=before,
                after=after,
                main_hash=main_hash,
                location=location,
                local_edit=local_edit or Ref(subject, field, key) in self.overwritten,
            )
        )
