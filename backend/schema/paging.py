"""Pages of rows by keyset: a cursor names the last row seen, so that new rows neither shift nor repeat
others."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
import strawberry
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from backend.errors import ErrorCode, UserError
from backend.schema.described import described

T = TypeVar("T")
S = TypeVar("S")
M = TypeVar("M", bound=Model)

USUAL = 20
MOST = 100
_LONGEST_CURSOR = 400


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(name="Edge")
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type(name="Connection")
class Page(Generic[T]):
    nodes: list[T]
    page_info: PageInfo
    _cursor: strawberry.Private[Callable[[int], str]]
    _count: strawberry.Private[Callable[[], Any]]

    @strawberry.field
    def edges(self) -> list[Edge[T]]:
        return [Edge(cursor=self._cursor(place), node=node) for place, node in enumerate(self.nodes)]

    @described("How many there are in all pages; counted only when asked for.")
    async def total_count(self) -> int:
        return int(await self._count())


@dataclass(frozen=True, slots=True)
class Key:
    """A column of the order, its type and whether it descends. The last one of an order is unique."""

    column: str
    kind: type[datetime] | type[UUID] | type[int] | type[str]
    descending: bool = False

    def read(self, value: Any) -> Any:
        if self.kind in (datetime, UUID) and not isinstance(value, str):
            raise ValueError
        if self.kind is datetime:
            return datetime.fromisoformat(value)
        if self.kind is UUID:
            return UUID(value)
        if type(value) is not self.kind:
            raise ValueError
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueError
        if isinstance(value, str) and "\x00" in value:
            raise ValueError
        return value


Order = Sequence[Key]
NEWEST_FIRST: Order = (Key("created_at", datetime, descending=True), Key("id", UUID, descending=True))


def page_size(first: int | None) -> int:
    """Raises UserError OUT_OF_RANGE at `first`."""
    size = USUAL if first is None else first
    if not 1 <= size <= MOST:
        params = {"least": "1", "most": str(MOST)}
        raise UserError(ErrorCode.OUT_OF_RANGE, "A page has 1 to 100 rows.", field=("first",), params=params)
    return size


def text_of(after: str | None) -> str:
    """The text that a cursor of `page_of` names, "" at the beginning. Raises UserError at `after`."""
    return "" if after is None else str(_decoded(after, (Key("key", str),))[0])


def page_of(
    found: Sequence[S],
    to_node: Callable[[S], T],
    key: Callable[[S], str],
    *,
    size: int,
    after: str | None,
    count: Callable[[], Any],
) -> Page[T]:
    """A page of what was found in ascending order of `key`, unique; one more than `size` says that more
    follow."""
    nodes = [to_node(each) for each in found[:size]]
    return _page(nodes, lambda place: _encoded([key(found[place])]), len(found) > size, after, count)


async def page(
    rows: QuerySet[M], order: Order, to_node: Callable[[M], T], *, first: int | None, after: str | None
) -> Page[T]:
    """One page of `rows`, and whether more follow. Raises UserError at `first` or `after`."""
    size = page_size(first)
    wanted = rows if after is None else rows.filter(_beyond(order, _decoded(after, order)))
    names = [f"-{key.column}" if key.descending else key.column for key in order]
    found = await wanted.order_by(*names).limit(size + 1)
    nodes = [to_node(row) for row in found[:size]]
    return _page(nodes, lambda place: _write(found[place], order), len(found) > size, after, rows.count)


def _page(
    nodes: list[T], cursor: Callable[[int], str], more: bool, after: str | None, count: Callable[[], Any]
) -> Page[T]:
    return Page(
        nodes=nodes,
        page_info=PageInfo(
            has_next_page=more,
            has_previous_page=after is not None,
            start_cursor=cursor(0) if nodes else None,
            end_cursor=cursor(len(nodes) - 1) if nodes else None,
        ),
        _cursor=cursor,
        _count=count,
    )


def _beyond(order: Order, values: Sequence[Any]) -> Q:
    """Rows after the one whose columns have `values`: greater in the first column, or equal there and …"""
    beyond = Q(id__isnull=True)
    equal: dict[str, Any] = {}
    for key, value in zip(order, values, strict=True):
        operator = "lt" if key.descending else "gt"
        condition = {**equal, f"{key.column}__{operator}": value}
        beyond |= Q(**condition)
        equal[key.column] = value
    return beyond


def _write(row: Model, order: Order) -> str:
    return _encoded([getattr(row, key.column) for key in order])


def _encoded(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def _decoded(cursor: str, order: Order) -> list[Any]:
    try:
        if len(cursor) > _LONGEST_CURSOR or not cursor.isascii():
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(values, list) or len(values) != len(order):
            raise ValueError
        read = [key.read(value) for key, value in zip(order, values, strict=True)]
        if any(isinstance(value, datetime) and value.tzinfo is None for value in read):
            raise ValueError
    except (ValueError, binascii.Error):
        raise UserError(
            ErrorCode.INVALID_INPUT, "This cursor was not given out here.", field=("after",)
        ) from None
    return read
