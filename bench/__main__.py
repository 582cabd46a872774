"""`make bench`: prints a table, writes it as JSON to bench-results/, and fails when a target is missed."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import orjson

from backend.database import database
from bench.measure import Statements
from bench.scenarios import Result, run
from bench.table import HEAD, as_json, as_line
from dev.paths import ROOT, VENV_PYTHON
from dev.services import Services
from dev.world import world

RESULTS = ROOT / "bench-results"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--products", type=int, default=10_000, help="products of the catalogue, 5 variants each"
    )
    products = parser.parse_args().products
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
        services = Services(home)
        services.start()
        try:
            url = services.databases.create("bench")
            environment = {**os.environ, "DATABASE_URL": url}
            subprocess.run([VENV_PYTHON, "-m", "backend.migrate"], cwd=ROOT, env=environment, check=True)
            results = asyncio.run(measure(url, products))
        finally:
            services.stop()
    return 0 if all(result.ok for result in results) else 1


async def measure(url: str, products: int) -> list[Result]:
    """Each line is shown, and written, as soon as it is known."""
    RESULTS.mkdir(exist_ok=True)
    statements = Statements()
    results: list[Result] = []
    with statements.counting():
        async with database(url), world(seed=1) as made:
            say(HEAD)
            async for result in run(made, statements, products):
                results.append(result)
                say(as_line(result))
                rows = [as_json(each) for each in results]
                (RESULTS / "bench.json").write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
    return results


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
