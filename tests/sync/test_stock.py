from dataclasses import replace

import pytest

from backend.sync.catalog import LocationId, Product
from backend.sync.comparison import Hold
from backend.sync.diff import Diff, plan_product
from backend.sync.fingerprint import value_hash
from backend.sync.link import Ref
from backend.sync.settings import DetailField, LocationMap, SyncSettings
from backend.sync.stock import MAX_QUANTITY, desired_stock, location_map
from tests.sync.factories import (
    DEPENDENT,
    EVERYTHING,
    HERE,
    MAIN,
    ONLY_STOCK,
    THERE,
    link,
    product,
    rules,
    twin,
    variant,
)

A, B, C, X, Y = (LocationId(name) for name in "ABCXY")
SUM = LocationMap({X: (A, B), Y: (C,)})


@pytest.mark.parametrize(
    ("stock", "settings", "expected"),
    [
        ({A: 2, B: 3, C: 4}, SyncSettings(), {X: 5, Y: 4}),
        ({A: 2}, SyncSettings(), {X: 2, Y: 0}),
        ({A: -7, B: 3, C: -1}, SyncSettings(), {X: 0, Y: 0}),
        ({A: 2, B: 3, C: 1}, SyncSettings(stock_buffer=2), {X: 3, Y: 0}),
        ({A: 9, B: 9, C: 1}, SyncSettings(stock_buffer=2, stock_cap=10), {X: 10, Y: 0}),
        ({A: 9, B: 9, C: 1}, SyncSettings(stock_cap=0), {X: 0, Y: 0}),
        ({A: MAX_QUANTITY, B: MAX_QUANTITY}, SyncSettings(), {X: MAX_QUANTITY, Y: 0}),
    ],
)
def test_desired_stock(
    stock: dict[LocationId, int], settings: SyncSettings, expected: dict[LocationId, int]
) -> None:
    assert desired_stock(stock, SUM, settings) == expected


def test_location_map() -> None:
    assert location_map([], MAIN, DEPENDENT) == LocationMap({THERE: (HERE,)})
    assert location_map([(B, X), (A, X), (C, Y)], MAIN, DEPENDENT) == SUM
    assert location_map([], replace(MAIN, primary_location_id=None), DEPENDENT) == LocationMap({})


def pair(main: int | None, dependent: int | None) -> tuple[Product, Product]:
    mine = product(variant(tracked=True, stock={} if main is None else {HERE: main}))
    theirs = twin(mine)
    stock = {} if dependent is None else {THERE: dependent}
    return mine, replace(theirs, variants=(replace(theirs.variants[0], stock=stock),))


def plan(main: int | None, dependent: int | None, agreed: int | None = None, **fields: object) -> Diff:
    mine, theirs = pair(main, dependent)
    base = {} if agreed is None else {Ref("d-variant-1", "STOCK", THERE): value_hash(agreed)}
    return plan_product(mine, theirs, link(mine, theirs, base=base), rules(ONLY_STOCK, **fields))


def written(diff: Diff) -> list[tuple[object, object]]:
    return [(change.before, change.after) for change in diff.changes]


def test_first_sync_takes_main() -> None:
    assert written(plan(5, 2)) == [(2, 5)]
    assert written(plan(5, None)) == [(None, 5)]
    assert written(plan(0, None)) == []
    assert written(plan(None, 4)) == [(4, 0)]


def test_mirror_leaves_the_dependents_own_sales_alone() -> None:
    assert written(plan(5, 3, agreed=5)) == []
    assert written(plan(5, 3, agreed=5, repair=True)) == [(3, 5)]
    assert written(plan(6, 3, agreed=5)) == [(3, 6)]


def test_agreement_follows_main() -> None:
    ref = Ref("d-variant-1", "STOCK", THERE)
    assert plan(5, 5).agreed == {ref: value_hash(5)}
    assert plan(5, 5, agreed=5).agreed == {}
    assert plan(5, 3, agreed=5).agreed == {}


def test_stock_that_is_kept_local() -> None:
    mine, theirs = pair(5, 3)
    ref = Ref("d-variant-1", "STOCK", THERE)
    tied = link(mine, theirs, base={ref: value_hash(5)})
    held = plan_product(mine, theirs, tied, rules(ONLY_STOCK, repair=True), {ref: Hold(value_hash(5))})
    assert (held.changes, held.held) == ((), (ref,))
    released = plan_product(mine, theirs, tied, rules(ONLY_STOCK), {ref: Hold(value_hash(4))})
    assert (written(released), released.released, released.forgotten) == ([(3, 5)], (ref,), (ref,))


@pytest.mark.parametrize(("mine", "theirs"), [(False, True), (True, False), (False, False)])
def test_untracked_is_left_alone(mine: bool, theirs: bool) -> None:
    main, dependent = pair(5, 2)
    main = replace(main, variants=(replace(main.variants[0], tracked=mine),))
    dependent = replace(dependent, variants=(replace(dependent.variants[0], tracked=theirs),))
    assert plan_product(main, dependent, link(main, dependent), rules(ONLY_STOCK)).changes == ()


def test_tracking_goes_before_the_quantity_in_the_stock_lane() -> None:
    main, dependent = pair(5, 2)
    dependent = replace(dependent, variants=(replace(dependent.variants[0], tracked=False),))
    found = plan_product(main, dependent, link(main, dependent), rules(EVERYTHING))
    assert [(change.lane, change.field, change.after) for change in found.changes] == [
        ("STOCK", "TRACKED", True),
        ("STOCK", "STOCK", 5),
    ]
    masked = replace(EVERYTHING, fields=EVERYTHING.fields - {DetailField.TRACKED})
    assert plan_product(main, dependent, link(main, dependent), rules(masked)).changes == ()


def test_no_location_pauses_stock_with_a_code() -> None:
    found = plan(5, 2, location_map=LocationMap({}))
    assert found.changes == ()
    assert [(refusal.ref.field, refusal.code) for refusal in found.refused] == [("STOCK", "LOCATION_MISSING")]
