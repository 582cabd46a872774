from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from backend.database import connect, disconnect
from backend.jobs import requests
from backend.models.job import Job, JobState, Trigger
from backend.models.live import Difference
from backend.parity.schedule import schedule_checks
from backend.parity.share import Parity, parity_of
from sandbox.draft import ProductDraft, VariantDraft
from tests.jobs.world import World, a_world


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    await connect(database_url, pool_size=8)
    async with a_world() as found:
        yield found
    await disconnect()


def draft(
    sku: str = "TEA", price: str = "20.00", stock: int = 7, title: str = "Tea", **given: str
) -> ProductDraft:
    variant = VariantDraft(sku=sku, price=Decimal(price), tracked=True, available=(stock,))
    return ProductDraft(title, (variant,), **given)  # type: ignore[arg-type]


async def synced(world: World) -> Job:
    """Both shops compared and written as a whole, as a schedule would: a dependent's own stock stays."""
    (job,) = await requests.sync_all([world.connection.id], now=world.now(), trigger=Trigger.SCHEDULE)
    found = await world.finished(job)
    assert found.state is JobState.SUCCEEDED
    return found


async def checked(world: World, state: JobState = JobState.SUCCEEDED) -> Job:
    """The check of what is due, and nothing else: what it marks is left to be planned."""
    (made,) = await schedule_checks(world.now())
    job = await Job.get(id=made)
    from backend.jobs.runner import run_job

    while job.finished_at is None:
        await run_job(job.id, world.runtime)
        await job.refresh_from_db()
    assert job.state is state, (job.error_code, job.error_message)
    return job


async def parity(world: World) -> Parity:
    return (await parity_of([world.connection.id]))[world.connection.id]


async def differences() -> list[tuple[str, str, object, object]]:
    """(reason, field, main's value, the dependent's), sorted."""
    found = await Difference.all().order_by("reason", "field", "key", "subject")
    return [(each.reason.value, each.field, each.main_value, each.dependent_value) for each in found]
