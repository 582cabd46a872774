"""The least that a read costs follows from what there is to read, not from what a run has done."""

from bench.minimum import COUNTS, EXTREMES, FACTS, by_pages, in_bulk, mixed


def test_pages_cost_by_the_formula() -> None:
    # 12 points for 244 ids, 52 for 244 variants with product, item and level.
    assert by_pages(244, 1_220, mirrored=True) == FACTS + 12 + 5 * 52
    assert by_pages(245, 1_221, mirrored=False) == FACTS + COUNTS + 2 * 12 + 6 * 52


def test_an_operation_for_each_kind_and_more_where_they_are_worth_it() -> None:
    # One look each ten seconds of Shopify's work, and one at its end.
    assert in_bulk(2_000, 10_000, mirrored=True) == FACTS + 2 * 10 + 1
    assert in_bulk(10_000, 50_000, mirrored=True) == FACTS + 5 * 10 + 1
    # Shopify counts to 25,000: two operations for the variants, which take longer.
    assert in_bulk(10_000, 50_000, mirrored=False) == FACTS + COUNTS + 3 * 10 + 2 + EXTREMES
    assert in_bulk(100_000, 500_000, mirrored=True) == FACTS + 5 * 10 + 1 + 8


def test_a_mixed_read_costs_some_of_each() -> None:
    assert mixed(2_440, 12_200, mirrored=True) == FACTS + 10 * 12 + 10 + 1
