"""What Shopify charged: points and calls by operation, for a job's row and for the benchmark."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Usage:
    """Counts up as a client works; one per slice of work. `throttled` counts refusals, which cost no
    points."""

    points: int = 0
    calls: int = 0
    throttled: int = 0
    points_by_operation: Counter[str] = field(default_factory=Counter)
    calls_by_operation: Counter[str] = field(default_factory=Counter)

    def add(self, operation: str, points: int) -> None:
        self.points += points
        self.calls += 1
        self.points_by_operation[operation] += points
        self.calls_by_operation[operation] += 1
