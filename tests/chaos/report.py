"""What came of rounds of chaos: for people and as JSON."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from tests.chaos.faults import label


@dataclass(slots=True)
class Struck:
    """A fault in all rounds that planned it: how often it could have struck, and how often it did."""

    rounds: int = 0
    seen: int = 0
    struck: int = 0


@dataclass(slots=True)
class Report:
    """`needed_check` are rounds in which a lost event was found by the check of the links only. `values` is
    how many values the app has changed, `idle_calls` its mutations that changed nothing, by name."""

    seeds: list[int]
    rounds: int = 0
    stories: int = 0
    blows: Counter[str] = field(default_factory=Counter)
    edits: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    faults: dict[str, Struck] = field(default_factory=dict)
    values: int = 0
    idle_calls: Counter[str] = field(default_factory=Counter)
    quiet_seconds: list[float] = field(default_factory=list)
    needed_check: list[int] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    failed_rounds: list[int] = field(default_factory=list)

    def struck(self, rules: Iterable[Mapping[str, Any]]) -> None:
        """What a plan has done, as the sandbox tells it at its end."""
        counted: set[str] = set()
        for rule in rules:
            found = self.faults.setdefault(label(rule), Struck())
            found.rounds += label(rule) not in counted
            found.seen += sum(rule["seen"].values())
            found.struck += sum(rule["struck"].values())
            counted.add(label(rule))

    @property
    def unstruck(self) -> list[str]:
        """Faults that were planned and did not strike once: whether they are survived is not known."""
        return [name for name, found in sorted(self.faults.items()) if not found.struck]

    def as_json(self) -> dict[str, Any]:
        seconds = self.quiet_seconds
        return {
            "seeds": self.seeds,
            "rounds": self.rounds,
            "families": self.stories,
            "failedRounds": self.failed_rounds,
            "edits": dict(self.edits),
            "calls": dict(self.calls),
            "blows": dict(self.blows),
            "faults": {name: asdict(found) for name, found in sorted(self.faults.items())},
            "unstruck": self.unstruck,
            "values": self.values,
            "idleCalls": dict(self.idle_calls),
            "medianSecondsToQuiet": round(median(seconds), 1) if seconds else None,
            "worstSecondsToQuiet": round(max(seconds), 1) if seconds else None,
            "neededCheck": self.needed_check,
            "setAside": self.set_aside,
        }

    def text(self) -> str:
        seconds = self.quiet_seconds or [0.0]
        width = max((len(name) for name in self.faults), default=0)
        return "\n".join(
            [
                f"seeds {self.seeds}: {self.rounds} rounds in {self.stories} families of shops",
                f"edits    {_counted(self.edits)}",
                f"people   {_counted(self.calls)}",
                f"blows    {_counted(self.blows)}",
                "faults",
                *(
                    f"  {name:{width}}  struck {found.struck} of {found.seen} times in {found.rounds} rounds"
                    for name, found in sorted(self.faults.items())
                ),
                f"faults that were planned and never struck: {', '.join(self.unstruck) or 'none'}",
                f"values written: {self.values}; mutations that changed nothing: {_counted(self.idle_calls)}",
                f"quiet after {median(seconds):.1f} s (median), {max(seconds):.1f} s (worst)",
                f"rounds in which only the check found what was lost: {self.needed_check or 'none'}",
                f"set aside and taken up again: {len(self.set_aside)}",
                f"failed rounds: {self.failed_rounds or 'none'}",
            ]
        )


def _counted(things: Counter[str]) -> str:
    return ", ".join(f"{name} {times}" for name, times in things.most_common() if times) or "none"
