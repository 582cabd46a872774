"""A few counters of this process in Prometheus' text format."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Metrics:
    """`requests` by path and status; `errors` of the API by code."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    sockets: int = 0

    def text(self, listeners: int) -> str:
        lines = ["# TYPE http_requests_total counter"]
        for (path, status), number in sorted(self.requests.items()):
            lines.append(f'http_requests_total{{path="{path}",status="{status}"}} {number}')
        lines.append("# TYPE graphql_errors_total counter")
        for code, number in sorted(self.errors.items()):
            lines.append(f'graphql_errors_total{{code="{code}"}} {number}')
        lines += ["# TYPE graphql_sockets gauge", f"graphql_sockets {self.sockets}"]
        lines += ["# TYPE job_listeners gauge", f"job_listeners {listeners}"]
        return "\n".join(lines) + "\n"
