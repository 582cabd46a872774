"""What the server is told to do and what it has counted: settings of a run, and requests and points per
shop.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sandbox.root_fields import root_fields


@dataclass(slots=True)
class Settings:
    """`latency_seconds` is waited before each GraphQL answer, on the sandbox's clock."""

    latency_seconds: float = 0.0


@dataclass(slots=True)
class Count:
    """Of one shop: HTTP requests, GraphQL operations by root field, points as charged."""

    requests: int = 0
    points: int = 0
    throttled: int = 0
    queries: Counter[str] = field(default_factory=Counter)
    mutations: Counter[str] = field(default_factory=Counter)

    def minus(self, earlier: "Count") -> "Count":
        return Count(
            self.requests - earlier.requests,
            self.points - earlier.points,
            self.throttled - earlier.throttled,
            self.queries - earlier.queries,
            self.mutations - earlier.mutations,
        )

    def copy(self) -> "Count":
        return self.minus(Count())

    def as_json(self) -> dict[str, Any]:
        return {
            "requests": self.requests,
            "points": self.points,
            "throttled": self.throttled,
            "queries": dict(sorted(self.queries.items())),
            "mutations": dict(sorted(self.mutations.items())),
        }


@dataclass(slots=True)
class Traffic:
    """Counts since the start, and as they were at named marks."""

    counts: dict[str, Count] = field(default_factory=dict)
    marks: dict[str, dict[str, Count]] = field(default_factory=dict)

    def record(self, shop: str, query: str, operation: str | None, answer: dict[str, Any]) -> None:
        """Count one GraphQL request by its text and its answer."""
        count = self.counts.setdefault(shop, Count())
        count.requests += 1
        cost = answer.get("extensions", {}).get("cost", {})
        count.points += int(cost.get("actualQueryCost") or 0)
        if any(error.get("extensions", {}).get("code") == "THROTTLED" for error in answer.get("errors", ())):
            count.throttled += 1
            return
        kind, names = root_fields(query, operation)
        if kind == "mutation":
            count.mutations.update(names)
        else:
            count.queries.update(names)

    def mark(self, name: str) -> None:
        self.marks[name] = {shop: count.copy() for shop, count in self.counts.items()}

    def since(self, name: str | None) -> dict[str, Count]:
        """Counts per shop since a mark, or since the start without one. KeyError for an unknown mark."""
        earlier = {} if name is None else self.marks[name]
        return {shop: count.minus(earlier.get(shop, Count())) for shop, count in self.counts.items()}
