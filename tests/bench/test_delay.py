"""The measurement of delays on the real stack, at its smallest."""

from pathlib import Path

import pytest

from bench.delay import measure_delay
from bench.row import TINY


@pytest.mark.slow
async def test_delays_are_measured_while_full_syncs_run(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
    prices, stock = [row async for row in measure_delay(tmp_path / "stack", TINY)]
    assert [prices.id, stock.id] == ["P8", "P8"]
    assert len(prices.facts["seconds"]) == TINY.edits
    # How long it took is for `make bench`; here only that all that was to be measured was.
    assert len(stock.facts["idle_seconds"]) == len(stock.facts["busy_seconds"]) == TINY.edits
    assert stock.facts["full_syncs"] >= 1
