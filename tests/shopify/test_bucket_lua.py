"""The shared bucket's script does step by step what bucket.py does, in a real Redis."""

import random
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.shopify.bucket import (
    Bucket,
    Priority,
    Reservation,
    ReservationId,
    Spent,
    ThrottleStatus,
    reserve,
    settle,
    status,
)
from backend.shopify.throttle_redis import SCRIPT

START = 1_790_000_000.0
Step = tuple[Any, ...]


def a_step(rng: random.Random, level: float) -> Step:
    """What a throttle does next; requests and answers about the size of what is left, where the decisions
    are."""
    match rng.choice(["reserve", "reserve", "reserve", "settle", "settle", "pass", "pass", "rare"]):
        case "reserve":
            cost = rng.choice([rng.randint(1, 1000), max(1, round(level - rng.randint(0, 500)))])
            patience = rng.choice([0.0, 0.05, 5.0, 100.0])
            return "reserve", rng.randrange(6), cost, rng.choice(list(Priority)), patience
        case "settle":
            maximum, rate = rng.choice([(2000.0, 100.0), (2000.0, 100.0), (20_000.0, 1000.0)])
            available = float(rng.choice([rng.randint(-50, 2000), round(level) + rng.randint(-300, 600)]))
            told = rng.choice([None, ThrottleStatus(maximum, available, rate)])
            actual = rng.choice([None, float(rng.randint(0, 1000))])
            return "settle", rng.randrange(6), Spent(actual, told, rng.choice([0.0, 0.0, 0.0, 1.5]))
        case "pass":
            return "pass", rng.choice([rng.uniform(0, 0.5), rng.uniform(0, 4), rng.uniform(-1, 0)])
    return rng.choice([("pass", 31.0), ("pass", -3600.0), ("pass", 3600.0), ("forget",)])


class Shared:
    """The bucket in Redis, asked as the throttle asks it."""

    def __init__(self, client: redis.Redis, key: str) -> None:
        self._script = client.register_script(SCRIPT)
        self._key = key

    def run(self, now: float, action: str, *arguments: Any) -> list[float]:
        values = ["" if each is None else each if isinstance(each, str) else repr(each) for each in arguments]
        answer: Any = self._script(keys=[self._key], args=[repr(now), action, *values])
        return [float(each) for each in answer] if isinstance(answer, list) else []


@pytest.fixture(scope="module")
def client(redis_server: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_server) as each:
        yield each


def test_the_script_agrees_with_the_arithmetic(client: redis.Redis) -> None:
    waits: list[float] = []

    @settings(deadline=None, max_examples=100, print_blob=True)
    @given(st.integers(0, 2**32))
    def agrees(seed: int) -> None:
        rng = random.Random(seed)
        key = f"test:{uuid.uuid4().hex}"
        shared, bucket, now = Shared(client, key), Bucket(), START
        reserved: dict[int, Reservation] = {}
        for _ in range(60):
            match a_step(rng, bucket.level):
                case ("pass", seconds):
                    now += seconds
                case ("forget",):
                    shared.run(now, "forget")
                    bucket = Bucket()
                case ("reserve", number, cost, priority, patience):
                    name = ReservationId(str(number))
                    bucket, wait = reserve(bucket, name, cost, priority, patience, now)
                    answer = shared.run(now, "reserve", name, float(cost), int(priority), patience)
                    assert answer[0] == pytest.approx(wait, abs=1e-9)
                    waits.append(wait if bucket.maximum else 0.0)
                    if wait == 0:
                        reserved[number] = bucket.reservations[name]
                        assert answer[1] == pytest.approx(reserved[number].before)
                case ("settle", number, spent) if number in reserved:
                    one, told = reserved[number], spent.status
                    bucket = settle(bucket, one, spent, now)
                    figures = (told.maximum, told.available, told.rate) if told else (None, None, None)
                    shared.run(
                        now,
                        "settle",
                        one.id,
                        one.cost,
                        one.before,
                        spent.actual,
                        spent.closed_for,
                        *figures,
                    )
            expected, found = status(bucket, now), shared.run(now, "status")
            assert len(found) == (3 if expected else 0)
            if expected:
                assert found == pytest.approx([expected.maximum, expected.available, expected.rate])
        client.delete(key)

    agrees()
    assert sum(1 for wait in waits if wait > 0) > len(waits) / 10


def test_a_bucket_nobody_uses_is_dropped_after_an_hour(client: redis.Redis) -> None:
    key = f"test:{uuid.uuid4().hex}"
    Shared(client, key).run(START, "reserve", "one", 10.0, 0, 5.0)
    assert 3590 < client.ttl(key) <= 3600
    client.delete(key)
