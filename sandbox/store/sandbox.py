"""All shops of one process."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sandbox.clock import Clock
from sandbox.faults import FaultPlan
from sandbox.ids import IdSequence
from sandbox.store.app import App
from sandbox.store.change import Event
from sandbox.store.shop import Shop


@dataclass(slots=True)
class BulkPace:
    """How long a bulk operation takes: until it begins, and by what it does."""

    start_delay_seconds: float = 1.0
    objects_per_second: float = 1500.0
    """Of a query, for each operation."""
    lines_per_second: float = 200.0
    """Of a mutation, for each operation."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class Sandbox:
    """seed makes everything that is left to chance (the order of bulk results, for one) the same every
    time.
    """

    clock: Clock
    seed: int = 0
    shops: dict[str, Shop] = field(default_factory=dict)
    """By domain, for example main-shop.myshopify.com."""
    apps: dict[str, App] = field(default_factory=dict)
    """By client id."""
    ids: IdSequence = field(default_factory=IdSequence, repr=False)
    random: Random = field(init=False, repr=False)
    base_url: str = "http://sandbox.test"
    """Where the server is reached, without a slash at the end: upload, result and media addresses begin
    so.
    """
    bulk: BulkPace = field(default_factory=BulkPace, repr=False)
    faults: FaultPlan | None = field(default=None, repr=False)
    """What goes wrong on purpose; None for a sandbox that behaves."""
    listeners: list[Callable[[Shop, Event], None]] = field(default_factory=list, repr=False)
    """Told of every event in every shop."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set, repr=False)
    """Bulk operations that are under way."""
    folder: Path | None = field(default=None, repr=False)
    """Where bulk operations write, once one has."""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Signs the addresses of uploads and results."""

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def tell(self, shop: Shop, event: Event) -> None:
        for listener in self.listeners:
            listener(shop, event)
