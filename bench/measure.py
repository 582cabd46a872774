"""What a piece of work costs: at Shopify in points and calls, here in statements, CPU seconds and memory."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from asyncpg.connection import LoggedQuery

from sandbox.web.traffic import Count, Traffic

Clock = Callable[[], float]

# A bulk read is started by a mutation, which changes nothing in the shop.
_READ = "bulkOperationRunQuery"
_PROCESS = Path("/proc/self")


@dataclass(slots=True)
class Measured:
    """`seconds` is virtual time, in which only Shopify is slow.

    `peak_mib` is the most memory that the work took beyond what the process had before it. The app, the
    sandbox and its shops are one process: their catalogues stand before the work begins, what the work adds
    to a shop counts.
    """

    name: str
    traffic: dict[str, Count] = field(default_factory=dict)
    statements: int = 0
    cpu_seconds: float = 0.0
    seconds: float = 0.0
    peak_mib: float = 0.0

    @property
    def points(self) -> int:
        return sum(count.points for count in self.traffic.values())

    @property
    def calls(self) -> int:
        return sum(count.requests for count in self.traffic.values())

    def count(self, shop: str) -> Count:
        return self.traffic.get(shop, Count())

    def writes(self) -> int:
        """Mutations that change something, in all shops."""
        return sum(
            number
            for count in self.traffic.values()
            for name, number in count.mutations.items()
            if name != _READ
        )


class Statements:
    """Counts every SQL statement that asyncpg sends in this process."""

    def __init__(self) -> None:
        self.count = 0

    def see(self, _query: LoggedQuery) -> None:
        self.count += 1

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Wherever a connection is opened in here, its statements count until the end of it."""
        connect = asyncpg.Connection.__init__
        counted: list[asyncpg.Connection] = []

        def opened(connection: asyncpg.Connection, *args: object, **options: object) -> None:
            connect(connection, *args, **options)
            connection.add_query_logger(self.see)
            counted.append(connection)

        asyncpg.Connection.__init__ = opened
        try:
            yield
        finally:
            asyncpg.Connection.__init__ = connect
            for each in counted:
                each.remove_query_logger(self.see)


@contextmanager
def measured(name: str, traffic: Traffic, statements: Statements, monotonic: Clock) -> Iterator[Measured]:
    result = Measured(name)
    traffic.mark(name)
    before = _resident()
    with suppress(OSError):
        (_PROCESS / "clear_refs").write_text("5")  # Linux: the peak counts from here
    began, count, cpu = monotonic(), statements.count, time.process_time()
    yield result
    result.cpu_seconds = time.process_time() - cpu
    result.statements = statements.count - count
    result.seconds = monotonic() - began
    result.traffic = traffic.since(name)
    result.peak_mib = _peak() - before


def _resident() -> float:
    return _status("VmRSS") or _most_ever()


def _peak() -> float:
    return _status("VmHWM") or _most_ever()


def _most_ever() -> float:
    """Where there is no /proc: the peak of the whole process's life, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024**2 if sys.platform == "darwin" else peak / 1024


def _status(name: str) -> float | None:
    try:
        lines = (_PROCESS / "status").read_text().splitlines()
    except OSError:
        return None
    found = next((line for line in lines if line.startswith(name)), None)
    return None if found is None else int(found.split()[1]) / 1024
