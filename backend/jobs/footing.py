"""What a job stands on: the settings, locations and currencies by which it reads and plans.

Where they change under it, it reads and plans anew: what was not read can't be compared, and what the
settings own no more must not be written.
"""

from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, rows
from backend.jobs.queue import transaction
from backend.jobs.step import Slice
from backend.models.job import JobKind, JobPhase
from backend.sync.catalog import ProductId

_OPEN = """
SELECT main_product_gid, coalesce(min(happened_at), now()) AS happened_at FROM change
WHERE job_id = $1 AND state IN ('PLANNED', 'HELD') AND main_product_gid <> '' GROUP BY main_product_gid
"""
_FORGET = "DELETE FROM change WHERE job_id = $1 AND state IN ('PLANNED', 'HELD')"


async def begin(work: Slice) -> None:
    """Before anything is read: remember what it is read for, and forget what was read for something else."""
    job, basis = work.job, work.context.basis
    if job.cursor.get("basis") == basis:
        return
    job.main_refresh_id = job.dependent_refresh_id = None
    job.done, job.cursor = 0, {"basis": basis}
    await job.save(update_fields=["main_refresh_id", "dependent_refresh_id", "done", "cursor"])


def has_moved(work: Slice) -> bool:
    """Whether the plan, or what it is made of, belongs to other settings than those in force. An undo follows
    from none."""
    job = work.job
    if job.phase not in (JobPhase.PLAN, JobPhase.APPLY) or job.kind is JobKind.UNDO:
        return False
    if job.kind is JobKind.LIVE and job.phase is JobPhase.PLAN:
        return False
    return job.cursor.get("basis") != work.context.basis


async def forget_plan(client: BaseDBAsyncClient, job: UUID) -> list[tuple[ProductId, datetime]]:
    """Drop what the job has planned and not written. The main products concerned, and since when they were to
    be written."""
    found = await rows(client, _OPEN, job)
    await execute(client, _FORGET, job)
    return [(ProductId(row["main_product_gid"]), row["happened_at"]) for row in found]


async def start_over(work: Slice) -> None:
    """Back to the beginning. What was applied stays; what was not is planned again, if it still is to be."""
    job = work.job
    async with transaction() as client:
        await execute(client, _FORGET, job.id)
        job.phase, job.phase_started_at = JobPhase.REFRESH, work.runtime.clock.now()
        job.done, job.total, job.eta_at, job.cursor = 0, None, None, {}
        job.estimate_points = job.estimate_seconds = None
        fields = ["phase", "phase_started_at", "done", "total", "eta_at", "cursor"]
        await job.save(update_fields=[*fields, "estimate_points", "estimate_seconds"], using_db=client)
