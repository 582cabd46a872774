"""One line of the benchmark: what was measured, at which size, what it should be, what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """`id` names the target ("P1"). `target` and `result` are for people and say their unit; `size` says of
    how much of the work the target speaks of. `facts` are what it was computed from."""

    id: str
    work: str
    size: str
    target: str
    result: str
    ok: bool
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything. What is linear in its size is scaled down, so that the whole run takes minutes;
    `FULL` are the sizes that the targets name."""

    products: int = 2_000
    """Of 5 variants: first and second sync, changed prices and stock, creation."""
    dependents: int = 20
    shared_products: int = 100
    """In main and each of the dependents."""
    tier_products: int = 1_000
    """Whose prices change, on every plan."""
    webhooks: int = 10_000
    edits: int = 200
    """Each of which is followed to every dependent; fewer tell nothing of one in a hundred."""
    large_products: int = 2_000
    """Of the full syncs that live stock has to pass by."""
    deliveries: int = 10_000
    variants: int = 100_000
    """Matched and compared."""
    requests: int = 300
    """Of each page of the API."""
    events: int = 40
    subscribers: tuple[int, int] = (50, 500)
    loads: int = 7
    page_dependents: int = 12


FULL = Sizes(
    products=10_000,
    shared_products=1_000,
    tier_products=2_000,
    large_products=100_000,
    variants=1_000_000,
)
TINY = Sizes(
    products=200,
    dependents=3,
    shared_products=10,
    tier_products=200,
    webhooks=400,
    edits=2,
    large_products=400,
    deliveries=500,
    variants=1_000,
    requests=3,
    events=3,
    subscribers=(2, 6),
    loads=1,
    page_dependents=2,
)
