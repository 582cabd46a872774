"""What will happen in a round, drawn from its seed alone: edits, faults and blows, and when.

Nothing here looks at a shop. An edit says by a number which of the products it means, so that the same seed
tells the same story.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

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


Deed = Edit | Blow | Call

_EDITS = {
    Edit.PRICE: 8,
    Edit.TITLE: 4,
    Edit.TAGS: 2,
    Edit.BARCODE: 2,
    Edit.STOCK: 8,
    Edit.SKU: 1,
    Edit.NEW: 2,
    Edit.SILENT: 1,
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

Rules = list[dict[str, Any]]
FAULTS: dict[str, Rules] = {
    "network": [
        {"kind": "reset", "probability": 0.04},
        {"kind": "reset", "probability": 0.04, "when": "after"},
        {"kind": "timeout", "probability": 0.01, "when": "after", "seconds": [1, 3]},
        {"kind": "status", "probability": 0.03, "status": 503},
        {"kind": "status", "probability": 0.03, "status": 502, "when": "after"},
        {"kind": "internal_error", "probability": 0.02, "when": "after"},
        {"kind": "garbage", "probability": 0.02},
        {"kind": "slow", "probability": 0.1, "seconds": [0.05, 0.6]},
    ],
    "webhooks": [
        {"kind": "webhook_drop", "probability": 0.25},
        {"kind": "webhook_duplicate", "probability": 0.2, "seconds": [0, 2]},
        {"kind": "webhook_delay", "probability": 0.1, "seconds": [1, 4]},
        {"kind": "webhook_reorder", "probability": 0.4, "seconds": [0, 1]},
    ],
    "no webhook comes": [{"kind": "webhook_drop"}],
    "rate limit": [
        {"kind": "throttled", "probability": 0.1},
        {"kind": "status", "probability": 0.05, "status": 429, "retryAfter": 1},
    ],
    "answers to writes are lost": [
        {"kind": "reset", "probability": 0.3, "when": "after", "match": "inventory*"},
        {"kind": "reset", "probability": 0.2, "when": "after", "match": "product*"},
    ],
    "tokens": [{"kind": "token_revoked", "probability": 0.03, "times": 2}],
    "bulk": [
        {"kind": "bulk_failed", "probability": 0.3},
        {"kind": "bulk_canceled", "probability": 0.1},
        {"kind": "bulk_slow", "probability": 0.3, "factor": 3},
    ],
}


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
    steps: tuple[Step, ...]

    @property
    def rules(self) -> Rules:
        return [rule for name in self.faults for rule in FAULTS[name]]


def first_of_story(number: int) -> int:
    """The round, counted from 1, that began with the shops of round `number`."""
    return number - (number - 1) % ROUNDS


def draw(seed: int, number: int) -> Round:
    chance = Random(f"{seed}/{number}")
    faults = chance.sample(sorted(FAULTS), chance.choice((0, 1, 1, 2, 2, 3)))
    steps = [_step(chance, _one(chance, _EDITS)) for _ in range(chance.randint(10, 30))]
    steps += [_step(chance, _one(chance, _BLOWS)) for _ in range(chance.choice((0, 1, 1, 2, 2, 3)))]
    steps += [_step(chance, _one(chance, _CALLS)) for _ in range(chance.choice((0, 0, 1, 1, 2)))]
    return Round(seed, number, tuple(faults), tuple(sorted(steps, key=lambda step: step.at)))


def _step(chance: Random, deed: Deed) -> Step:
    return Step(round(chance.uniform(0, SECONDS), 2), deed, chance.random(), chance.randint(1, 9))


def _one(chance: Random, weights: dict[Any, int]) -> Deed:
    found: Deed = chance.choices(list(weights), list(weights.values()))[0]
    return found
