"""How equal a dependent is to what it should say, in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.database import connection, rows
from backend.models.live import DifferenceReason

# What the dependent's people want so; it is neither equal nor different.
KEPT = frozenset({DifferenceReason.HELD, DifferenceReason.LOCAL_EDIT})
_STEPS = 10_000

_LINKS = """
SELECT connection_id AS key, count(*) AS linked, count(checked_at) AS checked,
       coalesce(sum(values_checked) FILTER (WHERE checked_at IS NOT NULL), 0) AS compared,
       min(checked_at) AS oldest, max(checked_at) AS newest
FROM product_link WHERE connection_id = ANY($1::uuid[]) GROUP BY connection_id
"""
_DIFFERENCES = """
SELECT connection_id AS key, reason, count(*) AS number FROM difference
WHERE connection_id = ANY($1::uuid[]) GROUP BY connection_id, reason ORDER BY reason
"""


@dataclass(frozen=True, slots=True)
class Parity:
    """Of one connection, as of the last check of each link. `linked` and `checked` count links, `values` what
    was compared in those; `reasons` counts the values that differ."""

    linked: int
    checked: int
    values: int
    reasons: Mapping[DifferenceReason, int]
    oldest_check: datetime | None
    newest_check: datetime | None

    @property
    def held(self) -> int:
        return sum(number for reason, number in self.reasons.items() if reason in KEPT)

    @property
    def differences(self) -> int:
        return sum(self.reasons.values()) - self.held

    @property
    def equal(self) -> int:
        return max(0, self.values - self.held - self.differences)

    @property
    def share(self) -> float | None:
        """Of the values that are not held, those that are equal, in steps of a hundredth of a percent and
        rounded down: 1.0 only where nothing differs. None before anything was checked."""
        if not self.checked:
            return None
        wanted = self.equal + self.differences
        return 1.0 if not wanted else self.equal * _STEPS // wanted / _STEPS


async def parity_of(connections: Sequence[UUID]) -> dict[UUID, Parity]:
    """By connection, in two statements."""
    reasons: dict[UUID, dict[DifferenceReason, int]] = {}
    for row in await rows(connection(), _DIFFERENCES, list(connections)):
        reasons.setdefault(row["key"], {})[DifferenceReason(row["reason"])] = int(row["number"])
    links = {row["key"]: row for row in await rows(connection(), _LINKS, list(connections))}
    return {
        key: Parity(
            linked=int(row["linked"]) if row else 0,
            checked=int(row["checked"]) if row else 0,
            values=int(row["compared"]) if row else 0,
            reasons=reasons.get(key, {}),
            oldest_check=row["oldest"] if row else None,
            newest_check=row["newest"] if row else None,
        )
        for key in connections
        for row in [links.get(key)]
    }
