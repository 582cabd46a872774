"""The phase that computes the changeset: page by page over main's products, then what is gone from main, then
the brake.

    MAIN ──▶ GONE ──▶ BRAKE        the place in a stage is committed with what the page found
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import connection, execute, rows
from backend.jobs.change_rows import SELECT, change_of
from backend.jobs.ending import recount
from backend.jobs.mirror_read import count_products, page_after
from backend.jobs.page_plan import PagePlan, plan_gone, plan_page
from backend.jobs.queue import transaction
from backend.jobs.record import close_conflicts, insert_changes, record_matches
from backend.jobs.step import Again, Done, Slice, Step
from backend.models.job import JobKind
from backend.models.link import ProductLink
from backend.sync.brake import BrakeReason, Confirmation, Tally, brake, brake_class, confirm, price_holds
from backend.sync.catalog import ProductId
from backend.sync.changeset import Change, Changeset, ChecksumBuilder
from backend.sync.link import Ref

_MAIN, _GONE, _BRAKE = "MAIN", "GONE", "BRAKE"
_ROLLING = timedelta(hours=1)

_TALLY = """
SELECT risk, count(DISTINCT product_gid) AS products FROM change
WHERE job_id = $1 AND state = 'PLANNED' AND risk IS NOT NULL GROUP BY risk
"""
_LAST_HOUR = """
SELECT risk, count(DISTINCT product_gid) AS products FROM change
WHERE connection_id = $1 AND risk IS NOT NULL AND applied_at > $2 AND state IN ('APPLIED', 'UNDONE')
GROUP BY risk
"""
_HOLD = """
UPDATE change SET state = 'HELD', held_reason = risk
WHERE job_id = $1 AND state = 'PLANNED' AND risk = ANY($2::text[])
"""
# What an older job holds was computed anew by this one: a person shall see it once.
_SUPERSEDE = """
UPDATE change SET state = 'SKIPPED', code = 'CHANGED_MEANWHILE'
WHERE connection_id = $1 AND job_id <> $2 AND state = 'HELD'
  AND job_id IN (SELECT id FROM job WHERE connection_id = $1 AND kind <> 'PREVIEW')
  AND ($3::text[] IS NULL OR main_product_gid = ANY($3::text[]))
"""
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
        if self._job.kind is JobKind.CONFIRM:
            self._confirmed = await self._identities(self._job.payload["changes"])
        while cursor["stage"] != _BRAKE:
            if self._work.time_is_up():
                return Again()
            self._work.leases.check()
            await (self._main_page() if cursor["stage"] == _MAIN else self._gone_page())
            await self._work.announce()
        await self._brake()
        return Done()

    async def _total(self) -> int:
        return await count_products(connection(), self._context.main.id)

    async def _identities(self, changes: Sequence[int]) -> frozenset[Any]:
        found = await rows(connection(), _CONFIRMED, list(changes), self._job.connection_id)
        return frozenset(change_of(row).identity for row in found)

    async def _main_page(self) -> None:
        cursor, now = self._job.cursor, self._work.runtime.clock.now()
        async with transaction() as client:
            gids = await self._next_page(client, cursor["after"])
            if gids:
                room = await self._room(client)
                page = await plan_page(client, self._context, gids, now, room=room)
                await self._store(client, page, now)
                cursor["after"] = gids[-1]
                self._job.done += len(gids)
            else:
                cursor.update(stage=_GONE, after="")
            await self._save(client)

    async def _gone_page(self) -> None:
        cursor, now = self._job.cursor, self._work.runtime.clock.now()
        async with transaction() as client:
            page, last = await plan_gone(client, self._context, cursor["after"], now, only=self._only)
            if last is None:
                cursor.update(stage=_BRAKE, after="")
            else:
                await self._store(client, page, now)
                cursor["after"] = last
            await self._save(client)

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

    async def _store(self, client: BaseDBAsyncClient, page: PagePlan, now: datetime) -> None:
        cursor = self._job.cursor
        changes = Changeset.of(page.changes).changes
        held, proceed = self._held(changes)
        if self._context.dry:
            cursor["promised"] += len(page.fresh)
        else:
            await record_matches(client, self._context.connection, page, now)
        # A product that is to be created has no link yet, and takes its place all the same.
        cursor["promised"] += page.counts["products.created"]
        job, own = self._job.id, self._job.connection_id
        await insert_changes(client, job, own, changes, cursor["seq"], held, harmless=proceed)
        cursor["seq"] += len(changes)
        builder = ChecksumBuilder(cursor["checksum"])
        for each in changes:
            builder.add(each)
        cursor["checksum"] = builder.state
        cursor["grace"] = cursor["grace"] or page.in_grace
        self._job.checksum = builder.checksum
        self._job.counts = dict(sorted((Counter(self._job.counts) + page.counts).items()))

    def _held(self, changes: Sequence[Change]) -> tuple[Mapping[Ref, str], frozenset[Ref]]:
        """The changes that wait, with the reason, and those that the brake lets through because a person
        confirmed them."""
        limits = self._context.settings.brake
        prices = {ref: reason.value for ref, reason in price_holds(changes, limits).items()}
        if self._confirmed is None:
            return prices, frozenset()
        risky = [each for each in changes if each.ref in prices or brake_class(each) is not None]
        answer: Confirmation = confirm(self._confirmed, risky)
        asked = {each.ref: prices.get(each.ref) or str(brake_class(each)) for each in answer.ask_again}
        return asked, frozenset(each.ref for each in answer.proceed)

    async def _save(self, client: BaseDBAsyncClient) -> None:
        fields = ["cursor", "done", "counts", "checksum"]
        await self._job.save(update_fields=fields, using_db=client)

    async def _brake(self) -> None:
        """Hold back what is too much at once, and end what older plans have left open."""
        began = datetime.fromisoformat(self._job.cursor["began"])
        own, job = self._context.connection, self._job.id
        limits = self._context.settings.brake
        async with transaction() as client:
            planned = _tally(await rows(client, _TALLY, job))
            hour = _tally(await rows(client, _LAST_HOUR, own, began - _ROLLING))
            linked = await ProductLink.filter(connection_id=own).using_db(client).count()
            reasons = brake(planned, hour, linked, limits)
            await execute(client, _HOLD, job, sorted(reasons))
            if not self._context.dry:
                only = None if self._only is None else list(self._only)
                await execute(client, _SUPERSEDE, own, job, only)
                await close_conflicts(client, own, began, self._only)
            self._job.counts = await recount(client, job)


def _subjects(payload: Mapping[str, Any]) -> list[ProductId] | None:
    """The main products that the job is about; None for all."""
    chosen = payload.get("main_products")
    return None if chosen is None else sorted({ProductId(each) for each in chosen})


def _tally(found: Sequence[Mapping[str, Any]]) -> Tally:
    counts = {row["risk"]: int(row["products"]) for row in found}
    return Tally(
        deletes=counts.get(BrakeReason.TOO_MANY_DELETES, 0),
        unpublished=counts.get(BrakeReason.TOO_MANY_UNPUBLISHED, 0),
        zeroed=counts.get(BrakeReason.TOO_MANY_ZEROED, 0),
    )
