"""Tells watchers of jobs that a request has made or changed, without waiting for a worker."""

from collections.abc import Iterable

from backend.jobs.events import JobEvent, publish
from backend.models.connection import Connection
from backend.models.job import Job
from backend.schema.context import Info


async def announce(info: Info, jobs: Iterable[Job | None]) -> None:
    """After the commit: the rows are the truth, this is a hint."""
    fresh = [job for job in jobs if job is not None]
    if not fresh:
        return
    ties = {row.id: row for row in await Connection.filter(id__in=[job.connection_id for job in fresh])}
    for job in fresh:
        tie = ties[job.connection_id]
        event = JobEvent(job.id, tie.id, (tie.main_id, tie.dependent_id))
        await publish(info.context.services.runtime.redis, event)
