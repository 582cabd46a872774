from datetime import UTC, datetime, timedelta

import pytest

from backend.jobs.progress import eta

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "done, total, elapsed, left",
    [
        (50, 100, 10.0, 10.0),
        (25, 100, 10.0, 30.0),
        (100, 100, 10.0, 0.0),
        (120, 100, 10.0, 0.0),
        (0, 100, 10.0, None),
        (50, None, 10.0, None),
        (0, 0, 10.0, None),
        (50, 100, 0.5, None),
    ],
)
def test_the_rest_takes_as_long_as_the_beginning_did(
    done: int, total: int | None, elapsed: float, left: float | None
) -> None:
    now = START + timedelta(seconds=elapsed)
    expected = None if left is None else now + timedelta(seconds=left)
    assert eta(done, total, START, now) == expected
