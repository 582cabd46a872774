"""Every request to the sandbox with its moment, its points and how full the shop's bucket was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sandbox.root_fields import root_fields
from sandbox.web.server import Server
from sandbox.web.traffic import Traffic


@dataclass(frozen=True, slots=True)
class Asked:
    """`at` in virtual seconds, when it was answered. `left` is what the bucket still held then."""

    shop: str
    at: float
    points: int
    left: float
    throttled: bool
    write: bool


@dataclass(slots=True)
class Span:
    """What was asked of one shop, from the first answer to that to the last write. `bucket` is what a full
    one holds, and it was full; `rate` is in points a second."""

    asked: list[Asked] = field(default_factory=list)
    throttled: int = 0
    bucket: float = 0.0
    rate: float = 1.0

    @property
    def seconds(self) -> float:
        return self.asked[-1].at - self.asked[0].at

    @property
    def points(self) -> int:
        return sum(each.points for each in self.asked)

    @property
    def writes(self) -> int:
        return sum(each.write for each in self.asked)

    @property
    def least_seconds(self) -> float:
        """Of a full bucket all can be spent but the fifth that is kept for live work."""
        return max(1.0, (self.points - 0.8 * self.bucket) / self.rate)

    def used(self) -> float | None:
        """The share of the restored points that was spent from the moment when the bucket was down to its
        reserve until the last write; None where it never was."""
        waiting = [each for each in self.asked if each.left <= 0.25 * self.bucket]
        if len(waiting) < 2 or waiting[-1].at == waiting[0].at:
            return None
        first, last = waiting[0], waiting[-1]
        within = (each for each in self.asked if first.at < each.at <= last.at)
        return sum(each.points for each in within) / (self.rate * (last.at - first.at))


class _Watched(Traffic):
    """Counts on where the other one was, and keeps every request."""

    def __init__(self, known: Traffic, now: Callable[[], float]) -> None:
        super().__init__(known.counts, known.marks)
        self.asked: list[Asked] = []
        self._now = now

    def record(self, shop: str, query: str, operation: str | None, answer: dict[str, Any]) -> None:
        super().record(shop, query, operation, answer)
        cost = answer.get("extensions", {}).get("cost", {})
        left = float(cost.get("throttleStatus", {}).get("currentlyAvailable", 0))
        codes = {error.get("extensions", {}).get("code") for error in answer.get("errors", ())}
        write = root_fields(query, operation)[0] == "mutation"
        points = int(cost.get("actualQueryCost") or 0)
        self.asked.append(Asked(shop, self._now(), points, left, "THROTTLED" in codes, write))


@contextmanager
def watching(server: Server, now: Callable[[], float]) -> Iterator[list[Asked]]:
    """What is asked of any shop in here, in the order of the answers."""
    known = server.traffic
    watched = _Watched(known, now)
    server.traffic = watched
    try:
        yield watched.asked
    finally:
        server.traffic = known


def until_written(shop: str, asked: list[Asked], bucket: float, rate: float) -> Span:
    """What was asked of the shop until the last write to it; reads after that do not count."""
    own = [each for each in asked if each.shop == shop]
    last = max((number for number, each in enumerate(own) if each.write), default=-1)
    answered = [each for each in own[: last + 1] if not each.throttled]
    return Span(answered, sum(each.throttled for each in own), bucket, rate)
