"""`python -m tests.chaos`: N rounds of chaos by a seed, and what came of them; `make chaos` calls it. It
fails when a round did, and when a fault that was planned has not struck once.

N, SEED and ROUND come from the environment. With ROUND only that round is played, after those before it that
had the same shops.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from dev.paths import ROOT
from tests.chaos.run import Chaos, ChaosError
from tests.chaos.story import first_of_story


def main() -> int:
    seed = int(os.environ.get("SEED") or time.time_ns() % 1_000_000)
    last = int(os.environ.get("ROUND") or os.environ.get("N") or 20)
    first = first_of_story(last) if os.environ.get("ROUND") else 1
    home = Path(tempfile.mkdtemp(prefix="chaos-"))
    home.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
    _say(f"seed {seed}, rounds {first} to {last}, logs below {home}")
    with Chaos(home, seed, _say) as chaos:
        for number in range(first, last + 1):
            try:
                chaos.play(number)
            except ChaosError as error:
                _say(f"\n{error}\n")
    results = ROOT / "bench-results" / "chaos.json"
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(chaos.report.as_json(), indent=2) + "\n")
    _say(f"\n{chaos.report.text()}\nas JSON in {results.relative_to(ROOT)}")
    return 1 if chaos.report.failed_rounds or chaos.report.unstruck else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
