"""Which changes wait for a person: too many at once, or a price that jumps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backend.sync.catalog import ProductId
from backend.sync.changeset import Action, Change
from backend.sync.fields import Field, Lane
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


_UNPUBLISHED = frozenset({"DRAFT", "ARCHIVED", "UNLISTED"})


def brake_class(change: Change) -> BrakeReason | None:
    """The TOO_MANY_* reason that a change counts towards, None for harmless ones."""
    match change.action, change.field:
        case ((Action.DELETE_PRODUCT | Action.DELETE_VARIANT), _):
            return BrakeReason.TOO_MANY_DELETES
        case Action.SET, Field.STATUS if change.before == "ACTIVE" and change.after in _UNPUBLISHED:
            return BrakeReason.TOO_MANY_UNPUBLISHED
        case Action.SET, Field.STOCK if change.after == 0 and change.before:
            return BrakeReason.TOO_MANY_ZEROED
        case _:
            return None


def tally(changes: Iterable[Change]) -> Tally:
    """Of the changes of any number of products; a product counts once in each class."""
    products: dict[BrakeReason, set[ProductId]] = defaultdict(set)
    for change in changes:
        reason = brake_class(change)
        if reason is not None:
            products[reason].add(change.product)
    return Tally(
        deletes=len(products[BrakeReason.TOO_MANY_DELETES]),
        unpublished=len(products[BrakeReason.TOO_MANY_UNPUBLISHED]),
        zeroed=len(products[BrakeReason.TOO_MANY_ZEROED]),
    )


def brake(
    planned: Tally, last_hour: Tally, linked_products: int, limits: BrakeLimits
) -> frozenset[BrakeReason]:
    """The TOO_MANY_* reasons that hold: changes whose `brake_class` is among them wait, all others go on.

    `last_hour` counts what was applied on this connection within the hour before, so that a disaster in small
    portions stops as well.
    """
    total = planned + last_hour
    counts = {
        BrakeReason.TOO_MANY_DELETES: (planned.deletes, total.deletes),
        BrakeReason.TOO_MANY_UNPUBLISHED: (planned.unpublished, total.unpublished),
        BrakeReason.TOO_MANY_ZEROED: (planned.zeroed, total.zeroed),
    }
    return frozenset(
        reason
        for reason, (now, hour) in counts.items()
        if now and hour > limits.count and hour * 100 > limits.percent * linked_products
    )


def price_holds(changes: Iterable[Change], limits: BrakeLimits) -> Mapping[Ref, BrakeReason]:
    """Price changes that wait, each with its variant's compare-at price: one without the other would
    advertise a discount that nobody gave. `changes` hold all price changes of the products they touch."""
    prices = [change for change in changes if change.lane is Lane.PRICE and change.action is Action.SET]
    variants = {
        change.variant: reason
        for change in prices
        if change.field is Field.PRICE and (reason := _price_reason(change, limits)) is not None
    }
    return {change.ref: variants[change.variant] for change in prices if change.variant in variants}


def _price_reason(change: Change, limits: BrakeLimits) -> BrakeReason | None:
    if change.before is None or change.after is None:
        return None
    before, after = Decimal(str(change.before)), Decimal(str(change.after))
    if not before:
        return None
    if not after:
        return BrakeReason.PRICE_ZERO if limits.price_zero else None
    moved = abs(after - before) * 100
    return BrakeReason.PRICE_JUMP if moved > limits.price_percent * before else None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`proceed` was confirmed as it stands now; `ask_again` is new or has another value than the one
    confirmed."""

    proceed: tuple[Change, ...]
    ask_again: tuple[Change, ...]


def confirm(confirmed: Collection[tuple[Ref, Action, str]], recomputed: Iterable[Change]) -> Confirmation:
    """`confirmed` are the `Change.identity` of what a person saw; `recomputed` the changes that would be held
    now."""
    proceed: list[Change] = []
    ask_again: list[Change] = []
    for change in recomputed:
        (proceed if change.identity in confirmed else ask_again).append(change)
    return Confirmation(tuple(proceed), tuple(ask_again))
