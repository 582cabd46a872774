from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from backend.access.ids import row_id
from backend.access.loaders import ActionTally
from backend.errors import ErrorCode
from backend.jobs.state import FINISHED
from backend.models.job import ChangeState, JobKind, JobPhase, JobState, Trigger
from backend.models.job import Job as JobRow
from backend.parity.check import MARKED
from backend.schema.actions import JobAction, job_actions
from backend.schema.change import IN_ORDER, Change, ChangeFilter
from backend.schema.context import Info
from backend.schema.described import described
from backend.schema.paging import Page, page
from backend.schema.progress import Progress, progress, run_progress, run_state
from backend.sync.changeset import Action
from backend.sync.fields import Lane

if TYPE_CHECKING:
    from backend.schema.connection import Connection


# A worker is at these; one that waits has a time of its own.
_ATTENDED = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.CANCELING})


@strawberry.type
class ActionCount:
    lane: Lane
    action: Action
    field: str
    state: ChangeState
    count: int

    @classmethod
    def of(cls, tally: ActionTally) -> ActionCount:
        return cls(
            lane=Lane(tally.lane),
            action=Action(tally.action),
            field=tally.field,
            state=ChangeState(tally.state),
            count=tally.number,
        )


@strawberry.type(description="Changes by what became of them; `planned` are those not settled yet.")
class JobCounts:
    planned: int
    held: int
    applied: int
    failed: int
    skipped: int
    undone: int
    rejected: int
    total: int
    _row: strawberry.Private[JobRow]

    @classmethod
    def of(cls, row: JobRow) -> JobCounts:
        by_state = {state: row.counts.get(state.value, 0) for state in ChangeState}
        return cls(
            planned=by_state[ChangeState.PLANNED] + by_state[ChangeState.SENT],
            held=by_state[ChangeState.HELD],
            applied=by_state[ChangeState.APPLIED],
            failed=by_state[ChangeState.FAILED],
            skipped=by_state[ChangeState.SKIPPED],
            undone=by_state[ChangeState.UNDONE],
            rejected=by_state[ChangeState.REJECTED],
            total=sum(by_state.values()),
            _row=row,
        )

    @strawberry.field
    async def by_action(self, info: Info) -> list[ActionCount]:
        found = await info.context.loaders.by_action.load(self._row.id)
        return [ActionCount.of(each) for each in found or []]


@strawberry.type(description="Why a job ended before its time.")
class JobError:
    code: ErrorCode
    message: str


@strawberry.type(description="One run of work on one connection.")
class Job:
    id: strawberry.ID
    run_id: strawberry.ID
    kind: JobKind
    trigger: Trigger
    state: JobState
    phase: JobPhase
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    eta_at: datetime | None
    strategy: str = strawberry.field(description="How the shops are read and written.")
    estimate_points: int | None = strawberry.field(
        description="What the phase is expected to cost as a whole."
    )
    estimate_seconds: int | None = strawberry.field(description="How long the phase is expected to take.")
    points: int
    calls: int
    checksum: str
    settings_version: int | None = strawberry.field(description="Of the sync settings that it works by.")
    _row: strawberry.Private[JobRow]

    @classmethod
    def of(cls, row: JobRow) -> Job:
        return cls(
            id=strawberry.ID(str(row.id)),
            run_id=strawberry.ID(str(row.run_id)),
            kind=row.kind,
            trigger=row.trigger,
            state=row.state,
            phase=row.phase,
            created_at=row.created_at,
            started_at=row.started_at,
            finished_at=row.finished_at,
            eta_at=row.eta_at,
            strategy=row.strategy,
            estimate_points=row.estimate_points,
            estimate_seconds=row.estimate_seconds,
            points=row.points,
            calls=row.calls,
            checksum=row.checksum,
            settings_version=row.settings_version,
            _row=row,
        )

    @strawberry.field
    async def connection(
        self, info: Info
    ) -> Annotated[Connection, strawberry.lazy("backend.schema.connection")]:
        from backend.schema.connection import Connection

        row = await info.context.loaders.connection.load(self._row.connection_id)
        return Connection.of(row)

    @strawberry.field
    def progress(self) -> Progress:
        return progress(self._row)

    @described(
        "Nobody works on it, though it is its turn: for moments between two slices of work, and for as long"
        " as no worker runs."
    )
    async def unattended(self, info: Info) -> bool:
        if self._row.state not in _ATTENDED:
            return False
        until = await info.context.loaders.leased_until.load(self._row.id)
        return until is None or until <= info.context.services.clock.now()

    @strawberry.field
    def counts(self) -> JobCounts:
        return JobCounts.of(self._row)

    @strawberry.field
    def error(self) -> JobError | None:
        code = self._row.error_code
        if code is None:
            return None
        known = {each.value for each in ErrorCode}
        return JobError(
            code=ErrorCode(code) if code in known else ErrorCode.INTERNAL, message=self._row.error_message
        )

    @described("In the order in which they are applied.")
    async def changes(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: ChangeFilter | None = None,  # noqa: A002
    ) -> Page[Change]:
        rows = info.context.scope.changes().filter(job_id=self._row.id)
        wanted = filter.apply(rows) if filter else rows
        return await page(wanted, IN_ORDER, Change.of, first=first, after=after)

    @described("What the caller may do with this job now.")
    async def actions(self, info: Info) -> list[JobAction]:
        connection = await info.context.loaders.connection.load(self._row.connection_id)
        return job_actions(self._row, info.context.scope.rights(connection), connection.state)


@strawberry.input
class JobFilter:
    connection_id: strawberry.ID | None = None
    kinds: list[JobKind] | None = None
    states: list[JobState] | None = None
    run_id: strawberry.ID | None = None
    quiet: bool | None = strawberry.field(
        default=None, description="False leaves out the checks that found nothing to repair."
    )

    def apply(self, rows: QuerySet[JobRow]) -> QuerySet[JobRow]:
        """Raises UserError INVALID_ID at `filter`."""
        given: dict[str, object] = {}
        if self.connection_id is not None:
            given["connection_id"] = row_id(self.connection_id, "filter", "connectionId")
        if self.run_id is not None:
            given["run_id"] = row_id(self.run_id, "filter", "runId")
        if self.kinds is not None:
            given["kind__in"] = self.kinds
        if self.states is not None:
            given["state__in"] = self.states
        if self.quiet is False:
            found = ~Q(counts__contains={MARKED: 0})
            rows = rows.filter(~Q(kind=JobKind.CHECK) | (Q(state__in=list(FINISHED)) & found))
        return rows.filter(**given)


@strawberry.type(description="The jobs of one request, one for each connection.")
class Run:
    id: strawberry.ID
    jobs: list[Job]
    state: JobState
    progress: Progress

    @classmethod
    def of(cls, rows: list[JobRow]) -> Run:
        return cls(
            id=strawberry.ID(str(rows[0].run_id)),
            jobs=[Job.of(row) for row in rows],
            state=run_state(rows),
            progress=run_progress(rows),
        )
