"""Shared stock, level by level: what is booked into main, what is written, and what is agreed on."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from backend.sync.batching import batch
from backend.sync.brake import brake_class, tally
from backend.sync.catalog import LocationId, Product, Variant
from backend.sync.changeset import Action, Change
from backend.sync.comparison import Hold
from backend.sync.diff import Diff, plan_product
from backend.sync.fingerprint import value_hash
from backend.sync.gone import gone_variants
from backend.sync.link import Ref
from backend.sync.settings import LocationMap, StockMode, SyncSettings
from backend.sync.settle import Settlement, adopt, settled
from backend.sync.stock import booking_location, pool_mark, pool_number
from backend.sync.undo import is_undoable
from backend.sync.writes import AdjustEntry, AdjustStock, ChangeId, SetStock, change_ids
from tests.sync.factories import (
    EVERYTHING,
    HERE,
    ONLY_STOCK,
    THERE,
    link,
    product,
    rules,
    twin,
    variant,
)

SHARED = replace(ONLY_STOCK, stock_mode=StockMode.SHARED)
REF = Ref("d-variant-1", "STOCK", THERE)
A, B, C = (LocationId(name) for name in "ABC")


def pair(
    stock: Mapping[LocationId, int], dependent: int | None, *, mine: bool = True, theirs: bool = True
) -> tuple[Product, Product]:
    main = product(variant(tracked=mine, stock=stock))
    level = {} if dependent is None else {THERE: dependent}
    other = twin(main)
    return main, replace(other, variants=(replace(other.variants[0], tracked=theirs, stock=level),))


def plan(
    main: int | None,
    dependent: int | None,
    mark: str | None = None,
    settings: SyncSettings = SHARED,
    holds: Mapping[Ref, Hold] | None = None,
    mine: bool = True,
    theirs: bool = True,
    **fields: object,
) -> Diff:
    ours, other = pair({} if main is None else {HERE: main}, dependent, mine=mine, theirs=theirs)
    base = {} if mark is None else {REF: mark}
    return plan_product(ours, other, link(ours, other, base=base), rules(settings, **fields), holds or {})


def told(diff: Diff) -> list[tuple[str, object, object]]:
    return [(change.action.value, change.before, change.after) for change in diff.changes]


@pytest.mark.parametrize(
    ("main", "dependent", "mark", "expected"),
    [
        (5, 5, "#5", []),
        # at first main's number counts, whatever form an older mark has
        (5, 2, None, [("SET", 2, 5)]),
        (5, 2, value_hash(5), [("SET", 2, 5)]),
        (5, 2, value_hash(2), [("SET", 2, 5)]),
        (5, 2, "1234567890123456", [("SET", 2, 5)]),
        # only main moved
        (7, 5, "#5", [("SET", 5, 7)]),
        (0, 5, "#5", [("SET", 5, 0)]),
        # only the dependent moved
        (5, 3, "#5", [("BOOK", 5, 3)]),
        (5, 9, "#5", [("BOOK", 5, 9)]),
        (0, -1, "#0", [("BOOK", 0, -1)]),
        # both moved, even to the same number: what the dependent sold is booked before anything is written
        (7, 3, "#5", [("BOOK", 5, 3)]),
        (3, 3, "#5", [("BOOK", 5, 3)]),
        # oversold where orders go on at 0: booked, then shown as nothing
        (-1, -1, "#-1", [("SET", -1, 0)]),
    ],
)
@pytest.mark.parametrize("repair", [False, True])
def test_level(
    main: int, dependent: int, mark: str | None, expected: list[tuple[str, object, object]], repair: bool
) -> None:
    found = plan(main, dependent, mark, repair=repair)
    assert told(found) == expected
    assert found.agreed == {}
    assert found.forgotten == ()


def test_mark() -> None:
    assert [pool_number(pool_mark(number)) for number in (0, 5, -3, 1_000_000_000)] == [0, 5, -3, 10**9]
    assert [pool_number(mark) for mark in (None, value_hash(5), f"{value_hash(5)}/{value_hash(4)}")] == [
        None,
        None,
        None,
    ]
    assert len(pool_mark(-2_000_000_000)) <= 32, "fits the column of a change's main_hash"


def test_agreement_is_a_number() -> None:
    assert plan(5, 5).agreed == {REF: "#5"}
    assert plan(5, 5, value_hash(5)).agreed == {REF: "#5"}
    assert plan(0, None).agreed == {REF: "#0"}


def test_booking_names_mains_item_and_location() -> None:
    (change,) = plan(5, 3, "#5").changes
    assert change == Change(
        lane=change.lane,
        action=Action.BOOK,
        field=change.field,
        key=THERE,
        main_product=change.main_product,
        main_variant=change.main_variant,
        product=change.product,
        variant=change.variant,
        inventory_item=product(variant()).variants[0].inventory_item_id,
        title="Shirt",
        sku="SKU-1",
        before=5,
        after=3,
        main_hash="#3",
        location=HERE,
    )
    assert (change.lane, change.field, change.ref) == ("STOCK", "STOCK", REF)
    assert Change.from_json(change.to_json()) == change
    assert settled(change, 3) == Settlement({REF: "#3"})


@pytest.mark.parametrize(
    ("stock", "expected"),
    [
        ({A: 1, B: 7, C: 3}, B),
        ({B: 3, C: 3}, B),
        ({C: -4, A: -2}, A),
        ({C: -4}, C),
        ({}, A),
    ],
)
def test_booking_location(stock: dict[LocationId, int], expected: LocationId) -> None:
    assert booking_location(stock, (A, B, C)) == expected


def test_sale_is_booked_where_main_has_most() -> None:
    main, dependent = pair({A: 1, B: 7, HERE: 90}, 6)
    two = rules(SHARED, location_map=LocationMap({THERE: (A, B)}))
    (change,) = plan_product(main, dependent, link(main, dependent, base={REF: "#8"}), two).changes
    assert (change.action, change.before, change.after, change.location) == ("BOOK", 8, 6, B)


def test_sale_of_a_variant_that_main_has_nowhere() -> None:
    (change,) = plan(None, -1, "#0").changes
    assert (change.action, change.before, change.after, change.location) == ("BOOK", 0, -1, HERE)


def test_written_level_is_agreed_on() -> None:
    (change,) = plan(7, 5, "#5").changes
    assert (change.before, settled(change, 7)) == (5, Settlement({REF: "#7"}))


@pytest.mark.parametrize(
    ("main", "dependent", "mark", "expected"),
    [
        # buffer 2, cap 5: main's 10 is 5 here, 6 is 4, 2 is 0
        (10, 5, "#5", []),
        (10, 4, "#5", [("BOOK", 5, 4)]),
        # booked, and below the cap: main's 9 still fills it up
        (9, 4, "#4", [("SET", 4, 5)]),
        (6, 4, "#4", []),
        (6, 3, "#4", [("BOOK", 4, 3)]),
        (5, 3, "#3", []),
        # a return above the cap goes to main, and is not shown here
        (10, 8, "#5", [("BOOK", 5, 8)]),
        (13, 8, "#8", [("SET", 8, 5)]),
        (2, 0, "#0", []),
        (2, -1, "#0", [("BOOK", 0, -1)]),
        (1, -1, "#-1", [("SET", -1, 0)]),
    ],
)
def test_buffer_and_cap(
    main: int, dependent: int, mark: str, expected: list[tuple[str, object, object]]
) -> None:
    assert told(plan(main, dependent, mark, replace(SHARED, stock_buffer=2, stock_cap=5))) == expected


@pytest.mark.parametrize(("mine", "theirs"), [(False, True), (True, False), (False, False)])
def test_untracked_level_is_left_alone_and_starts_anew(mine: bool, theirs: bool) -> None:
    found = plan(5, 2, "#9", mine=mine, theirs=theirs)
    assert (found.changes, found.forgotten) == ((), (REF,))


def test_item_that_gets_tracked_starts_with_mains_number() -> None:
    chosen = replace(EVERYTHING, stock_mode=StockMode.SHARED)
    found = plan(5, 2, "#9", chosen, theirs=False)
    stock = [each for each in found.changes if each.lane == "STOCK"]
    assert [(each.field, each.action, each.before, each.after) for each in stock] == [
        ("TRACKED", "SET", False, True),
        ("STOCK", "SET", 2, 5),
    ]
    assert REF in found.forgotten


def test_level_that_was_taken_away_sold_nothing() -> None:
    gone = plan(5, None, "#5")
    assert (told(gone), gone.forgotten) == ([("SET", None, 5)], (REF,))
    nothing = plan(0, None, "#5")
    assert (told(nothing), nothing.agreed, nothing.forgotten) == ([], {REF: "#0"}, ())
    assert plan(0, None, "#0").agreed == {}


def test_level_that_is_kept_local_is_no_part_of_the_pool() -> None:
    held = plan(5, 50, "#5", holds={REF: Hold(None)})
    assert (held.changes, held.held, held.forgotten) == ((), (REF,), (REF,))
    # released by a person: the agreement is gone, main's number counts
    assert told(plan(5, 50)) == [("SET", 50, 5)]
    # main's number moved on: released by itself
    moved = plan(6, 50, "#5", holds={REF: Hold(value_hash(5))})
    assert (told(moved), moved.released, moved.forgotten) == ([("SET", 50, 6)], (REF,), (REF,))


def test_turning_mirrored_books_nothing_and_writes_when_main_moves() -> None:
    mirrored = plan(5, 3, "#5", ONLY_STOCK)
    assert (mirrored.changes, mirrored.agreed) == ((), {REF: value_hash(5)})
    moved = plan(6, 3, "#5", ONLY_STOCK)
    assert (told(moved), moved.changes[0].main_hash) == ([("SET", 3, 6)], value_hash(6))
    assert plan(5, 5, "#5", ONLY_STOCK).agreed == {REF: value_hash(5)}


def test_turning_shared_again_does_not_book_what_was_sold_while_mirrored() -> None:
    (mark,) = plan(5, 3, "#5", ONLY_STOCK).agreed.values()
    assert told(plan(5, 3, mark)) == [("SET", 3, 5)]


def test_location_that_main_no_longer_feeds_is_forgotten() -> None:
    main, dependent = pair({HERE: 5}, 3)
    elsewhere = rules(SHARED, location_map=LocationMap({LocationId("other"): (HERE,)}))
    found = plan_product(main, dependent, link(main, dependent, base={REF: "#5"}), elsewhere)
    assert found.forgotten == (REF,)
    assert [(change.key, change.before, change.after) for change in found.changes] == [("other", None, 5)]


def test_bookings_are_never_held_nor_undone() -> None:
    changes = plan(5, 0, "#5").changes
    assert told(plan(5, 0, "#5")) == [("BOOK", 5, 0)]
    assert [brake_class(change) for change in changes] == [None]
    assert tally(changes).zeroed == 0
    assert not is_undoable(changes[0])


def test_zeroed_variant_starts_with_mains_number_when_it_is_back() -> None:
    main, dependent = pair({HERE: 5}, 5)
    tied = link(main, dependent, base={REF: "#5"})
    (change,) = gone_variants(dependent, tied, {main.variants[0].id}, rules(SHARED))
    assert (change.action, change.before, change.after) == ("SET", 5, 0)
    assert settled(change, 0) == Settlement(forgotten=(REF,))


def test_created_product_is_agreed_on_as_created() -> None:
    main, created = pair({HERE: 5}, 5)
    assert adopt(main, created, link(main, created), rules(SHARED)) == {REF: "#5"}
    sold = replace(created, variants=(replace(created.variants[0], stock={THERE: 4}),))
    assert adopt(main, sold, link(main, sold), rules(SHARED)) == {}


def booked(number: int, *, item: int | None = None, delta: int = -1) -> tuple[ChangeId, Change]:
    (change,) = plan(5, 3, "#5").changes
    gid = variant(number if item is None else item).inventory_item_id
    own = replace(change, inventory_item=gid, variant=variant(number).id, after=5 + delta)
    return ChangeId(number), own


def test_bookings_are_sent_as_deltas_to_main() -> None:
    (write,) = batch([booked(1), booked(2, delta=4)])
    assert write == AdjustStock(
        (
            AdjustEntry(ChangeId(1), variant(1).inventory_item_id, HERE, -1),
            AdjustEntry(ChangeId(2), variant(2).inventory_item_id, HERE, 4),
        )
    )
    assert change_ids(write) == (1, 2)


def test_no_call_has_more_than_250_bookings_or_one_place_twice() -> None:
    many = list(batch([booked(number) for number in range(501)]))
    assert [len(change_ids(write)) for write in many] == [250, 250, 1]
    twice = list(batch([booked(1), booked(2), booked(3, item=1), booked(4)]))
    assert [change_ids(write) for write in twice] == [(1, 2), (3, 4)]


def test_bookings_and_quantities_go_to_different_shops() -> None:
    first, second = variant(1, "S", tracked=True, stock={HERE: 5}), variant(2, "M", tracked=True)
    main = product(first, replace(second, stock={HERE: 9}))
    other = twin(main)
    levels: list[Variant] = [
        replace(each, stock={THERE: count}) for each, count in zip(other.variants, (3, 4), strict=True)
    ]
    other = replace(other, variants=tuple(levels))
    base = {REF: "#5", Ref("d-variant-2", "STOCK", THERE): "#4"}
    found = plan_product(main, other, link(main, other, base=base), rules(SHARED))
    numbered = [(ChangeId(index), change) for index, change in enumerate(found.changes)]
    writes = list(batch(numbered))
    assert [type(write) for write in writes] == [AdjustStock, SetStock]
    assert [change_ids(write) for write in writes] == [(0,), (1,)]
