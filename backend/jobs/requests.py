"""What people and programs may ask for: each writes rows and enqueues in one transaction, and answers the
job.

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
from backend.jobs.ending import recount
from backend.jobs.queue import Queue, enqueue, transaction
from backend.jobs.runner import RESEND_SECONDS
from backend.jobs.state import FINISHED, Event, after
from backend.jobs.undo import undo_products
from backend.models.author import is_by_token
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Job, JobKind, JobPhase, JobState, Trigger
from backend.models.link import Conflict, ConflictState, Hold, ProductLink
from backend.models.mirror import MirrorProduct
from backend.sync.catalog import ProductId
from backend.sync.match import ConflictAction, DecisionKind
from backend.sync.settings import SyncSettings
from backend.sync.settings_json import dump_settings

_MOST_CHANGES = 10_000
_BY_ITSELF = frozenset({Trigger.SCHEDULE, Trigger.CHANGE})

_STOPPED = {
    ConnectionState.PAUSED: ErrorCode.CONNECTION_PAUSED,
    ConnectionState.SUSPENDED: ErrorCode.CONNECTION_SUSPENDED,
    ConnectionState.DISCONNECTED: ErrorCode.NOT_CONNECTED,
}
_TAKE_HELD = """
UPDATE change SET state = $3, code = NULL
WHERE id = ANY($1::bigint[]) AND connection_id = $2 AND state = 'HELD'
  AND job_id IN (SELECT id FROM job WHERE connection_id = $2 AND kind <> 'PREVIEW')
RETURNING id, job_id, main_product_gid, product_gid
"""
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


async def confirm_changes(
    connection: UUID,
    changes: Sequence[int],
    *,
    now: datetime,
    allow: Guard = by_itself,
    created_by: str = "",
) -> Job:
    """Let held changes go on. What they are is computed afresh: what a person has not seen is asked again.

    Raises UserError with NOT_HELD when none of them waits.
    """
    async with transaction() as client:
        await working_connection(client, connection, allow)
        found = await _take_held(client, connection, changes, "CONFIRMED")
        source = await Job.get(id=found[0]["job_id"], using_db=client)
        payload = {
            "changes": sorted(row["id"] for row in found),
            "main_products": sorted({row["main_product_gid"] for row in found}),
            "products": sorted({row["product_gid"] for row in found} - {""}),
            "repair": is_repair(source),
        }
        for job in {row["job_id"] for row in found}:
            await recount(client, job)
        return await new_job(
            client, connection, JobKind.CONFIRM, Trigger.MANUAL, payload, now, by=created_by, queue=Queue.LIVE
        )


async def reject_changes(connection: UUID, changes: Sequence[int], *, allow: Guard = by_itself) -> list[int]:
    """Held changes that shall not be made; the ids. The next sync asks again if main still wants them.

    Raises UserError with NOT_HELD when none of them waits.
    """
    async with transaction() as client:
        await locked_connection(client, connection, allow)
        found = await _take_held(client, connection, changes, "REJECTED")
        for job in {row["job_id"] for row in found}:
            await recount(client, job)
        return sorted(row["id"] for row in found)


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
    _few(changes)
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


async def release_hold(
    connection: UUID, hold_id: UUID, *, now: datetime, allow: Guard = by_itself, created_by: str = ""
) -> Job | None:
    """Let main's value through again; the job that writes it, None where the product is not linked any
    more."""
    async with transaction() as client:
        tie = await locked_connection(client, connection, allow)
        hold = await Hold.get_or_none(id=hold_id, connection_id=connection, using_db=client)
        if hold is None:
            raise NotFound
        await hold.delete(using_db=client)
        link = await ProductLink.get_or_none(
            connection_id=connection, dependent_gid=hold.product_gid, using_db=client
        )
        if link is None or tie.state is not ConnectionState.ACTIVE:
            return None
        payload = {"main_products": [link.main_gid], "products": [hold.product_gid]}
        return await new_job(
            client, connection, JobKind.RESOLVE, Trigger.MANUAL, payload, now, by=created_by, queue=Queue.LIVE
        )


async def resolve_conflict(
    connection: UUID,
    conflict_id: UUID,
    action: ConflictAction,
    *,
    now: datetime,
    allow: Guard = by_itself,
    product: ProductId | None = None,
    created_by: str = "",
) -> Job | None:
    """A person's decision on a conflict: link to `product` of the dependent, create as new, or ignore; the
    job that carries it out, None for ignore.

    Raises NotFound (at `productId`: the dependent has no such product), or UserError with CONFLICT_CLOSED,
    INVALID_INPUT (no product to link to) or ALREADY_LINKED.
    """
    async with transaction() as client:
        tie = await working_connection(client, connection, allow)
        conflict = (
            await Conflict.filter(id=conflict_id, connection_id=connection).using_db(client).get_or_none()
        )
        if conflict is None:
            raise NotFound
        if conflict.state is ConflictState.RESOLVED:
            raise UserError(ErrorCode.CONFLICT_CLOSED, "The conflict is settled already.")
        decision = await _decision(client, tie, conflict, action, product)
        # The latest word on a product counts, whichever of its conflicts it was said to.
        own = Conflict.filter(connection_id=connection, main_gid=conflict.main_gid).using_db(client)
        await own.exclude(id=conflict_id).update(decision={})
        conflict.decision = decision
        conflict.state = ConflictState.IGNORED if action is ConflictAction.IGNORE else ConflictState.OPEN
        await conflict.save(update_fields=["decision", "state"], using_db=client)
        if action is ConflictAction.IGNORE:
            return None
        payload = {"main_products": [conflict.main_gid], "products": [product] if product else []}
        return await new_job(
            client, connection, JobKind.RESOLVE, Trigger.MANUAL, payload, now, by=created_by, queue=Queue.LIVE
        )


async def reopen_conflict(connection: UUID, conflict_id: UUID, *, allow: Guard = by_itself) -> None:
    """Take a decision back: the conflict stands in the review list again. Raises NotFound, or UserError with
    CONFLICT_CLOSED."""
    async with transaction() as client:
        await locked_connection(client, connection, allow)
        own = Conflict.filter(id=conflict_id, connection_id=connection).using_db(client)
        conflict = await own.select_for_update().get_or_none()
        if conflict is None:
            raise NotFound
        if conflict.state is ConflictState.RESOLVED:
            raise UserError(ErrorCode.CONFLICT_CLOSED, "The conflict is settled already.", field=("id",))
        conflict.state, conflict.decision = ConflictState.OPEN, {}
        await conflict.save(update_fields=["state", "decision"], using_db=client)


async def _decision(
    client: BaseDBAsyncClient,
    connection: Connection,
    conflict: Conflict,
    action: ConflictAction,
    product: ProductId | None,
) -> dict[str, Any]:
    match action:
        case ConflictAction.LINK_TO:
            if product is None:
                raise UserError(
                    ErrorCode.INVALID_INPUT, "Say which product to link to.", field=("productId",)
                )
            there = MirrorProduct.filter(shop_id=connection.dependent_id, gid=product, gone_at=None)
            if not await there.using_db(client).exists():
                raise NotFound(field=("productId",))
            taken = ProductLink.filter(connection_id=connection.id, dependent_gid=product).using_db(client)
            if await taken.exclude(main_gid=conflict.main_gid).exists():
                raise UserError(
                    ErrorCode.ALREADY_LINKED, "That product is linked to another one.", field=("productId",)
                )
            return {"kind": DecisionKind.LINK_TO.value, "product": product}
        case ConflictAction.CREATE_AS_NEW:
            return {"kind": DecisionKind.CREATE_AS_NEW.value}
        case ConflictAction.IGNORE:
            return {"kind": DecisionKind.IGNORE.value}


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


async def _take_held(
    client: BaseDBAsyncClient, connection: UUID, changes: Sequence[int], state: str
) -> list[dict[str, Any]]:
    _few(changes)
    found = await rows(client, _TAKE_HELD, sorted(set(changes)), connection, state)
    if not found:
        raise UserError(ErrorCode.NOT_HELD, "None of these changes waits.", field=("changeIds",))
    return found


def _few(changes: Sequence[int]) -> None:
    if len(changes) > _MOST_CHANGES:
        params = {"limit": str(_MOST_CHANGES)}
        raise UserError(ErrorCode.TOO_MANY, "Too many at once.", field=("changeIds",), params=params)
