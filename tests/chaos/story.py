"""What will happen in a round, drawn from its seed alone: edits, faults and blows, and when.

Nothing here looks at a shop. An edit says by a number which of the products it means, so that the same seed
tells the same story.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from tests.chaos.faults import BULK, LOSSES, Place, Rule, choose, drawn, loses_webhooks

ROUNDS = 5
"""Rounds with the same shops; then come new ones. So a round depends on the few before it at most."""
SECONDS = 5.0
"""How long a round's edits and blows go on."""


class Edit(StrEnum):
    PRICE = "price"
    TITLE = "title"
    TAGS = "tags"
    BARCODE = "barcode"
    STOCK = "stock"
    SKU = "sku"
    NEW = "new product"
    SILENT = "new products nobody is told of"
    MANY = "many new products nobody is told of"
    DELETED = "product deleted"
    RECREATED = "product deleted and made again"
    VARIANT = "variant added"
    SOLD_MIRRORED = "sale where stock is mirrored"
    SOLD_SHARED = "sale or return where stock is shared"
    LOCAL_TITLE = "title edited where main wins"
    LOCAL_PRICE = "price edited where main wins"
    KEPT_TITLE = "title edited where local edits stay"
    UNOWNED = "vendor edited where it is not synced"
    DEPENDENT_DELETED = "product deleted in a dependent"


class Blow(StrEnum):
    WORKER_LIVE = "SIGKILL worker-live"
    WORKER_BACKGROUND = "SIGKILL worker-background"
    API = "SIGKILL api"
    SCHEDULER = "SIGKILL scheduler"
    REDIS_KILLED = "SIGKILL valkey"
    REDIS_FLUSHED = "FLUSHALL"
    POSTGRES = "PostgreSQL stopped at once"


class Call(StrEnum):
    SYNC = "sync all"
    SETTINGS = "settings changed"
    UNDO = "undo"
    OPEN = "app opened again"


Deed = Edit | Blow | Call

_EDITS = {
    Edit.PRICE: 8,
    Edit.TITLE: 4,
    Edit.TAGS: 2,
    Edit.BARCODE: 2,
    Edit.STOCK: 8,
    Edit.SKU: 1,
    Edit.NEW: 2,
    Edit.DELETED: 1,
    Edit.RECREATED: 1,
    Edit.VARIANT: 2,
    Edit.SOLD_MIRRORED: 3,
    Edit.SOLD_SHARED: 8,
    Edit.LOCAL_TITLE: 2,
    Edit.LOCAL_PRICE: 2,
    Edit.KEPT_TITLE: 2,
    Edit.UNOWNED: 1,
    Edit.DEPENDENT_DELETED: 1,
}
_BLOWS = {
    Blow.WORKER_LIVE: 4,
    Blow.WORKER_BACKGROUND: 2,
    Blow.API: 2,
    Blow.SCHEDULER: 1,
    Blow.REDIS_KILLED: 2,
    Blow.REDIS_FLUSHED: 2,
    Blow.POSTGRES: 2,
}
_CALLS = {Call.SYNC: 5, Call.SETTINGS: 3, Call.UNDO: 2}


@dataclass(frozen=True, slots=True)
class Step:
    """`at` seconds from the beginning of the round. `pick`, from 0 to 1, says which product is meant; `size`
    how much, or with which value."""

    at: float
    deed: Deed
    pick: float
    size: int

    def __str__(self) -> str:
        return f"{self.at:5.2f} s  {self.deed.value} (pick {self.pick:.3f}, size {self.size})"


@dataclass(frozen=True, slots=True)
class Round:
    seed: int
    number: int
    faults: tuple[str, ...]
    rules: tuple[Rule, ...]
    steps: tuple[Step, ...]

    @property
    def loses_webhooks(self) -> bool:
        return loses_webhooks(self.rules)

    @property
    def lost(self) -> frozenset[Place]:
        """Where the app loses its access."""
        return frozenset(place for rule in self.rules for place in rule.get("shops", ()))

    @property
    def is_told_of_all(self) -> bool:
        """Whether an event tells of everything that happens in the shops, so that nobody has to ask."""
        silent = any(step.deed in (Edit.SILENT, Edit.MANY) for step in self.steps)
        return not (silent or self.lost or self.loses_webhooks)

    @property
    def is_calm(self) -> bool:
        """Whether nothing goes wrong but what people do."""
        return not self.rules and not any(isinstance(step.deed, Blow) for step in self.steps)


def first_of_story(number: int) -> int:
    """The round, counted from 1, that began with the shops of round `number`."""
    return number - (number - 1) % ROUNDS


def draw(seed: int, number: int) -> Round:
    chance = Random(f"{seed}/{number}")
    faults = choose(chance, chance.choice((0, 1, 1, 2, 2, 3)))
    rules = drawn(chance, faults)
    edits = dict(_EDITS)
    if loses_webhooks(rules):
        edits[Edit.SILENT] = 2
    steps = [_step(chance, _one(chance, edits)) for _ in range(chance.randint(10, 30))]
    steps += [_step(chance, _one(chance, _BLOWS)) for _ in range(chance.choice((0, 1, 1, 2, 2, 3)))]
    steps += [_step(chance, _one(chance, _CALLS)) for _ in range(chance.choice((0, 0, 1, 1, 2)))]
    if BULK in faults:
        steps += [_step(chance, Edit.MANY, latest=0.3), _step(chance, Call.SYNC, earliest=0.4, latest=0.8)]
    if LOSSES.intersection(faults):
        steps += [_step(chance, Call.SYNC, latest=1.0), _step(chance, Call.OPEN, earliest=2.0)]
    return Round(seed, number, faults, rules, tuple(sorted(steps, key=lambda step: step.at)))


def _step(chance: Random, deed: Deed, *, earliest: float = 0.0, latest: float = SECONDS) -> Step:
    return Step(round(chance.uniform(earliest, latest), 2), deed, chance.random(), chance.randint(1, 9))


def _one(chance: Random, weights: dict[Any, int]) -> Deed:
    found: Deed = chance.choices(list(weights), list(weights.values()))[0]
    return found
