"""Runs one slice of one job: takes it, works through its phases until the time is up, and says what comes
next.

Whatever happens in between, the row tells it: a worker that is killed leaves a job whose lease runs out, and
the sweep sends it again.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID, uuid4

import structlog

from backend.database import PASSING, connection, execute, rows
from backend.errors import AppError, ErrorCode, FatalError, LeaseLost, RetryError, Throttled
from backend.jobs import ending, footing, live_plan
from backend.jobs.apply import apply, recover
from backend.jobs.context import ConnectionStoppedError, check_alive, connection_of, context_of_job
from backend.jobs.events import JobEvent, publish
from backend.jobs.leases import Leases
from backend.jobs.plan import plan
from backend.jobs.progress import eta
from backend.jobs.queue import Queue, enqueue, transaction
from backend.jobs.read import read
from backend.jobs.runtime import Runtime
from backend.jobs.state import FINISHED, Event, after, may, next_phase
from backend.jobs.step import Again, Done, Slice, Step, Wait
from backend.jobs.undo import plan_undo
from backend.models.connection import Connection, ConnectionState
from backend.models.job import ChangeState, Job, JobKind, JobPhase, JobState
from backend.parity.check import plan_check

# Slices that began and never said how they ended: after so many the job is set aside.
MOST_ATTEMPTS = 3
# Failures in a row that pass by themselves, each waited for longer: half an hour in all.
MOST_RETRIES = 12
_LONGEST_WAIT = 300.0
# A message that is lost is sent again after this long.
RESEND_SECONDS = 3.0

_TURN_SECONDS = 2.0

_ENTER = """
UPDATE job SET phase = 'PLAN' WHERE id = $1 AND NOT EXISTS (
    SELECT 1 FROM job other
    WHERE other.connection_id = $2 AND other.id <> $1 AND other.kind NOT IN ('PREVIEW', 'CHECK', 'LIVE')
      AND other.phase IN ('PLAN', 'APPLY') AND other.state IN ('RUNNING', 'WAITING', 'CANCELING')
)
"""

_SHOPS = "SELECT main_id, dependent_id FROM connection WHERE id = $1"

log = structlog.get_logger(__name__)


async def _plan(work: Slice) -> Step:
    match work.job.kind:
        case JobKind.UNDO:
            return await plan_undo(work)
        case JobKind.LIVE:
            return await live_plan.plan_live(work)
        case JobKind.CHECK:
            return await plan_check(work)
        case _:
            return await plan(work)


PHASES: Mapping[JobPhase, Callable[[Slice], Awaitable[Step]]] = MappingProxyType(
    {JobPhase.REFRESH: read, JobPhase.PLAN: _plan, JobPhase.APPLY: apply}
)


async def run_job(job_id: UUID, runtime: Runtime) -> None:
    """Work on the job for a slice of time, unless somebody else does."""
    async with Leases(runtime.clock) as leases:
        if not await leases.take(f"job:{job_id}"):
            return
        job = await _begin(job_id, runtime)
        if job is None:
            return
        if job.kind is not JobKind.LIVE:
            await _tell(job, runtime)
        try:
            await _work(job, leases, runtime)
        except LeaseLost:
            # Whoever took it over goes on; this process must not write another word about it.
            log.warning("lease lost", job=str(job_id))
            return
        except RetryError as error:
            await _retry(job, error, runtime)
        except AppError as error:
            await ending.fail(job, error, runtime.clock.now())
        except PASSING as error:
            reason = f"the database could not do it now ({type(error).__name__})"
            await _retry(job, RetryError(reason, code=ErrorCode.INTERNAL), runtime)
        except Exception as error:  # noqa: BLE001 - the border of a job: a defect must not stop the others
            await _crashed(job, error, runtime)
    if job.kind is not JobKind.LIVE or job.counts:
        await _tell(job, runtime)


async def _begin(job_id: UUID, runtime: Runtime) -> Job | None:
    """The job, counted as attempted before it runs; None when there is nothing to run."""
    now = runtime.clock.now()
    async with transaction() as client:
        job = await Job.filter(id=job_id).using_db(client).select_for_update().get_or_none()
        if job is None or not may(job.state, Event.START):
            return None
        job.dedupe_key = None
        job.attempts += 1
        if job.attempts > MOST_ATTEMPTS:
            error = FatalError(
                "The work on this job ended three times without an answer.", code=ErrorCode.INTERNAL
            )
            await ending.fail(job, error, now)
            return None
        job.state = after(job.state, Event.START)
        job.started_at = job.started_at or now
        job.phase_started_at = job.phase_started_at or now
        await job.save(
            update_fields=["dedupe_key", "attempts", "state", "started_at", "phase_started_at"],
            using_db=client,
        )
    return job


async def _work(job: Job, leases: Leases, runtime: Runtime) -> None:
    deadline = runtime.clock.monotonic() + runtime.slice_seconds
    connection = await connection_of(job)
    context = await context_of_job(job, connection)
    work = Slice(job, context, leases, runtime, deadline)
    if job.state is JobState.CANCELING:
        await _stop(work)
        return
    try:
        check_alive(connection.state, dry=context.dry)
        step = await _phases(work)
    except ConnectionStoppedError as error:
        await ending.stop(job, runtime.clock.now(), error)
        return
    except ending.CanceledError:
        await _stop(work)
        return
    leases.check()
    match step:
        case Done():
            await ending.finish(job, runtime.clock.now(), context)
        case Again():
            await _pause(job, runtime, 0.0)
        case Wait(seconds):
            await _pause(job, runtime, seconds)


async def _stop(work: Slice) -> None:
    """A person has canceled the job. What was sent and not answered is looked up first, as long as the shops
    are connected: a paused or ended connection sends nothing any more."""
    connection = await Connection.get(id=work.context.connection)
    if connection.state is ConnectionState.ACTIVE:
        await recover(work)
    await ending.stop(work.job, work.runtime.clock.now())


async def _phases(work: Slice) -> Step:
    job, clock = work.job, work.runtime.clock
    if footing.has_moved(work):
        await recover(work)
        if job.kind is JobKind.LIVE:
            await live_plan.start_over(work)
            return Done()
        await footing.start_over(work)
    while job.phase is not JobPhase.DONE:
        step = await PHASES[job.phase](work)
        if not isinstance(step, Done):
            return step
        following = next_phase(job.kind, job.phase)
        if following is JobPhase.PLAN and not work.context.dry and not await _alone(job):
            return Wait(_TURN_SECONDS)
        job.phase = following
        if job.phase is JobPhase.APPLY and (work.context.dry or _writes_nothing(job)):
            job.phase = JobPhase.DONE
        job.phase_started_at, job.done, job.total, job.eta_at = clock.now(), 0, None, None
        job.estimate_points = job.estimate_seconds = None
        job.cursor = {key: job.cursor[key] for key in ("basis", "grace") if key in job.cursor}
        if job.phase is not JobPhase.DONE:  # which `ending.finish` stores
            job.attempts = 1
            await job.save(update_fields=ending.OF_A_PHASE)
            await work.tell()
    return Done()


def _writes_nothing(job: Job) -> bool:
    """Most live jobs follow an echo of our own writes."""
    return job.kind is JobKind.LIVE and not job.counts.get(ChangeState.PLANNED)


async def _alone(job: Job) -> bool:
    """Whether no other job plans or writes on this connection; then this one does from now on. Two at once
    would plan the same changes twice."""
    async with transaction() as client:
        await execute(
            client, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"plan:{job.connection_id}"
        )
        return bool(await execute(client, _ENTER, job.id, job.connection_id))


async def _pause(job: Job, runtime: Runtime, seconds: float, *, retries: int = 0) -> None:
    """The slice is over; the job goes on in `seconds`."""
    now = runtime.clock.now()
    async with transaction() as client:
        fresh = await Job.filter(id=job.id).using_db(client).select_for_update().get()
        if fresh.state in FINISHED:
            return
        # It waits already where the answer to this very commit was lost.
        waits = seconds > 0 and fresh.state is not JobState.WAITING
        job.state = after(fresh.state, Event.WAIT) if waits else fresh.state
        job.attempts = 0
        job.next_run_at = now + timedelta(seconds=seconds or RESEND_SECONDS)
        job.cursor = {**job.cursor, "retries": retries}
        if job.phase_started_at is not None:
            job.eta_at = eta(job.done, job.total, job.phase_started_at, now, job.estimate_seconds)
        await job.save(
            update_fields=["state", "attempts", "next_run_at", "cursor", "done", "total", "eta_at"],
            using_db=client,
        )
        enqueue(job.id, Queue(job.queue), delay=seconds)


async def _retry(job: Job, error: RetryError, runtime: Runtime) -> None:
    """Wait out what passes by itself, longer each time that nothing was achieved in between."""
    # A place that was to be stored together with what has failed is not reached: what is stored counts.
    stored = await Job.get_or_none(id=job.id)
    if stored is None or stored.state in FINISHED:
        return
    retries = stored.cursor.get("retries", 0)
    if isinstance(error, Throttled):
        # No failure: the shop's own speed limit, however long the job takes.
        await _pause(stored, runtime, max(0.5, error.after or 1.0), retries=retries)
        return
    retries = 1 if stored.done != stored.cursor.get("failed_at") else retries + 1
    stored.cursor["failed_at"] = stored.done
    if retries > MOST_RETRIES:
        await ending.fail(stored, error, runtime.clock.now())
        return
    wait = error.after if error.after is not None else min(_LONGEST_WAIT, 2.0**retries)
    log.info("job waits", job=str(job.id), code=error.code, seconds=wait, retries=retries)
    await _pause(stored, runtime, max(0.5, wait), retries=retries)


async def _crashed(job: Job, error: Exception, runtime: Runtime) -> None:
    """A defect of ours: tried again a little later, and set aside when it happens three times in a row."""
    incident = uuid4().hex[:12]
    log.error("job crashed", job=str(job.id), incident=incident, exc_info=error)
    if job.attempts >= MOST_ATTEMPTS:
        message = f"Something went wrong here; the log has it under {incident}."
        stored = await Job.get(id=job.id)
        if stored.state not in FINISHED:
            await ending.fail(stored, FatalError(message, code=ErrorCode.INTERNAL), runtime.clock.now())
        return
    await Job.filter(id=job.id).update(next_run_at=runtime.clock.now() + timedelta(seconds=2.0**job.attempts))


async def _tell(job: Job, runtime: Runtime) -> None:
    (tie,) = await rows(connection(), _SHOPS, job.connection_id)
    await publish(runtime.redis, JobEvent(job.id, job.connection_id, (tie["main_id"], tie["dependent_id"])))
