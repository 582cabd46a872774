"""A read that overlaps a write of our own: what it saw may be older than the write or newer, whatever it says
on its stamp."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from backend.database import connection
from backend.jobs import apply, requests
from backend.jobs.mirror_read import load_products
from backend.jobs.mirror_write import mark_gone, put_products, put_stock
from backend.jobs.queue import transaction
from backend.live.inbox import ECHO_DELAY
from backend.live.look import look_at
from backend.live.pending import Mark, mark_pending
from backend.models.job import Change, ChangeState, Job
from backend.models.live import LocalEdit, PendingSubject, SubjectKind
from backend.models.mirror import MirrorStock
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, LocationId, ProductId
from backend.sync.changeset import Action
from backend.sync.settings import DetailField, FieldGroup, LocalEditPolicy, ProductScope, SyncSettings
from sandbox.edits import edit_product, edit_variant
from sandbox.store.shop import Shop as SandboxShop
from tests.jobs.world import EVERYTHING, World, a_world
from tests.live.events import Events, deaf, events_of
from tests.live.test_live_sync import VALUES, draft, in_step, only, stock_of
from tests.live.test_shared_stock import SHARED, sell, stocks

# A shop tells of the product as well when a quantity moves; without that a lost number stays lost.
_OF_PRODUCTS = ("products", "inventory_items")


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


@pytest.fixture
def events(world: World) -> Iterator[Events]:
    with events_of(world) as found:
        yield found


def item(shop: SandboxShop) -> str:
    return f"gid://shopify/InventoryItem/{only(next(iter(shop.products))).item.id}"


async def level(shop: UUID, gid: str, place: str) -> int:
    """As the mirror knows it."""
    found = await MirrorStock.get(shop_id=shop, inventory_item_gid=gid, location_gid=place)
    return int(found.available)


async def look(world: World, shop: UUID, kind: SubjectKind, gid: str) -> None:
    world.clock.ahead += 0.01
    now = world.now()
    async with transaction() as client:
        await mark_pending(client, [Mark(shop, kind, gid, now, now)])
    await look_at(shop, world.runtime)
    world.clock.ahead += 0.01


async def test_the_number_before_our_write_is_no_sale(world: World, events: Events) -> None:
    """The write is on its way when somebody looks; then it takes effect, and nobody hears of it."""
    await in_step(world, events, SHARED)
    shop = world.connection.dependent_id
    sell(world.main, 2)
    world.before_mutation(lambda: look(world, shop, SubjectKind.STOCK, item(world.dependent)))
    with deaf(world.dependent):
        await events.settle()
    assert stocks(world) == [5, 5]
    assert await Change.filter(action=Action.BOOK).count() == 0


async def test_a_sale_before_the_answer_is_not_written_over(world: World, events: Events) -> None:
    """Our number stands in the dependent, somebody buys there, this is told and looked at, and only then do
    we hear that our number has arrived."""
    await in_step(world, events, SHARED)

    async def buy() -> None:
        sell(world.dependent, 1)
        await _stock_alone(events)
        await look_at(world.connection.dependent_id, world.runtime)
        world.clock.ahead += 0.01

    sell(world.main, 2)
    await _stock_alone(events)
    world.before_answer("inventorySetQuantities", buy)
    while await events.work() or events.waiting:
        await _stock_alone(events)
    assert world.eavesdroppers == []
    assert stocks(world) == [4, 4]
    booked = await Change.get(action=Action.BOOK)
    assert (booked.before, booked.after) == (5, 4)


async def _stock_alone(events: Events) -> None:
    events.waiting[:] = [each for each in events.waiting if not each.topic.startswith(_OF_PRODUCTS)]
    await events.send()


async def test_main_s_number_before_a_booking_gives_nothing_back(world: World, events: Events) -> None:
    """Main is read just before the booking takes effect, and stored when it is settled; main's own events are
    late. Were the old number taken for main's, the dependent would get back what it has sold."""
    await in_step(world, events, SHARED)
    shown: list[int] = []
    first = only(next(iter(world.dependent.products)))
    world.dependent.listeners.append(lambda _: shown.append(stock_of(first)))
    reading: list[asyncio.Task[None]] = []
    begun = asyncio.Event()

    async def hold(response: httpx.Response) -> None:
        """The answer to the read arrives after the booking is settled."""
        of_main = world.main.domain in str(response.request.url)
        if reading and of_main and b"mutation" not in response.request.content and not begun.is_set():
            begun.set()
            while not await Change.filter(action=Action.BOOK, state="APPLIED").exists():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    hooks = world.runtime.http.event_hooks
    world.runtime.http.event_hooks = {**hooks, "response": [*hooks["response"], hold]}

    async def begin() -> None:
        looking = look(world, world.connection.main_id, SubjectKind.STOCK, item(world.main))
        reading.append(asyncio.create_task(looking))
        waiting = asyncio.create_task(begun.wait())
        await asyncio.wait({*reading, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    sell(world.dependent, 2)
    world.before_mutation(begin)
    await events.send()
    late = []
    while await events.work() or events.waiting:
        late += [each for each in events.waiting if each.shop == world.main.domain]
        events.waiting[:] = [each for each in events.waiting if each.shop != world.main.domain]
        await events.send()
    await asyncio.gather(*reading)
    assert (stocks(world), set(shown)) == ([5, 5], {5})
    await events.send(late)
    await events.settle()
    assert (stocks(world), set(shown)) == ([5, 5], {5})


@pytest.mark.parametrize("policy", list(LocalEditPolicy))
async def test_the_price_before_our_write_is_nobody_s_edit(
    world: World, events: Events, policy: LocalEditPolicy
) -> None:
    settings = replace(VALUES, quantities=False, local_edits={FieldGroup.PRICES: policy})
    await in_step(world, events, settings)
    shop, twin = world.connection.dependent_id, next(iter(world.dependent.products))
    edit_variant(world.main, only(next(iter(world.main.products))), "price", "21.00")
    gid = f"gid://shopify/Product/{twin.id}"
    world.before_mutation(lambda: look(world, shop, SubjectKind.PRODUCT, gid))
    world.mark()
    await events.settle()
    assert str(only(twin).price) == "21.00"
    assert dict(world.calls(world.dependent).mutations) == {"productVariantsBulkUpdate": 1}
    assert await LocalEdit.all().count() == 0


async def test_an_edit_before_the_answer_is_seen(world: World, events: Events) -> None:
    """Our price has arrived, and somebody changes it before we hear so: that is an edit, and main wins."""
    await in_step(world, events, replace(VALUES, quantities=False))
    twin = only(next(iter(world.dependent.products)))

    async def edit() -> None:
        edit_variant(world.dependent, twin, "price", "15.00")
        await events.send()
        await look_at(world.connection.dependent_id, world.runtime)

    edit_variant(world.main, only(next(iter(world.main.products))), "price", "21.00")
    world.before_answer("productVariantsBulkUpdate", edit)
    await events.settle()
    assert str(twin.price) == "21.00"
    edited = await LocalEdit.get()
    assert (edited.main_value, edited.dependent_value, edited.kept) == ("21.00", "15.00", False)


@pytest.mark.parametrize("policy", list(LocalEditPolicy))
async def test_an_edit_of_what_was_just_created_is_nobody_else_s_form_of_it(
    world: World, events: Events, policy: LocalEditPolicy
) -> None:
    """A product is made, and somebody gives it another title before it is read for the first time."""
    await in_step(world, events, replace(EVERYTHING, local_edits={FieldGroup.DETAILS: policy}))
    world.place(world.main, [draft("NEW")])

    def edit() -> None:
        edit_product(world.dependent, list(world.dependent.products)[-1], "title", "Ours")

    world.before_answer("productSet", edit)
    await events.settle()
    assert world.eavesdroppers == []
    kept = policy is LocalEditPolicy.KEEP_LOCAL
    assert list(world.dependent.products)[-1].title == ("Ours" if kept else "Product NEW")
    edited = await LocalEdit.get()
    assert (edited.field, edited.dependent_value, edited.kept) == ("TITLE", "Ours", kept)


@pytest.mark.parametrize("settings", [SHARED, VALUES], ids=["shared", "mirrored"])
async def test_an_echo_that_is_faster_than_the_answer_costs_one_read(
    world: World, events: Events, settings: SyncSettings
) -> None:
    await in_step(world, events, settings)

    async def hear() -> None:
        await _stock_alone(events)
        await look_at(world.connection.dependent_id, world.runtime)

    sell(world.main, 2)
    await _stock_alone(events)
    world.before_answer("inventorySetQuantities", hear)
    world.mark()
    while await events.work() or events.waiting:
        await _stock_alone(events)
    assert (world.eavesdroppers, stocks(world)) == ([], [5, 5])
    calls = world.calls(world.dependent)
    assert (dict(calls.mutations), dict(calls.queries)) == ({"inventorySetQuantities": 1}, {"nodes": 1})


async def test_a_read_of_what_is_being_written_is_made_again(world: World, events: Events) -> None:
    """As a page of a full read does that arrives while the booking is on its way."""
    await in_step(world, events, SHARED)
    main, gid = world.connection.main_id, InventoryItemId(item(world.main))
    place = LocationId(f"gid://shopify/Location/{world.main.primary_location.id}")

    async def store() -> None:
        world.clock.ahead += 0.01
        async with transaction() as client:
            await put_stock(client, main, [(gid, place, 100)], world.now())
        world.clock.ahead += 0.01
        told.append(await known())
        subject = await PendingSubject.get(shop_id=main, kind=SubjectKind.STOCK)
        assert (subject.gid, subject.due_at > world.now()) == (gid, True)

    async def known() -> int:
        return await level(main, gid, place)

    told: list[int] = []
    sell(world.dependent, 2)
    world.before_mutation(store)
    with deaf(world.main):
        await events.settle()
    assert (told, await known(), stocks(world)) == ([7], 5, [5, 5])


async def test_what_was_never_answered_does_not_keep_main_from_being_read(
    world: World, events: Events
) -> None:
    await in_step(world, events, SHARED)
    await Change.all().delete()
    job = await Job.first()
    assert job is not None
    main, gid = world.connection.main_id, InventoryItemId(item(world.main))
    place = LocationId(f"gid://shopify/Location/{world.main.primary_location.id}")
    now = world.now()
    await Change.create(
        job_id=job.id,
        connection_id=world.connection.id,
        seq=1_000,
        lane="STOCK",
        action=Action.BOOK,
        field="STOCK",
        main_product_gid="gid://shopify/Product/1",
        product_gid="gid://shopify/Product/2",
        inventory_item_gid=gid,
        state=ChangeState.SENT,
        sent_at=now,
    )

    async def known_after(seconds: float) -> int:
        async with transaction() as client:
            begun = now + timedelta(seconds=seconds)
            await put_stock(client, main, [(gid, place, int(seconds))], begun)
        return await level(main, gid, place)

    assert [await known_after(29), await known_after(30), await known_after(31)] == [7, 30, 31]


async def test_a_read_from_before_a_deletion_brings_nothing_back(world: World, events: Events) -> None:
    await in_step(world, events)
    shop = world.connection.dependent_id
    gid = ProductId(f"gid://shopify/Product/{next(iter(world.dependent.products)).id}")
    known = await load_products(connection(), shop, [gid])
    now = world.now()
    async with transaction() as client:
        await mark_gone(client, shop, [gid], [], now + timedelta(seconds=2))
        await put_products(client, shop, known.values(), Wanted(), now + timedelta(seconds=1))
        assert await load_products(client, shop, [gid]) == {}
        await put_products(client, shop, known.values(), Wanted(), now + timedelta(seconds=3))
        assert await load_products(client, shop, [gid]) == known


TITLES = SyncSettings(
    products=ProductScope.ALL,
    details=True,
    fields=frozenset({DetailField.TITLE}),
    prices=False,
    quantities=False,
)


async def pending_products(world: World) -> set[str]:
    """Of the dependent."""
    waiting = PendingSubject.filter(shop_id=world.connection.dependent_id, kind=SubjectKind.PRODUCT)
    return {each.gid for each in await waiting}


async def hear_in_dependent(world: World, events: Events, *, ago: float = 0.0) -> set[str]:
    """What has happened is told, as if it were a while ago, and looked at when it is due; the products of the
    dependent that are left to be looked at."""
    at = world.now() - timedelta(seconds=ago)
    waiting, events.waiting[:] = [replace(each, triggered_at=at) for each in events.waiting], []
    await events.send(waiting)
    world.clock.ahead += 2 * ECHO_DELAY.total_seconds()
    await look_at(world.connection.dependent_id, world.runtime)
    return await pending_products(world)


async def test_what_a_long_job_creates_is_read_when_it_is_through(world: World, events: Events) -> None:
    """Echoes cost as many points as the creations: they are not spent while those need them."""
    world.place(world.main, [draft(f"S{number}") for number in range(20)])
    await world.choose(TITLES)
    left: list[int] = []

    async def hear() -> None:
        left.append(len(await hear_in_dependent(world, events)))

    for mutation in ("productSet", "publishablePublish"):
        world.before_answer(mutation, hear)
    world.mark()
    await requests.sync_all([world.connection.id], now=world.now())
    await world.drain()
    during = world.calls(world.dependent).queries["nodes"]
    await events.settle()
    assert (world.eavesdroppers, len(world.dependent.products)) == ([], 20)
    assert len(left) == 2
    assert min(left) > 0
    assert await pending_products(world) == set()
    # What was heard during the job, and what was heard after it.
    assert world.calls(world.dependent).queries["nodes"] <= during + 2


@pytest.mark.parametrize(("ago", "left"), [(30.0, 2), (61.0, 1)])
async def test_what_a_long_job_has_written_is_looked_at_within_a_minute(
    world: World, events: Events, monkeypatch: pytest.MonkeyPatch, ago: float, left: int
) -> None:
    """The first product is written; the second is being written, and not read in any case."""
    monkeypatch.setattr(apply, "SIDE_BY_SIDE", 1)
    await in_step(world, events, TITLES)
    first, _, third = world.main.products
    with deaf(world.main):
        edit_product(world.main, first, "title", "Oolong")
        edit_product(world.main, third, "title", "Sencha")
    found: list[int] = []

    async def hear() -> None:
        found.append(len(await hear_in_dependent(world, events, ago=ago)))

    async def go_on() -> None:
        world.before_answer("productUpdate", hear)

    world.before_answer("productUpdate", go_on)
    await requests.sync_all([world.connection.id], now=world.now())
    await world.drain()
    await events.settle()
    assert (world.eavesdroppers, found) == ([], [left])
    assert {each.title for each in world.dependent.products} == {each.title for each in world.main.products}


async def test_a_person_s_edit_of_something_else_is_seen_at_once(world: World, events: Events) -> None:
    await in_step(world, events, TITLES)
    twin = next(iter(world.dependent.products))
    with deaf(world.main):
        edit_product(world.main, list(world.main.products)[-1], "title", "Oolong")
    left: list[set[str]] = []

    async def edit() -> None:
        edit_product(world.dependent, twin, "title", "Ours")
        left.append(await hear_in_dependent(world, events))

    world.before_answer("productUpdate", edit)
    await requests.sync_all([world.connection.id], now=world.now())
    await world.drain()
    (waiting,) = left
    assert f"gid://shopify/Product/{twin.id}" not in waiting
    await events.settle()
    assert await LocalEdit.all().count() == 1
