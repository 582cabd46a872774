import pytest

from backend.shopify.bucket import ThrottleStatus
from backend.shopify.pages import Counts
from backend.shopify.strategy import Kind, by_pages, estimate, in_bulk
from backend.shopify.wanted import Wanted
from backend.sync.catalog import LocationId
from backend.sync.settings import FieldGroup

TEN_THOUSAND = Counts(10_000, 50_000, exact=True)
STANDARD = ThrottleStatus(2000, 2000, 100)
PLUS = ThrottleStatus(20_000, 20_000, 1000)
ONE = (LocationId("gid://shopify/Location/1"),)
PRICES = Wanted(frozenset({FieldGroup.PRICES}), origin=False)


def test_pages_cost_the_formula_over_what_is_owned() -> None:
    prices = by_pages(TEN_THOUSAND, PRICES, STANDARD)
    assert (prices.points, prices.calls) == (41 * 12 + 205 * 32, 246)
    everything = by_pages(TEN_THOUSAND, Wanted(locations=ONE), STANDARD)
    assert everything.points == 41 * 212 + 205 * 132
    # What is above the fifth kept for people is there at once, the rest comes at 100 points a second.
    assert everything.seconds == pytest.approx((35_752 - 1600) / 100)


def test_round_trips_are_the_limit_where_points_are_none() -> None:
    assert by_pages(TEN_THOUSAND, PRICES, PLUS).seconds == pytest.approx(246 * 0.3)


def test_bulk_costs_its_starts_and_its_looks() -> None:
    strategy = in_bulk(TEN_THOUSAND, PRICES, 500)
    assert strategy.seconds == pytest.approx(105)
    assert strategy.points == 2 * 10 + 2 * 12


@pytest.mark.parametrize(
    ("counts", "wanted", "status", "rate", "kind"),
    [
        (Counts(0, 0, True), Wanted(), STANDARD, 600, Kind.PAGES),
        (Counts(500, 1000, True), Wanted(), STANDARD, 600, Kind.PAGES),
        (TEN_THOUSAND, PRICES, STANDARD, 600, Kind.PAGES),
        (TEN_THOUSAND, PRICES, PLUS, 600, Kind.PAGES),
        (TEN_THOUSAND, Wanted(locations=ONE), STANDARD, 600, Kind.BULK),
        (TEN_THOUSAND, Wanted(locations=ONE), STANDARD, 100, Kind.PAGES),
        (Counts(200_000, 1_000_000, True), PRICES, STANDARD, 2000, Kind.BULK),
        (TEN_THOUSAND, PRICES, None, 600, Kind.PAGES),
    ],
)
def test_the_faster_of_the_two_is_chosen(
    counts: Counts, wanted: Wanted, status: ThrottleStatus | None, rate: float, kind: Kind
) -> None:
    chosen = estimate(counts, wanted, status, rate)
    assert chosen.kind is kind
    assert chosen.seconds == min(
        by_pages(counts, wanted, status).seconds, in_bulk(counts, wanted, rate).seconds
    )
