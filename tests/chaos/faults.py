"""Every fault that the sandbox knows, in sets that come together, and what a set takes away.

Rules that would strike seldom strike early and a few times instead, so that each that is planned really does.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from random import Random
from typing import Any

Rule = dict[str, Any]


class Place(StrEnum):
    """Which of a family's shops."""

    MAIN = "main"
    MIRRORED = "mirrored"
    SHARED = "shared"
    MATCHED = "matched"


BULK = "bulk"
SILENCE = "no webhook comes"
UNINSTALLED = "app uninstalled"
REVOKED = "access lost for good"

FAULTS: dict[str, list[Rule]] = {
    "network": [
        {"kind": "reset", "probability": 0.1, "times": 4},
        {"kind": "reset", "probability": 0.1, "times": 4, "when": "after"},
        {"kind": "timeout", "probability": 0.2, "times": 1, "seconds": [1, 3]},
        {"kind": "timeout", "probability": 0.2, "times": 1, "when": "after", "seconds": [1, 3]},
        {"kind": "status", "probability": 0.1, "times": 3, "status": 503},
        {"kind": "status", "probability": 0.1, "times": 3, "status": 502, "when": "after"},
        {"kind": "internal_error", "probability": 0.1, "times": 2, "when": "after"},
        {"kind": "garbage", "probability": 0.1, "times": 2},
        {"kind": "slow", "probability": 0.1, "seconds": [0.05, 0.6]},
    ],
    "webhooks": [
        {"kind": "webhook_drop", "probability": 0.25},
        {"kind": "webhook_duplicate", "probability": 0.2, "seconds": [0, 2]},
        {"kind": "webhook_delay", "probability": 0.15, "seconds": [1, 4]},
        {"kind": "webhook_reorder", "probability": 0.4, "seconds": [0, 1]},
    ],
    "late webhooks": [
        {"kind": "webhook_duplicate", "probability": 0.3, "seconds": [0, 2]},
        {"kind": "webhook_delay", "probability": 0.2, "seconds": [1, 4]},
        {"kind": "webhook_reorder", "probability": 0.5, "seconds": [0, 1]},
    ],
    SILENCE: [{"kind": "webhook_drop"}],
    "rate limit": [
        {"kind": "throttled", "probability": 0.1},
        {"kind": "status", "probability": 0.2, "times": 4, "status": 429, "retryAfter": 1},
    ],
    "answers to writes are lost": [
        {"kind": "reset", "probability": 0.7, "times": 3, "when": "after", "match": "inventory*"},
        {"kind": "reset", "probability": 0.5, "times": 3, "when": "after", "match": "product*"},
    ],
    # Once: an access token that is refused as soon as it was renewed is taken for a shop that is closed.
    "tokens": [{"kind": "token_revoked", "probability": 0.2, "times": 1}],
    # Of each type of operation one ends in each way, in every shop. A result that fails has brought little.
    BULK: [
        {"kind": "bulk_slow", "probability": 0.4, "factor": 3},
        *(
            {"kind": kind, "times": 1, "match": type_} | ({"lines": 12} if kind != "bulk_expired" else {})
            for type_ in ("query", "mutation")
            for kind in ("bulk_failed", "bulk_canceled", "bulk_expired")
        ),
    ],
    UNINSTALLED: [{"kind": "uninstalled", "times": 1}],
    REVOKED: [{"kind": "token_revoked", "times": 1, "refreshable": False}],
}
LOSSES = frozenset({UNINSTALLED, REVOKED})
"""After one of them the app has no access to a shop until it is opened there again."""
_LATEST = 5


def choose(chance: Random, number: int) -> tuple[str, ...]:
    """Names of so many sets at most; where no webhook comes none comes late either."""
    found = chance.sample(sorted(FAULTS), number)
    if SILENCE in found:
        return tuple(name for name in found if "webhooks" not in name)
    return tuple(found)


def drawn(chance: Random, names: Iterable[str]) -> tuple[Rule, ...]:
    """The rules of the sets. Those that strike a few times, whatever is asked, let some requests pass before;
    the app loses one shop by one rule, in `shops` by its place, while it writes there or, in main, reads."""
    found = []
    for name in names:
        for rule in FAULTS[name]:
            rule = dict(rule)
            if "times" in rule and "match" not in rule:
                rule["after"] = chance.randint(0, _LATEST)
            if name in LOSSES:
                place = chance.choice(list(Place))
                rule |= {
                    "shops": [place],
                    "match": "query" if place is Place.MAIN else "mutation",
                    "after": chance.randint(0, 2),
                    "when": chance.choice(("before", "after")),
                }
            found.append(rule)
    return tuple(found)


def label(rule: Mapping[str, Any]) -> str:
    """What a report calls it."""
    parts = [rule["kind"]]
    if rule["kind"] == "status":
        parts.append(str(rule["status"]))
    if rule.get("refreshable") is False:
        parts.append("for good")
    if rule.get("when") == "after":
        parts.append("after")
    if rule.get("match") and not rule.get("shops"):
        parts.append(rule["match"])
    return " ".join(parts)


def loses_webhooks(rules: Iterable[Rule]) -> bool:
    return any(rule["kind"] == "webhook_drop" for rule in rules)
