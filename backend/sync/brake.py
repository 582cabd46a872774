"""Which changes wait for a person: too many at once, or a price that jumps."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.sync.changeset import Action, Change
from backend.sync.link import Ref
from backend.sync.settings import BrakeLimits


class BrakeReason(StrEnum):
    TOO_MANY_DELETES = "TOO_MANY_DELETES"
    TOO_MANY_UNPUBLISHED = "TOO_MANY_UNPUBLISHED"
    TOO_MANY_ZEROED = "TOO_MANY_ZEROED"
    PRICE_JUMP = "PRICE_JUMP"
    PRICE_ZERO = "PRICE_ZERO"


@dataclass(frozen=True, slots=True)
class Tally:
    """Products concerned, by what happens to them. Tallies add up."""

    deletes: int = 0
    unpublished: int = 0
    zeroed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.deletes + other.deletes, self.unpublished + other.unpublished, self.zeroed + other.zeroed
        )


def tally(changes: Iterable[Change]) -> Tally:
    """Of the changes of any number of products."""
    raise NotImplementedError


def brake_class(change: Change) -> BrakeReason | None:
    """The TOO_MANY_* reason that a change counts towards, None for harmless ones."""
    raise NotImplementedError


def brake(
    planned: Tally, last_hour: Tally, linked_products: int, limits: BrakeLimits
) -> frozenset[BrakeReason]:
    """The TOO_MANY_* reasons that hold: changes whose `brake_class` is among them wait, all others go on."""
    raise NotImplementedError


def price_holds(changes: Iterable[Change], limits: BrakeLimits) -> Mapping[Ref, BrakeReason]:
    """Price changes that wait, each with its variant's compare-at price: one without the other would
    advertise a discount that nobody gave. `changes` hold all price changes of the products they touch."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`proceed` was confirmed as it stands now; `ask_again` is new or has another value than the one
    confirmed."""

    proceed: tuple[Change, ...]
    ask_again: tuple[Change, ...]


def confirm(confirmed: Collection[tuple[Ref, Action, str]], recomputed: Iterable[Change]) -> Confirmation:
    """`confirmed` are the `Change.identity` of what a person saw; `recomputed` the changes that would be
    held now."""
    raise NotImplementedError
