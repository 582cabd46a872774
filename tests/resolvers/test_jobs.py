"""What is told of jobs beyond their rows."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backend.models.job import JobState, Lease
from tests.api import Api, a_job

UNATTENDED = "query($id: ID!) { job(id: $id) { unattended } }"


@pytest.mark.parametrize(
    ("state", "leased_seconds", "unattended"),
    [
        (JobState.RUNNING, 5, False),
        (JobState.RUNNING, -1, True),
        (JobState.RUNNING, None, True),
        (JobState.CANCELING, None, True),
        (JobState.QUEUED, None, True),
        (JobState.WAITING, None, False),
        (JobState.SUCCEEDED, None, False),
        (JobState.FAILED, -60, False),
    ],
)
async def test_whether_anybody_works_on_a_job(
    api: Api, state: JobState, leased_seconds: int | None, unattended: bool
) -> None:
    main, dependent, tie = await api.a_pair()
    job, other = await a_job(tie, state=state), await a_job(tie, state=state)
    if leased_seconds is not None:
        until = api.clock.now() + timedelta(seconds=leased_seconds)
        await Lease.create(resource=f"job:{job.id}", owner=uuid4(), expires_at=until)
    await Lease.create(
        resource=f"job:{other.id}", owner=uuid4(), expires_at=api.clock.now() + timedelta(seconds=9)
    )
    for caller in (main, dependent):
        found = await api.ask(caller.domain, UNATTENDED, {"id": str(job.id)})
        assert found["job"] == {"unattended": unattended}
