"""Jobs: seeing them, starting, canceling, retrying and undoing them, and deciding on what they hold."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from backend.access.ids import number_id, row_id, shopify_id
from backend.access.policy import RIGHT_OF_JOB, Guard, Right, demand
from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs import decisions, requests
from backend.models.connection import ConnectionState
from backend.models.job import ChangeState, JobKind
from backend.models.job import Job as JobRow
from backend.resolvers.announce import announce
from backend.schema.change import Change
from backend.schema.context import Info
from backend.schema.job import Job, JobFilter, Run
from backend.schema.paging import NEWEST_FIRST, Page, page
from backend.schema.payloads import ChangesPayload, JobPayload, SyncAllPayload
from backend.sync.catalog import ProductId

_MOST_HELD = 10_000
_MOST_SHOWN = 250


async def jobs(
    info: Info,
    first: int | None = None,
    after: str | None = None,
    filter: JobFilter | None = None,  # noqa: A002
) -> Page[Job]:
    rows = info.context.scope.jobs()
    if filter is not None:
        rows = filter.apply(rows)
    return await page(rows, NEWEST_FIRST, Job.of, first=first, after=after)


async def job(info: Info, id: strawberry.ID) -> Job | None:  # noqa: A002
    try:
        return Job.of(await info.context.scope.job(row_id(id, "id")))
    except NotFound:
        return None


async def run(info: Info, id: strawberry.ID) -> Run | None:  # noqa: A002
    found = await info.context.scope.jobs().filter(run_id=row_id(id, "id")).order_by("created_at", "id")
    return Run.of(found) if found else None


async def sync_all(info: Info, connection_ids: list[strawberry.ID] | None = None) -> SyncAllPayload:
    """Without ids, every connection that is active; with them, those, or nothing."""
    scope = info.context.scope
    if connection_ids is None:
        active = await scope.alive().filter(state=ConnectionState.ACTIVE)
        wanted = [row.id for row in active]
    else:
        wanted = []
        for index, each in enumerate(dict.fromkeys(connection_ids)):
            field = ("connectionIds", str(index))
            found = await scope.connection(row_id(each, *field), *field, right=Right.SYNC)
            wanted.append(found.id)
    if not wanted:
        raise UserError(ErrorCode.NOT_CONNECTED, "There is no connection to sync.")
    started = await requests.sync_all(
        wanted, now=_now(info), allow=scope.guard(Right.SYNC), created_by=scope.principal.user
    )
    await announce(info, started)
    return SyncAllPayload(run=Run.of(started), jobs=[Job.of(row) for row in started])


async def confirm_changes(
    info: Info, job_id: strawberry.ID, change_ids: list[strawberry.ID] | None = None
) -> JobPayload:
    row = await _job(info, job_id, "jobId", right=Right.CONFIRM)
    ids = await _held(info, row, change_ids)
    made = await decisions.confirm_changes(
        row.connection_id, ids, now=_now(info), allow=_guard(info, Right.CONFIRM), created_by=_by(info)
    )
    return await _answer(info, made, row)


async def reject_changes(
    info: Info, job_id: strawberry.ID, change_ids: list[strawberry.ID] | None = None
) -> ChangesPayload:
    row = await _job(info, job_id, "jobId", right=Right.CONFIRM)
    ids = await _held(info, row, change_ids)
    rejected = await decisions.reject_changes(row.connection_id, ids, allow=_guard(info, Right.CONFIRM))
    shown = await info.context.scope.changes().filter(id__in=rejected[:_MOST_SHOWN]).order_by("seq")
    await announce(info, [row])
    return ChangesPayload(changes=[Change.of(each) for each in shown], count=len(rejected))


async def cancel_job(info: Info, id: strawberry.ID) -> JobPayload:  # noqa: A002
    row = await _own_job(info, id)
    return await _answer(
        info, await requests.cancel(row.id, now=_now(info), allow=_guard(info, RIGHT_OF_JOB[row.kind]))
    )


async def retry_job(info: Info, id: strawberry.ID) -> JobPayload:  # noqa: A002
    row = await _own_job(info, id)
    allow = _guard(info, RIGHT_OF_JOB[row.kind])
    made = await requests.retry(row.id, now=_now(info), allow=allow, created_by=_by(info))
    return await _answer(info, made)


async def undo_job(info: Info, id: strawberry.ID) -> JobPayload:  # noqa: A002
    row = await _job(info, id, "id", right=Right.UNDO)
    allow = _guard(info, Right.UNDO)
    made = await requests.undo_job(row.id, now=_now(info), allow=allow, created_by=_by(info))
    return await _answer(info, made)


async def undo_changes(info: Info, change_ids: list[strawberry.ID]) -> JobPayload:
    ids = _numbers(change_ids)
    tie = await info.context.scope.connection_of_changes(ids, "changeIds", right=Right.UNDO)
    made = await requests.undo_changes(
        tie.id, ids, now=_now(info), allow=_guard(info, Right.UNDO), created_by=_by(info)
    )
    return await _answer(info, made)


async def undo_product(info: Info, job_id: strawberry.ID, product_id: strawberry.ID) -> JobPayload:
    """What this one job changed in the product."""
    row = await _job(info, job_id, "jobId", right=Right.UNDO)
    product = ProductId(shopify_id(product_id, "Product", "productId"))
    applied = info.context.scope.changes().filter(
        job_id=row.id, product_gid=product, state=ChangeState.APPLIED
    )
    ids = [each.id for each in await applied.limit(_MOST_HELD).only("id")]
    if not ids:
        raise UserError(ErrorCode.NOTHING_TO_UNDO, "The job changed nothing in it.", field=("productId",))
    made = await requests.undo_changes(
        row.connection_id, ids, now=_now(info), allow=_guard(info, Right.UNDO), created_by=_by(info)
    )
    return await _answer(info, made)


def _now(info: Info) -> datetime:
    return info.context.services.clock.now()


def _guard(info: Info, right: Right) -> Guard:
    return info.context.scope.guard(right)


def _by(info: Info) -> str:
    return info.context.scope.principal.user


async def _job(info: Info, job_id: str, field: str, *, right: Right | None = None) -> JobRow:
    return await info.context.scope.job(row_id(job_id, field), field, right=right)


async def _own_job(info: Info, job_id: str) -> JobRow:
    """A job that the caller may stop and run again: whoever may start one of its kind."""
    row = await _job(info, job_id, "id")
    demand(RIGHT_OF_JOB[row.kind], info.context.scope.principal, row.connection)
    return row


async def _answer(info: Info, made: JobRow, *others: JobRow) -> JobPayload:
    await announce(info, [made, *others])
    return JobPayload(job=Job.of(made))


async def _held(info: Info, row: JobRow, change_ids: Sequence[str] | None) -> list[int]:
    """The changes of the job that are asked for, all that are held without `change_ids`. NOT_HELD for a
    preview's: nothing waits there."""
    if row.kind is JobKind.PREVIEW:
        raise UserError(ErrorCode.NOT_HELD, "A preview changes nothing.", field=("jobId",))
    changes = info.context.scope.changes().filter(job_id=row.id)
    if change_ids is None:
        held = changes.filter(state=ChangeState.HELD).order_by("seq").limit(_MOST_HELD)
        return [each.id for each in await held.only("id")]
    wanted = _numbers(change_ids)
    known = {each.id for each in await changes.filter(id__in=wanted).only("id")}
    if not wanted or set(wanted) - known:
        raise NotFound(field=("changeIds",))
    return wanted


def _numbers(change_ids: Sequence[str]) -> list[int]:
    return [number_id(each, "changeIds", str(index)) for index, each in enumerate(change_ids)]
