"""Jobs as they change: the state now at once, then every change."""

from collections.abc import AsyncGenerator

import strawberry

from backend.access.ids import row_id
from backend.access.loaders import Loaders
from backend.jobs.state import FINISHED
from backend.models.job import Job as JobRow
from backend.schema.context import Info
from backend.schema.job import Job
from backend.web.vigil import vigil

# A hint can get lost: then the row is looked at again after so many seconds.
LOOK_AGAIN_SECONDS = 10.0


async def job_progress(info: Info, job_id: strawberry.ID) -> AsyncGenerator[Job, None]:
    """Completes when the job has finished."""
    context = info.context
    scope, wanted = context.scope, row_id(job_id, "jobId")
    async with (
        vigil(context.services, scope.principal) as guard,
        context.services.hub.watch(scope.shop_id, wanted) as watcher,
    ):
        row: JobRow = await scope.job(wanted, "jobId")
        shown = _mark(row)
        while True:
            yield _fresh(info, row)
            while True:
                if row.state in FINISHED:
                    return
                taken = await watcher.take(LOOK_AGAIN_SECONDS)
                await guard.check()
                row = taken[-1] if taken else await scope.job(wanted, "jobId")
                if _mark(row) != shown:
                    shown = _mark(row)
                    break


async def jobs(info: Info) -> AsyncGenerator[Job, None]:
    context = info.context
    scope = context.scope
    async with (
        vigil(context.services, scope.principal) as guard,
        context.services.hub.watch(scope.shop_id) as watcher,
    ):
        while True:
            taken = await watcher.take(LOOK_AGAIN_SECONDS)
            await guard.check()
            for row in taken:
                yield _fresh(info, row)


def _fresh(info: Info, row: JobRow) -> Job:
    info.context.loaders = Loaders()
    return Job.of(row)


def _mark(row: JobRow) -> tuple[object, ...]:
    """What tells one state of a job from the next."""
    counts = tuple(sorted(row.counts.items()))
    return (
        row.state,
        row.phase,
        row.done,
        row.total,
        row.points,
        row.calls,
        row.eta_at,
        row.error_code,
        counts,
    )
