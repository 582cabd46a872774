"""Connections: pages of rows with cursors that stay true when rows come, go or change around them.

A cursor holds the sort value and the id of its row, and how deep in the list it stood.
"""

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sandbox.failures import FieldError
from sandbox.search import Bounds, Predicate
from sandbox.store.table import Table

MAX_PAGE = 250
MAX_DEPTH = 25_000
Key = tuple[Any, int]


@dataclass(frozen=True, slots=True)
class Cursor:
    value: Any
    id: int
    depth: int

    @property
    def key(self) -> Key:
        return (self.value, self.id)


@dataclass(slots=True)
class Connection:
    """rows is the page, or every row (an iterator then) where a bulk operation reads."""

    rows: Iterable[Any]
    key: Callable[[Any], Key]
    depth: int
    """How many rows stand before the first of the page, as far as cursors tell."""
    has_next: bool
    has_previous: bool

    def cursor(self, index: int, row: Any) -> str:
        value, number = self.key(row)
        return encode(Cursor(value, number, self.depth + index + 1))


@dataclass(frozen=True, slots=True)
class Page:
    """What a field's first, last, after, before and reverse ask for."""

    size: int
    backwards: bool
    after: Cursor | None
    before: Cursor | None
    reverse: bool


def encode(cursor: Cursor) -> str:
    text = json.dumps({"last_id": cursor.id, "last_value": cursor.value, "depth": cursor.depth})
    return base64.urlsafe_b64encode(text.encode()).decode()


def decode(text: str) -> Cursor:
    try:
        parts = json.loads(base64.urlsafe_b64decode(text.encode()))
        value = parts["last_value"]
        if not isinstance(value, str | int | float):
            raise ValueError(text)
        return Cursor(value, int(parts["last_id"]), int(parts["depth"]))
    except (ValueError, KeyError, TypeError):
        raise FieldError("Invalid cursor for current pagination sort.", "BAD_REQUEST") from None


def page_of(args: dict[str, Any], field: str) -> Page:
    first: int | None = args.get("first")
    last: int | None = args.get("last")
    if first is not None and last is not None:
        raise FieldError("providing both first and last is not supported", "BAD_REQUEST")
    size = first if first is not None else last
    if size is None:
        message = f"you must provide one of first or last to paginate the {field} connection"
        raise FieldError(message, "BAD_REQUEST")
    name = "first" if last is None else "last"
    if size < 0:
        raise FieldError(f"{name} must be 0 or more", "BAD_REQUEST")
    if size > MAX_PAGE:
        raise FieldError(f"{name} cannot exceed {MAX_PAGE}", "BAD_REQUEST")
    after = decode(args["after"]) if args.get("after") else None
    before = decode(args["before"]) if args.get("before") else None
    if after is not None and after.depth >= MAX_DEPTH:
        message = f"Cannot paginate beyond {MAX_DEPTH} objects. Narrow the query, or use a bulk operation."
        raise FieldError(message, "BAD_REQUEST")
    return Page(size, last is not None, after, before, bool(args.get("reverse")))


def sort_value(value: Any) -> Any:
    """Something that compares, and that JSON can carry in a cursor."""
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat()
        case Decimal():
            return float(value)
        case str():
            return value.lower()
        case _:
            return value


def connect_list(
    rows: Sequence[Any], args: dict[str, Any], field: str, key: Callable[[Any], Key], *, unpaged: bool = False
) -> Connection:
    """A page of rows that stand in their order already."""
    if unpaged:
        return Connection(rows, key, 0, False, False)
    page = page_of(args, field)
    if page.reverse:
        rows = rows[::-1]
    start = 0 if page.after is None else _place(rows, key, page.after, page.reverse) + 1
    stop = len(rows) if page.before is None else _place(rows, key, page.before, page.reverse, before=True)
    stop = max(start, stop)
    if page.backwards:
        first = max(start, stop - page.size)
        return Connection(
            rows[first:stop], key, first, page.before is not None and stop < len(rows), first > 0
        )
    end = min(stop, start + page.size)
    return Connection(rows[start:end], key, start, end < len(rows), start > 0)


def _place(
    rows: Sequence[Any], key: Callable[[Any], Key], cursor: Cursor, reverse: bool, *, before: bool = False
) -> int:
    """Index of the cursor's row, or where it would stand; while its row is there, that is the truth."""
    for index, row in enumerate(rows):
        if key(row)[1] == cursor.id:
            return index
    passed = sum(1 for row in rows if (key(row) > cursor.key if reverse else key(row) < cursor.key))
    return passed if before else passed - 1


def connect_by_id(
    table: Table[Any],
    args: dict[str, Any],
    field: str,
    matches: Predicate,
    bounds: Bounds,
    *,
    unpaged: bool = False,
) -> Connection:
    """A page of a table in the order of ids, found without looking at more rows than it takes."""
    if unpaged:
        rows = filter(matches, table.ascending(bounds.above, bounds.up_to))
        return Connection(rows, _id_key, 0, False, False)
    page = page_of(args, field)
    low, high = bounds.above, bounds.up_to
    lower, upper = (page.before, page.after) if page.reverse else (page.after, page.before)
    if lower is not None:
        low = lower.id if low is None else max(low, lower.id)
    if upper is not None:
        high = upper.id - 1 if high is None else min(high, upper.id - 1)
    ascending = page.reverse == page.backwards
    walk: Iterator[Any] = (
        table.ascending(low, high)
        if ascending
        else table.descending(None if high is None else high + 1, None if low is None else low + 1)
    )
    return _taken(filter(matches, walk), page, _id_key)


def connect_sorted(
    ordered: Sequence[tuple[Key, Any]], args: dict[str, Any], field: str, *, unpaged: bool = False
) -> Connection:
    """A page of rows sorted by their keys, ascending."""
    keys: dict[int, Key] = {}

    def key(row: Any) -> Key:
        return keys[id(row)]

    if unpaged:
        return Connection([row for _, row in ordered], lambda row: (0, row.id), 0, False, False)
    page = page_of(args, field)
    lower, upper = (page.before, page.after) if page.reverse else (page.after, page.before)
    try:
        start = 0 if lower is None else bisect_right(ordered, lower.key, key=_first)
        stop = len(ordered) if upper is None else bisect_left(ordered, upper.key, key=_first)
    except TypeError:
        raise FieldError("Invalid cursor for current pagination sort.", "BAD_REQUEST") from None
    span = ordered[start : max(start, stop)]
    walk = iter(span) if page.reverse == page.backwards else reversed(span)
    found = list(islice(walk, page.size + 1))
    keys.update((id(row), known) for known, row in found)
    return _taken(iter([row for _, row in found]), page, key)


def _taken(walk: Iterator[Any], page: Page, key: Callable[[Any], Key]) -> Connection:
    rows = list(islice(walk, page.size + 1))
    more = len(rows) > page.size
    del rows[page.size :]
    if page.backwards:
        rows.reverse()
        depth = max(0, page.before.depth - 1 - len(rows)) if page.before else 0
        return Connection(rows, key, depth, page.before is not None, more)
    return Connection(rows, key, page.after.depth if page.after else 0, more, page.after is not None)


def _id_key(row: Any) -> Key:
    return (row.id, row.id)


def _first(entry: tuple[Key, Any]) -> Key:
    return entry[0]
