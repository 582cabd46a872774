"""The plan of a live job: the products that became dirty on its connection, from the mirror, which the look
has brought up to date. One transaction stores the changes and cleans the products, so that nothing is lost
or planned twice."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.billing.limits import Places, room_for
from backend.billing.room import Room
from backend.billing.waiting import close_waiting
from backend.database import connection, rows
from backend.jobs import footing
from backend.jobs.braking import held_at_once, hold_surplus
from backend.jobs.claims import claim_some, lock_plans, plan_claimed, settle_left
from backend.jobs.defects import NOT_OF_THE_PRODUCT, reason_of
from backend.jobs.ending import count_changes, merged
from backend.jobs.page_plan import GRACE, PagePlan, next_gone, plan_gone
from backend.jobs.queue import enqueue_look, transaction
from backend.jobs.record import close_conflicts, insert_changes, record_matches
from backend.jobs.recover import recover_stock
from backend.jobs.step import Done, Slice, Step
from backend.jobs.under_way import LONGEST_JOB, is_being_compared
from backend.live.dirty import (
    Dirt,
    Taken,
    forget_dirty,
    is_dirty,
    postpone_dirty,
    put_dirt,
    take_dirty,
    want_live_job,
)
from backend.live.pending import Mark, mark_pending
from backend.models.live import Stream, SubjectKind
from backend.sync.brake import brake_class
from backend.sync.catalog import ProductId
from backend.sync.changeset import Changeset
from backend.sync.fields import Lane
from backend.sync.link import Ref

# One job's worth: what comes after it begins while this is still being written. Quantities go 250 to a call;
# to compare so many whole products takes so long that a change of stock beside it would notice.
_MOST = {Stream.STOCK: 250, Stream.PRODUCT: 40}
_BUSY_SECONDS = 0.3
_UNREAD_SECONDS = 2.0
# Whoever has read both shops takes up before what has waited for that.
_UNTIL_READ = timedelta(minutes=5)
# How soon to ask again whether a full sync has compared everything.
_COMPARED = timedelta(seconds=5)
_READ = "SELECT read_at IS NOT NULL AS known FROM connection WHERE id = $1"
_FIRST = "SELECT coalesce(max(seq), 0) + 1 AS seq FROM change WHERE job_id = $1"
_LINKED = """
SELECT l.main_gid FROM product_link l
WHERE l.connection_id = $1 AND l.main_gid = ANY($2::text[]) AND NOT EXISTS (
    SELECT 1 FROM mirror_product p WHERE p.shop_id = $3 AND p.gid = l.dependent_gid AND p.gone_at IS NOT NULL
)
"""


async def plan_live(work: Slice) -> Step:
    """Plan what is dirty. A defect that a product brings to light costs that product alone."""
    stream, now = Stream(work.job.payload["stream"]), work.runtime.clock.now()
    own = work.context.connection
    taken = await take_dirty(own, stream, now, limit=_MOST[stream])
    if stream is Stream.PRODUCT:
        taken = await _not_compared_anyway(work, taken, now)
    if not taken:
        return Done()
    work.leases.check()
    try:
        await recover_stock(work)
        await _LivePlan(work, stream, taken).store()
    except NOT_OF_THE_PRODUCT as error:
        await _give_back(work, taken, stream, type(error).__name__, 1.0, counts=False)
        raise
    except Exception as error:  # noqa: BLE001 - a defect costs its product alone
        reason = reason_of(error, "plan failed", [own, *(each.main for each in taken)])
        await _give_back(work, taken, stream, reason, 2.0, counts=True)
        return Done()
    if await is_dirty(own, stream, now):
        async with transaction() as client:
            await want_live_job(client, own, stream, now)
    return Done()


async def _not_compared_anyway(work: Slice, taken: list[Taken], now: datetime) -> list[Taken]:
    """Without what follows from the dependent alone, while a full sync is on the way to it: after settings
    have changed, that would write them product by product, in front of everything that is in a hurry. It
    waits for a minute at most, for a person may have edited something."""
    waiting = {each for each in taken if not each.from_main and each.happened_at > now - LONGEST_JOB}
    own = work.context.connection
    if not waiting or not await is_being_compared(connection(), own, now):
        return taken
    async with transaction() as client:
        await postpone_dirty(client, list(waiting), now + _COMPARED, "", counts=False)
        await want_live_job(client, own, Stream.PRODUCT, now, delay=_COMPARED.total_seconds())
    return [each for each in taken if each not in waiting]


async def _give_back(
    work: Slice, taken: Sequence[Taken], stream: Stream, reason: str, seconds: float, *, counts: bool
) -> None:
    now = work.runtime.clock.now()
    async with transaction() as client:
        await postpone_dirty(client, taken, now + timedelta(seconds=seconds), reason, counts=counts)
        await want_live_job(client, work.context.connection, stream, now, delay=seconds)


class _LivePlan:
    def __init__(self, work: Slice, stream: Stream, taken: Sequence[Taken]) -> None:
        self._work = work
        self._job = work.job
        self._context = work.context
        self._stream = stream
        self._lanes = (Lane.STOCK,) if stream is Stream.STOCK else tuple(Lane)
        self._taken = {each.main: each for each in taken}

    async def store(self) -> None:
        now, own = self._work.runtime.clock.now(), self._context.connection
        async with transaction() as client:
            await lock_plans(client, own)
            echoes = {gid for gid, each in self._taken.items() if not each.from_main}
            mine = await claim_some(client, own, self._job.id, self._taken.keys(), self._lanes, echoes=echoes)
            ready = sorted(gid for gid in self._taken if gid not in mine.busy)
            early: set[ProductId] = set()
            if self._stream is Stream.STOCK:
                ready = await self._linked(client, ready)
            elif not await self._both_are_known(client):
                early = set(ready)
                ready = await self._linked(client, ready)
                early -= set(ready)
            room = await self._room(client, ready)
            page = await plan_claimed(client, self._context, mine, ready, now, room=room)
            gone = await next_gone(client, self._context, only=ready)
            if gone:
                page.join(await plan_gone(client, self._context, gone, now))
            happened = {gid: each.happened_at for gid, each in self._taken.items()}
            changes = [each for each in page.changes if each.lane in self._lanes]
            page.changes = await settle_left(client, mine, changes)
            await self._record(client, page, ready, happened, mine.since, now)
            await self._clean(client, page, mine.busy, early, now)

    async def _both_are_known(self, client: BaseDBAsyncClient) -> bool:
        """While the mirror may lack products, a twin can be overlooked, and would be created once more."""
        return bool((await rows(client, _READ, self._context.connection))[0]["known"])

    async def _linked(self, client: BaseDBAsyncClient, mains: Sequence[ProductId]) -> list[ProductId]:
        """Of these, those that need no match. Stock alone ties nothing: what is not linked yet is matched
        when its product is looked at."""
        own = self._context.connection
        found = await rows(client, _LINKED, own, list(mains), self._context.dependent.id)
        return sorted(ProductId(row["main_gid"]) for row in found)

    async def _room(self, client: BaseDBAsyncClient, ready: Sequence[ProductId]) -> Room | None:
        context = self._context
        places = Places(context.connection, context.main.id, context.dependent.id)
        return await room_for(client, self._work.runtime.product_limit, places, ready)

    async def _record(
        self,
        client: BaseDBAsyncClient,
        page: PagePlan,
        ready: Sequence[ProductId],
        happened: Mapping[ProductId, datetime],
        since: Mapping[Ref, datetime],
        now: datetime,
    ) -> None:
        job, own, limits = self._job, self._context.connection, self._context.settings.brake
        await record_matches(client, own, page, now)
        changes = Changeset.of(page.changes).changes
        held, harmless = held_at_once(changes, limits)
        # A worker was killed after an earlier plan of this job was stored.
        resumed = bool(job.cursor)
        first = int((await rows(client, _FIRST, job.id))[0]["seq"]) if resumed else 1
        if changes:
            await insert_changes(
                client, job.id, own, changes, first, held, harmless=harmless, happened=happened, since=since
            )
        if any(brake_class(each) is not None for each in changes):
            await hold_surplus(client, job.id, own, limits, now)
        if self._stream is Stream.PRODUCT:
            await close_conflicts(client, own, now, ready)
            await close_waiting(client, own, now, ready)
        job.cursor = {"basis": self._context.basis}
        counted, _ = await count_changes(client, job.id) if changes or resumed else ({}, {})
        job.counts = merged(page.counts, counted)
        job.settings_version = self._context.version
        await job.save(update_fields=["cursor", "counts", "settings_version"], using_db=client)

    async def _clean(
        self,
        client: BaseDBAsyncClient,
        page: PagePlan,
        busy: frozenset[ProductId],
        early: Collection[ProductId],
        now: datetime,
    ) -> None:
        own = self._context.connection
        left = busy | page.unread.keys() | set(early)
        await forget_dirty(client, [each for each in self._taken.values() if each.main not in left], now)
        await self._read_first(client, page.unread, now)
        # Before a job is asked for: whoever marks takes the products first, then the job.
        again = now + GRACE + timedelta(seconds=1)
        lost = [Dirt(own, Stream.PRODUCT, gid, now, again) for gid in sorted(page.in_grace)]
        await put_dirt(client, lost, now)
        if early:
            waiting = [self._taken[gid] for gid in sorted(early)]
            await postpone_dirty(client, waiting, now + _UNTIL_READ, "", counts=False)
        if busy:
            later = now + timedelta(seconds=_BUSY_SECONDS)
            waiting = [self._taken[gid] for gid in sorted(busy)]
            await postpone_dirty(client, waiting, later, "", counts=False)
            await want_live_job(client, own, self._stream, now, delay=_BUSY_SECONDS)
        await self._look_at_holders(client, page.holders, now)

    async def _look_at_holders(
        self, client: BaseDBAsyncClient, holders: Collection[ProductId], now: datetime
    ) -> None:
        """Whoever has the twin that another product wants may be gone, and nobody has told us."""
        if holders:
            shop = self._context.main.id
            await mark_pending(
                client, [Mark(shop, SubjectKind.PRODUCT, gid, now, now) for gid in sorted(holders)]
            )
            enqueue_look(shop)

    async def _read_first(
        self, client: BaseDBAsyncClient, unread: Mapping[ProductId, ProductId], now: datetime
    ) -> None:
        """These were not compared. What Shopify does not know either is set aside in the end."""
        if not unread:
            return
        shop = self._context.dependent.id
        await mark_pending(
            client, [Mark(shop, SubjectKind.PRODUCT, twin, now, now) for twin in sorted(unread.values())]
        )
        enqueue_look(shop)
        waiting = [self._taken[gid] for gid in sorted(unread)]
        later = now + timedelta(seconds=_UNREAD_SECONDS)
        await postpone_dirty(client, waiting, later, "Its twin could not be read yet.", counts=True)


async def start_over(work: Slice) -> None:
    """The settings have changed since the plan was made: what was not written yet is planned anew."""
    job, now = work.job, work.runtime.clock.now()
    async with transaction() as client:
        open_mains = await footing.forget_plan(client, job.id)
        await put_dirt(
            client,
            [Dirt(work.context.connection, Stream.PRODUCT, gid, at, now) for gid, at in open_mains],
            now,
        )
        job.cursor = {"basis": work.context.basis}
        await job.save(update_fields=["cursor"], using_db=client)
