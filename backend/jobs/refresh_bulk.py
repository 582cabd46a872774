"""Reading a shop by bulk operations, slice by slice: started, looked at now and then, stored as each ends.

    WAITING ─▶ STARTING ─▶ RUNNING ─▶ DONE          what failed is halved; what fails as a small slice too
                   ▲           │                    is read by pages
                   └─ halves ◀─┴─▶ PAGES ─▶ DONE

The state of every slice stands in the refresh's cursor, with how many rows of its result are stored, in the
transaction that stores them: whoever goes on after a crash goes on from there. Each look is short, so that no
worker waits for Shopify.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.errors import Throttled, Unavailable
from backend.jobs.queue import transaction
from backend.jobs.refresh_rows import put_rows
from backend.jobs.runtime import Runtime
from backend.models.mirror import Refresh
from backend.shopify.bulk import BulkReader, Row, is_flat, operation_name, row_number
from backend.shopify.bulk_operation import (
    ACCESS_DENIED,
    BUSY_SECONDS,
    BulkBusy,
    Completed,
    Ended,
    Operation,
    Running,
    poll_delay,
)
from backend.shopify.bulk_slices import (
    AT_ONCE,
    BulkKind,
    BulkSlice,
    IdRange,
    SliceState,
    from_cursor,
    to_cursor,
)
from backend.shopify.pages import PageCursor
from backend.shopify.wanted import Wanted

log = structlog.get_logger(__name__)

# How long one look may store rows at least, however late it is: downloads take their time, too.
_LEAST_STORING_SECONDS = 2.0
# A result that can't be fetched so often is read anew.
_MOST_BROKEN = 3
_LOOK_AT, _BUSY_UNTIL, _BUSY_SECONDS = "look_at", "busy_until", "busy_seconds"
_LONGEST_BUSY = 120.0

Save = Callable[[BaseDBAsyncClient, Mapping[str, Any], int], Awaitable[None]]
Page = Callable[[BulkKind, PageCursor], Awaitable[tuple[Sequence[Row], PageCursor | None, datetime]]]


class BulkReading:
    """`page` reads a page of a range, `save` stores places in the refresh's cursor, and how many objects were
    read, in a transaction. `rate` is objects a second as expected of one operation; `deadline` is in the
    clock's monotonic seconds."""

    def __init__(
        self,
        refresh: Refresh,
        reader: BulkReader,
        wanted: Wanted,
        runtime: Runtime,
        check: Callable[[], None],
        save: Save,
        page: Page,
        rate: float,
        deadline: float,
    ) -> None:
        self._refresh = refresh
        self._reader = reader
        self._wanted = wanted
        self._runtime = runtime
        self._check = check
        self._save = save
        self._page = page
        self._rate = rate
        self._deadline = deadline
        self._slices = {each.number: each for each in from_cursor(refresh.cursor)}

    async def look(self) -> float | None:
        """Go on wherever something is to be done; the seconds until the next look, None when everything is
        stored."""
        await self._find_lost()
        await self._look_at_running()
        await self._start_waiting()
        for each in self._in(SliceState.PAGES):
            await self._page_on(each)
        return self._next_look()

    def _in(self, state: SliceState) -> list[BulkSlice]:
        return [each for each in self._slices.values() if each.state is state]

    def _next_look(self) -> float | None:
        if self._in(SliceState.PAGES):
            return 0.0
        now = self._runtime.clock.now()
        moments = []
        running = self._in(SliceState.RUNNING)
        if running:
            moments.append(self._moment(_LOOK_AT) or now)
        if self._in(SliceState.WAITING) and len(running) < AT_ONCE:
            moments.append(self._moment(_BUSY_UNTIL) or now)
        if not moments:
            return None
        return max(0.0, (min(moments) - now).total_seconds())

    def _moment(self, key: str) -> datetime | None:
        text = self._refresh.cursor.get(key)
        return datetime.fromisoformat(text) if text else None

    def _name(self, each: BulkSlice) -> str:
        return operation_name(each.kind, self._batch(each))

    def _batch(self, each: BulkSlice) -> str:
        return f"{self._refresh.id.hex}_{each.number}"

    async def _put(self, *slices: BulkSlice, **places: Any) -> None:
        async with transaction() as client:
            await self._put_in(client, slices, 0, places)

    async def _put_in(
        self,
        client: BaseDBAsyncClient,
        slices: Sequence[BulkSlice],
        count: int,
        places: Mapping[str, Any] | None = None,
    ) -> None:
        cursor = {**to_cursor(slices), **(places or {})}
        await self._save(client, cursor, count)
        self._refresh.cursor.update(cursor)
        self._slices.update({each.number: each for each in slices})

    async def _find_lost(self) -> None:
        """Slices whose start nobody has an answer to: the operation bears a name by which it is found."""
        lost = self._in(SliceState.STARTING)
        if not lost:
            return
        found = await self._reader.find({self._name(each) for each in lost})
        for each in lost:
            operation = found.get(self._name(each))
            await self._put(
                replace(each, state=SliceState.WAITING) if operation is None else _running(each, operation)
            )

    async def _start_waiting(self) -> None:
        """As many as Shopify has places for. Others of the app may have taken some of the five: then it is
        tried again when one of ours has ended, or a while later, longer each time: to be refused costs as
        much as to start."""
        now, busy_until = self._runtime.clock.now(), self._moment(_BUSY_UNTIL)
        if busy_until is not None and now < busy_until:
            return
        waiting = sorted(self._in(SliceState.WAITING), key=lambda each: (-each.expects, each.number))
        for each in waiting[: AT_ONCE - len(self._in(SliceState.RUNNING))]:
            self._check()
            asked = self._runtime.clock.now().isoformat()
            await self._put(replace(each, state=SliceState.STARTING, asked=asked))
            try:
                operation = await self._reader.start(
                    each.kind, self._wanted, self._batch(each), each.range.search()
                )
            except BulkBusy:
                seconds = self._refresh.cursor.get(_BUSY_SECONDS) or BUSY_SECONDS
                until = now + timedelta(seconds=seconds)
                longer = min(_LONGEST_BUSY, 2 * seconds)
                await self._put(each, **{_BUSY_UNTIL: until.isoformat(), _BUSY_SECONDS: longer})
                return
            except Throttled:
                await self._put(each)
                raise
            await self._put(_running(self._slices[each.number], operation), **self._later())

    def _later(self) -> dict[str, Any]:
        """When to look at what runs."""
        now = self._runtime.clock.now()
        delays = []
        for each in self._in(SliceState.RUNNING):
            running = max(0.0, (now - datetime.fromisoformat(each.began or now.isoformat())).total_seconds())
            expected = self._runtime.slice_limits.start_seconds + each.expects / self._rate
            delays.append(poll_delay(running, expected))
        wait = min(delays, default=poll_delay(0.0))
        return {_LOOK_AT: (now + timedelta(seconds=wait)).isoformat()}

    async def _look_at_running(self) -> None:
        running, look_at = self._in(SliceState.RUNNING), self._moment(_LOOK_AT)
        if not running or (look_at is not None and self._runtime.clock.now() < look_at):
            return
        self._check()
        found = await self._reader.poll([each.operation or "" for each in running])
        ended = [each for each in running if not isinstance(found[each.operation or ""], Running)]
        if ended:
            await self._put(**{_BUSY_UNTIL: None, _BUSY_SECONDS: None})
        for each in ended:
            if self._time_is_up():
                break
            match found[each.operation or ""]:
                case Completed(url=None) as operation:
                    await self._put(_measured(each, operation).done())
                case Completed(url=str(url)) as operation:
                    await self._store(_measured(each, operation), operation, url)
                case Ended() as operation:
                    await self._try_smaller(each, operation)
                case Running():
                    pass
        left = [each for each in ended if self._slices[each.number].state is SliceState.RUNNING]
        # What has ended and is not stored yet is gone on with at once.
        await self._put(**({_LOOK_AT: None} if left else self._later()))

    def _time_is_up(self) -> bool:
        return self._runtime.clock.monotonic() >= self._deadline

    async def _store(self, each: BulkSlice, operation: Completed, url: str) -> None:
        """Store the result, from where it was left; the rest next time when the time is up."""
        observed_at = self._observed_at(each, operation.created_at)
        until: float | None = None
        reading = self._reader.read(each.kind, url, self._wanted, size=operation.size, skip=each.stored)
        try:
            async with aclosing(reading):
                async for found in reading:
                    self._check()
                    if not found:
                        continue
                    now = self._runtime.clock.monotonic()
                    until = until or max(self._deadline, now + _LEAST_STORING_SECONDS)
                    each = replace(each, stored=each.stored + len(found))
                    await self._store_rows(found, observed_at, [each])
                    if self._runtime.clock.monotonic() >= until:
                        return
        except Unavailable as error:
            if each.broken + 1 < _MOST_BROKEN:
                await self._put(replace(each, broken=each.broken + 1))
                raise
            gone = Ended(operation.id, "EXPIRED", error.message, None)
            await self._try_smaller(each, gone)
            return
        await self._put(each.done())

    def _observed_at(self, each: BulkSlice, created_at: datetime) -> datetime:
        # Shopify's clock may be ahead of ours: stamped by it alone, a row from before a write of ours would
        # count as newer. It tells whole seconds; the operation was started after the refresh began.
        asked = created_at if each.asked is None else datetime.fromisoformat(each.asked)
        return max(min(created_at, asked), self._refresh.started_at)

    async def _try_smaller(self, each: BulkSlice, operation: Ended) -> None:
        """In halves, without what a partial result brought already; by pages where that does not help."""
        log.warning(
            "bulk slice failed",
            refresh=str(self._refresh.id),
            slice=each.number,
            reason=str(operation.error()),
        )
        rest = await self._kept(each, operation)
        hopeless = operation.error_code == ACCESS_DENIED
        hopeless = hopeless or each.halvings >= self._runtime.slice_limits.halvings
        middle = None
        if not hopeless:
            middle = rest.range.middle(None)
            if middle is None:
                middle = rest.range.middle(await self._reader.extremes(each.kind))
        if middle is None:
            await self._by_pages(rest)
            return
        first = max(self._slices) + 1
        await self._put(each.done(), *rest.halves(middle, first))

    async def _kept(self, each: BulkSlice, operation: Ended) -> BulkSlice:
        """Store what a partial result has; the slice above it where that was all there is up to its highest
        id, which a count tells."""
        worth = self._runtime.slice_limits.worth
        if (
            operation.partial_url is None
            or operation.objects < worth
            or operation.created_at is None
            or not is_flat(each.kind, self._wanted)
        ):
            return each
        highest, number = 0, 0
        observed_at = self._observed_at(each, operation.created_at)
        reading = self._reader.read(each.kind, operation.partial_url, self._wanted, objects=operation.objects)
        try:
            async with aclosing(reading):
                async for found in reading:
                    self._check()
                    if found:
                        await self._store_rows(found, observed_at, [])
                        highest, number = max(highest, max(map(row_number, found))), number + len(found)
        except Unavailable:
            return each
        if number < worth:
            return each
        whole = await self._reader.count(each.kind, IdRange(each.range.above, highest))
        return replace(each, range=IdRange(highest, each.range.upto)) if whole == number else each

    async def _by_pages(self, each: BulkSlice) -> None:
        if each.kind is not BulkKind.ITEMS:
            start = PageCursor(above=each.range.above or 0, upto=each.range.upto)
            await self._put(replace(each, state=SliceState.PAGES, operation=None, page=start.to_json()))
            return
        # Items can't be read by pages, but pages of variants bring their stock everywhere.
        items = [one.done() for one in self._slices.values() if one.kind is BulkKind.ITEMS]
        anew = BulkSlice(max(self._slices) + 1, BulkKind.VARIANTS, state=SliceState.PAGES)
        await self._put(*items, replace(anew, page=PageCursor().to_json()))

    async def _page_on(self, each: BulkSlice) -> None:
        while each.state is SliceState.PAGES and not self._time_is_up():
            self._check()
            found, following, observed_at = await self._page(each.kind, PageCursor.from_json(each.page or {}))
            each = each.done() if following is None else replace(each, page=following.to_json())
            await self._store_rows(found, observed_at, [each])

    async def _store_rows(
        self, found: Sequence[Row], observed_at: datetime, slices: Sequence[BulkSlice]
    ) -> None:
        async with transaction() as client:
            await put_rows(client, self._refresh.shop_id, found, self._wanted, observed_at)
            await self._put_in(client, slices, len(found))


def _running(each: BulkSlice, operation: Operation) -> BulkSlice:
    began = operation.created_at.isoformat() if operation.created_at else None
    return replace(each, state=SliceState.RUNNING, operation=operation.id, began=began)


def _measured(each: BulkSlice, operation: Completed) -> BulkSlice:
    return replace(each, objects=operation.objects, seconds=operation.seconds)
