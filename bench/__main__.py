"""`make bench`: prints a table and writes it as JSON to bench-results/."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import orjson

from backend.database import database
from bench.measure import Statements
from bench.scenarios import Result, run
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
            subprocess.run(
                [VENV_PYTHON, "-m", "backend.migrate"],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": url},
                check=True,
            )
            results = asyncio.run(measure(url, products))
        finally:
            services.stop()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_bytes(
        orjson.dumps([as_json(each) for each in results], option=orjson.OPT_INDENT_2)
    )
    return 0 if all(result.ok for result in results) else 1


async def measure(url: str, products: int) -> list[Result]:
    statements = Statements()
    results = []
    with statements.counting():
        async with database(url), world(seed=1) as made:
            print(
                f"{'work':44} {'':3} {'target':>16} {'reached':>9} {'points':>8} {'calls':>6} "
                f"{'SQL':>7} {'CPU s':>7} {'virtual s':>9} {'MiB':>6}"
            )
            async for result in run(made, made.traffic, statements, products):
                results.append(result)
                show(result)
    return results


def show(result: Result) -> None:
    found = result.measured
    print(
        f"{found.name:44} {'ok' if result.ok else 'NO':3} {f'{result.target:.0f} {result.unit}':>16} "
        f"{result.reached:9.0f} {found.points:8} {found.calls:6} {found.statements:7} {found.cpu_seconds:7.1f} "
        f"{found.seconds:9.1f} {found.peak_mib:6.0f}",
        flush=True,
    )


def as_json(result: Result) -> dict[str, Any]:
    found = result.measured
    return {
        "work": found.name,
        "unit": result.unit,
        "target": result.target,
        "reached": result.reached,
        "ok": result.ok,
        "points": found.points,
        "calls": found.calls,
        "statements": found.statements,
        "cpu_seconds": found.cpu_seconds,
        "virtual_seconds": found.seconds,
        "peak_mib": found.peak_mib,
        "traffic": {shop: count.as_json() for shop, count in found.traffic.items()},
        "job": result.job,
    }


if __name__ == "__main__":
    sys.exit(main())
