"""The phase that computes the changeset: page by page over main's products, then what is gone from main, then
the brake.

    MAIN ──▶ GONE ──▶ BRAKE        the place in a stage is committed with what the page found
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import MANY, analyze, connection, rows
from backend.jobs.braking import held_at_once, hold_surplus, supersede_held
from backend.jobs.change_rows import SELECT, change_of
from backend.jobs.claims import NOTHING_CLAIMED, Claim, claim, lock_plans, plan_claimed
from backend.jobs.ending import recount
from backend.jobs.mirror_read import count_products, page_after
from backend.jobs.page_plan import PagePlan, next_gone, plan_gone, when_read
from backend.jobs.queue import transaction
from backend.jobs.record import close_conflicts, insert_changes, record_matches
from backend.jobs.recover import recover_stock
from backend.jobs.step import Again, Done, Slice, Step, Wait
from backend.live.dirty import mark_dirty
from backend.models.job import JobKind
from backend.models.link import ProductLink
from backend.models.live import Stream
from backend.sync.catalog import ProductId
from backend.sync.changeset import Changeset, ChecksumBuilder

_MAIN, _GONE, _BRAKE = "MAIN", "GONE", "BRAKE"
# A call under way ends within seconds.
_BUSY_SECONDS = 0.5
# A plan that is made anew counts on after what the first one has applied.
_FIRST = "SELECT coalesce(max(seq), 0) + 1 AS seq FROM change WHERE job_id = $1"
_CONFIRMED = SELECT + "WHERE id = ANY($1::bigint[]) AND connection_id = $2"


async def plan(work: Slice) -> Step:
    """Go on with the plan of the job until it is complete or the slice is over."""
    return await _Planning(work).run()


class _Planning:
    def __init__(self, work: Slice) -> None:
        self._work = work
        self._job = work.job
        self._context = work.context
        self._only = _subjects(work.job.payload)
        self._confirmed: frozenset[Any] | None = None

    async def run(self) -> Step:
        cursor = self._job.cursor
        if "stage" not in cursor:
            total = len(self._only) if self._only is not None else await self._total()
            now = self._work.runtime.clock.now()
            first = int((await rows(connection(), _FIRST, self._job.id))[0]["seq"])
            cursor.update(stage=_MAIN, after="", seq=first, checksum="", began=now.isoformat())
            cursor.update(grace=False, promised=0)
            self._job.done, self._job.total, self._job.counts = 0, total, {}
            await self._job.save(update_fields=["cursor", "done", "total", "counts"])
        await recover_stock(self._work)
        if self._job.kind is JobKind.CONFIRM:
            self._confirmed = await self._identities(self._job.payload["changes"])
        while cursor["stage"] != _BRAKE:
            if self._work.time_is_up():
                return Again()
            self._work.leases.check()
            if not await (self._main_page() if cursor["stage"] == _MAIN else self._gone_page()):
                return Wait(_BUSY_SECONDS)
            await self._work.announce()
        await self._brake()
        return Done()

    async def _total(self) -> int:
        return await count_products(connection(), self._context.main.id)

    async def _identities(self, changes: Sequence[int]) -> frozenset[Any]:
        found = await rows(connection(), _CONFIRMED, list(changes), self._job.connection_id)
        return frozenset(change_of(row).identity for row in found)

    async def _main_page(self) -> bool:
        """False when somebody else writes to a product of the page at this moment."""
        cursor, now = self._job.cursor, self._work.runtime.clock.now()
        async with transaction() as client:
            gids = await self._next_page(client, cursor["after"])
            if gids:
                mine = await self._claim(client, gids)
                if mine.busy:
                    return False
                room = await self._room(client)
                page = await plan_claimed(client, self._context, mine, gids, now, room=room)
                happened = await when_read(client, self._context.main.id, gids)
                await self._store(client, page, {**happened, **mine.happened}, now)
                cursor["after"] = gids[-1]
                self._job.done += len(gids)
            else:
                cursor.update(stage=_GONE, after="")
            await self._save(client)
        return True

    async def _gone_page(self) -> bool:
        cursor, now = self._job.cursor, self._work.runtime.clock.now()
        async with transaction() as client:
            found = await next_gone(client, self._context, cursor["after"], only=self._only)
            if found:
                mine = await self._claim(client, list(found))
                if mine.busy:
                    return False
                page = await plan_gone(client, self._context, found, now)
                await self._store(client, page, {**found, **mine.happened}, now)
                cursor["after"] = max(found)
            else:
                cursor.update(stage=_BRAKE, after="")
            await self._save(client)
        return True

    async def _claim(self, client: BaseDBAsyncClient, gids: Collection[ProductId]) -> Claim:
        if self._context.dry:
            return NOTHING_CLAIMED
        await lock_plans(client, self._context.connection)
        return await claim(client, self._context.connection, self._job.id, gids)

    async def _next_page(self, client: BaseDBAsyncClient, after: str) -> Sequence[ProductId]:
        if self._only is None:
            return await page_after(client, self._context.main.id, after)
        return [gid for gid in self._only if gid > after][:250]

    async def _room(self, client: BaseDBAsyncClient) -> int | None:
        limit = await self._work.runtime.product_limit(self._context.dependent.id)
        if limit is None:
            return None
        linked = await ProductLink.filter(connection_id=self._context.connection).using_db(client).count()
        return limit - linked - int(self._job.cursor["promised"])

    async def _store(
        self, client: BaseDBAsyncClient, page: PagePlan, happened: Mapping[ProductId, datetime], now: datetime
    ) -> None:
        cursor = self._job.cursor
        changes = Changeset.of(page.changes).changes
        held, proceed = held_at_once(changes, self._context.settings.brake, self._confirmed)
        if self._context.dry:
            cursor["promised"] += len(page.fresh)
        else:
            await record_matches(client, self._context.connection, page, now)
            unread = sorted(page.unread)
            await mark_dirty(client, self._context.connection, unread, Stream.PRODUCT, now, now)
        # A product that is to be created has no link yet, and takes its place all the same.
        cursor["promised"] += page.counts["products.created"]
        job, own = self._job.id, self._job.connection_id
        await insert_changes(
            client, job, own, changes, cursor["seq"], held, harmless=proceed, happened=happened
        )
        cursor["seq"] += len(changes)
        builder = ChecksumBuilder(cursor["checksum"])
        for each in changes:
            builder.add(each)
        cursor["checksum"] = builder.state
        cursor["grace"] = cursor["grace"] or bool(page.in_grace)
        self._job.checksum = builder.checksum
        self._job.counts = dict(sorted((Counter(self._job.counts) + page.counts).items()))

    async def _save(self, client: BaseDBAsyncClient) -> None:
        fields = ["cursor", "done", "counts", "checksum"]
        await self._job.save(update_fields=fields, using_db=client)

    async def _brake(self) -> None:
        """Hold back what is too much at once, and end what older plans have left open."""
        began = datetime.fromisoformat(self._job.cursor["began"])
        own, job = self._context.connection, self._job.id
        async with transaction() as client:
            await hold_surplus(client, job, own, self._context.settings.brake, began)
            if not self._context.dry:
                await supersede_held(client, job, own, self._only)
                await close_conflicts(client, own, began, self._only)
            self._job.counts = await recount(client, job)
        if not self._context.dry and self._job.done >= MANY:
            await analyze("product_link", "variant_link", "change")


def _subjects(payload: Mapping[str, Any]) -> list[ProductId] | None:
    """The main products that the job is about; None for all."""
    chosen = payload.get("main_products")
    return None if chosen is None else sorted({ProductId(each) for each in chosen})
