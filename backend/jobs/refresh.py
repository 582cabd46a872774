"""Reading a whole shop into the mirror, once for everybody who asked before the read began.

A refresh works in slices and remembers its place after every page, in the transaction that stores the page.
What it did not see is a suspicion: Shopify is asked for those ids, and only what it answers null for is gone.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import structlog
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import connection, execute, rows
from backend.errors import AppError, ErrorCode, FatalError
from backend.jobs.leases import Leases
from backend.jobs.mirror_write import lock_mirror, mark_gone, put_products, put_variants
from backend.jobs.queue import transaction
from backend.jobs.refresh_bulk import DONE, BulkFailedError, BulkReading
from backend.jobs.runtime import Meter, OpenShop, Runtime
from backend.jobs.together import together
from backend.jobs.wanted_json import covers, dump_wanted, load_wanted
from backend.models.mirror import Refresh, RefreshState
from backend.models.shop import Shop
from backend.shopify.pages import PageCursor
from backend.shopify.strategy import Kind, estimate
from backend.shopify.wanted import Wanted

log = structlog.get_logger(__name__)

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
_DROP_LEVELS = """
DELETE FROM mirror_stock
WHERE shop_id = $1 AND observed_at < $2 AND ($3::text[] = '{}' OR location_gid = ANY($3::text[]))
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
) -> bool:
    """Read on until `deadline` (monotonic seconds); True when the read is complete, False when it is not, or
    somebody else works on it. Raises RefreshFailedError when it can't be."""
    refresh = await Refresh.get(id=refresh_id)
    if refresh.state is RefreshState.RUNNING:
        lease = f"shop:{shop.id}:refresh"
        if not await leases.take(lease):
            return False
        try:
            await refresh.refresh_from_db()
            if refresh.state is RefreshState.RUNNING:
                await _Reading(refresh, shop, door, leases, runtime, deadline).run()
        except FatalError as error:
            await _fail(refresh, error, runtime.clock.now())
            raise
        finally:
            await leases.release(lease)
    if refresh.state is RefreshState.FAILED:
        raise RefreshFailedError(refresh.error_message, code=_code(refresh))
    return refresh.state is RefreshState.DONE


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

    async def run(self) -> None:
        if self._refresh.objects_total is None:
            counts = await self._door.facts.counts()
            chosen = estimate(counts, self._wanted, await self._door.throttle.status())
            self._refresh.objects_total = counts.products + counts.variants
            self._refresh.strategy = chosen.kind.value
            await self._refresh.save(update_fields=["objects_total", "strategy"])
        if not await (self._in_bulk() if self._refresh.strategy == Kind.BULK else self._by_pages()):
            return
        if not await self._unseen("mirror_product") or not await self._unseen("mirror_variant"):
            return
        await self._finish()

    async def _in_bulk(self) -> bool:
        check = self._leases.check
        reading = BulkReading(self._refresh, self._door.bulk, self._wanted, self._runtime, check, self._save)
        try:
            return await reading.look()
        except BulkFailedError as error:
            log.warning("bulk read failed, reading pages", shop=self._shop.domain, reason=str(error))
            self._refresh.strategy, self._refresh.cursor, self._refresh.objects_done = Kind.PAGES.value, {}, 0
            await self._refresh.save(update_fields=["strategy", "cursor", "objects_done"])
            return False

    async def _by_pages(self) -> bool:
        await together(self._stream("products", self._products), self._stream("variants", self._variants))
        return all(self._refresh.cursor.get(name) == DONE for name in ("products", "variants"))

    def _time_is_up(self) -> bool:
        return self._runtime.clock.monotonic() >= self._deadline

    async def _stream(self, name: str, step: Callable[[PageCursor], Awaitable[PageCursor | None]]) -> None:
        while self._refresh.cursor.get(name) != DONE and not self._time_is_up():
            self._leases.check()
            place = PageCursor.from_json(self._refresh.cursor.get(name, {}))
            following = await step(place)
            self._refresh.cursor[name] = _place(following)

    async def _products(self, place: PageCursor) -> PageCursor | None:
        page = await self._door.catalog.products_page(place, self._wanted)
        self._leases.check()
        async with transaction() as client:
            await put_products(client, self._shop.id, page.products, self._wanted, page.observed_at)
            await self._save(client, "products", _place(page.next), len(page.products))
        return page.next

    async def _variants(self, place: PageCursor) -> PageCursor | None:
        page = await self._door.catalog.variants_page(place, self._wanted)
        self._leases.check()
        owned = [(each.product, each.variant) for each in page.variants]
        async with transaction() as client:
            await put_variants(client, self._shop.id, owned, self._wanted, page.observed_at)
            await self._save(client, "variants", _place(page.next), len(owned))
        return page.next

    async def _save(self, client: BaseDBAsyncClient, name: str, place: Any, count: int) -> None:
        points, calls = self._meter.take()
        cursor = orjson.dumps({name: place}).decode()
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
            self._refresh.state, self._refresh.finished_at = RefreshState.DONE, self._runtime.clock.now()
            await self._refresh.save(update_fields=["state", "finished_at"], using_db=client)
