"""The share of what is equal never says 100 % while something differs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.models.live import DifferenceReason
from backend.parity.share import Parity


def parity(values: int, **reasons: int) -> Parity:
    counts = {DifferenceReason(name.upper()): number for name, number in reasons.items()}
    return Parity(10, 10, values, counts, None, None)


@pytest.mark.parametrize(
    "found, share",
    [
        (parity(10_000), 1.0),
        (parity(10_000, drift=2), 0.9998),
        (parity(1_000_000, drift=1), 0.9999),
        (parity(3, local_stock=1), 0.6666),
        (parity(4, held=2, local_edit=1), 1.0),
        (parity(4, held=2, brake=1), 0.5),
        (parity(2, refused=2), 0.0),
        (parity(2, held=2), 1.0),
    ],
)
def test_the_share_is_rounded_down_and_leaves_out_what_is_held(found: Parity, share: float) -> None:
    assert found.share == share


def test_nothing_checked_has_no_share() -> None:
    assert Parity(10, 0, 0, {}, None, None).share is None


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(0, 10**6))
def test_it_is_whole_only_where_nothing_differs(equal: int, differ: int, held: int) -> None:
    found = parity(equal + differ + held, drift=differ, held=held)
    assert (found.equal, found.differences, found.held) == (equal, differ, held)
    assert found.share is not None
    assert 0 <= found.share <= 1
    assert (found.share == 1.0) == (differ == 0)
