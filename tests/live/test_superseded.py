"""Changes that another plan takes over while the write that carries them is on its way."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from backend.jobs import requests
from backend.jobs.queue import transaction
from backend.jobs.runner import run_job
from backend.live.dirty import Dirt, put_dirt, want_live_job
from backend.live.look import look_at
from backend.models.job import Change, ChangeState, Job, JobKind, JobState
from backend.models.live import DirtyProduct, Stream
from backend.sync.catalog import ProductId
from backend.sync.changeset import Action
from backend.sync.fields import Field, Lane
from backend.sync.settings import PriceRules
from sandbox.commands.products import delete_product
from sandbox.edits import edit_stock, edit_variant
from sandbox.ids import gid
from sandbox.store.product import Product
from sandbox.store.shop import Shop as SandboxShop
from tests.jobs.world import World, a_world
from tests.live.events import Events, events_of
from tests.live.test_live_sync import VALUES, draft, in_step, only, stock_of
from tests.live.test_shared_stock import SHARED


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


@pytest.fixture
def events(world: World) -> Iterator[Events]:
    with events_of(world) as found:
        yield found


def move(shop: SandboxShop, product: Product, change: int) -> None:
    variant = only(product)
    edit_stock(shop, variant, shop.primary_location, str(stock_of(variant) + change))


def stocks(shop: SandboxShop) -> list[int]:
    return [stock_of(only(product)) for product in shop.products]


async def test_what_was_taken_over_is_not_sent_along_with_the_rest(world: World, events: Events) -> None:
    await in_step(world, events, SHARED)
    start = stocks(world.main)
    _, taken, left = list(world.main.products)
    move(world.dependent, next(iter(world.dependent.products)), -2)
    move(world.main, taken, 3)
    move(world.main, left, 4)
    events.waiting.clear()

    async def take_over() -> None:
        """As the plan of another job does, while this one is booking the sale, before it sends the levels."""
        item = f"gid://shopify/Product/{taken.id}"
        mine = Change.filter(action=Action.SET, main_product_gid=item, state=ChangeState.PLANNED)
        assert await mine.update(state=ChangeState.SKIPPED, code="CHANGED_MEANWHILE") == 1

    world.before_mutation(take_over)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    await world.finished(job)

    assert job.state is JobState.SUCCEEDED
    assert stocks(world.dependent) == [start[0] - 2, start[1], start[2] + 4]
    assert stocks(world.main) == [start[0] - 2, start[1] + 3, start[2] + 4]
    assert await Change.filter(job_id=job.id, state=ChangeState.APPLIED).count() == 2


async def test_a_product_made_again_is_not_written_over_by_what_its_predecessor_wanted(
    world: World, events: Events
) -> None:
    """A quantity is on its way when its product is deleted and made again with another one."""
    await in_step(world, events)
    tie = world.connection

    async def made_again() -> None:
        delete_product(world.main, next(iter(world.main.products)))
        world.place(world.main, [draft("S0", stock=3)])
        await events.send()
        await look_at(tie.main_id, world.runtime)
        async with transaction() as client:
            await want_live_job(client, tie.id, Stream.PRODUCT, world.now())
        newest, *_ = await Job.filter(kind=JobKind.LIVE).order_by("-created_at")
        await run_job(newest.id, world.runtime)
        assert stocks(world.dependent)[0] == 3

    move(world.main, next(iter(world.main.products)), 4)
    stock = [each for each in events.waiting if each.topic == "inventory_levels/update"]
    events.waiting.clear()
    world.before_mutation(made_again)
    await events.send(stock)
    await events.settle()
    assert world.interlopers == []
    assert stocks(world.dependent)[0] == 3
    assert sorted(stocks(world.dependent)) == sorted(stocks(world.main))


async def test_only_what_was_taken_over_has_waited_for_as_long_as_that(world: World, events: Events) -> None:
    """A full sync planned a price an hour ago; stock of the same product is sold now."""
    await in_step(world, events)
    product, twin = next(iter(world.main.products)), next(iter(world.dependent.products))
    edit_variant(world.main, only(product), "price", "24.90")
    events.waiting.clear()
    long_ago = world.now() - timedelta(hours=1)
    planned = await Change.create(
        job=await Job.get(kind=JobKind.SYNC_ALL),
        connection_id=world.connection.id,
        seq=1,
        lane=Lane.PRICE,
        action=Action.SET,
        field=Field.PRICE,
        main_product_gid=f"gid://shopify/Product/{product.id}",
        main_variant_gid=f"gid://shopify/ProductVariant/{only(product).id}",
        product_gid=f"gid://shopify/Product/{twin.id}",
        variant_gid=f"gid://shopify/ProductVariant/{only(twin).id}",
        after="22.90",
        happened_at=long_ago,
    )
    sold = world.now()
    move(world.main, product, -1)
    events.waiting[:] = [each for each in events.waiting if each.topic == "products/update"]
    await events.settle()

    await planned.refresh_from_db()
    assert planned.state is ChangeState.SKIPPED
    price = await Change.get(field=Field.PRICE, state=ChangeState.APPLIED)
    stock = await Change.get(field=Field.STOCK, state=ChangeState.APPLIED)
    assert (price.after, price.happened_at) == ("24.90", long_ago)
    assert stock.happened_at is not None
    assert stock.happened_at >= sold


async def planned_for_an_echo(world: World, at: datetime) -> list[Change]:
    """What a live job makes of something that happened `at` that time to the dependent's first product."""
    first = next(iter(world.main.products))
    gid = ProductId(f"gid://shopify/Product/{first.id}")
    async with transaction() as client:
        dirt = Dirt(world.connection.id, Stream.PRODUCT, gid, at, world.now(), from_main=False)
        await put_dirt(client, [dirt], world.now())
    live = await Job.get(kind=JobKind.LIVE)
    await run_job(live.id, world.runtime)
    return await Change.filter(job_id=live.id)


async def test_echoes_leave_to_a_full_sync_what_it_compares_anyway(world: World, events: Events) -> None:
    """The settings have changed, and the events of the last sync are looked at before the next one plans."""
    await in_step(world, events)
    await world.choose(replace(VALUES, price_rules=PriceRules(percent=Decimal(10))))
    (job,) = await requests.sync_all([world.connection.id], now=world.now())

    assert await planned_for_an_echo(world, world.now()) == []
    assert (await DirtyProduct.get()).due_at > world.now()

    await world.finished(job)
    await events.settle()
    assert [each.job_id for each in await Change.filter(field=Field.PRICE)] == [job.id] * 3
    assert await DirtyProduct.all().count() == 0


async def test_what_may_be_a_persons_edit_waits_for_a_full_sync_for_a_minute_only(
    world: World, events: Events
) -> None:
    await in_step(world, events)
    await world.choose(replace(VALUES, price_rules=PriceRules(percent=Decimal(10))))
    await requests.sync_all([world.connection.id], now=world.now())
    (price,) = await planned_for_an_echo(world, world.now() - timedelta(seconds=61))
    assert (price.field, price.state) == (Field.PRICE, ChangeState.APPLIED)
    assert await DirtyProduct.all().count() == 0


@pytest.mark.parametrize("together", [True, False])
async def test_what_waits_at_a_product_makes_a_change_in_main_no_older(
    world: World, events: Events, together: bool
) -> None:
    """An echo of what a full sync wrote a minute ago still waits when main changes, in either order."""
    await in_step(world, events)
    now, product = world.now(), ProductId(gid("Product", 1))
    echo = Dirt(
        world.connection.id, Stream.PRODUCT, product, now - timedelta(minutes=1), now, from_main=False
    )
    change = Dirt(world.connection.id, Stream.PRODUCT, product, now, now)
    for groups in (
        ([[echo, change]], [[change, echo]]) if together else ([[echo], [change]], [[change], [echo]])
    ):
        await DirtyProduct.all().delete()
        async with transaction() as client:
            for group in groups:
                await put_dirt(client, group, now)
        found = await DirtyProduct.get()
        assert (found.happened_at, found.from_main) == (now, True)
