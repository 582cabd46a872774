import math

import pytest

from backend.shopify.bucket import ThrottleStatus
from backend.shopify.bulk_slices import BulkKind, SliceLimits
from backend.shopify.pages import Counts
from backend.shopify.strategy import (
    AS_FAST,
    AS_FAST_SECONDS,
    Kind,
    by_pages,
    estimate,
    every_way,
    in_bulk,
    page_cost,
)
from backend.shopify.wanted import Wanted
from backend.sync.catalog import LocationId
from backend.sync.settings import FieldGroup

TEN_THOUSAND = Counts(10_000, 50_000, exact=True)
STANDARD = ThrottleStatus(2000, 2000, 100)
PLUS = ThrottleStatus(20_000, 20_000, 1000)
ONE = (LocationId("gid://shopify/Location/1"),)
PRICES = Wanted(frozenset({FieldGroup.PRICES}), origin=False)
PRICES_AND_STOCK = Wanted(frozenset({FieldGroup.PRICES, FieldGroup.QUANTITIES}), locations=ONE, origin=False)


def test_pages_cost_the_formula_over_what_is_owned() -> None:
    prices = by_pages(TEN_THOUSAND, PRICES, STANDARD)
    assert (prices.points, prices.calls) == (41 * 12 + 205 * 32, 246)
    everything = by_pages(TEN_THOUSAND, Wanted(locations=ONE), STANDARD)
    assert everything.points == 41 * 212 + 205 * 132
    # What is above the fifth kept for people is there at once, the rest comes at 100 points a second.
    assert everything.seconds == pytest.approx((35_752 - 1600) / 100)


def test_the_bucket_counts_as_it_is_now() -> None:
    empty = by_pages(TEN_THOUSAND, PRICES, ThrottleStatus(2000, 300, 100))
    half = by_pages(TEN_THOUSAND, PRICES, ThrottleStatus(2000, 1000, 200))
    assert empty.seconds == pytest.approx(7052 / 100)
    assert half.seconds == pytest.approx(205 * 0.3)


def test_the_longer_of_two_streams_is_the_limit_where_points_are_none() -> None:
    assert by_pages(TEN_THOUSAND, PRICES, PLUS).seconds == pytest.approx(205 * 0.3)


def test_bulk_costs_its_starts_and_its_looks() -> None:
    whole = in_bulk(TEN_THOUSAND, PRICES, 500, SliceLimits(smallest=10_000_000))
    assert whole.seconds == pytest.approx(105)
    # Two operations; looks after 10 s each.
    assert whole.points == 2 * 10 + 12
    # One slice of products and four of variants, whose ends are asked for.
    sliced = in_bulk(TEN_THOUSAND, PRICES, 500)
    assert sliced.seconds == pytest.approx(5 + 12_500 / 500)
    assert 5 * 10 + 6 < sliced.points <= 5 * 10 + 6 + 12


def test_five_operations_at_once_bound_a_large_shop() -> None:
    million = Counts(200_000, 1_000_000, exact=True)
    assert in_bulk(million, PRICES, 1000).seconds == pytest.approx(5 + 1_200_000 / 5 / 1000)


@pytest.mark.parametrize(
    ("counts", "wanted", "status", "rate", "kind"),
    [
        (Counts(0, 0, True), Wanted(), STANDARD, 600, Kind.PAGES),
        (Counts(500, 1000, True), Wanted(), STANDARD, 600, Kind.PAGES),
        (Counts(2_000, 10_000, True), PRICES, STANDARD, 600, Kind.PAGES),
        (TEN_THOUSAND, PRICES, STANDARD, 600, Kind.BULK),
        (TEN_THOUSAND, PRICES, PLUS, 600, Kind.BULK),
        (TEN_THOUSAND, Wanted(locations=ONE), STANDARD, 600, Kind.BULK),
        (TEN_THOUSAND, PRICES, STANDARD, 100, Kind.PAGES),
        # Products with media and metafields are dear in bulk and fast by pages where the bucket is large.
        (TEN_THOUSAND, Wanted(locations=ONE), PLUS, 600, Kind.MIXED),
        (Counts(200_000, 1_000_000, True), PRICES, STANDARD, 2000, Kind.BULK),
        (TEN_THOUSAND, PRICES, None, 600, Kind.BULK),
    ],
)
def test_the_fewest_points_of_the_fast_ways_are_chosen(
    counts: Counts, wanted: Wanted, status: ThrottleStatus | None, rate: float, kind: Kind
) -> None:
    chosen = estimate(counts, wanted, status, rate)
    assert chosen.kind is kind
    ways = every_way(counts, wanted, status, rate)
    fastest = min(each.seconds for each in ways)
    bearable = max(fastest * AS_FAST, fastest + AS_FAST_SECONDS)
    assert chosen.seconds <= bearable
    assert chosen.points <= 1.1 * min(each.points for each in ways if each.seconds <= bearable)


@pytest.mark.parametrize("products", [1_000, 3_000, 5_000, 10_000, 20_000, 50_000])
def test_main_and_an_equal_dependent_are_read_the_same_way(products: int) -> None:
    """The dependent's pages cost a little more, for the origin of its products: a few points must not decide
    which way it goes."""
    counts = Counts(products, products * 5, exact=True)
    dependent = Wanted(PRICES_AND_STOCK.groups, locations=ONE)
    assert page_cost("Products", dependent) == page_cost("Products", PRICES_AND_STOCK) + 10
    for level in (2000, 1900, 1500):
        status = ThrottleStatus(2000, level, 100)
        assert estimate(counts, PRICES_AND_STOCK, status).kind is estimate(counts, dependent, status).kind


def test_a_mixed_read_names_what_goes_in_bulk() -> None:
    ways = every_way(TEN_THOUSAND, PRICES, STANDARD)
    assert [(each.kind, each.bulk) for each in ways] == [
        (Kind.PAGES, frozenset()),
        (Kind.MIXED, {BulkKind.VARIANTS}),
        (Kind.MIXED, {BulkKind.PRODUCTS}),
        (Kind.BULK, {BulkKind.PRODUCTS, BulkKind.VARIANTS}),
    ]
    # Pages and operations run side by side: what both cost adds up, the slower decides.
    pages, variants, products, both = ways
    assert variants.points < pages.points
    assert products.points + variants.points == pytest.approx(pages.points + both.points, abs=40)
    assert all(math.isfinite(each.seconds) for each in ways)
