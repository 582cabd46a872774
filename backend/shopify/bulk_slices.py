"""A bulk read cut into slices of the id range. Pure.

Several operations run at the same time, a failed one costs its slice and no more, and each result is small
enough to be stored in a few moments. The first and the last slice of a kind are open to their side, so that
no boundary, however wrong, leaves anything out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any, Self

# shopify.dev, bulk operations: so many of a type may run at once, counted for the app and the shop.
AT_ONCE = 5
# From asking for an operation until it begins, as recorded.
START_SECONDS = 5.0


class BulkKind(StrEnum):
    """What one operation reads. ITEMS only where the stock of every location is wanted
    (`Wanted.reads_items`): the rules of bulk queries leave no room for it in VARIANTS."""

    PRODUCTS = "PRODUCTS"
    VARIANTS = "VARIANTS"
    ITEMS = "ITEMS"


@dataclass(frozen=True, slots=True)
class SliceLimits:
    """`largest` and `smallest` are objects that a slice is expected to bring; a slice may be halved so often
    before its range is read by pages. A partial result of fewer objects than `worth` is not looked at.
    `start_seconds` is what an operation takes before it brings anything."""

    largest: int = 100_000
    smallest: int = 10_000
    halvings: int = 3
    worth: int = 5_000
    start_seconds: float = START_SECONDS


LIMITS = SliceLimits()


@dataclass(frozen=True, slots=True)
class IdRange:
    """Numeric ids above `above`, up to and with `upto`; None is open."""

    above: int | None = None
    upto: int | None = None

    def search(self) -> str | None:
        """In Shopify's search syntax; None for everything."""
        parts = []
        if self.above is not None:
            parts.append(f"id:>{self.above}")
        if self.upto is not None:
            parts.append(f"id:<={self.upto}")
        return " ".join(parts) or None

    def cut(self, boundaries: Iterable[int]) -> tuple["IdRange", ...]:
        """In pieces that end at the boundaries; those outside of the range are left out."""
        inside = sorted(
            {
                each
                for each in boundaries
                if (self.above is None or each > self.above) and (self.upto is None or each < self.upto)
            }
        )
        ends = [self.above, *inside, self.upto]
        return tuple(IdRange(above, upto) for above, upto in pairwise(ends))

    def middle(self, span: tuple[int, int] | None) -> int | None:
        """Where to halve it; `span` are the lowest and the highest id of all, which an open side is taken to
        end at. None where there is nothing to halve."""
        low = self.above if self.above is not None else (span[0] - 1 if span else None)
        high = self.upto if self.upto is not None else (span[1] if span else None)
        if low is None or high is None or high - low < 2:
            return None
        return (low + high) // 2


class SliceState(StrEnum):
    """STARTING: asked for, and not known whether Shopify heard. PAGES: it is read by pages now."""

    WAITING = "WAITING"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    PAGES = "PAGES"
    DONE = "DONE"


@dataclass(frozen=True, slots=True)
class BulkSlice:
    """`number` is its own alone, also among those that replace a failed one. `expects` is how many objects it
    may bring, `stored` how many rows of its result stand in the mirror, `broken` how often its result could
    not be fetched. `asked` is when it was to be started, by our own clock. `objects` in `seconds` is what
    Shopify took for it. `page` is where reading by pages stands."""

    number: int
    kind: BulkKind
    range: IdRange = IdRange()
    expects: int = 0
    halvings: int = 0
    state: SliceState = SliceState.WAITING
    operation: str | None = None
    asked: str | None = None
    began: str | None = None
    stored: int = 0
    broken: int = 0
    objects: int = 0
    seconds: float = 0.0
    page: Mapping[str, Any] | None = None

    def halves(self, at: int, first: int) -> tuple["BulkSlice", ...]:
        """What replaces it, numbered from `first`."""
        return tuple(
            BulkSlice(first + index, self.kind, each, expects=self.expects // 2, halvings=self.halvings + 1)
            for index, each in enumerate(self.range.cut([at]))
        )

    def done(self) -> "BulkSlice":
        return replace(self, state=SliceState.DONE, operation=None, began=None, page=None)

    def to_json(self) -> dict[str, Any]:
        value: dict[str, Any] = {
            "kind": self.kind.value,
            "above": self.range.above,
            "upto": self.range.upto,
            "expects": self.expects,
            "halvings": self.halvings,
            "state": self.state.value,
            "operation": self.operation,
            "asked": self.asked,
            "began": self.began,
            "stored": self.stored,
            "broken": self.broken,
            "objects": self.objects,
            "seconds": self.seconds,
            "page": self.page,
        }
        return {key: each for key, each in value.items() if each is not None}

    @classmethod
    def from_json(cls, number: int, value: Mapping[str, Any]) -> Self:
        return cls(
            number=number,
            kind=BulkKind(value["kind"]),
            range=IdRange(value.get("above"), value.get("upto")),
            expects=value.get("expects", 0),
            halvings=value.get("halvings", 0),
            state=SliceState(value["state"]),
            operation=value.get("operation"),
            asked=value.get("asked"),
            began=value.get("began"),
            stored=value.get("stored", 0),
            broken=value.get("broken", 0),
            objects=value.get("objects", 0),
            seconds=value.get("seconds", 0.0),
            page=value.get("page"),
        )


def slice_counts(objects: Mapping[BulkKind, int], limits: SliceLimits = LIMITS) -> dict[BulkKind, int]:
    """How many slices of each kind: all places that Shopify has are used as long as the slices are worth an
    operation."""
    counts = {kind: max(1, -(-number // limits.largest)) for kind, number in objects.items()}
    while counts and sum(counts.values()) < AT_ONCE:
        kind = max(counts, key=lambda each: objects[each] / counts[each])
        if objects[kind] < limits.smallest * (counts[kind] + 1):
            break
        counts[kind] += 1
    return counts


def longest(objects: Mapping[BulkKind, int], limits: SliceLimits = LIMITS) -> float:
    """How many objects the busiest of Shopify's places reads, one slice after the other."""
    counts = slice_counts(objects, limits)
    largest = max((objects[kind] / number for kind, number in counts.items()), default=0.0)
    return max(largest, sum(objects.values()) / AT_ONCE)


def evenly(count: int, span: tuple[int, int]) -> list[int]:
    """Boundaries of `count` slices, as if ids were spread evenly from the lowest to the highest."""
    low, high = span
    return [low + (high - low) * index // count for index in range(1, count)]


def plan_slices(
    kind: BulkKind, count: int, boundaries: Sequence[int], expects: int, first: int
) -> tuple[BulkSlice, ...]:
    """Numbered from `first`."""
    ranges = IdRange().cut(boundaries)
    return tuple(
        BulkSlice(first + index, kind, each, expects=expects // max(1, count))
        for index, each in enumerate(ranges)
    )


_KEY = "slice"


def to_cursor(slices: Iterable[BulkSlice]) -> dict[str, Any]:
    """One key for each, so that each is stored by itself."""
    return {f"{_KEY}{each.number}": each.to_json() for each in slices}


def from_cursor(cursor: Mapping[str, Any]) -> list[BulkSlice]:
    """The slices among the places of a cursor, by number."""
    found = [
        BulkSlice.from_json(int(key.removeprefix(_KEY)), value)
        for key, value in cursor.items()
        if key.startswith(_KEY)
    ]
    return sorted(found, key=lambda each: each.number)


def measured_rate(slices: Iterable[BulkSlice], least: int) -> float | None:
    """Objects per second of one operation; None where none has read `least` objects: the start alone says
    nothing."""
    told = [each for each in slices if each.objects >= least and each.seconds > 0]
    seconds = sum(each.seconds for each in told)
    return sum(each.objects for each in told) / seconds if seconds else None
