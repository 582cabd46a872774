"""A change in main reaches the dependents by itself; a dependent's own change is recognised."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from backend.jobs import requests
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Change, ChangeState, Job, JobKind, JobState
from backend.models.live import DirtyProduct, LocalEdit, PendingSubject, Stream, SubjectKind
from backend.sync.settings import FieldGroup, LocalEditPolicy, ProductScope, SyncSettings
from sandbox.commands.products import delete_product
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.edits import edit_product, edit_stock, edit_variant
from sandbox.store.product import Product, Variant
from tests.jobs.world import EVERYTHING, World, a_world
from tests.live.events import Events, events_of, live_jobs

VALUES = SyncSettings(products=ProductScope.MATCHED, details=False, prices=True, quantities=True)


def draft(sku: str, price: str = "19.90", stock: int = 7) -> ProductDraft:
    return ProductDraft(
        f"Product {sku}", (VariantDraft(sku=sku, price=Decimal(price), tracked=True, available=(stock,)),)
    )


def only(product: Product) -> Variant:
    return next(iter(product.variants))


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world(dependents=2) as found:
        yield found


@pytest.fixture
def events(world: World) -> Iterator[Events]:
    with events_of(world) as found:
        yield found


async def in_step(world: World, events: Events, settings: SyncSettings = VALUES, skus: int = 3) -> None:
    """Main and its dependents with the same products, synced once."""
    for shop in (world.main, *world.dependents):
        world.place(shop, [draft(f"S{number}") for number in range(skus)])
    for each in world.connections.values():
        await world.choose(settings, each)
    await requests.sync_all([each.id for each in world.connections.values()], now=world.now())
    await world.drain()
    await events.settle()
    assert await live_jobs() == []


def stock_of(variant: Variant, place: object = None) -> int:
    return next(iter(variant.item.levels.values())).available


async def test_a_price_travels_to_every_dependent(world: World, events: Events) -> None:
    await in_step(world, events)
    first = next(iter(world.main.products))
    world.mark()

    edit_variant(world.main, only(first), "price", "24.90")
    await events.settle()

    for dependent in world.dependents:
        assert str(only(next(iter(dependent.products))).price) == "24.90"
        assert dict(world.calls(dependent).mutations) == {"productVariantsBulkUpdate": 1}
    assert world.calls(world.main).mutations == {}
    jobs = await live_jobs()
    assert [(each.state, each.counts["APPLIED"]) for each in jobs] == [(JobState.SUCCEEDED, 1)] * 2
    change = await Change.get(job_id=jobs[0].id)
    assert (change.state, change.before, change.after) == (ChangeState.APPLIED, "19.90", "24.90")
    assert change.happened_at is not None
    assert change.applied_at is not None
    assert change.happened_at <= change.applied_at
    assert await PendingSubject.all().count() == await DirtyProduct.all().count() == 0


async def test_many_events_about_a_product_are_one_read_and_one_write(world: World, events: Events) -> None:
    await in_step(world, events)
    first = only(next(iter(world.main.products)))
    for cents in range(10, 60):
        edit_variant(world.main, first, "price", f"20.{cents}")
    world.mark()
    await events.settle()

    dependent = world.dependent
    assert str(only(next(iter(dependent.products))).price) == "20.59"
    assert dict(world.calls(dependent).mutations) == {"productVariantsBulkUpdate": 1}
    assert world.calls(world.main).requests <= 2


async def test_stock_travels_alone(world: World, events: Events) -> None:
    await in_step(world, events)
    first = only(next(iter(world.main.products)))
    world.mark()
    edit_stock(world.main, first, world.main.primary_location, "3")
    events.waiting[:] = [each for each in events.waiting if each.topic.startswith("inventory")]
    await events.send()
    assert [each.kind for each in await PendingSubject.all()] == [SubjectKind.STOCK]
    await events.settle()

    assert [stock_of(only(next(iter(each.products)))) for each in world.dependents] == [3, 3]
    assert dict(world.calls(world.dependent).mutations) == {"inventorySetQuantities": 1}
    assert {(await each.connection).id for each in await live_jobs()} == {
        each.id for each in world.connections.values()
    }
    assert [each.payload["stream"] for each in await live_jobs()] == [Stream.STOCK.value] * 2


async def test_own_writes_echo_without_effect(world: World, events: Events) -> None:
    await in_step(world, events)
    first = only(next(iter(world.main.products)))
    edit_variant(world.main, first, "price", "9.90")
    edit_stock(world.main, first, world.main.primary_location, "1")
    await events.settle()
    before = await Job.all().count()
    world.mark()
    await events.settle()
    assert await Job.all().count() == before
    for shop in world.dependents:
        assert world.calls(shop).mutations == {}


async def test_a_product_that_comes_and_goes(world: World, events: Events) -> None:
    await in_step(world, events, EVERYTHING)
    (made,) = world.place(world.main, [draft("NEW", "5.00", 2)])
    await events.settle()
    for dependent in world.dependents:
        assert sorted(only(each).item.sku or "" for each in dependent.products) == ["NEW", "S0", "S1", "S2"]

    delete_product(world.main, made)
    await events.settle()
    twin = next(each for each in world.dependent.products if only(each).item.sku == "NEW")
    assert twin.status == "ACTIVE"
    world.clock.ahead += 601
    await events.settle()
    assert twin.status == "DRAFT"


async def test_main_wins_over_a_local_edit_and_reports_it(world: World, events: Events) -> None:
    await in_step(world, events)
    theirs = only(next(iter(world.dependent.products)))
    edit_variant(world.dependent, theirs, "price", "15.00")
    await events.settle()

    assert str(theirs.price) == "19.90"
    edit = await LocalEdit.get()
    assert (edit.field, edit.kept) == ("PRICE", False)
    assert (edit.main_value, edit.dependent_value) == ("19.90", "15.00")
    assert (await Change.get(job_id=(await live_jobs())[0].id)).local_edit


async def test_a_local_edit_is_kept_where_the_settings_say_so(world: World, events: Events) -> None:
    kept = dict.fromkeys((FieldGroup.PRICES, FieldGroup.DETAILS), LocalEditPolicy.KEEP_LOCAL)
    await in_step(world, events, replace(VALUES, local_edits=kept))
    theirs = only(next(iter(world.dependent.products)))
    edit_variant(world.dependent, theirs, "price", "15.00")
    await events.settle()

    assert str(theirs.price) == "15.00"
    edit = await LocalEdit.get()
    assert (edit.field, edit.kept) == ("PRICE", True)
    assert await live_jobs() == []

    edit_variant(world.main, only(next(iter(world.main.products))), "price", "15.00")
    await events.settle()
    assert await LocalEdit.all().count() == 0


async def test_a_live_change_overtakes_a_full_sync(world: World, events: Events) -> None:
    """The full sync has planned a price and did not write it yet; main changes again."""
    await in_step(world, events)
    mine = only(next(iter(world.main.products)))
    edit_variant(world.main, mine, "price", "25.00")
    events.waiting.clear()
    (job,) = await requests.sync_all([world.connection.id], now=world.now())

    async def change_again() -> None:
        edit_variant(world.main, mine, "price", "26.00")
        await events.send()

    world.before_mutation(change_again)
    await world.drain()
    await events.settle()
    assert str(only(next(iter(world.dependent.products))).price) == "26.00"
    await job.refresh_from_db()
    assert (job.kind, job.state) == (JobKind.SYNC_ALL, JobState.SUCCEEDED)


async def test_titles_follow(world: World, events: Events) -> None:
    await in_step(world, events, EVERYTHING)
    edit_product(world.main, next(iter(world.main.products)), "title", "Another name")
    await events.settle()
    assert [next(iter(each.products)).title for each in world.dependents] == ["Another name"] * 2


async def test_what_changed_during_a_pause_follows_after_it(world: World, events: Events) -> None:
    """Only the paused connection owns the details: they are read for it all the same."""
    await in_step(world, events, EVERYTHING)
    first, second = world.connections.values()
    await world.choose(VALUES, first)
    await Connection.filter(id=second.id).update(state=ConnectionState.PAUSED)
    edit_product(world.main, next(iter(world.main.products)), "descriptionHtml", "<p>Another</p>")
    await events.settle()
    await Connection.filter(id=second.id).update(state=ConnectionState.ACTIVE)
    await events.settle()
    told = [next(iter(each.products)).description_html for each in world.dependents]
    assert told == ["", "<p>Another</p>"]


async def test_what_is_held_is_asked_once(world: World, events: Events) -> None:
    """Events about a product whose price waits for a person neither write it nor ask again."""
    await in_step(world, events)
    first = next(iter(world.main.products))
    edit_variant(world.main, only(first), "price", "90.00")
    await events.settle()
    held = await Change.filter(state=ChangeState.HELD).order_by("id")
    assert [(each.before, each.after, each.held_reason) for each in held] == [
        ("19.90", "90.00", "PRICE_JUMP")
    ] * 2

    edit_product(world.dependent, next(iter(world.dependent.products)), "vendor", "Somebody")
    edit_product(world.main, first, "vendor", "Nobody")
    await events.settle()
    assert await Change.filter(state=ChangeState.HELD).order_by("id") == held
    assert await Change.all().count() == 2

    edit_variant(world.main, only(first), "price", "20.00")
    await events.settle()
    assert await Change.filter(state=ChangeState.HELD).count() == 0
    assert str(only(next(iter(world.dependent.products))).price) == "20.00"
