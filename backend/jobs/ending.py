"""How a job ends: its outcome by what became of its changes, and who may go on now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q

from backend.database import connection, execute, rows
from backend.errors import AppError, ErrorCode
from backend.jobs.context import ConnectionStoppedError, Context
from backend.jobs.page_plan import GRACE
from backend.jobs.queue import Queue, enqueue, enqueue_look, transaction
from backend.jobs.state import FINISHED, Event, after, outcome
from backend.live.dirty import Dirt, put_dirt
from backend.live.pending import Mark, mark_pending
from backend.models.connection import Connection, ConnectionState
from backend.models.job import ChangeState, Job, JobKind, JobPhase, JobState, Trigger
from backend.models.live import Stream, SubjectKind
from backend.models.shop import ShopToken
from backend.parity.record import forget_repaired
from backend.sync.catalog import ProductId


class CanceledError(Exception):
    """A person canceled the job while it ran."""


# What is stored when a job goes over to its next phase.
OF_A_PHASE = (
    "phase",
    "phase_started_at",
    "done",
    "total",
    "eta_at",
    "cursor",
    "attempts",
    "estimate_points",
    "estimate_seconds",
)
# How many products could not be planned for a defect of ours, among a job's counts.
DEFECTS = f"refused.{ErrorCode.INTERNAL}"
_OF_THE_END = (
    "state",
    "counts",
    "finished_at",
    "next_run_at",
    "eta_at",
    "dedupe_key",
    "error_code",
    "error_message",
    "phase",
    "checksum",
)
_SETTLED = frozenset({ChangeState.APPLIED, ChangeState.UNDONE, ChangeState.CONFIRMED})

_COUNTS = """
SELECT state, action, field, count(*) AS number FROM change WHERE job_id = $1 GROUP BY state, action, field
"""
_LEAVE_NO_TRACE = """
DELETE FROM job WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM change WHERE job_id = $1)
"""
_GIVE_UP = """
UPDATE change SET state = 'CANCELED', code = $2 WHERE job_id = $1 AND state = 'PLANNED'
"""
# What was sent and never answered is not known until somebody looks. Shared stock (its main_hash is a pool's
# mark) is sent again under its key: a number of ours that nobody heard of would look like a sale.
_UNKNOWN = """
UPDATE change SET state = 'FAILED', code = $2
WHERE job_id = $1 AND state = 'SENT' AND (field <> 'STOCK' OR main_hash IS NULL OR main_hash NOT LIKE '#%')
RETURNING product_gid, (SELECT dependent_id FROM connection WHERE id = connection_id) AS shop
"""
_UNWRITTEN = """
SELECT main_product_gid AS main, coalesce(min(happened_at), $2::timestamptz) AS happened_at FROM change
WHERE job_id = $1 AND state IN ('PLANNED', 'SENT') AND main_product_gid <> '' GROUP BY main_product_gid
"""
# A change that Shopify could not take for half an hour is tried again after this long.
_AGAIN = timedelta(minutes=5)
_WAITING = """
UPDATE job SET next_run_at = $2 WHERE connection_id = $1 AND state = 'WAITING' AND phase = 'REFRESH'
RETURNING id, queue
"""


async def count_changes(
    client: BaseDBAsyncClient, job: UUID
) -> tuple[dict[str, int], dict[ChangeState, int]]:
    """Changes by state, and by state and kind ("APPLIED.PRICE", "HELD.DELETE_PRODUCT"), for the job's row;
    and by state."""
    counts: dict[str, int] = {}
    states: dict[ChangeState, int] = {}
    for row in await rows(client, _COUNTS, job):
        kind = row["field"] if row["action"] == "SET" else row["action"]
        state, number = row["state"], int(row["number"])
        counts[state] = counts.get(state, 0) + number
        counts[f"{state}.{kind}"] = counts.get(f"{state}.{kind}", 0) + number
        states[ChangeState(state)] = states.get(ChangeState(state), 0) + number
    return counts, states


def merged(old: Mapping[str, int], counts: Mapping[str, int]) -> dict[str, int]:
    """The counts of changes anew, those of the plan ("products.linked") as they are."""
    kept = {key: value for key, value in old.items() if key[:1].islower()}
    return dict(sorted({**kept, **counts}.items()))


async def recount(client: BaseDBAsyncClient, job_id: UUID) -> dict[str, int]:
    """Store in the job's row what has become of its changes by now, and answer it."""
    job = await Job.get(id=job_id, using_db=client)
    counts, _ = await count_changes(client, job_id)
    job.counts = merged(job.counts, counts)
    await job.save(update_fields=["counts"], using_db=client)
    return job.counts


async def finish(job: Job, now: datetime, context: Context) -> None:
    """Everything is done. A live job that found nothing to change leaves no trace, unless a person asked for
    it."""
    by_itself = job.kind is JobKind.LIVE and job.trigger is Trigger.CHANGE
    if by_itself and await execute(connection(), _LEAVE_NO_TRACE, job.id):
        return
    async with transaction() as client:
        counts, states = await count_changes(client, job.id)
        event = outcome(states) if job.kind is not JobKind.PREVIEW else Event.SUCCEED
        if event is Event.SUCCEED and job.counts.get(DEFECTS):
            event, job.error_code = Event.PARTLY, ErrorCode.INTERNAL.value
            job.error_message = "Some products could not be looked at; they are set aside with the reason."
        if not context.chosen:
            job.error_code = ErrorCode.SETTINGS_NOT_CHOSEN.value
        if _in_step(job, states, context):
            # Before the job: whoever cancels it locks them in this order.
            await Connection.filter(id=job.connection_id).using_db(client).update(in_step_at=now)
        await _end(client, job, event, now, counts, OF_A_PHASE)
        if job.cursor.get("grace") and not context.dry:
            await _come_back(client, job, now + GRACE)


def _in_step(job: Job, states: Mapping[ChangeState, int], context: Context) -> bool:
    """Whether the dependent says everything it should: the whole of it was compared, nothing was refused
    (prices
    without a rate, say) and nothing is left over."""
    whole = job.kind is JobKind.SYNC_ALL and not context.dry
    refused = any(key.startswith("refused.") for key in job.counts)
    return whole and not refused and all(state in _SETTLED for state in states)


async def stop(job: Job, now: datetime, reason: ConnectionStoppedError | None = None) -> None:
    """The job was canceled, or its connection stopped: what was applied stays, what was not is given up."""
    async with transaction() as client:
        fresh = await Job.filter(id=job.id).using_db(client).select_for_update().get()
        if fresh.state in FINISHED:
            return
        job.state = JobState.CANCELING
        job.error_code = (reason.code if reason else ErrorCode.CANCELED).value
        job.error_message = reason.message if reason else ""
        await _give_up(client, job, now, again=reason is not None)
        counts, _ = await count_changes(client, job.id)
        await _end(client, job, Event.STOP, now, counts)


async def fail(job: Job, error: AppError, now: datetime) -> None:
    """A person has to act. Without access to a shop its connections stop, so that they say why nothing
    happens."""
    async with transaction() as client:
        job.error_code, job.error_message = error.code.value, error.message[:500]
        await _give_up(client, job, now, again=True)
        counts, _ = await count_changes(client, job.id)
        await _end(client, job, Event.FAIL, now, counts)


async def _give_up(client: BaseDBAsyncClient, job: Job, now: datetime, *, again: bool) -> None:
    """What is not written will not be by this job. What follows a change in main by itself is not lost by
    that: with `again` its products stay dirty."""
    if again and job.kind is JobKind.LIVE:
        unwritten = await rows(client, _UNWRITTEN, job.id, now)
        owner, due_at = job.connection_id, now + _AGAIN
        await put_dirt(
            client,
            [
                Dirt(owner, Stream.PRODUCT, ProductId(row["main"]), row["happened_at"], due_at)
                for row in unwritten
            ],
            now,
        )
    unknown = await rows(client, _UNKNOWN, job.id, job.error_code)
    marks = [
        Mark(row["shop"], SubjectKind.PRODUCT, row["product_gid"], now, now)
        for row in unknown
        if row["product_gid"]
    ]
    await mark_pending(client, marks)
    for shop in {each.shop for each in marks}:
        enqueue_look(shop)
    await execute(client, _GIVE_UP, job.id, job.error_code)


async def suspend(shop: UUID) -> None:
    """The app has no access to the shop any more: nothing of it can be synced until it is opened there
    again, which brings a new token, and what happens there meanwhile nobody sees."""
    concerned = Q(main_id=shop) | Q(dependent_id=shop)
    alive = Q(state__in=[ConnectionState.ACTIVE, ConnectionState.PAUSED])
    # Together: whoever brings a token meanwhile finds the connections that go on with it.
    async with transaction() as client:
        await ShopToken.filter(shop_id=shop).using_db(client).delete()
        found = Connection.filter(concerned & alive).using_db(client)
        await found.update(state=ConnectionState.SUSPENDED, read_at=None)


async def _end(
    client: BaseDBAsyncClient,
    job: Job,
    event: Event,
    now: datetime,
    counts: Mapping[str, int],
    also: Sequence[str] = (),
) -> None:
    """`also` are more fields of the job to store."""
    job.state = after(job.state, event)
    job.counts = merged(job.counts, counts)
    job.finished_at, job.next_run_at, job.eta_at, job.dedupe_key = now, None, None, None
    await job.save(update_fields={*_OF_THE_END, *also}, using_db=client)
    if counts.get(ChangeState.APPLIED):
        await forget_repaired(client, job.id)
    # The next job of the connection needs not wait for its turn to be noticed.
    for row in await rows(client, _WAITING, job.connection_id, now):
        enqueue(row["id"], Queue(row["queue"]))


async def _come_back(client: BaseDBAsyncClient, job: Job, at: datetime) -> None:
    """Something is gone from main, but not for long enough to act on it: look again when it is."""
    key = f"grace:{job.connection_id}"
    if await Job.filter(dedupe_key=key).using_db(client).exists():
        return
    await Job.create(
        run_id=job.run_id,
        connection_id=job.connection_id,
        kind=JobKind.SYNC_ALL,
        trigger=Trigger.SCHEDULE,
        phase=JobPhase.REFRESH,
        settings_version=job.settings_version,
        # A read that began before would not see what has come back meanwhile.
        payload={"asked_at": at.isoformat()},
        dedupe_key=key,
        next_run_at=at + timedelta(seconds=1),
        using_db=client,
    )
