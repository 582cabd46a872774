"""What people and programs may ask for: each writes rows and enqueues in one transaction, and answers the
job. What they decide stands in `backend.jobs.decisions`.

Whoever calls has checked that the caller may see the connection; ids that do not belong to it are as good as
missing. That the caller may do this is asked again by `allow`, once the connection is locked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.access.locked import by_itself, locked_connection
from backend.access.policy import Guard
from backend.database import rows
from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs.context import is_repair
from backend.jobs.queue import Queue, enqueue, transaction
from backend.jobs.runner import RESEND_SECONDS
from backend.jobs.state import FINISHED, PHASES, Event, after
from backend.jobs.undo import undo_products
from backend.models.author import is_by_token
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Job, JobKind, JobPhase, JobState, Trigger
from backend.sync.catalog import ProductId
from backend.sync.settings import SyncSettings
from backend.sync.settings_json import dump_settings

_MOST_CHANGES = 10_000
_BY_ITSELF = frozenset({Trigger.SCHEDULE, Trigger.CHANGE})

_STOPPED = {
    ConnectionState.PAUSED: ErrorCode.CONNECTION_PAUSED,
    ConnectionState.SUSPENDED: ErrorCode.CONNECTION_SUSPENDED,
    ConnectionState.DISCONNECTED: ErrorCode.NOT_CONNECTED,
}
_FAILED_PRODUCTS = """
SELECT DISTINCT main_product_gid AS gid FROM change
WHERE job_id = $1 AND state IN ('FAILED', 'CANCELED', 'SKIPPED') AND main_product_gid <> '' ORDER BY 1
"""


async def sync_all(
    connections: Sequence[UUID],
    *,
    now: datetime,
    allow: Guard = by_itself,
    trigger: Trigger = Trigger.MANUAL,
    created_by: str = "",
) -> list[Job]:
    """One job per connection, under one run id. A connection that has such a job queued already keeps it: the
    answer holds that one.

    Raises UserError with CONNECTION_PAUSED, CONNECTION_SUSPENDED or NOT_CONNECTED, and then queues nothing.
    """
    run = uuid4()
    async with transaction() as client:
        jobs = []
        for each in sorted(connections):
            await working_connection(client, each, allow)
            key = f"{JobKind.SYNC_ALL}:{each}:{'AUTO' if trigger in _BY_ITSELF else 'ASKED'}"
            jobs.append(
                await new_job(
                    client, each, JobKind.SYNC_ALL, trigger, {}, now, run=run, by=created_by, key=key
                )
            )
        return jobs


async def preview(
    connection: UUID,
    *,
    now: datetime,
    allow: Guard = by_itself,
    settings: SyncSettings | None = None,
    trigger: Trigger = Trigger.MANUAL,
    created_by: str = "",
) -> Job:
    """A job that computes what a sync would change and writes nothing; with `settings`, as if these were
    saved."""
    payload: dict[str, Any] = {} if settings is None else {"settings": dump_settings(settings)}
    key = None if settings is not None else f"{JobKind.PREVIEW}:{connection}"
    async with transaction() as client:
        await working_connection(client, connection, allow, paused=True)
        return await new_job(
            client, connection, JobKind.PREVIEW, trigger, payload, now, by=created_by, key=key
        )


async def cancel(job_id: UUID, *, now: datetime, allow: Guard = by_itself) -> Job:
    """Stop a job: the call in flight is finished, what was applied stays. Raises UserError with
    JOB_FINISHED."""
    async with transaction() as client:
        job, _ = await _job(client, job_id, allow)
        if job.state in FINISHED:
            raise UserError(ErrorCode.JOB_FINISHED, "The job has ended already.")
        job.state = after(job.state, Event.CANCEL)
        if job.state is JobState.CANCELED:
            job.finished_at, job.next_run_at, job.dedupe_key = now, None, None
            job.error_code = ErrorCode.CANCELED.value
        else:
            job.next_run_at = now
            enqueue(job.id, Queue(job.queue))
        fields = ["state", "finished_at", "next_run_at", "dedupe_key", "error_code"]
        await job.save(update_fields=fields, using_db=client)
        return job


async def retry(job_id: UUID, *, now: datetime, allow: Guard = by_itself, created_by: str = "") -> Job:
    """A new job for what did not work out: the products of failed changes, or all of it when it never came so
    far.

    Raises UserError with JOB_NOT_FINISHED or JOB_NOT_RETRYABLE.
    """
    async with transaction() as client:
        job, tie = await _job(client, job_id, allow)
        if job.state not in FINISHED:
            raise UserError(ErrorCode.JOB_NOT_FINISHED, "The job has not ended yet.")
        if job.state is JobState.SUCCEEDED:
            raise UserError(ErrorCode.JOB_NOT_RETRYABLE, "Nothing of the job failed.")
        _demand_working(tie, paused=job.kind is JobKind.PREVIEW)
        failed = [row["gid"] for row in await rows(client, _FAILED_PRODUCTS, job.id)]
        if job.phase in (JobPhase.APPLY, JobPhase.DONE) and failed and job.kind is not JobKind.UNDO:
            kind, payload = (
                JobKind.RETRY,
                {"main_products": failed, "repair": is_repair(job), "of": str(job.id)},
            )
        else:
            kept = {key: value for key, value in job.payload.items() if key != "asked_at"}
            kind, payload = job.kind, {**kept, "repair": is_repair(job), "of": str(job.id)}
        queue = Queue(job.queue)
        return await new_job(
            client, job.connection_id, kind, Trigger.MANUAL, payload, now, by=created_by, queue=queue
        )


async def undo_job(job_id: UUID, *, now: datetime, allow: Guard = by_itself, created_by: str = "") -> Job:
    """Write back what the job replaced. Raises UserError with JOB_NOT_FINISHED or NOTHING_TO_UNDO."""
    async with transaction() as client:
        job, tie = await _job(client, job_id, allow)
        if job.state not in FINISHED:
            raise UserError(ErrorCode.JOB_NOT_FINISHED, "The job has not ended yet.")
        return await _undo(client, tie, {"job": str(job_id)}, now, created_by)


async def undo_changes(
    connection: UUID,
    changes: Sequence[int],
    *,
    now: datetime,
    allow: Guard = by_itself,
    created_by: str = "",
) -> Job:
    """Write back what these changes replaced. Raises UserError with NOTHING_TO_UNDO."""
    few_enough(changes)
    async with transaction() as client:
        tie = await locked_connection(client, connection, allow)
        return await _undo(client, tie, {"changes": sorted(set(changes))}, now, created_by)


async def undo_product(
    connection: UUID, product: ProductId, *, now: datetime, allow: Guard = by_itself, created_by: str = ""
) -> Job:
    """Write back everything that was replaced in one of the dependent's products, by its id there."""
    async with transaction() as client:
        tie = await locked_connection(client, connection, allow)
        return await _undo(client, tie, {"product": product}, now, created_by)


async def _undo(
    client: BaseDBAsyncClient, tie: Connection, scope: Mapping[str, Any], now: datetime, by: str
) -> Job:
    _demand_working(tie)
    payload: dict[str, Any] = {"undo": dict(scope)}
    products = await undo_products(client, tie.id, payload, limit=1_000_000)
    if not products:
        raise UserError(ErrorCode.NOTHING_TO_UNDO, "Nothing of this was applied, or it is undone already.")
    payload["products"] = [each for each in products if each]
    return await new_job(client, tie.id, JobKind.UNDO, Trigger.MANUAL, payload, now, by=by, queue=Queue.LIVE)


async def new_job(
    client: BaseDBAsyncClient,
    connection: UUID,
    kind: JobKind,
    trigger: Trigger,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    run: UUID | None = None,
    by: str = "",
    key: str | None = None,
    queue: Queue = Queue.BACKGROUND,
) -> Job:
    """A new job, or the identical one that is queued already. What a person would ask for by hand, a program
    asks for through the API: `by` tells."""
    if trigger is Trigger.MANUAL and is_by_token(by):
        trigger = Trigger.API
    if key is not None:
        queued = await Job.filter(dedupe_key=key).using_db(client).select_for_update().get_or_none()
        if queued is not None:
            return await _join(client, queued, trigger, now)
    job = await Job.create(
        run_id=run or uuid4(),
        connection_id=connection,
        kind=kind,
        trigger=trigger,
        phase=PHASES[kind][0],
        payload=dict(payload),
        dedupe_key=key,
        created_by=by[:64],
        created_at=now,
        queue=queue.value,
        next_run_at=now + timedelta(seconds=RESEND_SECONDS),
        using_db=client,
    )
    enqueue(job.id, queue)
    return job


async def _join(client: BaseDBAsyncClient, queued: Job, trigger: Trigger, now: datetime) -> Job:
    """A second request for a queued job: what was saved before it has to be seen too, and a person's wish to
    repair counts whoever came first."""
    repair = is_repair(queued) or trigger in (Trigger.MANUAL, Trigger.API)
    queued.payload = {**queued.payload, "asked_at": now.isoformat(), "repair": repair}
    await queued.save(update_fields=["payload"], using_db=client)
    return queued


async def working_connection(
    client: BaseDBAsyncClient, connection: UUID, allow: Guard, *, paused: bool = False
) -> Connection:
    """The connection, locked, so that two requests at once queue one job. Raises what keeps it from
    working."""
    found = await locked_connection(client, connection, allow)
    _demand_working(found, paused=paused)
    return found


def _demand_working(connection: Connection, *, paused: bool = False) -> None:
    state = connection.state
    if state is not ConnectionState.ACTIVE and not (paused and state is ConnectionState.PAUSED):
        raise UserError(_STOPPED[state], f"The connection is {state.lower()}.")


async def _job(client: BaseDBAsyncClient, job_id: UUID, allow: Guard) -> tuple[Job, Connection]:
    """The job and its connection, locked."""
    known = await Job.get_or_none(id=job_id, using_db=client)
    if known is None:
        raise NotFound
    tie = await locked_connection(client, known.connection_id, allow)
    job = await Job.filter(id=job_id).using_db(client).select_for_update().get_or_none()
    if job is None:
        raise NotFound
    return job, tie


def few_enough(changes: Sequence[int]) -> None:
    """Raises UserError TOO_MANY at `changeIds`."""
    if len(changes) > _MOST_CHANGES:
        params = {"limit": str(_MOST_CHANGES)}
        raise UserError(ErrorCode.TOO_MANY, "Too many at once.", field=("changeIds",), params=params)
