"""Shared stock: one pool that main keeps, sold by every dependent.

What happens to a dependent's level by itself (a sale, a return, a count) is the difference between its
quantity now and the one it was last agreed at. It is booked into main first, once; only then does main's
number flow back. The agreement is therefore a number, and stands until the booking, or the write, is settled.
"""

from collections.abc import Mapping

from backend.sync.catalog import NO_STOCK, LocationId, Product, Variant, VariantId
from backend.sync.changeset import Action
from backend.sync.comparison import Comparison
from backend.sync.fields import Field
from backend.sync.fingerprint import value_hash
from backend.sync.link import Ref
from backend.sync.stock import booking_location, pool_mark, pool_number


def compare_pool(
    comparison: Comparison, main: Product, mine: Variant, theirs: Variant, *, tracked: bool
) -> None:
    """Compares the levels of a variant. `tracked`: the dependent's item is, or will be by this plan.

    Where there is no number that both agreed on, main's counts: at first, after either side was untracked,
    after the level was kept local, or was taken away. A level that is not there has sold nothing.
    """
    if not (mine.tracked and theirs.tracked):
        for location in comparison.rules.location_map.sources:
            _forget(comparison, Ref(theirs.id, Field.STOCK, location))
    if not (mine.tracked and tracked):
        return
    for location, wanted in mine.stock.items():
        ref = Ref(theirs.id, Field.STOCK, location)
        actual = theirs.stock.get(location)
        comparison.compares(ref, wanted, actual)
        if comparison.holds and comparison.holds_back(
            ref, value_hash(wanted), differs=(actual or 0) != wanted
        ):
            _forget(comparison, ref)
            continue
        known = None if ref in comparison.forgotten else pool_number(comparison.base.get(ref))
        if actual is not None and known is not None and actual != known:
            _book(comparison, main, mine, theirs, location, known, actual)
        elif (actual or 0) != wanted:
            if actual is None:
                _forget(comparison, ref)
            comparison.add(
                Action.SET,
                Field.STOCK,
                actual,
                wanted,
                mine,
                theirs,
                key=location,
                main_hash=pool_mark(wanted),
            )
        elif comparison.base.get(ref) != pool_mark(wanted):
            comparison.agreed[ref] = pool_mark(wanted)


def _forget(comparison: Comparison, ref: Ref) -> None:
    if ref in comparison.base:
        comparison.forgotten.append(ref)


def _book(
    comparison: Comparison,
    main: Product,
    mine: Variant,
    theirs: Variant,
    location: LocationId,
    known: int,
    actual: int,
) -> None:
    sources = comparison.rules.location_map.sources[location]
    comparison.add(
        Action.BOOK,
        Field.STOCK,
        known,
        actual,
        mine,
        theirs,
        key=location,
        main_hash=pool_mark(actual),
        item=mine.inventory_item_id,
        location=booking_location(_stock(main, mine.id), sources),
    )


def _stock(main: Product, variant: VariantId) -> Mapping[LocationId, int]:
    return next((each.stock for each in main.variants if each.id == variant), NO_STOCK)
