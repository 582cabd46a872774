"""Lost events are found, broken subjects are set aside and take nobody with them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextvars import Context
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from backend.database import connection, execute
from backend.errors import ErrorCode, Unavailable
from backend.jobs import requests
from backend.jobs.queue import transaction
from backend.jobs.sweep import sweep
from backend.live.look import look_at
from backend.live.pending import Mark, mark_pending, take_pending
from backend.live.poll import EVERY, poll
from backend.models.connection import Connection
from backend.models.job import Change, ChangeState, Job, JobKind, JobState
from backend.models.link import Conflict, ConflictState
from backend.models.live import DirtyProduct, PendingSubject, Stream, SubjectKind
from backend.models.mirror import MirrorProduct
from backend.models.shop import Shop
from backend.shopify.pages import Found
from backend.shopify.reader import CatalogReader
from backend.shopify.shop import ShopRead, ShopReader
from backend.shopify.wanted import Wanted
from backend.sync.catalog import ProductId
from backend.sync.fields import Field
from sandbox.commands.products import delete_product
from sandbox.edits import edit_stock, edit_variant
from sandbox.ids import gid
from tests.jobs.world import EVERYTHING, World, a_world
from tests.live.events import Events, events_of
from tests.live.test_live_sync import draft, in_step, only, stock_of


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


@pytest.fixture
def events(world: World) -> Iterator[Events]:
    with events_of(world) as found:
        yield found


async def polled(world: World, events: Events) -> None:
    """As if the time of a poll had passed since the last one."""
    world.clock.ahead += EVERY.total_seconds() + 1
    await poll(world.now())
    await events.settle()


async def test_a_lost_event_is_found_by_the_poll(world: World, events: Events) -> None:
    await in_step(world, events)
    await polled(world, events)
    mine = only(next(iter(world.main.products)))
    edit_variant(world.main, mine, "price", "21.00")
    edit_stock(world.main, mine, world.main.primary_location, "2")
    events.waiting.clear()
    await events.settle()
    theirs = only(next(iter(world.dependent.products)))
    assert (str(theirs.price), stock_of(theirs)) == ("19.90", 7)

    await polled(world, events)
    assert (str(theirs.price), stock_of(theirs)) == ("21.00", 2)


async def test_what_a_poll_only_looks_at_once_more_has_not_waited_since(world: World, events: Events) -> None:
    """A price arrived long ago, read so soon that the poll can't be sure of it, and changes again while it
    looks; so does the item's stock."""
    await in_step(world, events)
    await polled(world, events)
    mine = only(next(iter(world.main.products)))
    edit_variant(world.main, mine, "price", "21.00")
    edit_variant(world.main, mine, "cost", "9.00")
    edit_stock(world.main, mine, world.main.primary_location, "2")
    await events.settle()
    world.clock.ahead += EVERY.total_seconds() + 1
    later = world.now()
    await poll(later)
    for _ in ("what changed", "how it stands"):
        await look_at(world.connection.main_id, world.runtime)
    assert {each.stream for each in await DirtyProduct.all()} == {Stream.PRODUCT, Stream.STOCK}
    edit_variant(world.main, mine, "price", "22.00")
    edit_stock(world.main, mine, world.main.primary_location, "1")
    await events.settle()

    applied = await Change.filter(state=ChangeState.APPLIED)
    newest = [each for each in applied if each.after in ("22.00", 1)]
    assert {each.field for each in newest} == {Field.PRICE, Field.STOCK}
    assert all(each.happened_at is not None and each.happened_at >= later for each in newest)


async def test_a_poll_without_changes_reads_no_product(world: World, events: Events) -> None:
    await in_step(world, events)
    await polled(world, events)
    await polled(world, events)
    world.mark()
    await polled(world, events)
    assert world.calls(world.main).mutations == {}
    assert world.calls(world.main).queries == {"products": 1, "inventoryItems": 1}


async def test_a_product_that_cannot_be_planned_is_set_aside_alone(world: World, events: Events) -> None:
    await in_step(world, events)
    first, second, _ = list(world.main.products)
    for product in (first, second):
        edit_variant(world.main, only(product), "price", "21.00")
    await events.send()
    shop = await Shop.get(domain=world.dependent.domain)
    twin = next(iter(world.dependent.products))
    await MirrorProduct.filter(shop_id=shop.id, gid=gid("Product", twin.id)).update(details=[7])
    await events.settle()

    assert [str(only(each).price) for each in world.dependent.products] == ["19.90", "21.00", "19.90"]
    left = await DirtyProduct.get()
    assert (left.main_gid, left.attempts) == (gid("Product", first.id), 3)
    assert left.set_aside_at is not None
    assert "the log has it under" in left.reason

    # Something new happens to it, and the mirror is well again.
    await MirrorProduct.filter(shop_id=shop.id, gid=gid("Product", twin.id)).update(details={})
    edit_variant(world.main, only(first), "price", "22.00")
    await events.settle()
    assert await DirtyProduct.all().count() == 0
    assert str(only(twin).price) == "22.00"


async def test_a_product_whose_twin_was_never_read_is_planned_when_it_is(
    world: World, events: Events
) -> None:
    await in_step(world, events)
    shop = await Shop.get(domain=world.dependent.domain)
    twin = next(iter(world.dependent.products))
    await MirrorProduct.filter(shop_id=shop.id, gid=gid("Product", twin.id)).delete()
    edit_variant(world.main, only(next(iter(world.main.products))), "price", "21.00")
    await events.settle()
    assert str(only(twin).price) == "21.00"
    assert await DirtyProduct.all().count() == 0


async def test_a_product_whose_twin_nobody_knows_is_set_aside(world: World, events: Events) -> None:
    await in_step(world, events)
    shop = await Shop.get(domain=world.dependent.domain)
    first, twin = next(iter(world.main.products)), next(iter(world.dependent.products))
    await MirrorProduct.filter(shop_id=shop.id, gid=gid("Product", twin.id)).delete()
    delete_product(world.dependent, twin)
    events.waiting.clear()
    edit_variant(world.main, only(first), "price", "21.00")
    await events.settle()
    left = await DirtyProduct.get()
    assert (left.main_gid, left.set_aside_at is not None) == (gid("Product", first.id), True)


async def test_a_subject_that_shopify_refuses_is_set_aside_alone(world: World, events: Events) -> None:
    await in_step(world, events)
    shop = await Shop.get(domain=world.main.domain)
    edit_variant(world.main, only(next(iter(world.main.products))), "price", "21.00")
    async with transaction() as client:
        nonsense = Mark(shop.id, SubjectKind.PRODUCT, "no id at all", world.now(), world.now())
        await mark_pending(client, [nonsense])
    await events.settle()
    assert str(only(next(iter(world.dependent.products))).price) == "21.00"
    left = await PendingSubject.get()
    assert (left.gid, left.attempts, left.set_aside_at is not None) == ("no id at all", 3, True)


def unanswered(monkeypatch: pytest.MonkeyPatch, poison: str) -> None:
    """Whenever the product is asked for, Shopify breaks."""
    real = CatalogReader.by_ids

    async def by_ids(self: CatalogReader, ids: Iterable[ProductId], wanted: Wanted) -> Found:
        asked = list(ids)
        if poison in asked:
            raise Unavailable("Shopify answered 500")
        return await real(self, asked, wanted)

    monkeypatch.setattr(CatalogReader, "by_ids", by_ids)


async def test_what_shopify_has_no_answer_for_holds_nothing_up_and_is_set_aside_in_the_end(
    world: World, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    await in_step(world, events, skus=4)
    first, *others = list(world.main.products)
    unanswered(monkeypatch, gid("Product", first.id))
    for product in (first, *others):
        edit_variant(world.main, only(product), "price", "21.00")
    began = world.now()
    await events.send()
    while await DirtyProduct.exists() or await PendingSubject.all().count() > 1 or events.waiting:
        await events.work()
        await events.send()
        assert world.now() - began < timedelta(seconds=60)
    prices = {only(each).item.sku: str(only(each).price) for each in world.dependent.products}
    assert prices == {"S0": "19.90", "S1": "21.00", "S2": "21.00", "S3": "21.00"}
    left = await PendingSubject.get()
    assert (left.gid, left.set_aside_at, left.reason) == (
        gid("Product", first.id),
        None,
        "Shopify answered 500",
    )
    await events.settle()
    await left.refresh_from_db()
    assert left.set_aside_at is not None
    assert left.set_aside_at - began > timedelta(minutes=10)


async def test_while_the_shop_has_no_answer_at_all_it_is_nobodys_fault(
    world: World, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    await in_step(world, events)
    first, *_ = list(world.main.products)

    async def shop(_: ShopReader) -> ShopRead:
        raise Unavailable("Shopify answered 500")

    for product in world.main.products:
        edit_variant(world.main, only(product), "price", "21.00")
    await events.send()
    with monkeypatch.context() as broken:
        unanswered(broken, gid("Product", first.id))
        broken.setattr(ShopReader, "shop", shop)
        for _ in range(20):
            await events.work()
    assert {each.attempts for each in await PendingSubject.filter(kind=SubjectKind.PRODUCT)} == {0}
    await events.settle()
    assert await PendingSubject.all().count() == 0
    assert {str(only(each).price) for each in world.dependent.products} == {"21.00"}


async def test_what_redis_forgot_is_sent_again(world: World, events: Events) -> None:
    """The messages are gone; the rows are not."""
    await in_step(world, events)
    edit_variant(world.main, only(next(iter(world.main.products))), "price", "21.00")
    await events.send()
    assert await PendingSubject.all().count() > 0
    await DirtyProduct.all().delete()
    world.clock.ahead += 2
    await sweep(world.now())
    await events.settle()
    assert str(only(next(iter(world.dependent.products))).price) == "21.00"


async def test_dirty_products_without_a_job_get_one_from_the_sweep(world: World, events: Events) -> None:
    await in_step(world, events)
    shop = await Shop.get(domain=world.main.domain)
    first = next(iter(world.main.products))
    await DirtyProduct.create(
        connection_id=world.connection.id,
        stream="PRODUCT",
        main_gid=gid("Product", first.id),
        happened_at=world.now(),
        latest_at=world.now(),
        due_at=world.now() - timedelta(seconds=5),
    )
    await sweep(world.now())
    assert await Job.filter(kind=JobKind.LIVE).count() == 1
    assert shop.uninstalled_at is None
    await events.settle()
    assert await Job.filter(kind=JobKind.LIVE).count() == 0


async def test_a_product_that_cannot_be_planned_stops_no_full_sync(world: World, events: Events) -> None:
    await in_step(world, events)
    stepped = (await Connection.get(id=world.connection.id)).in_step_at
    first, *_ = list(world.main.products)
    twin = next(iter(world.dependent.products))
    shop = await Shop.get(domain=world.dependent.domain)
    spoilt = MirrorProduct.filter(shop_id=shop.id, gid=gid("Product", twin.id))
    await spoilt.update(details=[7])
    for product in world.main.products:
        edit_variant(world.main, only(product), "price", "21.00")
    events.waiting.clear()

    async def synced() -> Job:
        (job,) = await requests.sync_all([world.connection.id], now=world.now())
        return await world.finished(job)

    job = await synced()
    assert [str(only(each).price) for each in world.dependent.products] == ["19.90", "21.00", "21.00"]
    assert (job.state, job.error_code) == (JobState.PARTIAL, ErrorCode.INTERNAL)
    assert (await Connection.get(id=world.connection.id)).in_step_at == stepped
    left = await DirtyProduct.get()
    assert (left.main_gid, left.set_aside_at is not None) == (gid("Product", first.id), True)

    # The mirror is well again: the next sync needs no person to say so.
    await spoilt.update(details={})
    assert (await synced()).state is JobState.SUCCEEDED
    assert str(only(twin).price) == "21.00"
    assert await DirtyProduct.all().count() == 0


async def test_a_poll_that_was_set_aside_is_made_again(world: World, events: Events) -> None:
    await in_step(world, events)
    later = world.now() + timedelta(hours=1)
    assert await poll(later) == 2
    await PendingSubject.filter(kind=SubjectKind.CHANGED).update(set_aside_at=later, attempts=3)
    assert await poll(later + EVERY) == 2
    assert await PendingSubject.filter(kind=SubjectKind.CHANGED, set_aside_at__isnull=True).count() == 2


async def test_what_was_attempted_once_does_not_starve_in_a_busy_shop(world: World, events: Events) -> None:
    await in_step(world, events)
    shop, now = world.connection.main_id, world.now()

    async def taken(name: str) -> list[str]:
        async with transaction() as client:
            await mark_pending(client, [Mark(shop, SubjectKind.STOCK, name, now, now)])
        return [each.gid for each in await take_pending(shop, SubjectKind.STOCK, now, limit=250)]

    assert await taken("left by a worker that was killed") == ["left by a worker that was killed"]
    rounds = []
    for number in range(40):
        now += timedelta(seconds=1)
        rounds.append(await taken(str(number)))
    # In the order of time: twenty seconds later it is due again, and nothing that is fresh goes before it.
    assert rounds.index(["left by a worker that was killed"]) in (19, 20)
    assert {name for names in rounds for name in names} >= {str(number) for number in range(39)}


async def test_to_take_waits_for_nobody_who_marks(world: World, events: Events) -> None:
    """One is to be set aside, one to be taken, and somebody marks them both at this moment."""
    await in_step(world, events)
    shop, now = world.connection.main_id, world.now()
    marks = [Mark(shop, SubjectKind.STOCK, name, now, now) for name in ("a", "z")]
    async with transaction() as client:
        await mark_pending(client, marks)
    await PendingSubject.filter(gid="a").update(attempts=3)
    async with transaction() as client:
        await mark_pending(client, marks[:1])
        taking = asyncio.create_task(take_pending(shop, SubjectKind.STOCK, now, limit=250), context=Context())
        assert [each.gid for each in await asyncio.wait_for(taking, 5)] == ["z"]
        await mark_pending(client, marks[1:])
    (first,) = await PendingSubject.filter(gid="a")
    assert (first.seq, first.set_aside_at) == (2, None)


async def test_a_database_that_goes_away_is_not_the_fault_of_a_subject(world: World, events: Events) -> None:
    async def away(_: UUID) -> str:
        await execute(connection(), "SELECT pg_terminate_backend(pg_backend_pid())")
        raise AssertionError("the connection is still there")

    await in_step(world, events)
    subject = Mark(world.connection.main_id, SubjectKind.PRODUCT, gid("Product", 1), world.now(), world.now())
    async with transaction() as client:
        await mark_pending(client, [subject])
    await look_at(world.connection.main_id, replace(world.runtime, token_of=away))
    found = await PendingSubject.get(gid=subject.gid)
    assert (found.attempts, found.set_aside_at, bool(found.reason)) == (0, None, True)


async def test_a_product_made_again_unheard_finds_its_twin(world: World, events: Events) -> None:
    """That its twin is tied to a product which is gone nobody tells: who wants the twin asks."""
    await in_step(world, events)
    await polled(world, events)
    delete_product(world.main, next(iter(world.main.products)))
    world.place(world.main, [draft("S0", "18.00", 6)])
    events.waiting.clear()
    await polled(world, events)
    theirs = only(next(iter(world.dependent.products)))
    assert (str(theirs.price), stock_of(theirs)) == ("18.00", 6)
    assert await Conflict.filter(state=ConflictState.OPEN).count() == 0


async def test_what_one_connection_reads_of_main_is_news_to_the_others(database: str) -> None:
    """The poll passes over what the mirror knows: so whoever has it read tells the others."""
    async with a_world(dependents=2) as world:
        with events_of(world) as events:
            await in_step(world, events, EVERYTHING)
            await polled(world, events)
            first, _, last = world.main.products
            edit_variant(world.main, only(first), "price", "21.00")
            delete_product(world.main, last)
            world.place(world.main, [draft("S8")])
            events.waiting.clear()
            world.clock.ahead += 20
            one, two = world.dependents
            await requests.sync_all([world.connections[one.domain].id], now=world.now())
            await events.settle()
            await polled(world, events)
            world.clock.ahead += 601
            await events.settle()
            for shop in (one, two):
                prices = {only(each).item.sku: (each.status, str(only(each).price)) for each in shop.products}
                assert prices == {
                    "S0": ("ACTIVE", "21.00"),
                    "S1": ("ACTIVE", "19.90"),
                    "S2": ("DRAFT", "19.90"),
                    "S8": ("ACTIVE", "19.90"),
                }, shop.domain


async def test_the_first_poll_asks_for_all_since_main_was_read(world: World, events: Events) -> None:
    await in_step(world, events)
    mine = only(next(iter(world.main.products)))
    edit_variant(world.main, mine, "price", "21.00")
    events.waiting.clear()
    await polled(world, events)
    assert str(only(next(iter(world.dependent.products))).price) == "21.00"


async def test_what_a_preview_has_read_is_written_no_sooner_than_by_the_poll(
    world: World, events: Events
) -> None:
    await in_step(world, events)
    await polled(world, events)
    edit_variant(world.main, only(next(iter(world.main.products))), "price", "21.00")
    events.waiting.clear()
    theirs = only(next(iter(world.dependent.products)))
    job = await requests.preview(world.connection.id, now=world.now())
    assert (await world.finished(job)).counts["PLANNED"] == 1
    await events.settle()
    assert str(theirs.price) == "19.90"
    await polled(world, events)
    assert str(theirs.price) == "21.00"
