import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.shopify.bulk_slices import (
    AT_ONCE,
    BulkKind,
    BulkSlice,
    IdRange,
    SliceLimits,
    SliceState,
    evenly,
    from_cursor,
    longest,
    measured_rate,
    plan_slices,
    slice_counts,
    to_cursor,
)

P, V, I = BulkKind.PRODUCTS, BulkKind.VARIANTS, BulkKind.ITEMS  # noqa: E741
LIMITS = SliceLimits(largest=100, smallest=10)


@pytest.mark.parametrize(
    ("objects", "counts"),
    [
        ({P: 0, V: 0}, {P: 1, V: 1}),
        ({P: 10, V: 19}, {P: 1, V: 1}),
        ({P: 10, V: 20}, {P: 1, V: 2}),
        ({P: 10, V: 50}, {P: 1, V: 4}),
        ({P: 50, V: 50}, {P: 3, V: 2}),
        ({P: 90, V: 450}, {P: 1, V: 5}),
        ({V: 15, I: 90}, {V: 1, I: 4}),
        ({P: 101}, {P: 5}),
    ],
)
def test_every_place_is_used_while_slices_are_worth_it(
    objects: dict[BulkKind, int], counts: dict[BulkKind, int]
) -> None:
    assert slice_counts(objects, LIMITS) == counts


def test_the_busiest_place_decides() -> None:
    assert longest({P: 10, V: 40}, LIMITS) == 10
    assert longest({V: 1_000}, LIMITS) == 1_000 / AT_ONCE
    assert longest({}, LIMITS) == 0


@given(st.lists(st.integers(1, 10_000)), st.lists(st.integers(1, 10_000), min_size=1), st.integers(1, 10_000))
def test_every_id_is_in_exactly_one_slice(boundaries: list[int], ids: list[int], at: int) -> None:
    slices = list(plan_slices(P, len(boundaries) + 1, boundaries, 1_000, 0))
    first = slices.pop(0)
    slices += first.halves(at, 100)
    for each in ids:
        inside = [
            one.number
            for one in slices
            if (one.range.above is None or each > one.range.above)
            and (one.range.upto is None or each <= one.range.upto)
        ]
        assert len(inside) == 1
    assert len({each.number for each in slices}) == len(slices)


def test_a_range_is_halved_between_what_is_known_of_its_ends() -> None:
    assert IdRange(10, 20).middle(None) == 15
    assert IdRange(None, 20).middle(None) is None
    assert IdRange(None, 20).middle((11, 99)) == 15
    assert IdRange(10, None).middle((1, 30)) == 20
    assert IdRange().middle((1, 100)) == 50
    assert IdRange(10, 11).middle(None) is None
    assert IdRange(50, None).middle((1, 30)) is None


def test_boundaries_are_even_and_inside() -> None:
    assert evenly(4, (100, 200)) == [125, 150, 175]
    assert evenly(1, (100, 200)) == []
    assert [each.search() for each in IdRange().cut([10, 20])] == ["id:<=10", "id:>10 id:<=20", "id:>20"]
    assert IdRange().search() is None


def test_slices_come_back_from_a_cursor_as_they_were() -> None:
    slices = [
        BulkSlice(0, P),
        BulkSlice(
            12,
            V,
            IdRange(0, 9),
            70,
            2,
            SliceState.RUNNING,
            "gid",
            asked="2026-11-02T08:59:59+00:00",
            began="2026-11-02T09:00:00+00:00",
            stored=5,
            broken=1,
            objects=9,
            seconds=2.5,
        ),
        BulkSlice(3, V, IdRange(9, None), state=SliceState.PAGES, page={"above": 9}),
    ]
    cursor = {**to_cursor(slices), "look_at": "2026-11-02T09:00:00+00:00", "VARIANTS": {"above": 1}}
    assert from_cursor(cursor) == sorted(slices, key=lambda each: each.number)


def test_the_rate_is_told_by_operations_large_enough() -> None:
    told = [BulkSlice(0, P, objects=100, seconds=9.0), BulkSlice(1, P, objects=6_000, seconds=10.0)]
    assert measured_rate([*told, BulkSlice(2, V, objects=9_000, seconds=5.0)], 5_000) == 1_000
    assert measured_rate(told[:1], 5_000) is None
