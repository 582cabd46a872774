"""`make bench`: measures what is promised, prints it as a table, writes it as JSON to bench-results/, and
fails when a target is missed."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import orjson
import structlog

from backend.database import database
from backend.memory import keep_what_is_loaded
from bench import api, burst, delay, engine, intake, many, page, scenarios
from bench.measure import Statements
from bench.row import FULL, TINY, Row, Sizes
from bench.table import HEAD, as_line
from dev.paths import ROOT, VENV_PYTHON
from dev.services import Services
from dev.world import World, world

RESULTS = ROOT / "bench-results"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part is measured: a database of its own, migrated and empty."""

    database_url: str
    redis_url: str
    home: Path
    sizes: Sizes


Part = Callable[[Place], AsyncIterator[Row]]


def _in_world(measure: Callable[[World, Statements, Sizes], AsyncIterator[Row]]) -> Part:
    """In one process with the sandbox, by the virtual clock."""

    async def part(place: Place) -> AsyncIterator[Row]:
        statements = Statements()
        with statements.counting(), _collecting_as_a_worker():
            async with database(place.database_url), world(seed=1) as made:
                async for row in measure(made, statements, place.sizes):
                    yield row

    return part


@contextmanager
def _collecting_as_a_worker() -> Iterator[None]:
    """Garbage; the API's process, which is measured after it, does so as Python does by itself."""
    before = gc.get_threshold()
    keep_what_is_loaded()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
        gc.collect()


def _delay(place: Place) -> AsyncIterator[Row]:
    return delay.measure_delay(place.home / "stack", place.sizes)


async def _intake(place: Place) -> AsyncIterator[Row]:
    measured = await intake.measure_intake(
        place.database_url, place.redis_url, place.home, place.sizes.deliveries
    )
    yield measured.row()


def _page(place: Place) -> AsyncIterator[Row]:
    return page.measure_page(place.home / "page", place.sizes)


def _api(measure: Callable[[str, str, Sizes], AsyncIterator[Row]]) -> Part:
    return lambda place: measure(place.database_url, place.redis_url, place.sizes)


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "P1-P5": _in_world(scenarios.catalogue),
        "P2": _in_world(many.twenty_dependents),
        "P3,P7": _in_world(many.every_plan),
        "P6": _in_world(burst.burst),
        "P8": _delay,
        "P9": _intake,
        "P10": _in_world(engine.engine),
        "P11": _api(api.pages),
        "P12": _api(api.progress),
        "P13": _page,
    }
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the sizes that the targets name: hours")
    parser.add_argument("--tiny", action="store_true", help="only to see that everything runs")
    parser.add_argument("--only", help=f"parts with a comma between: {' '.join(PARTS)}")
    parser.add_argument("--products", type=int, help="of P1-P5, 5 variants each")
    options = parser.parse_args()
    sizes = FULL if options.full else TINY if options.tiny else Sizes()
    if options.products:
        sizes = replace(sizes, products=options.products)
    chosen = {
        name: part
        for name, part in PARTS.items()
        if options.only is None or set(name.split(",")) & set(options.only.split(",")) or name == options.only
    }
    if not chosen:
        parser.error(f"no such part; there are {' '.join(PARTS)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
        services = Services(home, durable=True)
        services.start()
        try:
            rows = run(services, home, sizes, chosen)
        finally:
            services.stop()
    say(f"\n{sum(row.ok for row in rows)} of {len(rows)} met. {RESULTS / 'bench.json'}")
    return 0 if all(row.ok for row in rows) else 1


def run(services: Services, home: Path, sizes: Sizes, parts: Mapping[str, Part]) -> list[Row]:
    """Each line is shown, and written, as soon as it is known."""
    RESULTS.mkdir(exist_ok=True)
    rows: list[Row] = []
    say(HEAD)
    for number, part in enumerate(parts.values()):
        url = services.databases.create(f"bench_{number}")
        environment = {**os.environ, "DATABASE_URL": url}
        subprocess.run([VENV_PYTHON, "-m", "backend.migrate"], cwd=ROOT, env=environment, check=True)
        asyncio.run(_measure(part, Place(url, services.redis_url, home, sizes), rows))
    return rows


async def _measure(part: Part, place: Place, rows: list[Row]) -> None:
    async for row in part(place):
        rows.append(row)
        say(as_line(row))
        text = orjson.dumps([each.as_json() for each in rows], option=orjson.OPT_INDENT_2)
        (RESULTS / "bench.json").write_bytes(text)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
