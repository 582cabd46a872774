"""Whether anything took effect that should not have: judged from the sandbox's own record of every value that
changed, in the order of what happened, and by whom. It knows nothing of what the app believes.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.oracle.pairs import Shop

EXISTS = "exists"
CALL = "call"
BOOKING = "inventoryAdjustQuantities"
_LEVEL = "available at "
# What a person gives in main is never the same twice, so neither is what the app writes because of it.
_NEVER_AGAIN = frozenset(
    {
        "barcode",
        "compareAtPrice",
        "descriptionHtml",
        "options",
        "price",
        "productType",
        "sku",
        "tags",
        "title",
        "vendor",
    }
)
# They set something going, or put something there for others.
_NO_WRITES = frozenset({"bulkOperationCancel", "stagedUploadsCreate"})


@dataclass(frozen=True, slots=True)
class Entry:
    """As in sandbox.web.journal; `by` is the app's mutation, None for people."""

    number: int
    shop: str
    by: str | None
    subject: str
    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return (
            f"{self.number} {self.shop} {self.by or 'a person'}: {self.subject} {self.field} {self.after!r}"
        )


def set_again(entries: Iterable[Entry], ignored: Collection[tuple[str, str]] = ()) -> Iterator[str]:
    """A value that the app gave a field which had it from the app already, with nobody but the app between:
    an older value came over a newer one, and was put right. `ignored` are shops and fields."""
    given: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in entries:
        if each.field not in _NEVER_AGAIN or (each.shop, each.field) in ignored:
            continue
        known = given[each.subject, each.field]
        value = json.dumps(each.after, sort_keys=True)
        if each.by is None:
            known.clear()
        elif value in known:
            yield f"{each} was written before already"
        else:
            known.add(value)


def created_twice(entries: Iterable[Entry], start: Shop) -> Iterator[str]:
    """Products of one origin that were there at the same time, and creations without one."""
    alive: dict[str, str] = {}
    for product in start["products"]:
        if origin := _origin(product["metafields"]):
            alive[product["id"]] = origin
    made: dict[str, Entry] = {}
    for each in entries:
        if each.field == EXISTS and "/Product/" in each.subject:
            if each.after is None:
                alive.pop(each.subject, None)
                made.pop(each.subject, None)
            elif each.by is not None:
                made[each.subject] = each
        elif each.field == "metafields" and each.subject in made:
            origin = _origin(each.after or ())
            if origin and origin in alive.values():
                yield f"{made[each.subject]}: {origin} was there already"
            if origin:
                alive[each.subject] = origin
                del made[each.subject]
    for each in made.values():
        yield f"{each} has no origin"


def stock_that_came_back(
    entries: Iterable[Entry], start: Shop, twins: Mapping[str, str], place: str, here: str
) -> Iterator[str]:
    """In a pool nothing flows back before a sale is booked, and no number from before that; each sale is
    booked once. `twins` are main's variants by the dependent's, both counted at `place` of main and `here`
    of the dependent; `start` is main."""
    numbers: dict[str, set[int]] = {
        variant["id"]: {level["available"]}
        for product in start["products"]
        for variant in product["variants"]
        if (level := variant["levels"].get(place)) is not None
    }
    unbooked: Counter[str] = Counter()
    moves: Counter[str] = Counter()
    bookings: Counter[str] = Counter()
    for each in entries:
        if each.after is None:
            continue
        moved = each.after - (each.before or 0) if each.field.startswith(_LEVEL) else 0
        if each.field == _LEVEL + place and each.subject in numbers:
            if each.by == BOOKING:
                numbers[each.subject] = {each.after}
                unbooked[each.subject] -= moved
                bookings[each.subject] += 1
            else:
                numbers[each.subject].add(each.after)
        elif each.field == _LEVEL + here and (variant := twins.get(each.subject)) is not None:
            if each.by is None:
                unbooked[variant] += moved
                moves[variant] += 1
            elif unbooked[variant]:
                yield f"{each} before {unbooked[variant]:+d} were booked"
            elif each.after not in {max(0, number) for number in numbers.get(variant, ())}:
                yield f"{each} was main's number before the last booking at best: {numbers.get(variant)}"
    for variant in set(twins.values()):
        if bookings[variant] > moves[variant]:
            yield f"{variant}: {bookings[variant]} bookings of {moves[variant]} sales and deliveries"
        if unbooked[variant] and variant in numbers:
            yield f"{variant}: {unbooked[variant]:+d} were not booked"


def idle_calls(entries: Iterable[Entry]) -> Counter[str]:
    """Mutations that were taken and changed nothing, by name."""
    return Counter(
        each.by
        for each in entries
        if each.field == CALL
        and each.by is not None
        and not each.by.startswith("bulkOperationRun")
        and each.by not in _NO_WRITES
        and not each.after["refused"]
        and not each.after["effects"]
    )


def written(entries: Iterable[Entry]) -> int:
    """How many values the app has changed."""
    return sum(each.by is not None and each.field != CALL for each in entries)


def _origin(metafields: Iterable[Mapping[str, str]]) -> str:
    for each in metafields:
        if each["namespace"].startswith("app--") and each["type"] == "id":
            return each["value"]
    return ""
