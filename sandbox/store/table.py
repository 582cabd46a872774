"""One kind of object of a shop: by id, in the order of ids, and the latest changed first."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from datetime import datetime
from typing import Generic, Protocol, TypeVar


class Row(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def updated_at(self) -> datetime: ...


R = TypeVar("R", bound=Row)


class Table(Generic[R]):
    """Adding at the end, looking up and removing take constant time, the last one on average."""

    __slots__ = ("_gone", "_ids", "_recent", "_rows")

    def __init__(self) -> None:
        self._rows: dict[int, R] = {}
        self._ids: list[int] = []
        self._gone: set[int] = set()
        self._recent: dict[int, None] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[R]:
        return iter(self.ascending())

    def __contains__(self, number: int) -> bool:
        return number in self._rows

    def get(self, number: int | None) -> R | None:
        return None if number is None else self._rows.get(number)

    def __getitem__(self, number: int) -> R:
        return self._rows[number]

    def add(self, row: R) -> None:
        if row.id in self._rows:
            raise ValueError(f"{row.id} is there already")
        self._rows[row.id] = row
        if row.id in self._gone:
            self._gone.discard(row.id)
        elif not self._ids or row.id > self._ids[-1]:
            self._ids.append(row.id)
        else:
            insort(self._ids, row.id)
        self._recent[row.id] = None

    def remove(self, row: R) -> None:
        del self._rows[row.id]
        del self._recent[row.id]
        self._gone.add(row.id)
        if len(self._gone) > 64 + len(self._rows) // 4:
            self._ids = [number for number in self._ids if number not in self._gone]
            self._gone.clear()

    def touched(self, row: R) -> None:
        """Call after updated_at has moved, so that newest_first stays true."""
        self._recent.pop(row.id)
        self._recent[row.id] = None

    def ascending(self, above: int | None = None, up_to: int | None = None) -> Iterator[R]:
        """Rows by id; above is exclusive, up_to inclusive. The ids are taken as they stand at the call."""
        start = 0 if above is None else bisect_right(self._ids, above)
        stop = len(self._ids) if up_to is None else bisect_right(self._ids, up_to)
        return self._found(range(start, stop))

    def descending(self, below: int | None = None, down_to: int | None = None) -> Iterator[R]:
        """Rows by id, downwards; below is exclusive, down_to inclusive."""
        start = 0 if down_to is None else bisect_left(self._ids, down_to)
        stop = len(self._ids) if below is None else bisect_left(self._ids, below)
        return self._found(range(stop - 1, start - 1, -1))

    def _found(self, places: range) -> Iterator[R]:
        rows, ids = self._rows, self._ids
        return (rows[number] for number in map(ids.__getitem__, places) if number in rows)

    def changed_since(self, moment: datetime) -> list[R]:
        """Rows whose updated_at is at or after the moment, the latest first."""
        rows = []
        for number in reversed(self._recent):
            row = self._rows[number]
            if row.updated_at < moment:
                break
            rows.append(row)
        return rows
