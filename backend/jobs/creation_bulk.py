"""Creating many products in bulk, beside the single creations, which go on from the other end.

    STARTING ─▶ CREATING ─▶ PUBLISH_STARTING ─▶ PUBLISHING ─▶ settled as single creations are

The changes of a batch are SENT with its id before anything is started, in the transaction that remembers the
batch; its operations bear the id in their names and are found by it after a crash. What a result says nothing
of is looked up by its origin and, if it is not there, made singly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog

from backend.database import connection, execute, rows
from backend.errors import InvalidRequest, RetryError, Throttled, Unavailable
from backend.jobs.change_rows import SELECT, change_of
from backend.jobs.creation_batches import (
    BUSY_UNTIL,
    LOOK_AT,
    REFUSED,
    STOPPING,
    Batch,
    BatchState,
    dump_batches,
    load_batches,
)
from backend.jobs.creation_lines import creations_left, last_creations, pace_of
from backend.jobs.creation_outcomes import settle_batch
from backend.jobs.queue import transaction
from backend.jobs.runtime import OpenShop
from backend.jobs.send import MARK, UNMARK, check_standing
from backend.jobs.step import Slice
from backend.shopify.answer import Receipt
from backend.shopify.bulk_creation import START, Line
from backend.shopify.bulk_operation import (
    BUSY_SECONDS,
    BulkBusy,
    Completed,
    Ended,
    Operation,
    Running,
    poll_delay,
)
from backend.shopify.bulk_slices import AT_ONCE
from backend.shopify.creation_plan import Pace, next_lines
from backend.sync.catalog import ProductId
from backend.sync.changeset import Change
from backend.sync.writes import ChangeId

log = structlog.get_logger(__name__)

STRATEGY = "CREATE_BULK"
# A start whose answer was lost is known to Shopify by then, or was never heard.
_HEARD_SECONDS = 30.0
_LOST_SECONDS = 5.0
# Between two looks at whether Shopify has stopped, and how long that is waited for.
_STOP_SECONDS = 2.0
_STOPPING_SECONDS = 300.0
# A result that can't be fetched so often is done without.
_MOST_BROKEN = 3

_ORPHANS = """
SELECT batch_id, array_agg(id ORDER BY seq) AS changes FROM change
WHERE job_id = $1 AND state = 'SENT' AND action = 'CREATE_PRODUCT' AND batch_id IS NOT NULL
  AND NOT batch_id = ANY($2::uuid[])
GROUP BY batch_id
"""


class BulkCreation:
    """Of one slice of a job; `door` is the dependent's."""

    def __init__(self, work: Slice, door: OpenShop) -> None:
        self._work = work
        self._door = door
        self._batches: dict[str, Batch] = {}

    @property
    def are_under_way(self) -> bool:
        """Whether batches were started that are not settled."""
        return bool(load_batches(self._cursor))

    async def look(self) -> float | None:
        """Go on wherever something is to be done; the seconds until the next look, None when nothing of it
        runs."""
        await self._load()
        await self._find_lost()
        await self._look_at_running()
        await self._start()
        return self._next_look()

    async def abandon(self) -> None:
        """Stop what runs and write down what it has done, for a job that will not go on. Raises `BulkBusy`
        while Shopify has not stopped yet; what does not stop at all is looked up as it is then."""
        await self._load()
        if not self._batches:
            return
        await self._find_lost()
        now, since = self._work.runtime.clock.now(), self._moment(STOPPING)
        if since is None:
            for each in self._batches.values():
                if each.running is not None:
                    self._work.leases.check()
                    await self._door.creations.cancel(each.running)
            since = now
        await self._put(**{LOOK_AT: None, STOPPING: since.isoformat()})
        await self._look_at_running(publishes=False)
        if now - since >= timedelta(seconds=_STOPPING_SECONDS):
            for each in list(self._batches.values()):
                if await settle_batch(self._work, self._door, each, {}, {}):
                    await self._drop(each)
        if self._batches:
            raise BulkBusy("the bulk creation has not stopped yet", after=_STOP_SECONDS)

    @property
    def _cursor(self) -> dict[str, Any]:
        return self._work.job.cursor

    def _moment(self, key: str) -> datetime | None:
        text = self._cursor.get(key)
        return datetime.fromisoformat(text) if text else None

    async def _load(self) -> None:
        """What the cursor has forgotten, the changes themselves still tell."""
        self._batches = load_batches(self._cursor)
        known = [UUID(each) for each in self._batches]
        for row in await rows(connection(), _ORPHANS, self._work.job.id, known):
            changes = tuple(ChangeId(each) for each in row["changes"])
            key, now = UUID(str(row["batch_id"])).hex, self._work.runtime.clock.now()
            await self._put(Batch(key, changes, BatchState.STARTING, now))

    async def _put(self, *batches: Batch, client: Any = None, **places: Any) -> None:
        self._batches.update({each.batch: each for each in batches})
        self._cursor.update(dump_batches(list(self._batches.values())), **places)
        await self._work.job.save(update_fields=["cursor"], using_db=client)

    async def _drop(self, each: Batch) -> None:
        self._batches.pop(each.batch)
        await self._put()

    def _next_look(self) -> float | None:
        if not self._batches:
            return None
        if any(each.is_lost for each in self._batches.values()):
            return _LOST_SECONDS
        look_at = self._moment(LOOK_AT)
        return (
            0.0 if look_at is None else max(0.0, (look_at - self._work.runtime.clock.now()).total_seconds())
        )

    async def _find_lost(self) -> None:
        """Batches whose start nobody has an answer to."""
        lost = [each for each in self._batches.values() if each.is_lost]
        if not lost:
            return
        found = await self._door.creations.find({each.name for each in lost})
        now = self._work.runtime.clock.now()
        for each in lost:
            operation = found.get(each.name)
            if operation is not None:
                await self._put(_heard(each, operation, now))
            elif now - each.at >= timedelta(seconds=_HEARD_SECONDS):
                if each.state is BatchState.STARTING:
                    await execute(connection(), UNMARK, list(each.changes))
                    await self._drop(each)
                else:
                    await self._put(replace(each, state=BatchState.CREATING, at=now))

    async def _look_at_running(self, *, publishes: bool = True) -> None:
        running = [each for each in self._batches.values() if each.running is not None and not each.is_lost]
        look_at, now = self._moment(LOOK_AT), self._work.runtime.clock.now()
        if not running or (look_at is not None and now < look_at):
            return
        self._work.leases.check()
        ids = {gid for each in running for gid in (each.creation, each.publishing) if gid is not None}
        found = await self._door.creations.poll(sorted(ids))
        at = await pace_of(self._work, self._door)
        starts = self._work.runtime.batch_sizes.start_seconds
        for each in running:
            if self._work.time_is_up():
                break
            operation = found[each.running or ""]
            if not isinstance(operation, Running):
                await self._ended(each, found, publishes=publishes)
        delays = [
            poll_delay((now - each.at).total_seconds(), starts + len(each.changes) / at.lines)
            for each in self._batches.values()
            if isinstance(found.get(each.running or ""), Running)
        ]
        ended = any(
            each.running in found and not isinstance(found[each.running], Running)
            for each in self._batches.values()
        )
        wait = 0.0 if ended else min(delays, default=poll_delay(0.0))
        await self._put(**{LOOK_AT: (now + timedelta(seconds=wait)).isoformat()})

    async def _ended(self, each: Batch, found: dict[str, Operation], *, publishes: bool) -> None:
        """An operation is through: publish what it created, or settle when that is done, too."""
        creation = found[each.creation or ""]
        try:
            lines = await self._lines(each, creation)
            published = await self._lines(each, found.get(each.publishing or ""))
        except Unavailable:
            await self._put(replace(each, broken=each.broken + 1))
            raise
        if each.state is BatchState.CREATING:
            await self._measure(creation)
            if publishes and await self._publish(each, lines):
                return
        receipt = self._receipt(each, creation)
        if await settle_batch(self._work, self._door, each, lines, published, receipt):
            await self._drop(each)

    def _receipt(self, each: Batch, operation: Operation) -> Receipt:
        """As of a call: the creations of a batch share one operation. Its points are the job's."""
        began = operation.created_at or each.at
        ended = self._work.runtime.clock.now()
        if isinstance(operation, Completed):
            ended = began + timedelta(seconds=operation.seconds)
        return Receipt(START, operation.id, 0, began, ended)

    async def _lines(self, each: Batch, operation: Operation | None) -> dict[int, Line]:
        match operation:
            case Completed(url=str(url), size=size) if each.broken < _MOST_BROKEN:
                return await self._door.creations.lines(url, size=size)
            case Ended(partial_url=str(url)) if each.broken < _MOST_BROKEN:
                return await self._door.creations.lines(url)
            case _:
                return {}

    async def _measure(self, operation: Operation) -> None:
        # An operation of few lines tells how long a start takes.
        telling = 2 * self._work.runtime.batch_sizes.fewest
        if isinstance(operation, Completed) and operation.objects >= telling and operation.seconds > 0:
            self._work.job.bulk_rate = operation.objects / operation.seconds
            await self._work.job.save(update_fields=["bulk_rate"])

    async def _publish(self, each: Batch, lines: dict[int, Line]) -> bool:
        """Start publishing what the batch created and shall publish; False where there is nothing to start,
        or it can't be: then the products are published one by one."""
        if each.published:
            return False
        found = await rows(connection(), SELECT + "WHERE id = ANY($1::bigint[])", list(each.changes))
        wanted = {row["id"] for row in found if _publishes(change_of(row))}
        products: dict[ChangeId, ProductId] = {
            change: line.product
            for number, change in enumerate(each.changes)
            if change in wanted and (line := lines.get(number)) is not None and line.product is not None
        }
        if not products:
            return False
        publication = await self._door.creations.publication()
        if not publication:
            return False
        now = self._work.runtime.clock.now()
        asked = replace(each, state=BatchState.PUBLISH_STARTING, published=tuple(products), at=now)
        await self._put(asked)
        try:
            operation = await self._door.creations.publish(each.batch, products.values(), publication)
        except (BulkBusy, InvalidRequest):
            await self._put(each)
            return False
        except Throttled:
            await self._put(each)
            raise
        except Unavailable as error:
            if not error.sent:
                await self._put(each)
            raise
        await self._put(_heard(asked, operation, now))
        return True

    async def _start(self) -> None:
        """As many batches as are worth it and Shopify has places for."""
        now, busy_until = self._work.runtime.clock.now(), self._moment(BUSY_UNTIL)
        if self._cursor.get(REFUSED) or (busy_until is not None and now < busy_until):
            return
        free, left = AT_ONCE - len(self._batches), await creations_left(self._work.job.id)
        sizes = self._work.runtime.batch_sizes
        if next_lines(left, free, Pace(0.0, 1.0), sizes) == 0:
            return
        at = await pace_of(self._work, self._door)
        while (number := next_lines(left, free, at, sizes)) > 0 and not self._work.time_is_up():
            taken = await self._start_batch(number)
            if taken == 0:
                return
            left, free = left - taken, free - 1
            wait = poll_delay(0.0, sizes.start_seconds + taken / at.lines)
            await self._put(**{LOOK_AT: (now + timedelta(seconds=wait)).isoformat()})

    async def _start_batch(self, number: int) -> int:
        """Start a batch of the last creations; how many it took, 0 where it could not be started."""
        work, creations = self._work, self._door.creations
        changes, lines = await last_creations(work.job.id, number)
        if not changes:
            return 0
        key, now = uuid4(), work.runtime.clock.now()
        work.leases.check()
        path = await creations.stage_creations(key.hex, lines)
        each = Batch(key.hex, tuple(changes), BatchState.STARTING, now)
        async with transaction() as client:
            marked = await execute(client, MARK, changes, work.job.id, now, key, work.context.version)
            # A line can't be taken out of the file any more: all of them, or none.
            whole = marked == len(changes)
            if whole:
                await self._put(each, client=client)
            else:
                await execute(client, UNMARK, changes)
        if not whole:
            await check_standing(work)
            return 0
        work.leases.check()
        try:
            operation = await creations.start_creations(key.hex, path)
        except BulkBusy as error:
            until = now + timedelta(seconds=error.after or BUSY_SECONDS)
            await self._give_back(each, **{BUSY_UNTIL: until.isoformat()})
            return 0
        except InvalidRequest as error:
            log.error("bulk creation refused", job=str(work.job.id), reason=error.message)
            await self._give_back(each, **{REFUSED: True})
            return 0
        except RetryError as error:
            if not isinstance(error, Unavailable) or not error.sent:
                await self._give_back(each)
            raise
        await self._put(_heard(each, operation, now))
        await self._tell()
        return len(changes)

    async def _give_back(self, each: Batch, **places: Any) -> None:
        async with transaction() as client:
            await execute(client, UNMARK, list(each.changes))
            self._batches.pop(each.batch)
            await self._put(client=client, **places)

    async def _tell(self) -> None:
        job = self._work.job
        ways: Sequence[str] = [*(way for way in job.strategy.split("+") if way and way != STRATEGY), STRATEGY]
        job.strategy = "+".join(ways)
        await job.save(update_fields=["strategy"])


def _publishes(change: Change) -> bool:
    return isinstance(change.after, Mapping) and bool(change.after["publish"])


def _heard(each: Batch, operation: Operation, now: datetime) -> Batch:
    if each.state is BatchState.STARTING:
        return replace(each, state=BatchState.CREATING, creation=operation.id, at=now)
    return replace(each, state=BatchState.PUBLISHING, publishing=operation.id, at=now)
