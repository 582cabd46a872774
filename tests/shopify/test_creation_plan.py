import pytest

from backend.shopify.bucket import ThrottleStatus
from backend.shopify.creation_plan import BatchSizes, Pace, bulk_share, next_lines, pace, seconds
from backend.shopify.write_estimate import ToCreate, ToWrite, writing

STANDARD = ThrottleStatus(2000, 2000, 100)
PLUS = ThrottleStatus(20_000, 20_000, 1000)


def test_points_or_calls_limit_single_creations() -> None:
    assert pace(32.5, STANDARD).singles == pytest.approx(100 / 32.5)
    assert pace(32.5, PLUS).singles == pytest.approx(10)
    assert pace(32.5, STANDARD, 40.0).lines == 40.0


@pytest.mark.parametrize(
    ("left", "free", "at", "lines"),
    [
        # Too few: the single ones are through before an operation has begun.
        (50, 5, Pace(10, 5), 0),
        (250, 5, Pace(3, 5), 0),
        (600, 5, Pace(3, 5), 100),
        (10_000, 5, Pace(3, 5), 250),
        (10_000, 0, Pace(3, 5), 0),
        # An operation so slow that the single ones would do most of it meanwhile.
        (600, 5, Pace(10, 0.5), 0),
        # The last place takes half of what is left, what the single ones leave.
        (200, 1, Pace(3, 5), 100),
        (120, 1, Pace(3, 5), 60),
    ],
)
def test_an_operation_is_through_before_single_creations_are(
    left: int, free: int, at: Pace, lines: int
) -> None:
    assert next_lines(left, free, at) == lines


@pytest.mark.parametrize("at", [Pace(3, 5), Pace(10, 5), Pace(1, 50), Pace(10, 0.2)])
@pytest.mark.parametrize("left", [1, 100, 300, 1_000, 100_000])
def test_batches_never_take_more_than_there_is(left: int, at: Pace) -> None:
    sizes = BatchSizes(fewest=10, most=200)
    rest = left
    for free in range(5, 0, -1):
        lines = next_lines(rest, free, at, sizes)
        assert lines == 0 or 10 <= lines <= 200
        rest -= lines
    assert rest >= left / 6 - 1
    assert seconds(left, at) <= left / at.singles
    assert 0 <= bulk_share(left, at) < 1


def test_prices_cost_one_call_a_product_and_wait_for_points() -> None:
    estimate = writing(ToWrite(variants=10_000, variant_calls=2_000), STANDARD)
    assert (estimate.points, estimate.seconds) == (22_000, (22_000 - 1_600) // 100)


def test_stock_goes_by_two_hundred_and_fifty() -> None:
    estimate = writing(ToWrite(levels=10_001), STANDARD)
    assert (estimate.points, estimate.seconds) == (410, 3)


def test_nothing_takes_nothing() -> None:
    assert writing(ToWrite(), None) == writing(ToWrite(), STANDARD)
    assert (writing(ToWrite(), None).points, writing(ToWrite(), None).seconds) == (0, 0)


def test_creations_are_shared_between_both_ways() -> None:
    few = ToCreate(products=20, variants=100, media=100, metafields=100, published=20)
    assert few.points == pytest.approx(20 * (10 + 1 + 9.5 + 2.4 + 10))
    assert writing(ToWrite(create=few), STANDARD).points == round(few.points)
    many = ToCreate(products=10_000, variants=50_000, media=50_000, metafields=50_000, published=10_000)
    estimate = writing(ToWrite(create=many), STANDARD, 10.0)
    singly = many.points / 100
    assert estimate.points < many.points / 10
    assert estimate.seconds < singly / 10
    slow = writing(ToWrite(create=many), STANDARD, 0.01)
    assert slow.points == pytest.approx(many.points, rel=0.03)
