"""The measured delay: of live jobs, of the last day, by lane, never below zero."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from backend.database import connect, disconnect
from backend.models.connection import Connection
from backend.models.job import ChangeState, JobKind
from backend.models.shop import Role, Shop
from backend.parity.delay import delays_of, oversell_window, window
from backend.sync.changeset import Action
from backend.sync.fields import Lane
from tests.api import a_change, a_connection, a_job

NOW = datetime(2026, 11, 24, 12, 30, 45, tzinfo=UTC)


@pytest.fixture
async def tie(database_url: str) -> AsyncIterator[Connection]:
    await connect(database_url, pool_size=2)
    main = await Shop.create(domain="main.myshopify.com", role=Role.MAIN)
    yield await a_connection(main, await Shop.create(domain="one.myshopify.com", role=Role.DEPENDENT))
    await disconnect()


async def measured(
    tie: Connection,
    seconds: list[float],
    lane: Lane = Lane.PRICE,
    kind: JobKind = JobKind.LIVE,
    at: datetime = NOW,
    **given: object,
) -> None:
    job = await a_job(tie, kind=kind)
    for number, each in enumerate(seconds):
        facts = {"state": ChangeState.APPLIED, "lane": lane.value, "applied_at": at} | given
        facts.setdefault("happened_at", at - timedelta(seconds=each))
        await a_change(job, number, **facts)


async def test_median_and_95th_percentile_by_lane(tie: Connection) -> None:
    await measured(tie, [float(each) for each in range(1, 102)])
    await measured(tie, [2.0, 4.0], Lane.STOCK)
    found = (await delays_of([tie.id], window(NOW)))[tie.id]
    assert [(each.lane, each.median, each.p95, each.count) for each in found] == [
        (Lane.STOCK, 3.0, 3.9, 2),
        (Lane.PRICE, 51.0, 96.0, 101),
    ]
    assert oversell_window(found) == 3.9
    assert {each.since for each in found} == {datetime(2026, 11, 23, 12, 30, tzinfo=UTC)}


async def test_only_what_came_by_itself_in_the_last_day_counts(tie: Connection) -> None:
    await measured(tie, [1000.0], kind=JobKind.SYNC_ALL)
    await measured(tie, [1000.0], at=NOW - timedelta(hours=25))
    await measured(tie, [1000.0], happened_at=None)
    await measured(tie, [1000.0], state=ChangeState.FAILED)
    assert await delays_of([tie.id], window(NOW)) == {}
    await measured(tie, [3.0], state=ChangeState.UNDONE)
    (only,) = (await delays_of([tie.id], window(NOW)))[tie.id]
    assert (only.median, only.count) == (3.0, 1)
    assert oversell_window([only]) is None


async def test_many_short_bookings_do_not_hide_what_takes_long(tie: Connection) -> None:
    await measured(tie, [0.5] * 98, Lane.STOCK, action=Action.BOOK)
    await measured(tie, [6.0, 8.0], Lane.STOCK)
    found = (await delays_of([tie.id], window(NOW)))[tie.id]
    assert [(each.booked, each.p95, each.count) for each in found] == [(False, 7.9, 2), (True, 0.5, 98)]
    assert oversell_window(found) == 7.9
    assert oversell_window(found[1:]) == 0.5


async def test_clocks_that_disagree_make_no_negative_delay(tie: Connection) -> None:
    await measured(tie, [-5.0])
    (only,) = (await delays_of([tie.id], window(NOW)))[tie.id]
    assert (only.median, only.p95) == (0.0, 0.0)


async def test_each_connection_has_its_own(tie: Connection) -> None:
    main = await Shop.get(domain="main.myshopify.com")
    other = await a_connection(main, await Shop.create(domain="two.myshopify.com", role=Role.DEPENDENT))
    await measured(tie, [1.0])
    await measured(other, [9.0])
    found = await delays_of([tie.id, other.id], window(NOW))
    assert [found[each.id][0].median for each in (tie, other)] == [1.0, 9.0]
