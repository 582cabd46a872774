"""A few counters of this process in Prometheus' text format."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate


@dataclass(slots=True)
class Histogram:
    """How often values up to each of `bounds` were seen, and beyond the last of them."""

    bounds: tuple[float, ...]
    counts: list[int] = field(init=False)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def lines(self, name: str) -> Iterator[str]:
        yield f"# TYPE {name} histogram"
        *below, count = accumulate(self.counts)
        for bound, number in zip(self.bounds, below, strict=True):
            yield f'{name}_bucket{{le="{bound:g}"}} {number}'
        yield f'{name}_bucket{{le="+Inf"}} {count}'
        yield f"{name}_sum {self.total:g}"
        yield f"{name}_count {count}"


def _seconds() -> Histogram:
    return Histogram((0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5))


def _sizes() -> Histogram:
    return Histogram((1, 5, 20, 50, 100, 200))


@dataclass(slots=True)
class Metrics:
    """`requests` by path and status; `errors` of the API by code; `webhooks` by topic and outcome,
    `webhook_groups` by size."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    sockets: int = 0
    webhooks: Counter[tuple[str, str]] = field(default_factory=Counter)
    webhook_seconds: Histogram = field(default_factory=_seconds)
    webhook_groups: Histogram = field(default_factory=_sizes)

    def text(self, listeners: int) -> str:
        lines = ["# TYPE http_requests_total counter"]
        for (path, status), number in sorted(self.requests.items()):
            lines.append(f'http_requests_total{{path="{path}",status="{status}"}} {number}')
        lines.append("# TYPE graphql_errors_total counter")
        for code, number in sorted(self.errors.items()):
            lines.append(f'graphql_errors_total{{code="{code}"}} {number}')
        lines += ["# TYPE graphql_sockets gauge", f"graphql_sockets {self.sockets}"]
        lines += ["# TYPE job_listeners gauge", f"job_listeners {listeners}"]
        lines.append("# TYPE webhooks_total counter")
        for (topic, outcome), number in sorted(self.webhooks.items()):
            lines.append(f'webhooks_total{{topic="{topic}",outcome="{outcome}"}} {number}')
        lines += self.webhook_seconds.lines("webhook_seconds")
        lines += self.webhook_groups.lines("webhook_group_size")
        return "\n".join(lines) + "\n"
