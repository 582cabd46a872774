"""The bucket's arithmetic: never more than there is, exactly as long as needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.shopify.bucket import (
    Bucket,
    Priority,
    ThrottleStatus,
    forward,
    release,
    reserve,
    seconds_until,
    settle,
)


def a_bucket(level: float = 2000.0, maximum: float = 2000.0, rate: float = 100.0) -> Bucket:
    return Bucket(level=level, at=0.0, maximum=maximum, rate=rate)


@pytest.mark.parametrize(
    ("level", "cost", "priority", "wait"),
    [
        (2000, 100, Priority.BACKGROUND, 0.0),
        (500, 100, Priority.BACKGROUND, 0.0),
        (499, 100, Priority.BACKGROUND, 0.01),
        (0, 100, Priority.BACKGROUND, 5.0),
        (0, 100, Priority.LIVE, 1.0),
        (0, 100, Priority.INTERACTIVE, 1.0),
        (100, 100, Priority.INTERACTIVE, 0.0),
        (-50, 100, Priority.INTERACTIVE, 1.5),
        (1900, 1800, Priority.BACKGROUND, 1.0),
        (0, 5000, Priority.LIVE, 20.0),
    ],
)
def test_waits_until_the_level_holds_the_cost_and_what_is_kept_for_people(
    level: float, cost: float, priority: Priority, wait: float
) -> None:
    assert seconds_until(a_bucket(level), cost, priority, 0.0) == pytest.approx(wait)


def test_refills_at_its_rate_up_to_its_size() -> None:
    assert forward(a_bucket(level=0), 3.0).level == pytest.approx(300)
    assert forward(a_bucket(level=0), 300.0).level == pytest.approx(2000)


def test_time_that_seems_to_go_back_refills_nothing() -> None:
    assert forward(Bucket(level=5, at=10.0, maximum=2000, rate=100), 4.0).level == 5


def test_an_unknown_bucket_lets_a_single_probe_through() -> None:
    empty = Bucket()
    assert seconds_until(empty, 14, Priority.BACKGROUND, 0.0) == 0
    probing, probe = reserve(empty, 14, 0.0)
    assert seconds_until(probing, 14, Priority.INTERACTIVE, 0.0) == pytest.approx(30)
    known = settle(probing, probe, ThrottleStatus(1000, 986, 50), 1.0)
    assert (known.maximum, known.rate, known.level) == (1000, 50, 986)
    assert seconds_until(known, 700, Priority.BACKGROUND, 1.0) == 0


def test_a_probe_that_never_comes_back_is_given_up_after_thirty_seconds() -> None:
    probing, _ = reserve(Bucket(), 14, 0.0)
    assert seconds_until(probing, 14, Priority.BACKGROUND, 29.9) == pytest.approx(0.1)
    assert seconds_until(probing, 14, Priority.BACKGROUND, 30.0) == 0


def test_the_answers_level_is_lessened_by_what_others_have_reserved() -> None:
    bucket, mine = reserve(a_bucket(), 100, 0.0)
    bucket, theirs = reserve(bucket, 300, 0.0)
    bucket = settle(bucket, mine, ThrottleStatus(2000, 1950, 100), 0.0)
    assert bucket.level == pytest.approx(1650)
    bucket = settle(bucket, theirs, ThrottleStatus(2000, 1700, 100), 0.0)
    assert bucket.level == pytest.approx(1700)
    assert bucket.reservations == {}


def test_without_a_status_the_points_stay_spent() -> None:
    bucket, mine = reserve(a_bucket(), 100, 0.0)
    assert settle(bucket, mine, None, 0.0).level == pytest.approx(1900)


def test_what_was_never_sent_comes_back_once() -> None:
    bucket, mine = reserve(a_bucket(), 100, 0.0)
    bucket = release(bucket, mine, 0.0)
    assert bucket.level == pytest.approx(2000)
    assert release(bucket, mine, 0.0).level == pytest.approx(2000)


def test_a_tier_that_changes_is_taken_over() -> None:
    bucket, mine = reserve(a_bucket(), 100, 0.0)
    bucket = settle(bucket, mine, ThrottleStatus(20_000, 19_900, 1000), 0.0)
    assert (bucket.maximum, bucket.rate, bucket.level) == (20_000, 1000, 19_900)


@given(
    st.lists(
        st.tuples(
            st.floats(0, 5),
            st.integers(1, 1000),
            st.integers(0, 1000),
            st.sampled_from(list(Priority)),
        ),
        max_size=60,
    ),
    st.sampled_from([(2000.0, 100.0), (4000.0, 200.0), (20_000.0, 1000.0)]),
)
def test_one_after_another_nothing_is_ever_throttled_and_nobody_waits_too_long(
    requests: list[tuple[float, int, int, Priority]], tier: tuple[float, float]
) -> None:
    """Against a model of Shopify's side: it holds what we believe, or more."""
    maximum, rate = tier
    server, server_at, now = maximum, 0.0, 0.0
    bucket = a_bucket(maximum, maximum, rate)
    for pause, cost, unused, priority in requests:
        now += pause
        wait = seconds_until(bucket, cost, priority, now)
        now += wait
        assert seconds_until(bucket, cost, priority, now) == 0
        bucket, reservation = reserve(bucket, cost, now)
        server, server_at = min(maximum, server + (now - server_at) * rate), now
        assert server >= cost - 1e-3
        kept = maximum * 0.2 if priority is Priority.BACKGROUND else 0
        if wait > 0:
            assert server == pytest.approx(min(maximum, cost + kept), abs=1e-3)
        server -= cost - min(unused, cost)
        bucket = settle(bucket, reservation, ThrottleStatus(maximum, server, rate), now)
