"""What to remember once changes are applied: the agreement on each value, and on what was created."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.sync.catalog import Product
from backend.sync.changeset import Action, Change
from backend.sync.diff import plan_product
from backend.sync.fields import Field, Lane
from backend.sync.fingerprint import Json, value_hash
from backend.sync.link import NO_BASE, ProductLink, Ref, agreement
from backend.sync.rules import Rules

_CHOSEN_THERE = frozenset({Field.HANDLE, Field.STATUS})
_AGREED_ON = frozenset({Action.BOOK, Action.SET, Action.SET_MEDIA, Action.REORDER})


@dataclass(frozen=True, slots=True)
class Settlement:
    """Base entries to store, and to drop."""

    agreed: Mapping[Ref, str] = field(default_factory=lambda: NO_BASE, hash=False)
    forgotten: tuple[Ref, ...] = ()


def settled(change: Change, stored: Json) -> Settlement:
    """Of an applied change of a linked product. `stored` is the value that Shopify answered after the write,
    in the form of `change.after` (which stands in where nothing was answered).

    Structure and creations settle by the next comparison (`adopt` for what was created). An undone change is
    not settled: its base entry is dropped and a hold takes its place (`undo.UndoChange`). Stock that was
    zeroed because main's variant is gone is agreed on no more: should the variant come back, main's number
    counts.
    """
    if change.action is Action.SET and change.field is Field.STOCK and change.main_hash is None:
        return Settlement(forgotten=(change.ref,))
    if change.action not in _AGREED_ON or change.main_hash is None or not (change.variant or change.product):
        return Settlement()
    if change.main_variant and not change.variant:
        return Settlement()
    if change.field is Field.METAFIELD and change.after is None:
        return Settlement(forgotten=(change.ref,))
    if change.field is Field.STOCK:
        return Settlement({change.ref: change.main_hash})
    return Settlement({change.ref: agreement(change.main_hash, value_hash(stored))})


def adopt(main: Product, created: Product, link: ProductLink, rules: Rules) -> Mapping[Ref, str]:
    """Base entries for a product (or new variants of it) that this app has just created: `created` as Shopify
    answered it, `link` with what is known of it.

    What was created is read some seconds later. A detail that says something else by then was edited in
    between: main's values come from Shopify already, which stores them as they are. The handle alone it
    chooses itself where ours is taken, and the status is a draft's where the settings say so; these count as
    agreed. Prices and stock must be exactly as wanted, or the next plan writes them.
    """
    found = plan_product(main, created, link, rules)
    stored = {
        change.ref: agreement(change.main_hash, value_hash(change.before))
        if change.field in _CHOSEN_THERE
        else change.main_hash
        for change in found.changes
        if change.lane is Lane.DETAILS
        and change.action is Action.SET
        and change.field not in (Field.VARIANT_MEDIA, Field.METAFIELD)
        and change.main_hash is not None
    }
    return {**found.agreed, **stored}
