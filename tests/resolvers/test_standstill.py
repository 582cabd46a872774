"""`unattendedSince`: work that nobody does is told of, and none that waits as it should."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.models.connection import Connection, ConnectionState
from backend.models.job import Job, JobState, Lease
from backend.models.live import DirtyProduct, PendingSubject
from backend.models.shop import Shop, ShopToken
from tests.api import Api, a_job, a_product_aside, a_subject_aside, chosen

ASK = "{ unattendedSince }"
MINUTE = timedelta(minutes=1)


async def since(api: Api, shop: Shop) -> datetime | None:
    told = (await api.ask(shop.domain, ASK))["unattendedSince"]
    return None if told is None else datetime.fromisoformat(told)


def due(at: datetime) -> dict[str, Any]:
    return {"due_at": at, "set_aside_at": None, "attempts": 0}


async def lease(api: Api, resource: str, seconds: float = 10) -> None:
    expires = api.clock.now() + timedelta(seconds=seconds)
    await Lease.create(resource=resource, owner=uuid4(), expires_at=expires)


async def queued(tie: Connection, at: datetime, queue: str = "background") -> Job:
    job = await a_job(tie, state=JobState.QUEUED, queue=queue)
    await Job.filter(id=job.id).update(created_at=at)
    return job


async def test_the_oldest_work_of_either_side_counts_once_it_has_waited_for_a_minute(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    now = api.clock.now()
    await a_subject_aside(main, 1, **due(now - MINUTE / 2))
    assert await since(api, main) is None
    for made, age in ((queued(tie, now - 2 * MINUTE), 2), (a_product_aside(tie, **due(now - 3 * MINUTE)), 3),
                      (a_subject_aside(dependent, 2, **due(now - 4 * MINUTE)), 4)):  # fmt: skip
        await made
        assert await since(api, main) == await since(api, dependent) == now - age * MINUTE


async def test_what_was_set_aside_or_is_due_later_does_not_wait_for_a_worker(api: Api) -> None:
    main, _, tie = await api.a_pair()
    now = api.clock.now()
    await a_subject_aside(main, 1, due_at=now - 5 * MINUTE)
    await a_subject_aside(main, 2, **due(now + MINUTE))
    # The dependent has not chosen yet what to sync.
    await a_product_aside(tie, **due(now - 5 * MINUTE))
    assert await since(api, main) is None


@pytest.mark.parametrize(
    "state", [ConnectionState.PAUSED, ConnectionState.SUSPENDED, ConnectionState.DISCONNECTED]
)
async def test_a_connection_that_is_not_active_waits_as_it_should(api: Api, state: ConnectionState) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    old = api.clock.now() - 5 * MINUTE
    await a_subject_aside(main, **due(old))
    await a_product_aside(tie, **due(old))
    await queued(tie, old)
    assert await since(api, dependent) == old
    await Connection.filter(id=tie.id).update(state=state)
    for asking, away in ((main, dependent), (dependent, main)):
        # With tokens of both, a suspended one would go on as soon as either is opened.
        await ShopToken.filter(shop_id=away.id).delete()
        assert await since(api, asking) is None


async def test_whoever_works_in_a_queue_comes_to_what_waits_there(api: Api) -> None:
    main, _, tie = await api.a_pair()
    other = await api.a_pair("other-main", "other-dependent")
    now = api.clock.now()
    await a_subject_aside(main, **due(now - 5 * MINUTE))
    await queued(tie, now - 3 * MINUTE)
    # Another shop's look: events are attended to, jobs in the background still are not.
    await lease(api, f"look:{other[0].id}:rest")
    assert await since(api, main) == now - 3 * MINUTE
    running = await a_job(other[2], state=JobState.RUNNING, queue="background")
    await lease(api, f"job:{running.id}")
    assert await since(api, main) is None
    # Both have died.
    await Lease.all().update(expires_at=now - timedelta(seconds=1))
    assert await since(api, main) == now - 5 * MINUTE
    await lease(api, f"shop:{main.id}:install")
    assert await since(api, main) == now - 5 * MINUTE
    await PendingSubject.all().delete()
    await DirtyProduct.all().delete()
    await Job.filter(id=running.id).delete()
    assert await since(api, main) == now - 3 * MINUTE
