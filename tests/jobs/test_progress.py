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


@pytest.mark.parametrize(
    "done, elapsed, left",
    [
        # From the first moment on there is an answer.
        (0, 0.0, 60.0),
        (0, 20.0, 40.0),
        # Late: what is late gets later.
        (0, 60.0, 6.0),
        (0, 600.0, 60.0),
        # Twice as fast as expected: half done in a quarter of the time.
        (50, 15.0, 0.5 * 15 + 0.5 * 45),
        # Slower than expected: the measured rate has the word in the end.
        (90, 90.0, 0.9 * 10 + 0.1 * 9),
        (100, 90.0, 0.0),
    ],
)
def test_what_was_expected_gives_way_to_what_is_measured(done: int, elapsed: float, left: float) -> None:
    now = START + timedelta(seconds=elapsed)
    found = eta(done, 100, START, now, 60)
    assert found is not None
    assert (found - now).total_seconds() == pytest.approx(left)
