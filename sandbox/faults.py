"""Faults on demand: a seeded plan of what goes wrong, and the draws that decide when.

A rule looks at one sort of occasion: requests, bulk operations or webhooks. Each rule counts, shop by shop,
the occasions it looks at, and draws once for each by the seed, itself, the shop and that count. So the same
requests in a shop meet the same faults, whatever the time is, whatever other shops do and whatever other
rules stand in the plan.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from fnmatch import fnmatchcase
from random import Random


class Kind(StrEnum):
    STATUS = "status"
    THROTTLED = "throttled"
    INTERNAL_ERROR = "internal_error"
    RESET = "reset"
    TIMEOUT = "timeout"
    GARBAGE = "garbage"
    SLOW = "slow"
    REVOKED = "token_revoked"
    UNINSTALLED = "uninstalled"
    BULK_SLOW = "bulk_slow"
    BULK_FAILED = "bulk_failed"
    BULK_CANCELED = "bulk_canceled"
    BULK_EXPIRED = "bulk_expired"
    WEBHOOK_DROP = "webhook_drop"
    WEBHOOK_DUPLICATE = "webhook_duplicate"
    WEBHOOK_DELAY = "webhook_delay"
    WEBHOOK_REORDER = "webhook_reorder"


class Occasion(Enum):
    GRAPHQL = "graphql"
    GRANT = "grant"
    """The token endpoint."""
    FILE = "file"
    """Staged uploads, and the results of bulk operations being fetched."""
    BULK = "bulk"
    WEBHOOK = "webhook"


class When(StrEnum):
    """Whether what was asked takes effect before the answer is spoilt."""

    BEFORE = "before"
    AFTER = "after"


_EVERY_REQUEST = frozenset({Occasion.GRAPHQL, Occasion.GRANT, Occasion.FILE})
_ONLY_GRAPHQL = frozenset({Occasion.GRAPHQL})
_OCCASIONS = {
    Kind.STATUS: _EVERY_REQUEST,
    Kind.RESET: _EVERY_REQUEST,
    Kind.TIMEOUT: _EVERY_REQUEST,
    Kind.GARBAGE: _EVERY_REQUEST,
    Kind.SLOW: _EVERY_REQUEST,
    Kind.THROTTLED: _ONLY_GRAPHQL,
    Kind.INTERNAL_ERROR: _ONLY_GRAPHQL,
    Kind.REVOKED: _ONLY_GRAPHQL,
    Kind.UNINSTALLED: _ONLY_GRAPHQL,
    **{kind: frozenset({Occasion.BULK}) for kind in Kind if kind.startswith("bulk_")},
    **{kind: frozenset({Occasion.WEBHOOK}) for kind in Kind if kind.startswith("webhook_")},
}
_MIXING = {
    Kind.SLOW,
    Kind.BULK_SLOW,
    Kind.WEBHOOK_DUPLICATE,
    Kind.WEBHOOK_DELAY,
    Kind.WEBHOOK_REORDER,
}
"""Those that come on top of others. Of all the rest only the first that strikes decides what happens."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`match` is a pattern (`inventory*`) for one of an occasion's names, None for every occasion. The first
    `after` occasions of a shop are let pass, and each shop is struck `times` at most. `shops` are domains,
    None for all those of the plan. What follows them belongs to some kinds only.
    """

    kind: Kind
    probability: float = 1.0
    match: str | None = None
    after: int = 0
    times: int | None = None
    shops: frozenset[str] | None = None
    when: When = When.BEFORE
    status: int = 503
    retry_after: float = 2.0
    """Seconds in the header of a 429."""
    seconds: tuple[float, float] = (0.0, 0.0)
    """A wait is drawn between the two, evenly."""
    refreshable: bool = True
    """Whether a revoked access token can be replaced by its refresh token."""
    factor: float = 1.0
    """By how much a bulk operation slows down."""
    lines: int | None = None
    """How many lines a broken bulk operation still writes; None draws one to a hundred."""
    error_code: str = "INTERNAL_SERVER_ERROR"
    copies: int = 1
    """Deliveries of a webhook beyond the first."""

    def fits(self, occasion: Occasion, names: Sequence[str]) -> bool:
        if occasion not in _OCCASIONS[self.kind]:
            return False
        return self.match is None or any(fnmatchcase(name, self.match) for name in names)


@dataclass(frozen=True, slots=True)
class Strike:
    """A rule that hit; seconds is drawn already, random is for whatever else is left to chance."""

    rule: Rule
    seconds: float
    random: Random


@dataclass(slots=True, eq=False)
class FaultPlan:
    """`shops` are domains, None for all shops. Counts are by position of the rule and domain."""

    seed: int
    rules: tuple[Rule, ...]
    shops: frozenset[str] | None = None
    presets: tuple[str, ...] = ()
    """Names of the ready-made sets of rules in it, for those who show the plan."""
    seen: Counter[tuple[int, str]] = field(default_factory=Counter)
    struck: Counter[tuple[int, str]] = field(default_factory=Counter)
    _labels: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        same: Counter[str] = Counter()
        labels = []
        for rule in self.rules:
            label = f"{rule.kind}/{rule.match}/{rule.when}"
            labels.append(f"{label}/{same[label]}")
            same[label] += 1
        self._labels = tuple(labels)

    def draw(self, occasion: Occasion, shop: str, names: Sequence[str]) -> list[Strike]:
        """What strikes this occasion: at most one fault that decides, and any that come on top."""
        if self.shops is not None and shop not in self.shops:
            return []
        found: list[tuple[int, Strike]] = []
        for index, rule in enumerate(self.rules):
            if (rule.shops is None or shop in rule.shops) and rule.fits(occasion, names):
                strike = self._drawn(index, rule, shop)
                if strike is not None:
                    found.append((index, strike))
        kept = _effective(found)
        for index, _ in kept:
            self.struck[index, shop] += 1
        return [strike for _, strike in kept]

    def _drawn(self, index: int, rule: Rule, shop: str) -> Strike | None:
        count = self.seen[index, shop]
        self.seen[index, shop] += 1
        if count < rule.after or (rule.times is not None and self.struck[index, shop] >= rule.times):
            return None
        random = Random(f"{self.seed}/{self._labels[index]}/{shop}/{count}")
        if random.random() >= rule.probability:
            return None
        return Strike(rule, random.uniform(*rule.seconds), random)


def _effective(found: list[tuple[int, Strike]]) -> list[tuple[int, Strike]]:
    decided = False
    kept: list[tuple[int, Strike]] = []
    for index, strike in found:
        kind = strike.rule.kind
        if kind is Kind.WEBHOOK_DROP:
            return [(index, strike)]
        if kind not in _MIXING:
            if decided:
                continue
            decided = True
        kept.append((index, strike))
    return kept
