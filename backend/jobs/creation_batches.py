"""The batches of creations that run in bulk, as a job's cursor remembers them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from backend.shopify.bulk_creation import creation_name, publishing_name
from backend.sync.writes import ChangeId

# In the job's cursor: the batches, when to look at them, until when no place is free, whether Shopify refuses
# such operations, and since when they are being stopped.
BATCHES = "creations"
LOOK_AT = "creations_look_at"
BUSY_UNTIL = "creations_busy"
REFUSED = "creations_refused"
STOPPING = "creations_stopping"


class BatchState(StrEnum):
    """STARTING and PUBLISH_STARTING: asked for, and not known whether Shopify heard."""

    STARTING = "STARTING"
    CREATING = "CREATING"
    PUBLISH_STARTING = "PUBLISH_STARTING"
    PUBLISHING = "PUBLISHING"


@dataclass(frozen=True, slots=True)
class Batch:
    """`batch` is the hexadecimal id that its changes and its operations' names bear, `changes` are in the
    order of its lines. `creation` and `publishing` are operations; `published` are the changes whose products
    the second one publishes, in the order of its lines. `at` is when its state began, `broken` how often a
    result could not be fetched."""

    batch: str
    changes: tuple[ChangeId, ...]
    state: BatchState
    at: datetime
    creation: str | None = None
    publishing: str | None = None
    published: tuple[ChangeId, ...] = ()
    broken: int = 0

    @property
    def running(self) -> str | None:
        """The operation that is waited for."""
        return self.creation if self.state is BatchState.CREATING else self.publishing

    @property
    def is_lost(self) -> bool:
        return self.state in (BatchState.STARTING, BatchState.PUBLISH_STARTING)

    @property
    def name(self) -> str:
        """Of the operation that was asked for last."""
        first = self.state in (BatchState.STARTING, BatchState.CREATING)
        return creation_name(self.batch) if first else publishing_name(self.batch)

    def to_json(self) -> dict[str, Any]:
        return {
            "changes": list(self.changes),
            "state": self.state.value,
            "at": self.at.isoformat(),
            "creation": self.creation,
            "publishing": self.publishing,
            "published": list(self.published),
            "broken": self.broken,
        }

    @classmethod
    def from_json(cls, batch: str, value: Mapping[str, Any]) -> Self:
        return cls(
            batch=batch,
            changes=tuple(ChangeId(each) for each in value["changes"]),
            state=BatchState(value["state"]),
            at=datetime.fromisoformat(value["at"]),
            creation=value.get("creation"),
            publishing=value.get("publishing"),
            published=tuple(ChangeId(each) for each in value.get("published", ())),
            broken=value.get("broken", 0),
        )


def load_batches(cursor: Mapping[str, Any]) -> dict[str, Batch]:
    return {key: Batch.from_json(key, value) for key, value in cursor.get(BATCHES, {}).items()}


def dump_batches(batches: Sequence[Batch]) -> dict[str, Any]:
    return {BATCHES: {each.batch: each.to_json() for each in batches}}
