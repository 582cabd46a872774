"""Reading a whole shop into the mirror, once for everybody who asked before the read began.

A refresh works in slices and remembers its place after every page, in the transaction that stores the page.
What it did not see is a suspicion: Shopify is asked for those ids, and only what it answers null for is gone.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import MANY, analyze, connection, execute, rows
from backend.errors import AppError, ErrorCode, FatalError
from backend.jobs.leases import Leases
from backend.jobs.mirror_write import lock_mirror, mark_gone
from backend.jobs.queue import transaction
from backend.jobs.refresh_bulk import BulkReading
from backend.jobs.refresh_choice import bulk_rate, choose
from backend.jobs.refresh_rows import put_rows
from backend.jobs.runtime import Meter, OpenShop, Runtime
from backend.jobs.siblings import tell_siblings
from backend.jobs.step import Again, Done, Step, Wait
from backend.jobs.together import together
from backend.jobs.wanted_json import covers, dump_wanted, load_wanted
from backend.models.mirror import Refresh, RefreshState
from backend.models.shop import Shop
from backend.shopify.bulk import Row, kinds
from backend.shopify.bulk_slices import BulkKind, BulkSlice, from_cursor, measured_rate, to_cursor
from backend.shopify.pages import PageCursor
from backend.shopify.strategy import Kind
from backend.shopify.wanted import Wanted

DONE = "done"
# Until somebody else has read on.
_OTHERS_SECONDS = 1.0

# How many unseen ids are asked for at once; each answer may hold 250.
_SUSPECTS = 1_000

_SAVE = """
UPDATE refresh SET cursor = cursor || $2::jsonb, objects_done = objects_done + $3, points = points + $4,
                   calls = calls + $5
WHERE id = $1
"""
_SUSPECT = """
SELECT gid FROM {table} WHERE shop_id = $1 AND gone_at IS NULL AND observed_at < $2 ORDER BY gid LIMIT $3
"""
_SEEN = (
    "UPDATE {table} SET observed_at = $3 WHERE shop_id = $1 AND gid = ANY($2::text[]) AND observed_at < $3"
)
# What could not be stored because it was being written is looked at again by itself.
_DROP_LEVELS = """
DELETE FROM mirror_stock
WHERE shop_id = $1 AND observed_at < $2 AND ($3::text[] = '{}' OR location_gid = ANY($3::text[]))
  AND NOT EXISTS (
    SELECT 1 FROM pending_subject p WHERE p.shop_id = $1 AND p.kind = 'STOCK' AND p.gid = inventory_item_gid
  )
"""
# Of a main that was never read before: what changes from here on is asked for by the polls.
_READ_UNTIL = """
UPDATE shop SET changes_read_until = $2 WHERE id = $1 AND role = 'MAIN' AND changes_read_until IS NULL
"""
_USERS = """
SELECT DISTINCT connection_id, kind = 'PREVIEW' AS looks_only FROM job
WHERE main_refresh_id = $1 AND phase = 'REFRESH' AND state IN ('QUEUED', 'RUNNING', 'WAITING')
"""


class RefreshFailedError(FatalError):
    """The shared read of a shop failed for good."""


Widen = Callable[[], Awaitable[Wanted]]


async def join_refresh(
    shop: UUID, wanted: Wanted, asked_at: datetime, now: datetime, *, widen: Widen | None = None
) -> UUID:
    """The read of `shop` that began after `asked_at` and brings what is wanted; a new one where there is
    none, which brings what `widen` answers: what others will ask for."""
    async with transaction() as client:
        await execute(client, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"refresh:{shop}")
        found = (
            await Refresh.filter(shop_id=shop, started_at__gte=asked_at)
            .exclude(state=RefreshState.FAILED)
            .order_by("-started_at")
            .using_db(client)
        )
        for each in found:
            if covers(load_wanted(each.wanted), wanted):
                return each.id
        wider = wanted if widen is None else await widen()
        refresh = await Refresh.create(
            id=uuid4(), shop_id=shop, wanted=dump_wanted(wider), started_at=now, using_db=client
        )
        return refresh.id


async def work_on_refresh(
    refresh_id: UUID, shop: Shop, door: OpenShop, leases: Leases, runtime: Runtime, deadline: float
) -> Step:
    """Read on until `deadline` (monotonic seconds). Waits while somebody else works on it, or bulk operations
    run. Raises RefreshFailedError when it can't be read."""
    refresh = await Refresh.get(id=refresh_id)
    step: Step = Done()
    if refresh.state is RefreshState.RUNNING:
        lease = f"shop:{shop.id}:refresh"
        if not await leases.take(lease):
            return Wait(_OTHERS_SECONDS)
        try:
            await refresh.refresh_from_db()
            if refresh.state is RefreshState.RUNNING:
                step = await _Reading(refresh, shop, door, leases, runtime, deadline).run()
        except FatalError as error:
            await _fail(refresh, error, runtime.clock.now())
            raise
        finally:
            await leases.release(lease)
    if refresh.state is RefreshState.FAILED:
        raise RefreshFailedError(refresh.error_message, code=_code(refresh))
    return step


def _code(refresh: Refresh) -> ErrorCode:
    return ErrorCode(refresh.error_code or ErrorCode.INTERNAL)


async def _fail(refresh: Refresh, error: AppError, now: datetime) -> None:
    refresh.state, refresh.error_code, refresh.error_message = (
        RefreshState.FAILED,
        error.code.value,
        error.message,
    )
    refresh.finished_at = now
    await refresh.save(update_fields=["state", "error_code", "error_message", "finished_at"])


def _place(following: PageCursor | None) -> Any:
    return DONE if following is None else following.to_json()


class _Reading:
    """One slice of one refresh."""

    def __init__(
        self, refresh: Refresh, shop: Shop, door: OpenShop, leases: Leases, runtime: Runtime, deadline: float
    ) -> None:
        self._refresh = refresh
        self._shop = shop
        self._door = door
        self._leases = leases
        self._runtime = runtime
        self._deadline = deadline
        self._wanted = load_wanted(refresh.wanted)
        self._meter = Meter(door.usage)

    async def run(self) -> Step:
        if self._refresh.objects_total is None:
            await choose(self._refresh, self._door, self._wanted, self._runtime.slice_limits)
        step = await self._streams()
        if not isinstance(step, Done):
            return step
        if not await self._unseen("mirror_product") or not await self._unseen("mirror_variant"):
            return Again()
        await self._finish()
        return Done()

    async def _streams(self) -> Step:
        """What is read by pages and what is read in bulk, side by side."""
        bulk = await self._bulk()
        paged = self._paged()
        reading = [self._stream(each) for each in paged]
        if bulk is None:
            await together(*reading)
            return Done() if self._read(paged) else Again()
        waits: list[float | None] = [0.0]

        async def look() -> None:
            while True:
                waits[0] = wait = await bulk.look()
                if wait is None or self._time_is_up() or self._read(paged):
                    return
                await self._runtime.clock.sleep(max(0.1, min(wait, self._left())))

        await together(look(), *reading)
        (wait,) = waits
        if not self._read(paged):
            return Again()
        if wait is None:
            return Done()
        return Wait(wait) if wait > 0 else Again()

    async def _bulk(self) -> BulkReading | None:
        """None where nothing is read in bulk."""
        if self._refresh.strategy == Kind.PAGES:
            return None
        if not from_cursor(self._refresh.cursor):
            whole = [BulkSlice(number, kind) for number, kind in enumerate(kinds(self._wanted))]
            self._refresh.cursor.update(to_cursor(whole))
        return BulkReading(
            self._refresh,
            self._door.bulk,
            self._wanted,
            self._runtime,
            self._leases.check,
            self._save,
            self._page,
            await bulk_rate(self._refresh.shop_id),
            self._deadline,
        )

    def _paged(self) -> list[BulkKind]:
        """The streams that are read by pages from the beginning."""
        bulk = {each.kind for each in from_cursor(self._refresh.cursor)}
        return [each for each in (BulkKind.PRODUCTS, BulkKind.VARIANTS) if each not in bulk]

    def _read(self, paged: Sequence[BulkKind]) -> bool:
        return all(self._refresh.cursor.get(each.value) == DONE for each in paged)

    def _left(self) -> float:
        return max(0.0, self._deadline - self._runtime.clock.monotonic())

    def _time_is_up(self) -> bool:
        return self._runtime.clock.monotonic() >= self._deadline

    async def _stream(self, kind: BulkKind) -> None:
        while self._refresh.cursor.get(kind.value) != DONE and not self._time_is_up():
            self._leases.check()
            place = PageCursor.from_json(self._refresh.cursor.get(kind.value, {}))
            found, following, observed_at = await self._page(kind, place)
            self._leases.check()
            place_now = _place(following)
            async with transaction() as client:
                await put_rows(client, self._shop.id, found, self._wanted, observed_at)
                await self._save(client, {kind.value: place_now}, len(found))
            self._refresh.cursor[kind.value] = place_now

    async def _page(
        self, kind: BulkKind, place: PageCursor
    ) -> tuple[Sequence[Row], PageCursor | None, datetime]:
        if kind is BulkKind.PRODUCTS:
            products = await self._door.catalog.products_page(place, self._wanted)
            return products.products, products.next, products.observed_at
        variants = await self._door.catalog.variants_page(place, self._wanted)
        return variants.variants, variants.next, variants.observed_at

    async def _save(self, client: BaseDBAsyncClient, places: Mapping[str, Any], count: int) -> None:
        points, calls = self._meter.take()
        cursor = orjson.dumps(places).decode()
        await execute(client, _SAVE, self._refresh.id, cursor, count, points, calls)
        self._refresh.objects_done += count

    async def _unseen(self, table: str) -> bool:
        """Settle what the read did not see; False when the time was up before."""
        while not self._time_is_up():
            self._leases.check()
            sql = _SUSPECT.format(table=table)
            found = await rows(connection(), sql, self._shop.id, self._refresh.started_at, _SUSPECTS)
            suspects = [row["gid"] for row in found]
            if not suspects:
                return True
            asked_at = self._runtime.clock.now()
            alive = await self._door.catalog.exists(suspects)
            gone = [gid for gid in suspects if gid not in alive]
            async with transaction() as client:
                await lock_mirror(client, self._shop.id)
                seen = [gid for gid in suspects if gid in alive]
                await execute(client, _SEEN.format(table=table), self._shop.id, seen, asked_at)
                products, variants = (gone, []) if table == "mirror_product" else ([], gone)
                await mark_gone(client, self._shop.id, products, variants, asked_at)
                points, calls = self._meter.take()
                await execute(client, _SAVE, self._refresh.id, "{}", 0, points, calls)
        return False

    async def _finish(self) -> None:
        self._leases.check()
        points, calls = self._meter.take()
        async with transaction() as client:
            if self._wanted.quantities:
                await lock_mirror(client, self._shop.id)
                places = list(self._wanted.locations)
                await execute(client, _DROP_LEVELS, self._shop.id, self._refresh.started_at, places)
            await execute(client, _SAVE, self._refresh.id, "{}", 0, points, calls)
            now = self._runtime.clock.now()
            users = await rows(client, _USERS, self._refresh.id)
            planning = [row["connection_id"] for row in users if not row["looks_only"]]
            looking = [row["connection_id"] for row in users if row["looks_only"]]
            await tell_siblings(client, self._shop.id, now, but=planning, later=looking)
            await execute(client, _READ_UNTIL, self._shop.id, self._refresh.started_at)
            self._refresh.state, self._refresh.finished_at = RefreshState.DONE, now
            slices = from_cursor(self._refresh.cursor)
            self._refresh.bulk_rate = measured_rate(slices, self._runtime.slice_limits.worth)
            fields = ["state", "finished_at", "bulk_rate"]
            await self._refresh.save(update_fields=fields, using_db=client)
        if self._refresh.objects_done >= MANY:
            await analyze("mirror_product", "mirror_variant", "mirror_stock")
