"""What becomes of the unusual things that happen in main while everything runs by itself."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from backend.jobs import ending, requests
from backend.jobs.facts import refresh_facts
from backend.jobs.unread import read_unread
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Change, ChangeState, Job, JobKind, JobState, Trigger
from backend.models.link import Conflict, ConflictState, VariantLink
from backend.models.live import DirtyProduct
from backend.models.shop import Shop, ShopToken
from backend.sync.settings import Selection
from sandbox.commands.products import delete_product
from sandbox.commands.shops import edit_shop, set_location_active, uninstall_app
from sandbox.commands.variant_bulk import delete_variants
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.edits import edit_product, edit_stock, edit_variant
from sandbox.store.product import Product
from sandbox.store.shop import Shop as SandboxShop
from tests.jobs.world import CLIENT_ID, EVERYTHING, World, a_world
from tests.live.events import Events, deaf, events_of, live_jobs
from tests.live.test_live_sync import VALUES, draft, in_step, only, stock_of


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world(dependents=1, dependent_locations=("Hub", "Attic")) as found:
        yield found


@pytest.fixture
def events(world: World) -> Iterator[Events]:
    with events_of(world) as found:
        yield found


async def test_a_changed_sku_keeps_the_tie(world: World, events: Events) -> None:
    await in_step(world, events, EVERYTHING)
    mine = only(next(iter(world.main.products)))
    edit_variant(world.main, mine, "sku", "RENAMED")
    edit_variant(world.main, mine, "price", "21.00")
    await events.settle()
    theirs = only(next(iter(world.dependent.products)))
    assert (theirs.item.sku, str(theirs.price)) == ("RENAMED", "21.00")
    assert len(list(world.dependent.products)) == 3
    assert await VariantLink.all().count() == 3


async def test_a_changed_sku_that_is_not_owned_stays_as_it_is(world: World, events: Events) -> None:
    await in_step(world, events, VALUES)
    mine = only(next(iter(world.main.products)))
    edit_variant(world.main, mine, "sku", "RENAMED")
    edit_variant(world.main, mine, "price", "21.00")
    await events.settle()
    theirs = only(next(iter(world.dependent.products)))
    assert (theirs.item.sku, str(theirs.price)) == ("S0", "21.00")


async def test_a_variant_that_is_gone_from_main_sells_nothing_after_the_grace(
    world: World, events: Events
) -> None:
    two = ProductDraft(
        "Two sizes",
        tuple(
            VariantDraft((size,), sku=f"T-{size}", price=Decimal(5), tracked=True, available=(4,))
            for size in ("S", "L")
        ),
        options=("Size",),
    )
    (product,) = world.place(world.main, [two])
    await in_step(world, events, EVERYTHING, skus=1)
    await events.settle()
    lost = next(each for each in product.variants if each.item.sku == "T-L")
    delete_variants(world.main, product, [lost.id])
    await events.settle()
    theirs = {v.item.sku: v for each in world.dependent.products for v in each.variants}
    assert stock_of(theirs["T-L"]) == 4
    world.clock.ahead += 601
    await events.settle()
    assert (stock_of(theirs["T-L"]), stock_of(theirs["T-S"])) == (0, 4)


async def test_a_product_made_again_within_the_grace_links_again(world: World, events: Events) -> None:
    await in_step(world, events, EVERYTHING)
    first = next(iter(world.main.products))
    twin = next(iter(world.dependent.products))
    delete_product(world.main, first)
    await events.settle()
    world.place(world.main, [draft("S0", "18.00", 6)])
    await events.settle()
    world.clock.ahead += 601
    await events.settle()
    assert (twin.status, str(only(twin).price), stock_of(only(twin))) == ("ACTIVE", "18.00", 6)
    assert len(list(world.dependent.products)) == 3


async def doubled(world: World, events: Events, shop: SandboxShop) -> tuple[Product, Product]:
    """Shops in step, and S9 in both of them, but twice in `shop`: a conflict. The two with that SKU."""
    await in_step(world, events)
    for each in (world.main, world.dependent):
        world.place(each, [draft("S9", "21.00" if each is world.main else "19.90")])
    world.place(shop, [draft("S9", "21.00" if shop is world.main else "19.90")])
    await events.settle()
    assert await Conflict.filter(state=ConflictState.OPEN).count() > 0
    one, two = (each for each in shop.products if only(each).item.sku == "S9")
    return one, two


async def nothing_open(world: World, events: Events) -> bool:
    await events.settle()
    prices = {only(each).item.sku: str(only(each).price) for each in world.dependent.products}
    return prices["S9"] == "21.00" and not await Conflict.filter(state=ConflictState.OPEN).exists()


async def test_a_conflict_ends_by_itself_when_the_other_product_has_another_sku(
    world: World, events: Events
) -> None:
    _, other = await doubled(world, events, world.main)
    edit_variant(world.main, only(other), "sku", "S10")
    assert await nothing_open(world, events)


async def test_a_conflict_ends_by_itself_when_the_other_product_is_deleted(
    world: World, events: Events
) -> None:
    _, other = await doubled(world, events, world.main)
    delete_product(world.main, other)
    assert await nothing_open(world, events)


async def test_a_conflict_ends_by_itself_when_it_is_mended_in_the_dependent(
    world: World, events: Events
) -> None:
    _, other = await doubled(world, events, world.dependent)
    edit_variant(world.dependent, only(other), "sku", "S10")
    assert await nothing_open(world, events)


async def test_a_twin_is_free_when_its_product_is_not_selected_any_more(world: World, events: Events) -> None:
    selection = Selection(include_tags=frozenset({"web"}))
    await in_step(world, events)
    await world.choose(replace(VALUES, selection=selection))
    await events.settle()
    first = next(iter(world.main.products))
    edit_product(world.main, first, "tags", "web")
    await events.settle()
    (other,) = world.place(world.main, [draft("S0", "21.00")])
    edit_product(world.main, other, "tags", "web")
    await events.settle()
    theirs = only(next(iter(world.dependent.products)))
    assert str(theirs.price) == "19.90"
    edit_variant(world.main, only(first), "sku", "S10")
    edit_product(world.main, first, "tags", "")
    await events.settle()
    assert str(theirs.price) == "21.00"


async def test_a_deactivated_location_of_main_counts_no_more_and_zeroes_nothing(
    world: World, events: Events
) -> None:
    await in_step(world, events)
    hub = next(iter(world.dependent.locations))
    warehouse, store = list(world.main.locations)
    await world.map_locations(
        [(f"gid://shopify/Location/{warehouse.id}", f"gid://shopify/Location/{hub.id}")]
    )
    set_location_active(world.main, warehouse, False)
    await events.settle()
    edit_stock(world.main, only(next(iter(world.main.products))), store, "1")
    await events.settle()
    assert stock_of(only(next(iter(world.dependent.products)))) == 7
    (job,) = await Job.filter(kind=JobKind.SYNC_ALL).order_by("-created_at").limit(1)
    assert job.counts["refused.LOCATION_INACTIVE"] == 3


async def test_a_new_currency_pauses_prices_and_nothing_else(world: World, events: Events) -> None:
    await in_step(world, events)
    edit_shop(world.main, currency="CHF")
    await events.settle()
    mine = only(next(iter(world.main.products)))
    edit_variant(world.main, mine, "price", "22.00")
    edit_stock(world.main, mine, world.main.primary_location, "5")
    await events.settle()
    theirs = only(next(iter(world.dependent.products)))
    assert (str(theirs.price), stock_of(theirs)) == ("19.90", 5)
    assert (await Shop.get(domain=world.main.domain)).currency == "CHF"


async def test_new_facts_reach_a_connection_whoever_read_them_first(world: World, events: Events) -> None:
    """As after a crash between reading them and asking for the sync, or when another job was faster."""
    await in_step(world, events)
    edit_shop(world.main, currency="CHF")
    main = await Shop.get(domain=world.main.domain)
    await refresh_facts(main, world.runtime.open(main), world.runtime, fresh=timedelta(0))
    assert main.currency == "CHF"
    assert await Job.filter(kind=JobKind.SYNC_ALL).count() == 1
    await events.settle()
    _, second = await Job.filter(kind=JobKind.SYNC_ALL).order_by("created_at")
    assert (second.trigger, second.counts["refused.CURRENCY_RATE_MISSING"]) == (Trigger.CHANGE, 6)

    edit_shop(world.main, name="Another name")
    await events.settle()
    assert await Job.filter(kind=JobKind.SYNC_ALL).count() == 2


async def test_an_uninstalled_app_suspends_the_connection_and_keeps_everything(
    world: World, events: Events
) -> None:
    await in_step(world, events)
    uninstall_app(world.dependent, CLIENT_ID)
    await events.settle()
    tie = await Connection.get(id=world.connection.id)
    assert tie.state is ConnectionState.SUSPENDED
    shop = await Shop.get(domain=world.dependent.domain)
    assert shop.uninstalled_at is not None
    assert await ShopToken.filter(shop_id=shop.id).count() == 0
    assert await VariantLink.all().count() == 3

    edit_variant(world.main, only(next(iter(world.main.products))), "price", "22.00")
    await events.settle()
    assert await live_jobs() == []


async def test_settings_take_effect_at_once(world: World, events: Events) -> None:
    """Prices are turned off while a change of price is on its way."""
    await in_step(world, events)
    edit_variant(world.main, only(next(iter(world.main.products))), "price", "22.00")
    await events.send()
    await world.choose(replace(VALUES, prices=False))
    await events.settle()
    assert str(only(next(iter(world.dependent.products))).price) == "19.90"
    assert await Change.filter(state=ChangeState.APPLIED).count() == 0
    assert not await Job.filter(state=JobState.FAILED).exists()


async def test_a_number_that_moves_at_every_write_is_written_a_little_later(
    world: World, events: Events
) -> None:
    """Three rounds, then it is left: not for good, though nothing else happens to it."""
    await in_step(world, events, VALUES)
    mine, theirs = only(next(iter(world.main.products))), only(next(iter(world.dependent.products)))

    def buy() -> None:
        edit_stock(world.dependent, theirs, world.dependent.primary_location, str(stock_of(theirs) - 1))

    for _ in range(3):
        world.before_mutation(buy)
    edit_stock(world.main, mine, world.main.primary_location, "2")
    events.waiting[:] = [each for each in events.waiting if each.topic.startswith("inventory_levels")]
    with deaf(world.dependent):
        await events.settle()
    given_up, written = await Change.filter(main_product_gid__endswith=f"/{mine.product.id}").order_by("id")
    assert (given_up.state, given_up.code, given_up.attempts) == (ChangeState.SKIPPED, "CHANGED_MEANWHILE", 3)
    assert (written.state, written.before, written.after) == (ChangeState.APPLIED, 4, 2)
    assert stock_of(theirs) == 2


async def test_nothing_is_created_twice_while_the_first_read_goes_on(world: World, events: Events) -> None:
    """A change in main is known before the dependent is: its twin must not be overlooked."""
    for shop in (world.main, world.dependent):
        world.place(shop, [draft(f"S{number}") for number in range(3)])
    await world.choose(EVERYTHING)
    events.waiting.clear()
    first = next(iter(world.main.products))
    edit_variant(world.main, only(first), "price", "21.00")
    await events.settle()
    assert len(list(world.dependent.products)) == 3
    assert str(only(next(iter(world.dependent.products))).price) == "19.90"

    await requests.sync_all([world.connection.id], now=world.now())
    await events.settle()
    assert len(list(world.dependent.products)) == 3
    assert str(only(next(iter(world.dependent.products))).price) == "21.00"
    assert await DirtyProduct.all().count() == 0


async def test_a_first_sync_that_failed_is_begun_again(world: World) -> None:
    own = world.connection.id
    await world.choose(VALUES)
    # Nobody has asked for one yet.
    assert await read_unread(world.now()) == []
    await requests.sync_all([own], now=world.now())
    assert await read_unread(world.now()) == []
    await Job.all().update(state=JobState.FAILED, finished_at=world.now(), dedupe_key=None)
    assert await read_unread(world.now()) == []
    world.clock.ahead += 3601
    await Connection.filter(id=own).update(state=ConnectionState.PAUSED)
    assert await read_unread(world.now()) == []
    await Connection.filter(id=own).update(state=ConnectionState.ACTIVE)
    assert await read_unread(world.now()) == [own]
    await world.drain()
    world.clock.ahead += 3601
    assert await read_unread(world.now()) == []


async def test_a_first_sync_that_a_person_canceled_is_theirs_to_begin_again(
    world: World, events: Events
) -> None:
    """Nothing new is linked or created until then, whatever comes by itself."""
    own = world.connection.id
    for shop in (world.main, world.dependent):
        world.place(shop, [draft(f"S{number}") for number in range(2)])
    await world.choose(EVERYTHING)
    events.waiting.clear()
    (job,) = await requests.sync_all([own], now=world.now())
    await requests.cancel(job.id, now=world.now())
    await world.drain()
    world.place(world.main, [draft("S2")])
    edit_variant(world.main, only(next(iter(world.main.products))), "price", "21.00")
    await events.settle()
    assert await read_unread(world.now() + timedelta(days=1)) == []
    await events.settle()
    assert len(list(world.dependent.products)) == 2
    assert await VariantLink.all().count() == 0
    tie = await Connection.get(id=own)
    assert (tie.state, tie.read_at, tie.in_step_at) == (ConnectionState.ACTIVE, None, None)

    await requests.sync_all([own], now=world.now())
    await world.drain()
    await events.settle()
    assert len(list(world.dependent.products)) == 3
    assert await VariantLink.all().count() == 3


async def test_after_an_uninstallation_nothing_is_created_before_all_is_read(
    world: World, events: Events
) -> None:
    await in_step(world, events, EVERYTHING)
    await ending.suspend(world.shops[world.dependent.domain].id)
    with deaf(world.dependent):
        world.place(world.dependent, [draft("S9")])
    await Connection.filter(id=world.connection.id).update(state=ConnectionState.ACTIVE)
    world.place(world.main, [draft("S9", "21.00")])
    edit_variant(world.main, only(next(iter(world.main.products))), "price", "21.00")
    await events.settle()
    prices = sorted(str(only(each).price) for each in world.dependent.products)
    assert prices == ["19.90", "19.90", "19.90", "21.00"]

    await requests.sync_all([world.connection.id], now=world.now())
    await events.settle()
    prices = sorted(str(only(each).price) for each in world.dependent.products)
    assert prices == ["19.90", "19.90", "21.00", "21.00"]
