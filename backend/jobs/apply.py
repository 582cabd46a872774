"""The phase that writes: lane after lane, products side by side, the writes of one product one after the
other.

A change is SENT before its call and has an outcome after it. What a crash left SENT is looked up before
anything else is written (see `recover`).
"""

import asyncio
from collections.abc import Mapping, Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import connection, execute, execute_many, rows
from backend.errors import ErrorCode
from backend.jobs.change_rows import SELECT, change_of, dump
from backend.jobs.creation_bulk import BulkCreation
from backend.jobs.expectation import expect_writing
from backend.jobs.mirror_write import put_products, put_stock
from backend.jobs.page_plan import plan_page
from backend.jobs.queue import transaction
from backend.jobs.recover import Doors, open_doors, recover_lane
from backend.jobs.send import SKIP_OVERTAKEN, Sent, send, target
from backend.jobs.settle import Settled, settle
from backend.jobs.step import Again, Done, Slice, Step, Wait
from backend.jobs.under_way import NOTHING
from backend.live.dirty import mark_dirty
from backend.models.job import JobKind
from backend.models.live import Stream
from backend.sync.batching import batch
from backend.sync.brake import price_holds
from backend.sync.catalog import LocationId, Product, ProductId
from backend.sync.changeset import Change
from backend.sync.fields import Field, Lane
from backend.sync.settings import StockMode
from backend.sync.undo import value_now
from backend.sync.writes import (
    AdjustStock,
    ChangeId,
    CreateProduct,
    DeleteMetafields,
    SetMetafields,
    SetStock,
    Write,
    change_ids,
)

# Writes in flight; the bucket, not this number, is what limits a busy shop.
SIDE_BY_SIDE = 6
# Changes loaded at once. Those of the details may each hold a whole product, of which a slice creates twenty.
_WINDOW = {Lane.STOCK: 1_000, Lane.PRICE: 1_000, Lane.DETAILS: 200}
_MEDIA_SECONDS = 2.0
# Until the next look at creations that run in bulk, at least.
_BULK_SECONDS = 0.5

_PLANNED = SELECT + "WHERE job_id = $1 AND state = 'PLANNED' AND lane = $2 ORDER BY seq LIMIT $3"
_LEFT = """
SELECT lane, count(*)::int AS number FROM change
WHERE job_id = $1 AND state IN ('PLANNED', 'SENT') GROUP BY lane
"""
_SKIP = "UPDATE change SET state = 'SKIPPED', code = $2 WHERE id = ANY($1::bigint[]) AND state = 'PLANNED'"
_REPLACE = """
UPDATE change SET before = $2::jsonb, after = $3::jsonb, main_hash = $4 WHERE id = $1 AND state = 'PLANNED'
"""
_EQUAL = "UPDATE change SET state = 'SKIPPED' WHERE id = ANY($1::bigint[]) AND state = 'PLANNED'"

Chain = list[Write]


async def apply(work: Slice) -> Step:
    """Go on with writing until nothing is left or the slice is over."""
    job = work.job
    left = {Lane(row["lane"]): row["number"] for row in await rows(connection(), _LEFT, job.id)}
    if job.total is None:
        job.total = sum(left.values())
        await expect_writing(work)
        await job.save(update_fields=["total", "estimate_points", "estimate_seconds"])
    doors = open_doors(work)
    creations = BulkCreation(work, doors[work.context.dependent.id])
    for lane in Lane:
        if lane not in left and not (lane is Lane.DETAILS and creations.are_under_way):
            continue
        await recover_lane(work, doors, lane)
        in_bulk = await creations.look() if lane is Lane.DETAILS else None
        step = await _Lane(work, doors, lane).run()
        if isinstance(step, Done) and in_bulk is not None:
            step = Wait(max(_BULK_SECONDS, in_bulk))
        if not isinstance(step, Done):
            return step
    return Done()


async def recover(work: Slice) -> None:
    """Settle what a crash left open, for a job that will not go on."""
    doors = open_doors(work)
    await BulkCreation(work, doors[work.context.dependent.id]).abandon()
    for lane in Lane:
        await recover_lane(work, doors, lane)


class _Lane:
    def __init__(self, work: Slice, doors: Doors, lane: Lane) -> None:
        self._work = work
        self._doors = doors
        self._door = doors[work.context.dependent.id]
        self._lane = lane
        self._settling = asyncio.Lock()
        self._unsettled: list[tuple[Sent, asyncio.Future[None]]] = []
        self._waiting: set[ChangeId] = set()
        self._failed = False
        self._changes: dict[ChangeId, Change] = {}

    async def run(self) -> Step:
        while not self._work.time_is_up():
            items = await self._next()
            if not items:
                return Wait(_MEDIA_SECONDS) if self._waiting else Done()
            self._changes = dict(items)
            writes = list(batch(items))
            left = self._changes.keys() - {change for write in writes for change in change_ids(write)}
            if left:
                # What no write carries out can't be done at all; it must not be looked at for ever.
                await execute(connection(), _SKIP, sorted(left), ErrorCode.GONE.value)
            for wave in waves(writes):
                await self._send_all(chains(wave))
        return Again()

    async def _next(self) -> list[tuple[ChangeId, Change]]:
        """The next changes in order, whole products; not those that wait for media."""
        most = _WINDOW[self._lane]
        found = await rows(connection(), _PLANNED, self._work.job.id, self._lane.value, most)
        if found and await execute(connection(), SKIP_OVERTAKEN, [row["id"] for row in found]):
            return await self._next()
        items = [(ChangeId(row["id"]), change_of(row)) for row in found]
        if len(items) == most:
            last = _subject(items[-1][1])
            whole = [each for each in items if _subject(each[1]) != last]
            items = whole or items
        return [each for each in items if each[0] not in self._waiting]

    async def _send_all(self, work: Sequence[Chain]) -> None:
        """Chains side by side; the first error stops those that have not begun."""
        pending = list(reversed(work))
        errors: list[Exception] = []

        async def worker() -> None:
            while pending and not self._failed:
                try:
                    await self._send_chain(pending.pop())
                except Exception as error:  # noqa: BLE001 - raised below, once all calls in flight are settled
                    self._failed = True
                    errors.append(error)

        await asyncio.gather(*(worker() for _ in range(SIDE_BY_SIDE)))
        if errors:
            raise errors[0]

    async def _send_chain(self, chain: Chain) -> None:
        for write in chain:
            if self._failed or self._work.time_is_up():
                return
            first = self._changes[change_ids(write)[0]]
            door = self._doors[target(self._work.context, write).id]
            sent = await send(self._work, door, write, first.main_product or None)
            if sent is not None:
                await self._settle(sent)

    async def _settle(self, sent: Sent) -> None:
        """Whoever comes first writes down the outcomes of all who wait: one transaction for many writes."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._unsettled.append((sent, done))
        async with self._settling:
            if done.done():
                return
            taken, self._unsettled = self._unsettled, []
            now = self._work.runtime.clock.now()
            async with transaction() as client:
                settled = await settle(
                    client, self._work.job.id, self._work.context, [each for each, _ in taken], now
                )
            for _, future in taken:
                future.set_result(None)
            self._work.job.done += settled.done
            self._waiting.update(settled.waiting)
            await self._again(settled)
            await self._work.recount()
            await self._work.announce()

    async def _again(self, settled: Settled) -> None:
        """Stale changes are read again and planned again."""
        stock = [each for each in settled.stale if each[1].field is Field.STOCK]
        others = [each for each in settled.stale if each[1].field is not Field.STOCK]
        if stock:
            await self._stock_again(stock)
        if others:
            await self._products_again(others)

    async def _stock_again(self, stale: Sequence[tuple[ChangeId, Change]]) -> None:
        """Mirrored stock is written whatever it is by now. Shared stock moved because something was sold
        there: that is booked first, by a plan of its own."""
        shared = self._work.context.settings.stock_mode is StockMode.SHARED
        observed_at = self._work.runtime.clock.now()
        places = sorted({LocationId(change.key) for _, change in stale})
        found = await self._door.catalog.levels([change.inventory_item for _, change in stale], places)
        equal, moved, gone, levels = [], [], [], []
        for change_id, change in stale:
            item = found.get(change.inventory_item)
            if item is None:
                gone.append(change_id)
                continue
            actual = item.available.get(LocationId(change.key))
            if actual is not None:
                levels.append((change.inventory_item, LocationId(change.key), actual))
            if actual == change.after and not shared:
                equal.append(change_id)
            else:
                moved.append((change_id, dump(actual), dump(change.after), change.main_hash))
        async with transaction() as client:
            dependent = self._work.context.dependent.id
            await put_stock(client, dependent, levels, observed_at, spare=NOTHING)
            await execute(client, _EQUAL, equal)
            await execute(client, _SKIP, gone, ErrorCode.GONE.value)
            if shared:
                over = [each[0] for each in moved]
                await execute(client, _SKIP, over, ErrorCode.CHANGED_MEANWHILE.value)
                mains = {change.main_product for _, change in stale}
                own, now = self._work.context.connection, self._work.runtime.clock.now()
                await mark_dirty(client, own, mains, Stream.STOCK, observed_at, now)
            else:
                await execute_many(client, _REPLACE, moved)

    async def _products_again(self, stale: Sequence[tuple[ChangeId, Change]]) -> None:
        context = self._work.context
        found = await self._door.catalog.by_ids(
            {change.product for _, change in stale}, context.dependent_wanted
        )
        async with transaction() as client:
            wanted = context.dependent_wanted
            await put_products(
                client, context.dependent.id, found.products, wanted, found.observed_at, spare=NOTHING
            )
            if self._work.job.kind is JobKind.UNDO:
                await _settle_undos(client, stale, {each.id: each for each in found.products})
                return
            mains = sorted({change.main_product for _, change in stale})
            page = await plan_page(client, context, mains, self._work.runtime.clock.now())
            anew = {(each.action, each.ref): each for each in page.changes}
            risky = price_holds(page.changes, context.settings.brake)
            replaced, over = [], []
            for change_id, change in stale:
                fresh = anew.get((change.action, change.ref))
                # What nobody has looked at is left to the next sync, whose brake asks.
                if fresh is None or (fresh.ref in risky and fresh.before != change.before):
                    over.append(change_id)
                else:
                    replaced.append((change_id, dump(fresh.before), dump(fresh.after), fresh.main_hash))
            await execute_many(client, _REPLACE, replaced)
            await execute(client, _SKIP, over, ErrorCode.CHANGED_MEANWHILE.value)


async def _settle_undos(
    client: BaseDBAsyncClient,
    stale: Sequence[tuple[ChangeId, Change]],
    actual: Mapping[ProductId, Product],
) -> None:
    """An undo is not planned from main: it is sent again where the dependent still says what it takes back,
    or what it writes already."""
    over = []
    for change_id, change in stale:
        product = actual.get(change.product)
        if product is None or value_now(product, change) not in (change.before, change.after):
            over.append(change_id)
    await execute(client, _SKIP, over, ErrorCode.CHANGED_MEANWHILE.value)


def _subject(change: Change) -> ProductId:
    return change.product or change.main_product


def waves(writes: Sequence[Write]) -> tuple[Sequence[Write], Sequence[Write]]:
    """What has to be through before the next begins: an item is tracked before it gets a quantity."""
    stock = [each for each in writes if isinstance(each, SetStock)]
    return [each for each in writes if not isinstance(each, SetStock)], stock


def chains(writes: Sequence[Write]) -> list[Chain]:
    """Writes that must follow each other, in their order; different chains may run side by side."""
    found: dict[object, Chain] = {}
    for write in writes:
        match write:
            case SetStock() | AdjustStock() | SetMetafields() | DeleteMetafields() | CreateProduct():
                found[change_ids(write)] = [write]
            case _:
                found.setdefault(write.product, []).append(write)
    return list(found.values())
