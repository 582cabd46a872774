"""What is too old goes, what somebody still waits for stays."""

from datetime import timedelta
from uuid import uuid4

from backend.clock import SystemClock
from backend.jobs.prune import prune
from backend.models.connection import Connection
from backend.models.job import Change, ChangeState, Job, JobKind, JobState, Trigger
from backend.models.live import Webhook
from backend.models.mirror import Refresh, RefreshState
from backend.models.shop import Shop

KEEP = timedelta(days=90)


async def test_ids_of_webhooks_are_kept_for_a_week(database: str) -> None:
    now = SystemClock().now()
    for days in (6, 8):
        at = now - timedelta(days=days)
        await Webhook.create(
            id=f"{days} days", shop_domain="main", topic="products/update", triggered_at=at, received_at=at
        )
    assert await prune(now, KEEP) == 1
    assert [each.id for each in await Webhook.all()] == ["6 days"]


async def test_only_what_is_older_than_the_limit_is_removed(database: str) -> None:
    now = SystemClock().now()
    main = await Shop.create(domain="main.myshopify.com")
    dependent = await Shop.create(domain="dependent.myshopify.com")
    connection = await Connection.create(main=main, dependent=dependent)
    for age in (89, 91):
        at = now - timedelta(days=age)
        job = await Job.create(
            run_id=uuid4(),
            connection=connection,
            kind=JobKind.SYNC_ALL,
            trigger=Trigger.MANUAL,
            state=JobState.SUCCEEDED,
            finished_at=at,
        )
        for seq, state in enumerate((ChangeState.APPLIED, ChangeState.HELD), start=1):
            await Change.create(
                job=job,
                connection_id=connection.id,
                seq=seq,
                lane="PRICE",
                action="SET",
                field="PRICE",
                title=f"{age} days",
                state=state,
            )
        await Refresh.create(shop=main, wanted={}, state=RefreshState.DONE, started_at=at, finished_at=at)

    assert await prune(now, KEEP) == 2

    left = {(each.title, each.state.value) for each in await Change.all()}
    assert left == {("89 days", "APPLIED"), ("89 days", "HELD"), ("91 days", "HELD")}
    assert await Refresh.all().count() == 1
    assert await Job.all().count() == 2
    assert await prune(now, KEEP) == 0
