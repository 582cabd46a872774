"""Every link within a day, main read once for all its dependents, within a share of the points."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from backend.database import connect, disconnect
from backend.database import connection as pool
from backend.jobs import requests
from backend.jobs.runner import run_job
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Job, JobKind, JobState, Trigger
from backend.models.link import ProductLink
from backend.models.live import Difference
from backend.parity.record import tidy
from backend.parity.schedule import CHECK_AGAIN, FEWEST, MOST, schedule_checks, slice_size
from backend.sync.settings import ProductScope, SyncSettings
from sandbox.edits import edit_product
from tests.jobs.world import World, a_world
from tests.parity.conftest import draft

PRICES = SyncSettings(products=ProductScope.MATCHED, prices=True, quantities=False)
DETAILS = SyncSettings(products=ProductScope.MATCHED, details=True, prices=False, quantities=False)
PRODUCTS = 12


@pytest.fixture
async def siblings(database_url: str) -> AsyncIterator[World]:
    """A main and two dependents that own different things, in step."""
    await connect(database_url, pool_size=8)
    async with a_world(dependents=2) as world:
        drafts = [draft(f"T{number}", title=f"Tea {number}") for number in range(PRODUCTS)]
        for shop in (world.main, *world.dependents):
            world.place(shop, drafts)
        first, second = world.dependents
        await world.choose(PRICES, world.connections[first.domain])
        await world.choose(DETAILS, world.connections[second.domain])
        everybody = [each.id for each in world.connections.values()]
        await requests.sync_all(everybody, now=world.now(), trigger=Trigger.SCHEDULE)
        await world.drain()
        yield world
    await disconnect()


async def run(world: World, made: list[UUID]) -> list[Job]:
    for each in made:
        await run_job(each, world.runtime)
    jobs = [await Job.get(id=each) for each in made]
    assert [each.state for each in jobs] == [JobState.SUCCEEDED] * len(made)
    return jobs


async def test_main_is_read_once_for_all_its_dependents(siblings: World) -> None:
    siblings.mark()
    made = await schedule_checks(siblings.now())
    jobs = await run(siblings, made)

    assert [job.counts["links.checked"] for job in jobs] == [PRODUCTS, PRODUCTS]
    for shop in (siblings.main, *siblings.dependents):
        assert siblings.calls(shop).queries["nodes"] == 1
    assert [bool(job.payload["main_products"]) for job in jobs] == [True, False]
    assert await ProductLink.filter(checked_at__isnull=True).count() == 0


async def test_a_sibling_compares_details_that_the_reader_does_not_own(siblings: World) -> None:
    product = next(iter(siblings.main.products))
    edit_product(siblings.main, product, "title", "Finest tea")
    first = siblings.connections[siblings.dependents[0].domain]
    await ProductLink.exclude(connection_id=first.id).update(checked_at=siblings.now() - CHECK_AGAIN)
    made = await schedule_checks(siblings.now())
    assert (await Job.get(id=made[0])).connection_id == first.id
    await run(siblings, made)
    found = await Difference.all()
    second = siblings.connections[siblings.dependents[1].domain]
    assert [(each.connection_id, each.field, each.main_value) for each in found] == [
        (second.id, "TITLE", "Finest tea")
    ]


async def test_a_link_comes_up_again_when_its_time_is_over(siblings: World) -> None:
    now = siblings.now()
    await run(siblings, await schedule_checks(now))
    assert await schedule_checks(siblings.now()) == []
    oldest = (await ProductLink.all().order_by("checked_at"))[0].checked_at
    assert oldest is not None
    assert await schedule_checks(oldest + CHECK_AGAIN - timedelta(milliseconds=1)) == []
    # The sibling, checked a moment later, comes along.
    assert len(await schedule_checks(oldest + CHECK_AGAIN)) == 2


async def test_a_sync_that_is_about_to_begin_checks_enough_and_one_far_away_does_not(
    siblings: World,
) -> None:
    for each in siblings.connections.values():
        await requests.sync_all([each.id], now=siblings.now())
    assert await schedule_checks(siblings.now()) == []
    later = siblings.now() + timedelta(minutes=10)
    await Job.filter(state=JobState.QUEUED).update(next_run_at=later)
    assert len(await schedule_checks(siblings.now())) == 2


async def test_what_was_never_checked_and_the_oldest_come_first(siblings: World) -> None:
    await Connection.filter(dependent_id=siblings.shops[siblings.dependents[1].domain].id).update(
        state=ConnectionState.PAUSED
    )
    owner = siblings.connection.id
    now = siblings.now()
    links = await ProductLink.filter(connection_id=owner).order_by("main_gid")
    for number, link in enumerate(links):
        at = None if number == 3 else now - CHECK_AGAIN - timedelta(hours=number)
        await ProductLink.filter(id=link.id).update(checked_at=at)
    spent = {"links.checked": 1}
    await Job.create(
        run_id=owner, connection_id=owner, kind=JobKind.CHECK, trigger=Trigger.SCHEDULE,
        state=JobState.SUCCEEDED, points=10_000, counts=spent, created_at=now,
    )  # fmt: skip
    (made,) = await schedule_checks(now)
    chosen = set((await Job.get(id=made)).payload["links"])
    assert len(chosen) == FEWEST
    by_age = [link.main_gid for number, link in enumerate(links) if number != 3][::-1]
    assert chosen == {links[3].main_gid, *by_age[: FEWEST - 1]}


async def test_nothing_is_checked_twice_at_once_or_beside_a_full_sync(siblings: World) -> None:
    now = siblings.now()
    made = await schedule_checks(now)
    assert len(made) == 2
    assert await schedule_checks(now) == []
    await run(siblings, made)
    await ProductLink.all().update(checked_at=None)
    (job,) = await requests.sync_all([siblings.connection.id], now=now)
    others = await schedule_checks(siblings.now())
    assert [(await Job.get(id=each)).connection_id for each in others] == [
        siblings.connections[siblings.dependents[1].domain].id
    ]
    await Job.filter(id=job.id).delete()


@pytest.mark.parametrize("state", [each for each in ConnectionState if each is not ConnectionState.ACTIVE])
async def test_a_connection_that_is_not_active_is_not_checked(
    siblings: World, state: ConnectionState
) -> None:
    await Connection.all().update(state=state)
    assert await schedule_checks(siblings.now()) == []


async def test_settings_that_are_not_chosen_check_nothing(siblings: World) -> None:
    await Connection.all().update(settings_version=None)
    assert await schedule_checks(siblings.now()) == []


async def test_quiet_checks_are_forgotten_after_a_day_and_others_stay(siblings: World) -> None:
    _, loud = await run(siblings, await schedule_checks(siblings.now()))
    await Job.filter(id=loud.id).update(counts={"products.marked": 1})
    await ProductLink.all().update(checked_at=siblings.now() + timedelta(days=3))
    await schedule_checks(siblings.now() + timedelta(hours=23))
    assert await Job.filter(kind=JobKind.CHECK).count() == 2
    await schedule_checks(siblings.now() + timedelta(hours=25))
    assert [each.id for each in await Job.filter(kind=JobKind.CHECK)] == [loud.id]


async def test_differences_of_what_is_not_linked_any_more_are_forgotten(siblings: World) -> None:
    link = await ProductLink.all().first()
    assert link is not None
    await Difference.create(
        connection_id=link.connection_id, main_gid=link.main_gid, product_gid=link.dependent_gid,
        subject=link.dependent_gid, field="TITLE", reason="DRIFT", found_at=siblings.now(),
    )  # fmt: skip
    await tidy(pool())
    assert await Difference.all().count() == 1
    await link.delete()
    await tidy(pool())
    assert await Difference.all().count() == 0


@pytest.mark.parametrize(
    "price, size", [(None, 50), (1.0, MOST), (3.0, 100), (30.0, FEWEST), (1000.0, FEWEST)]
)
def test_a_slice_costs_a_share_of_the_points(price: float | None, size: int) -> None:
    # 5 % of 100 points a second over a minute are 300 points.
    assert slice_size(price, 1_000) == size


@pytest.mark.parametrize(
    "price, links, size",
    [
        (6.0, 54_000, 50),  # the usual share is enough: 50 a minute over 18 hours
        (6.0, 108_000, 100),
        (6.0, 216_000, 200),  # 20 % of the points, and no more
        (6.0, 1_000_000, 200),
        (30.0, 1_000_000, 40),
        (1.0, 1_000_000, MOST),
    ],
)
def test_a_large_catalogue_may_cost_more_to_be_through_within_the_day(
    price: float, links: int, size: int
) -> None:
    assert slice_size(price, links) == size
