"""Fault plans as JSON: reading one that was asked for, and telling how one fares."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.faults import FaultPlan, Kind, Rule, When
from sandbox.faults_presets import PRESETS, rules_of

MAX_RULES = 100
_PLAN = {"seed", "shops", "presets", "rules"}


class FaultPlanError(ValueError):
    """The plan cannot be taken; the text names the place and what is wrong with it."""


def read_plan(body: Mapping[str, Any]) -> FaultPlan:
    """`{seed?, shops?, presets?, rules?}`: the rules of the presets stand behind those given. Raises
    FaultPlanError.
    """
    for name in body:
        if name not in _PLAN:
            raise FaultPlanError(f"{name} is not known.")
    presets = _strings(body.get("presets", []), "presets")
    for name in presets:
        if name not in PRESETS:
            raise FaultPlanError(f"presets has no {name}: there are {', '.join(PRESETS)}.")
    given = body.get("rules", [])
    if not isinstance(given, list) or len(given) > MAX_RULES:
        raise FaultPlanError(f"rules must be a list of {MAX_RULES} at most.")
    rules = [_rule(rule, f"rules[{index}]") for index, rule in enumerate(given)]
    rules.extend(rules_of(presets))
    if not rules:
        raise FaultPlanError("The plan has neither rules nor presets.")
    shops = body.get("shops")
    return FaultPlan(
        _whole(body.get("seed", 0), "seed"),
        tuple(rules),
        None if shops is None else frozenset(_strings(shops, "shops")),
        presets,
    )


def told(plan: FaultPlan | None) -> dict[str, Any]:
    """The plan with what its rules have seen and struck so far, by shop; `struck` sums up by kind."""
    if plan is None:
        return {"active": False, "rules": [], "struck": {}}
    struck: Counter[str] = Counter()
    for (index, _), count in plan.struck.items():
        struck[plan.rules[index].kind.value] += count
    return {
        "active": True,
        "seed": plan.seed,
        "shops": None if plan.shops is None else sorted(plan.shops),
        "presets": list(plan.presets),
        "rules": [
            _written(rule) | {"seen": _by_shop(plan.seen, index), "struck": _by_shop(plan.struck, index)}
            for index, rule in enumerate(plan.rules)
        ],
        "struck": dict(sorted(struck.items())),
    }


def _by_shop(counts: Counter[tuple[int, str]], rule: int) -> dict[str, int]:
    return {shop: count for (index, shop), count in sorted(counts.items()) if index == rule and count}


def _rule(given: Any, place: str) -> Rule:
    if not isinstance(given, dict):
        raise FaultPlanError(f"{place} must be an object.")
    try:
        kind = Kind(given["kind"])
    except KeyError:
        raise FaultPlanError(f"{place} lacks a kind.") from None
    except ValueError:
        raise FaultPlanError(f"{place}.kind must be one of {', '.join(Kind)}.") from None
    known = _OF_ALL | _DEFAULTS[kind]
    values: dict[str, Any] = {"kind": kind, **_DEFAULTS[kind]}
    for name, value in given.items():
        if name == "kind":
            continue
        if name not in known:
            raise FaultPlanError(f"{place}.{name} does not belong to {kind}.")
        values[name] = _READERS[name](value, f"{place}.{name}")
    rule = Rule(**{_ATTRIBUTES.get(name, name): value for name, value in values.items()})
    if rule.status == 429 and rule.when is When.AFTER:
        raise FaultPlanError(f"{place}: what is answered with 429 has had no effect.")
    return rule


def _written(rule: Rule) -> dict[str, Any]:
    """The rule as it could be given."""
    out: dict[str, Any] = {"kind": rule.kind, "probability": rule.probability}
    for name in _DEFAULTS[rule.kind]:
        value = getattr(rule, _ATTRIBUTES.get(name, name))
        out[name] = list(value) if isinstance(value, tuple) else value
    for name, default in _OF_ALL.items():
        value = getattr(rule, name)
        if name != "probability" and value != default:
            out[name] = sorted(value) if isinstance(value, frozenset) else value
    return out


def _number(value: Any, place: str, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise FaultPlanError(f"{place} must be a number.")
    if not least <= value <= most:
        raise FaultPlanError(f"{place} must be between {least:g} and {most:g}.")
    return float(value)


def _whole(value: Any, place: str, least: int | None = None, most: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise FaultPlanError(f"{place} must be a whole number.")
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = f"{least} or more" if most is None else f"between {least} and {most}"
        raise FaultPlanError(f"{place} must be {bounds}.")
    return value


def _strings(value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise FaultPlanError(f"{place} must be a list of texts.")
    return tuple(value)


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise FaultPlanError(f"{place} must be a text.")
    return value


def _choice(value: Any, place: str, choices: Sequence[Any]) -> Any:
    if isinstance(value, bool) or value not in choices:
        raise FaultPlanError(f"{place} must be one of {', '.join(map(str, choices))}.")
    return value


def _flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise FaultPlanError(f"{place} must be true or false.")
    return value


def _seconds(value: Any, place: str) -> tuple[float, float]:
    """A number, or a list of the least and the most."""
    if isinstance(value, list) and len(value) == 2:
        low, high = (_number(each, place, 0, _DAY) for each in value)
        if low > high:
            raise FaultPlanError(f"{place} must begin with the lesser number.")
        return (low, high)
    both = _number(value, place, 0, _DAY)
    return (both, both)


_DAY = 86_400.0
_ERROR_CODES = ("INTERNAL_SERVER_ERROR", "TIMEOUT")
_STATUSES = (429, 500, 502, 503, 504)
_READERS: dict[str, Callable[[Any, str], Any]] = {
    "probability": lambda value, place: _number(value, place, 0, 1),
    "match": _text,
    "after": lambda value, place: _whole(value, place, 0),
    "times": lambda value, place: _whole(value, place, 1),
    "shops": lambda value, place: frozenset(_strings(value, place)),
    "when": lambda value, place: When(_choice(value, place, [*When])),
    "status": lambda value, place: _choice(value, place, _STATUSES),
    "retryAfter": lambda value, place: _number(value, place, 0, _DAY),
    "seconds": _seconds,
    "refreshable": _flag,
    "factor": lambda value, place: _number(value, place, 1, 10_000),
    "lines": lambda value, place: _whole(value, place, 0),
    "errorCode": lambda value, place: _choice(value, place, _ERROR_CODES),
    "copies": lambda value, place: _whole(value, place, 1, 20),
}
_ATTRIBUTES = {"retryAfter": "retry_after", "errorCode": "error_code"}
_OF_ALL: dict[str, Any] = {"probability": 1.0, "match": None, "after": 0, "times": None, "shops": None}
_WHEN = {"when": When.BEFORE}
_BROKEN_BULK: dict[str, Any] = {"lines": None}
_DEFAULTS: dict[Kind, dict[str, Any]] = {
    Kind.STATUS: {**_WHEN, "status": 503, "retryAfter": 2.0},
    Kind.THROTTLED: {},
    Kind.INTERNAL_ERROR: {**_WHEN},
    Kind.RESET: {**_WHEN},
    Kind.TIMEOUT: {**_WHEN, "seconds": (10.0, 10.0)},
    Kind.GARBAGE: {**_WHEN},
    Kind.SLOW: {"seconds": (0.2, 2.0)},
    Kind.REVOKED: {**_WHEN, "refreshable": True},
    Kind.UNINSTALLED: {**_WHEN},
    Kind.BULK_SLOW: {"factor": 10.0},
    Kind.BULK_FAILED: {**_BROKEN_BULK, "errorCode": "INTERNAL_SERVER_ERROR"},
    Kind.BULK_CANCELED: {**_BROKEN_BULK},
    Kind.BULK_EXPIRED: {},
    Kind.WEBHOOK_DROP: {},
    Kind.WEBHOOK_DUPLICATE: {"copies": 1, "seconds": (0.0, 1.0)},
    Kind.WEBHOOK_DELAY: {"seconds": (1.0, 30.0)},
    Kind.WEBHOOK_REORDER: {"seconds": (0.0, 2.0)},
}
"""What belongs to a kind, and what it is when nothing is said."""
