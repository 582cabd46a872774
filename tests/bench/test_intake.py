"""The measurement of the intake, in its shortest form: it compares like with like and loses nothing."""

from pathlib import Path

import pytest

from backend.live.topics import subjects
from backend.models.live import SubjectKind
from bench.intake import WARM_UP, delivery, measure_intake


@pytest.mark.slow
async def test_the_row_tells_both_rates_and_that_nothing_was_lost(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    row = await measure_intake(database_url, redis_url, tmp_path, 500)
    assert row.deliveries == 500
    assert row.lost == 0
    assert 0 < row.p50_seconds <= row.p99_seconds
    assert row.as_json()["ratio"] == row.rate / row.bare_rate
    assert WARM_UP >= 100  # each product is there before the rounds begin


def test_deliveries_are_what_the_app_asks_for() -> None:
    kinds = set()
    for number in (0, 1):
        head, _, body = delivery(number).partition(b"\r\n\r\n")
        topic = next(line for line in head.decode().split("\r\n") if line.startswith("X-Shopify-Topic: "))
        (subject,) = subjects(topic.partition(": ")[2], body)
        kinds.add(subject.kind)
    assert kinds == {SubjectKind.PRODUCT, SubjectKind.STOCK}
