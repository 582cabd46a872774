"""Both shops' plans hold back what is new, and let it in when there is room."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from backend.billing.limits import Places, product_limit, room_for
from backend.billing.plans import Plan, Plans
from backend.billing.record import store_standing
from backend.billing.resume import resume_waiting
from backend.billing.standing import Standing
from backend.database import connection
from backend.jobs import requests
from backend.jobs.queue import transaction
from backend.models.billing import WaitingProduct
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Change, ChangeState, Job, JobKind, JobState, Trigger
from backend.models.link import ProductLink
from backend.models.shop import Role, Shop
from backend.sync.catalog import ProductId
from sandbox.commands.products import delete_product
from sandbox.edits import edit_variant
from sandbox.ids import gid
from sandbox.store.product import Product
from tests.api import a_change, a_job, a_link
from tests.jobs.test_decisions import price, shirt
from tests.jobs.world import DEPENDENT, EVERYTHING, MAIN, World, a_world

SECOND = "dependent-2.myshopify.com"


class Limits:
    """By shop; who is not in it has none."""

    def __init__(self) -> None:
        self.by_shop: dict[UUID, int] = {}

    async def __call__(self, shop: UUID) -> int | None:
        return self.by_shop.get(shop)


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world(dependents=2) as found:
        yield found


@pytest.fixture
def limits(world: World) -> Limits:
    limits = Limits()
    world.runtime.product_limit = limits
    return limits


async def sync(world: World, domain: str = DEPENDENT) -> Job:
    (job,) = await requests.sync_all([world.connections[domain].id], now=world.now())
    return await world.finished(job)


async def filled(world: World, names: str = "ABC") -> list[Product]:
    made = world.place(world.main, [shirt(each, title=each) for each in names])
    for each in world.connections.values():
        await world.choose(EVERYTHING, each)
    return made


def titles(world: World, number: int = 0) -> set[str]:
    return {each.title for each in world.dependents[number].products}


async def waiting(world: World, domain: str = DEPENDENT) -> list[tuple[str, bool, bool]]:
    """Main product, whether it waits for main's plan, for the dependent's."""
    found = WaitingProduct.filter(connection_id=world.connections[domain].id).order_by("main_gid")
    return [(each.main_gid, each.by_main, each.by_dependent) for each in await found]


def ids(products: list[Product]) -> list[str]:
    return [gid("Product", each.id) for each in products]


async def test_the_dependents_plan_takes_the_lowest_ids_and_the_others_wait(
    world: World, limits: Limits
) -> None:
    made = ids(await filled(world))
    limits.by_shop[world.shops[DEPENDENT].id] = 2
    job = await sync(world)
    assert job.state is JobState.SUCCEEDED
    assert (titles(world), job.counts["refused.PRODUCT_LIMIT_REACHED"]) == ({"A", "B"}, 1)
    assert await waiting(world) == [(made[2], False, True)]
    await sync(world)
    assert await waiting(world) == [(made[2], False, True)]


async def test_a_product_counts_once_for_main_however_many_have_it(world: World, limits: Limits) -> None:
    made = ids(await filled(world))
    limits.by_shop[world.shops[MAIN].id] = 2
    await sync(world)
    assert titles(world) == {"A", "B"}
    await sync(world, SECOND)
    assert titles(world, 1) == {"A", "B"}
    for domain in (DEPENDENT, SECOND):
        assert await waiting(world, domain) == [(made[2], True, False)]


async def test_what_another_dependent_is_about_to_get_has_mains_place(world: World, limits: Limits) -> None:
    await filled(world)
    limits.by_shop[world.shops[MAIN].id] = 1
    first, second = (world.connections[each] for each in (DEPENDENT, SECOND))
    # What the other has: a creation that is planned and not made yet.
    job = await a_job(second, state=JobState.RUNNING)
    open_creation = await a_change(
        job, action="CREATE_PRODUCT", field="PRODUCT", main_product_gid=ids(list(world.main.products))[2]
    )
    await sync(world)
    assert titles(world) == {"C"}
    assert len(await waiting(world)) == 2
    places = Places(first.id, first.main_id, first.dependent_id)
    room = await room_for(connection(), limits, places, [ProductId(open_creation.main_product_gid)])
    assert room is not None
    assert room.take(ProductId(open_creation.main_product_gid)) is None


async def test_places_of_a_main_are_taken_one_after_the_other(world: World, limits: Limits) -> None:
    limits.by_shop[world.shops[MAIN].id] = 1
    order: list[str] = []
    held = asyncio.Event()

    async def take(name: str, tie: Connection) -> None:
        async with transaction() as client:
            await room_for(client, limits, Places(tie.id, tie.main_id, tie.dependent_id), [])
            order.append(f"{name} in")
            if name == "first":
                held.set()
                await asyncio.sleep(0.2)
            order.append(f"{name} out")

    first = asyncio.create_task(take("first", world.connections[DEPENDENT]))
    await held.wait()
    await take("second", world.connections[SECOND])
    await first
    assert order == ["first in", "first out", "second in", "second out"]


async def test_a_preview_promises_no_more_than_there_is(world: World, limits: Limits) -> None:
    world.place(world.main, [shirt(f"S-{each}", title=f"S {each}") for each in range(260)])
    await world.choose(EVERYTHING)
    limits.by_shop[world.shops[MAIN].id] = 251
    job = await world.finished(await requests.preview(world.connection.id, now=world.now()))
    assert (job.counts["products.created"], job.counts["refused.PRODUCT_LIMIT_REACHED"]) == (251, 9)
    assert await WaitingProduct.all().count() == 0


async def test_over_the_limit_what_is_linked_goes_on(world: World, limits: Limits) -> None:
    first, *_ = await filled(world)
    await sync(world)
    limits.by_shop |= {world.shops[MAIN].id: 1, world.shops[DEPENDENT].id: 0}
    edit_variant(world.main, next(iter(first.variants)), "price", "21.00")
    added = ids(world.place(world.main, [shirt("D", title="D")]))
    await sync(world)
    prices = {each.title: price(each) for each in world.dependent.products}
    assert prices == {"A": "21.00", "B": "20.00", "C": "20.00"}
    assert await waiting(world) == [(added[0], True, True)]


async def test_what_waits_no_more_is_forgotten(world: World, limits: Limits) -> None:
    made = await filled(world)
    limits.by_shop[world.shops[DEPENDENT].id] = 1
    await sync(world)
    assert [each[0] for each in await waiting(world)] == ids(made)[1:]
    delete_product(world.main, made[1])
    await sync(world)
    assert [each[0] for each in await waiting(world)] == ids(made)[2:]
    limits.by_shop.clear()
    await sync(world)
    assert await waiting(world) == []


async def test_room_lets_the_lowest_in_by_itself(world: World, limits: Limits) -> None:
    await filled(world, "ABCDE")
    dependent = world.shops[DEPENDENT].id
    limits.by_shop[dependent] = 1
    await sync(world)
    assert await resume_waiting(limits, world.now()) == 0
    limits.by_shop[dependent] = 3
    assert await resume_waiting(limits, world.now(), uuid4()) == 0
    assert await resume_waiting(limits, world.now(), dependent) == 2
    # It is under way: nobody starts it again.
    assert await resume_waiting(limits, world.now()) == 0
    (job,) = await Job.filter(kind=JobKind.LIVE)
    assert (job.trigger, job.state) == (Trigger.CHANGE, JobState.QUEUED)
    await world.drain()
    assert titles(world) == {"A", "B", "C"}
    assert len(await waiting(world)) == 2
    limits.by_shop.clear()
    assert await resume_waiting(limits, world.now()) == 2
    await world.drain()
    assert titles(world) == set("ABCDE")
    assert await waiting(world) == []


async def test_who_waits_for_both_waits_for_the_other_when_one_has_room(world: World, limits: Limits) -> None:
    made = ids(await filled(world, "AB"))
    main, dependent = world.shops[MAIN].id, world.shops[DEPENDENT].id
    limits.by_shop |= {main: 1, dependent: 1}
    await sync(world)
    assert await waiting(world) == [(made[1], True, True)]
    limits.by_shop[dependent] = 2
    assert await resume_waiting(limits, world.now(), dependent) == 0
    assert await waiting(world) == [(made[1], True, False)]
    limits.by_shop |= {main: 2, dependent: 1}
    assert await resume_waiting(limits, world.now(), main) == 0
    assert await waiting(world) == [(made[1], False, True)]


async def test_many_are_a_matter_for_a_sync_of_everything(world: World, limits: Limits) -> None:
    world.place(world.main, [shirt(f"S-{each}", title=f"S {each}") for each in range(252)])
    await world.choose(EVERYTHING)
    limits.by_shop[world.shops[DEPENDENT].id] = 1
    await sync(world)
    limits.by_shop.clear()
    assert await resume_waiting(limits, world.now()) == 251
    assert await resume_waiting(limits, world.now()) == 0
    (job,) = await Job.filter(state=JobState.QUEUED)
    assert (job.kind, job.trigger) == (JobKind.SYNC_ALL, Trigger.CHANGE)


@pytest.mark.parametrize("state", [each for each in ConnectionState if each is not ConnectionState.ACTIVE])
async def test_nothing_starts_where_the_shops_are_not_in_touch(
    world: World, limits: Limits, state: ConnectionState
) -> None:
    await filled(world)
    limits.by_shop[world.shops[DEPENDENT].id] = 1
    await sync(world)
    await Connection.filter(id=world.connection.id).update(state=state)
    limits.by_shop.clear()
    assert await resume_waiting(limits, world.now()) == 0


async def test_a_creation_that_failed_gives_its_place_back(world: World, limits: Limits) -> None:
    await world.choose(EVERYTHING)
    limits.by_shop[world.shops[DEPENDENT].id] = 1
    job = await a_job(world.connection)
    creation = await a_change(job, action="CREATE_PRODUCT", field="PRODUCT", state=ChangeState.SENT)
    places = Places(world.connection.id, world.connection.main_id, world.connection.dependent_id)
    room = await room_for(connection(), limits, places, [])
    assert room is not None
    assert room.dependent == 0
    await Change.filter(id=creation.id).update(state=ChangeState.FAILED)
    room = await room_for(connection(), limits, places, [])
    assert room is not None
    assert room.dependent == 1


async def test_the_limit_is_that_of_the_plan_in_force(database: str) -> None:
    plans = Plans((Plan("free", "Free", 5), Plan("more", "More")))
    shop = await Shop.create(domain="a.myshopify.com", role=Role.MAIN)
    limit = product_limit(plans)
    assert await limit(shop.id) == 5
    async with transaction() as client:
        await store_standing(client, shop.id, Standing("more"), shop.installed_at)
    assert await limit(shop.id) is None
    assert await product_limit(Plans((Plan("all", "All"),)))(shop.id) is None


async def test_links_of_an_ended_connection_take_no_place_of_main(world: World, limits: Limits) -> None:
    limits.by_shop[world.shops[MAIN].id] = 1
    second = world.connections[SECOND]
    await a_link(second)
    assert await ProductLink.all().count() == 1
    places = Places(world.connection.id, world.connection.main_id, world.connection.dependent_id)
    before = await room_for(connection(), limits, places, [])
    await Connection.filter(id=second.id).update(state=ConnectionState.DISCONNECTED)
    after = await room_for(connection(), limits, places, [])
    assert before is not None
    assert after is not None
    assert (before.main, after.main) == (0, 1)
