"""Ready-made sets of rules, for people who want to see what happens."""

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.faults import FaultPlan, Kind, Rule, When


@dataclass(frozen=True, slots=True)
class Preset:
    title: str
    text: str
    rules: tuple[Rule, ...]


PRESETS = {
    "flaky-network": Preset(
        "Flaky network",
        "Connections break or go silent before or after the work is done, gateways answer instead of the"
        " shop, and some answers are slow.",
        (
            Rule(Kind.RESET, 0.03),
            Rule(Kind.RESET, 0.03, when=When.AFTER),
            Rule(Kind.TIMEOUT, 0.01, when=When.AFTER, seconds=(10.0, 10.0)),
            Rule(Kind.STATUS, 0.02, status=503),
            Rule(Kind.STATUS, 0.02, status=502, when=When.AFTER),
            Rule(Kind.INTERNAL_ERROR, 0.01, when=When.AFTER),
            Rule(Kind.GARBAGE, 0.01),
            Rule(Kind.SLOW, 0.1, seconds=(0.2, 1.5)),
        ),
    ),
    "webhooks": Preset(
        "Lost and late webhooks",
        "Some webhooks never come, some come twice, some up to half a minute late, many out of order.",
        (
            Rule(Kind.WEBHOOK_DROP, 0.1),
            Rule(Kind.WEBHOOK_DUPLICATE, 0.2, seconds=(0.0, 5.0)),
            Rule(Kind.WEBHOOK_DELAY, 0.1, seconds=(2.0, 30.0)),
            Rule(Kind.WEBHOOK_REORDER, 0.4, seconds=(0.0, 2.0)),
        ),
    ),
    "bulk": Preset(
        "Bulk fails",
        "Four of ten bulk operations end with a part of their results or none; others take five times as"
        " long.",
        (
            Rule(Kind.BULK_FAILED, 0.25),
            Rule(Kind.BULK_CANCELED, 0.1),
            Rule(Kind.BULK_EXPIRED, 0.05),
            Rule(Kind.BULK_SLOW, 0.3, factor=5.0),
        ),
    ),
    "rate-limit": Preset(
        "Rate limit",
        "Other callers empty the bucket again and again, and some calls are turned away with 429.",
        (Rule(Kind.THROTTLED, 0.15), Rule(Kind.STATUS, 0.05, status=429, retry_after=2.0)),
    ),
}


def rules_of(presets: Iterable[str]) -> tuple[Rule, ...]:
    return tuple(rule for name in presets for rule in PRESETS[name].rules)


def is_of_presets(plan: FaultPlan) -> bool:
    """Whether there is nothing in the plan but its presets, for all shops."""
    return plan.shops is None and plan.rules == rules_of(plan.presets)


def struck(plan: FaultPlan, preset: str) -> int:
    """How often the rules of one preset have struck, in all shops; the plan must be of presets."""
    first = len(rules_of(plan.presets[: plan.presets.index(preset)]))
    own = range(first, first + len(PRESETS[preset].rules))
    return sum(times for (index, _), times in plan.struck.items() if index in own)
