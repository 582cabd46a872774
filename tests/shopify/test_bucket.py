"""The bucket's arithmetic: never more than there is, exactly as long as needed."""

import heapq
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.shopify.bucket import (
    NOTHING_KNOWN,
    Bucket,
    Priority,
    Reservation,
    ReservationId,
    Spent,
    ThrottleStatus,
    forward,
    release,
    reserve,
    settle,
    status,
)

TIERS = [(2000.0, 100.0), (4000.0, 200.0), (20_000.0, 1000.0)]


def a_bucket(level: float = 2000.0, maximum: float = 2000.0, rate: float = 100.0) -> Bucket:
    return Bucket(level=level, at=0.0, maximum=maximum, rate=rate)


def ident(name: object) -> ReservationId:
    return ReservationId(str(name))


def ask(
    bucket: Bucket,
    name: object,
    cost: float,
    priority: Priority = Priority.BACKGROUND,
    now: float = 0.0,
    patience: float = 1000.0,
) -> tuple[Bucket, float]:
    return reserve(bucket, ident(name), cost, priority, patience, now)


def taken(bucket: Bucket, name: object, cost: float, now: float = 0.0) -> tuple[Bucket, Reservation]:
    bucket, wait = ask(bucket, name, cost, Priority.INTERACTIVE, now)
    assert wait == 0
    return bucket, bucket.reservations[ident(name)]


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
    assert ask(a_bucket(level), 1, cost, priority)[1] == pytest.approx(wait)


def test_refills_at_its_rate_up_to_its_size() -> None:
    assert forward(a_bucket(level=0), 3.0).level == pytest.approx(300)
    assert forward(a_bucket(level=0), 300.0).level == pytest.approx(2000)


def test_a_clock_a_little_behind_refills_nothing_twice() -> None:
    bucket = forward(Bucket(level=5, at=10.0, maximum=2000, rate=100), 4.0)
    assert (bucket.level, bucket.at) == (5, 10.0)
    assert forward(bucket, 11.0).level == 105


def test_a_bucket_from_far_in_the_future_is_forgotten() -> None:
    assert forward(Bucket(level=5, at=100.0, maximum=2000, rate=100), 4.0) == Bucket(at=4.0)


def test_an_unknown_bucket_lets_a_single_probe_through() -> None:
    probing, probe = taken(Bucket(), "probe", 14)
    waiting, wait = ask(probing, 2, 14, Priority.INTERACTIVE)
    assert wait == pytest.approx(0.1)
    known = settle(waiting, probe, Spent(14, ThrottleStatus(1000, 986, 50)), 1.0)
    assert (known.maximum, known.rate, known.level) == (1000, 50, 986)
    assert ask(known, 2, 700, now=1.0)[1] == 0


def test_whoever_waits_for_a_probe_asks_again_before_patience_ends() -> None:
    probing, _ = taken(Bucket(), "probe", 14)
    assert ask(probing, 2, 14, patience=0.03)[1] == pytest.approx(0.03)
    assert ask(probing, 2, 14, patience=0)[1] == pytest.approx(0.1)


def test_a_probe_that_never_comes_back_is_given_up_after_thirty_seconds() -> None:
    probing, _ = taken(Bucket(), "probe", 14)
    assert ask(probing, 2, 14, now=29.95)[1] == pytest.approx(0.05)
    assert ask(probing, 2, 14, now=30.0)[1] == 0


def test_what_a_request_did_not_use_comes_back() -> None:
    bucket, mine = taken(a_bucket(), 1, 100)
    bucket, _ = taken(bucket, 2, 300)
    bucket = settle(bucket, mine, Spent(30, ThrottleStatus(2000, 1670, 100)), 0.0)
    assert bucket.level == pytest.approx(1670)


def test_an_answer_with_more_than_believed_counts_but_for_what_others_have_reserved() -> None:
    bucket, mine = taken(a_bucket(level=900), 1, 100)
    bucket, theirs = taken(bucket, 2, 300)
    bucket = settle(bucket, mine, Spent(100, ThrottleStatus(2000, 1950, 100)), 0.0)
    assert bucket.level == pytest.approx(1650)
    bucket, later = taken(bucket, 3, 10)
    bucket = settle(bucket, theirs, Spent(300, ThrottleStatus(2000, 1700, 100)), 0.0)
    assert bucket.level == pytest.approx(1640)
    bucket = settle(bucket, later, Spent(10, ThrottleStatus(2000, 1990, 100)), 0.0)
    assert bucket.level == pytest.approx(1690)
    assert bucket.reservations == {}


def test_an_answer_with_less_than_believed_counts_for_all() -> None:
    """Something else spends the points of the same app, or Shopify has refused."""
    bucket, mine = taken(a_bucket(), 1, 100)
    bucket = settle(bucket, mine, Spent(0, ThrottleStatus(2000, 40, 100)), 0.0)
    assert ask(bucket, 2, 100, Priority.LIVE)[1] == pytest.approx(0.6)


def test_an_answer_that_was_overtaken_raises_nothing() -> None:
    bucket, slow = taken(a_bucket(), "slow", 100)
    bucket, fast = taken(bucket, "fast", 500)
    bucket = settle(bucket, fast, Spent(500, ThrottleStatus(2000, 1400, 100)), 0.0)
    bucket = settle(bucket, slow, Spent(100, ThrottleStatus(2000, 1900, 100)), 0.0)
    assert bucket.level == pytest.approx(1400)


def test_without_an_answer_the_points_stay_spent() -> None:
    bucket, mine = taken(a_bucket(), 1, 100)
    assert settle(bucket, mine, NOTHING_KNOWN, 0.0).level == pytest.approx(1900)
    bucket = forward(bucket, 30.0)
    assert (bucket.level, bucket.reservations, bucket.spent) == (2000, {}, 100)


def test_a_closed_bucket_opens_when_shopify_said() -> None:
    bucket, mine = taken(a_bucket(), 1, 100)
    bucket = settle(bucket, mine, Spent(actual=0, closed_for=7), 0.0)
    assert ask(bucket, 2, 100, Priority.INTERACTIVE)[1] == pytest.approx(7)
    assert ask(bucket, 2, 100, Priority.INTERACTIVE, 7.0)[1] == 0
    bucket, other = taken(bucket, 3, 1, 8.0)
    assert settle(bucket, other, Spent(1, closed_for=2), 8.0).closed_until == pytest.approx(10)


def test_what_was_never_sent_comes_back_once() -> None:
    bucket, mine = taken(a_bucket(), 1, 100)
    bucket = release(bucket, mine, 0.0)
    assert bucket.level == pytest.approx(2000)
    assert release(bucket, mine, 0.0).level == pytest.approx(2000)


def test_a_reservation_asked_for_twice_is_taken_once() -> None:
    bucket, mine = taken(a_bucket(), 1, 100)
    again, wait = ask(bucket, 1, 100)
    assert wait == 0
    assert (again.level, again.reservations) == (1900, {mine.id: mine})


def test_a_tier_that_changes_is_taken_over() -> None:
    bucket, mine = taken(a_bucket(), 1, 100)
    bucket = settle(bucket, mine, Spent(100, ThrottleStatus(20_000, 19_900, 1000)), 0.0)
    assert (bucket.maximum, bucket.rate, bucket.level) == (20_000, 1000, 19_900)


def test_the_queue_goes_by_priority_and_then_by_turn() -> None:
    bucket = a_bucket(level=0)
    waits = []
    for name, priority in (
        ("first", Priority.BACKGROUND),
        ("second", Priority.BACKGROUND),
        ("live", Priority.LIVE),
        ("person", Priority.INTERACTIVE),
    ):
        bucket, wait = ask(bucket, name, 100, priority)
        waits.append(wait)
    assert waits == pytest.approx([5.0, 6.0, 1.0, 1.0])
    assert ask(bucket, "live", 100, Priority.LIVE)[1] == pytest.approx(2.0)
    assert ask(bucket, "first", 100)[1] == pytest.approx(7.0)
    assert ask(bucket, "second", 100)[1] == pytest.approx(8.0)


def test_a_place_is_lost_by_not_asking_again_or_by_impatience() -> None:
    bucket, _ = ask(a_bucket(level=0), "first", 1000)
    assert ask(bucket, "second", 100)[1] == pytest.approx(15.0)
    assert ask(bucket, "second", 100, now=2.5)[1] == pytest.approx(2.5)
    bucket, wait = ask(bucket, "first", 1000, patience=3)
    assert wait == pytest.approx(14.0)
    assert bucket.queue == {}


@given(
    st.lists(
        st.tuples(st.floats(0, 5), st.integers(1, 1000), st.integers(0, 1000), st.sampled_from(Priority)),
        max_size=60,
    ),
    st.sampled_from(TIERS),
)
def test_one_after_another_nothing_is_ever_throttled_and_nobody_waits_too_long(
    requests: list[tuple[float, int, int, Priority]], tier: tuple[float, float]
) -> None:
    """Against a model of Shopify's side: it holds what we believe, or more."""
    maximum, rate = tier
    server, server_at, now = maximum, 0.0, 0.0
    bucket = a_bucket(maximum, maximum, rate)
    for number, (pause, cost, unused, priority) in enumerate(requests):
        now += pause
        bucket, wait = ask(bucket, number, cost, priority, now)
        if wait > 0:
            now += wait
            bucket, left = ask(bucket, number, cost, priority, now)
            assert left == 0
        server, server_at = min(maximum, server + (now - server_at) * rate), now
        assert server >= cost - 1e-3
        kept = maximum * 0.2 if priority is Priority.BACKGROUND else 0
        if wait > 0:
            assert server == pytest.approx(min(maximum, cost + kept), abs=1e-3)
        actual = max(0, cost - unused)
        server -= actual
        answer = Spent(actual, ThrottleStatus(maximum, server, rate))
        bucket = settle(bucket, bucket.reservations[ident(number)], answer, now)


@settings(deadline=None)
@given(st.integers(), st.sampled_from(TIERS), st.integers(1, 12), st.booleans())
def test_side_by_side_and_out_of_order_shopify_never_refuses(
    seed: int, tier: tuple[float, float], workers: int, lossy: bool
) -> None:
    """Requests reach Shopify late, their answers come back in any order or not at all; what was never sent is
    released. The believed level is never above what Shopify holds without what is still to reach it."""
    rng = random.Random(seed)
    maximum, rate = tier
    server, server_at, now = maximum, 0.0, 0.0
    bucket = Bucket()
    coming: list[tuple[float, int, str, int, Sequence[float]]] = [
        (0.0, worker, "ask", 0, ()) for worker in range(workers)
    ]
    heapq.heapify(coming)
    on_the_way: dict[int, float] = {}
    for step in range(300):
        now, worker, what, cost, figures = heapq.heappop(coming)
        server, server_at = min(maximum, server + (now - server_at) * rate), now
        name = ident(worker)
        following: tuple[float, str, int, Sequence[float]] = (now, "ask", 0, ())
        match what:
            case "ask":
                cost = cost or rng.randint(1, 400)
                priority = rng.choice(list(Priority))
                bucket, wait = reserve(bucket, name, cost, priority, 1000.0, now)
                if wait > 0:
                    following = (now + min(wait, 0.5), "ask", cost, ())
                else:
                    on_the_way[worker] = cost
                    following = (now + rng.uniform(0, 0.3), "arrive", cost, ())
            case "arrive" if lossy and rng.random() < 0.05:
                bucket = release(bucket, bucket.reservations[name], now)
                del on_the_way[worker]
            case "arrive":
                assert server >= cost - 1e-3, f"throttled at step {step}"
                actual = rng.randint(0, cost)
                server -= actual
                del on_the_way[worker]
                following = (now + rng.uniform(0, 0.3), "answer", cost, (actual, server))
            case "answer":
                answer = Spent(figures[0], ThrottleStatus(maximum, figures[1], rate))
                if lossy and rng.random() < 0.05:
                    answer = NOTHING_KNOWN
                bucket = settle(bucket, bucket.reservations[name], answer, now)
        when, then, cost, figures = following
        heapq.heappush(coming, (when, worker, then, cost, figures))
        believed = status(bucket, now)
        if believed is not None:
            assert forward(bucket, now).level <= server - sum(on_the_way.values()) + 1e-3
