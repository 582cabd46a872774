"""What a piece of work costs: at Shopify in points and calls, here in statements, CPU seconds and memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import asyncpg
from asyncpg.connection import LoggedQuery

from sandbox.web.traffic import Count, Traffic

Clock = Callable[[], float]


@dataclass(slots=True)
class Measured:
    """`seconds` is virtual time, in which only Shopify is slow. `peak_mib` is the process's so far, the shops of
    the sandbox included."""

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

    def mutations(self, shop: str) -> Mapping[str, int]:
        count = self.traffic.get(shop)
        return {} if count is None else {name: number for name, number in count.mutations.items() if number}


class Statements:
    """Counts every SQL statement that asyncpg sends in this process."""

    def __init__(self) -> None:
        self.count = 0

    def see(self, _query: LoggedQuery) -> None:
        self.count += 1

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Wherever a connection is opened in here, its statements count."""
        connect = asyncpg.Connection.__init__

        def opened(connection: asyncpg.Connection, *args: object, **options: object) -> None:
            connect(connection, *args, **options)
            connection.add_query_logger(self.see)

        asyncpg.Connection.__init__ = opened
        try:
            yield
        finally:
            asyncpg.Connection.__init__ = connect


@contextmanager
def measured(name: str, traffic: Traffic, statements: Statements, monotonic: Clock) -> Iterator[Measured]:
    result = Measured(name)
    traffic.mark(name)
    began, count, cpu = monotonic(), statements.count, time.process_time()
    yield result
    result.cpu_seconds = time.process_time() - cpu
    result.statements = statements.count - count
    result.seconds = monotonic() - began
    result.traffic = traffic.since(name)
    result.peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
