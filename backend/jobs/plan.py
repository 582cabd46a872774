"""The phase that computes the changeset: page by page over main's products, then what is gone from main, then
the brake.

    MAIN ──▶ GONE ──▶ BRAKE        the place in a stage is committed with what the page found
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.billing.limits import Places, Promised, room_for
from backend.billing.room import Room
from backend.billing.waiting import close_waiting
from backend.database import MANY, analyze, connection, rows
from backend.jobs.braking import held_at_once, hold_surplus, supersede_held
from backend.jobs.change_rows import SELECT, change_of
from backend.jobs.claims import NOTHING_CLAIMED, Claim, claim, lock_plans, plan_claimed
from backend.jobs.defects import apart, reason_of
from backend.jobs.ending import DEFECTS, recount
from backend.jobs.mirror_read import PAGE_PRODUCTS, count_products, page_after
from backend.jobs.page_plan import PagePlan, next_gone, plan_gone, when_read
from backend.jobs.queue import transaction
from backend.jobs.record import close_conflicts, insert_changes, record_matches
from backend.jobs.recover import recover_stock
from backend.jobs.step import Again, Done, Slice, Step, Wait
from backend.live.dirty import forget_aside, mark_dirty, set_aside
from backend.models.job import JobKind
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
            cursor.update(grace=False, promised=0, promised_of_main=0)
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
        gids = await self._next_page(self._job.cursor["after"])
        if not gids:
            await self._enter(_GONE)
            return True
        return await apart(gids, self._plan_main, self._set_aside)

    async def _gone_page(self) -> bool:
        found = await next_gone(connection(), self._context, self._job.cursor["after"], only=self._only)
        if not found:
            await self._enter(_BRAKE)
            return True
        return await apart(sorted(found), self._plan_gone, self._set_aside)

    async def _enter(self, stage: str) -> None:
        self._job.cursor.update(stage=stage, after="")
        await self._save(connection())

    async def _plan_main(self, gids: Sequence[ProductId]) -> bool:
        now, own = self._work.runtime.clock.now(), self._context.connection
        async with self._together() as client:
            mine = await self._claim(client, gids)
            if mine.busy:
                return False
            room = await self._room(client, gids)
            page = await plan_claimed(client, self._context, mine, gids, now, room=room)
            happened = await when_read(client, self._context.main.id, gids)
            await self._store(client, page, happened, mine, now)
            if not self._context.dry:
                await forget_aside(client, own, gids)
            elif room is not None:
                # What a preview links is written nowhere, and takes its place all the same.
                self._job.cursor["promised"] += room.taken_of_dependent
                self._job.cursor["promised_of_main"] += room.taken_of_main
            self._job.cursor["after"] = gids[-1]
            self._job.done += len(gids)
        return True

    async def _plan_gone(self, gids: Sequence[ProductId]) -> bool:
        now = self._work.runtime.clock.now()
        async with self._together() as client:
            found = await next_gone(client, self._context, only=gids)
            mine = await self._claim(client, list(found))
            if mine.busy:
                return False
            page = await plan_gone(client, self._context, found, now)
            await self._store(client, page, found, mine, now)
            self._job.cursor["after"] = gids[-1]
        return True

    @asynccontextmanager
    async def _together(self) -> AsyncIterator[BaseDBAsyncClient]:
        """A transaction that stores the job's place with what was planned; both are undone together."""
        job = self._job
        before = (dict(job.cursor), job.done, job.counts, job.checksum)
        self._work.leases.check()
        try:
            async with transaction() as client:
                yield client
                await self._save(client)
        except BaseException:
            cursor, job.done, job.counts, job.checksum = before
            job.cursor.clear()
            job.cursor.update(cursor)
            raise

    async def _set_aside(self, gid: ProductId, error: Exception) -> None:
        """The rest of the catalogue is planned without a product that can't be."""
        reason = reason_of(error, "plan failed", [self._context.connection, gid])
        async with self._together() as client:
            if not self._context.dry:
                now = self._work.runtime.clock.now()
                await set_aside(client, self._context.connection, gid, reason, now)
            counts = Counter(self._job.counts)
            counts[DEFECTS] += 1
            self._job.counts = dict(sorted(counts.items()))
            self._job.cursor["after"] = gid
            self._job.done += self._job.cursor["stage"] == _MAIN

    async def _claim(self, client: BaseDBAsyncClient, gids: Collection[ProductId]) -> Claim:
        if self._context.dry:
            return NOTHING_CLAIMED
        await lock_plans(client, self._context.connection)
        return await claim(client, self._context.connection, self._job.id, gids)

    async def _next_page(self, after: str) -> Sequence[ProductId]:
        if self._only is None:
            return await page_after(connection(), self._context.main.id, after)
        first = bisect_right(self._only, after)
        return self._only[first : first + PAGE_PRODUCTS]

    async def _room(self, client: BaseDBAsyncClient, gids: Collection[ProductId]) -> Room | None:
        cursor, context = self._job.cursor, self._context
        return await room_for(
            client,
            self._work.runtime.product_limit,
            Places(context.connection, context.main.id, context.dependent.id),
            gids,
            Promised(cursor["promised_of_main"], cursor["promised"]),
            writes=not context.dry,
        )

    async def _store(
        self,
        client: BaseDBAsyncClient,
        page: PagePlan,
        happened: Mapping[ProductId, datetime],
        mine: Claim,
        now: datetime,
    ) -> None:
        cursor = self._job.cursor
        changes = Changeset.of(page.changes).changes
        held, proceed = held_at_once(changes, self._context.settings.brake, self._confirmed)
        if not self._context.dry:
            await record_matches(client, self._context.connection, page, now)
            unread = sorted(page.unread)
            await mark_dirty(client, self._context.connection, unread, Stream.PRODUCT, now, now)
        job, own = self._job.id, self._job.connection_id
        first, since = cursor["seq"], mine.since
        await insert_changes(
            client, job, own, changes, first, held, harmless=proceed, happened=happened, since=since
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
                await close_waiting(client, own, began, self._only)
            self._job.counts = await recount(client, job)
        if not self._context.dry and self._job.done >= MANY:
            await analyze("product_link", "variant_link", "change")


def _subjects(payload: Mapping[str, Any]) -> list[ProductId] | None:
    """The main products that the job is about; None for all."""
    chosen = payload.get("main_products")
    return None if chosen is None else sorted({ProductId(each) for each in chosen})
