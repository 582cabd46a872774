"""What people decide: conflicts, undoing a part, and limits that hold new links back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs import decisions, requests
from backend.models.connection import Connection
from backend.models.job import ChangeState, Job, JobState
from backend.models.link import Conflict, ConflictState, Hold, ProductLink, VariantLink
from backend.models.shop import Shop
from backend.sync.catalog import ProductId
from backend.sync.match import ConflictAction
from backend.sync.settings import ProductScope, SyncSettings
from sandbox.commands.products import delete_product
from sandbox.commands.variant_bulk import delete_variants
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.edits import edit_product, edit_variant
from sandbox.ids import gid
from sandbox.store.product import Product
from tests.jobs.world import EVERYTHING, World, a_world

PRICES = SyncSettings(products=ProductScope.MATCHED, details=False, prices=True, quantities=False)


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


def shirt(sku: str = "SHIRT", price: str = "20.00", title: str = "Shirt") -> ProductDraft:
    return ProductDraft(title, (VariantDraft(sku=sku, price=Decimal(price)),))


def price(product: Product) -> str:
    return str(next(iter(product.variants)).price)


async def sync(world: World) -> Job:
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return await world.finished(job)


async def a_conflict(world: World, settings: SyncSettings) -> Conflict:
    world.place(world.main, [shirt()])
    world.place(world.dependent, [shirt(price="18.00"), shirt(price="17.00", title="Twin")])
    await world.choose(settings)
    await sync(world)
    return await Conflict.get()


async def test_create_as_new_makes_a_product_of_its_own(world: World) -> None:
    conflict = await a_conflict(world, EVERYTHING)
    job = await decisions.resolve_conflict(
        world.connection.id, conflict.id, ConflictAction.CREATE_AS_NEW, now=world.now()
    )
    assert job is not None
    assert (await world.finished(job)).state is JobState.SUCCEEDED
    assert sorted(price(each) for each in world.dependent.products) == ["17.00", "18.00", "20.00"]
    await conflict.refresh_from_db()
    assert conflict.state is ConflictState.RESOLVED
    world.mark()
    await sync(world)
    assert world.calls(world.dependent).mutations == {}


async def test_ignore_stays_ignored(world: World) -> None:
    conflict = await a_conflict(world, EVERYTHING)
    job = await decisions.resolve_conflict(
        world.connection.id, conflict.id, ConflictAction.IGNORE, now=world.now()
    )
    assert job is None
    again = await sync(world)
    assert again.counts == {"products.ignored": 1}
    await conflict.refresh_from_db()
    assert conflict.state is ConflictState.IGNORED
    assert sorted(price(each) for each in world.dependent.products) == ["17.00", "18.00"]


async def test_whom_a_person_linked_by_hand_may_be_deleted(world: World) -> None:
    conflict = await a_conflict(world, PRICES)
    other, twin = world.dependent.products
    await decisions.resolve_conflict(
        world.connection.id,
        conflict.id,
        ConflictAction.LINK_TO,
        product=ProductId(gid("Product", twin.id)),
        now=world.now(),
    )
    await world.drain()
    assert (price(other), price(twin)) == ("18.00", "20.00")

    delete_product(world.dependent, twin)
    job = await sync(world)
    assert (job.state, job.counts["products.linked"]) == (JobState.SUCCEEDED, 1)
    assert price(other) == "20.00"


async def test_a_decision_needs_a_product_that_is_free_and_a_conflict_of_its_own(world: World) -> None:
    conflict = await a_conflict(world, PRICES)

    async def code(connection: UUID, conflict_id: UUID, product: str | None) -> ErrorCode:
        with pytest.raises(UserError) as caught:
            await decisions.resolve_conflict(
                connection,
                conflict_id,
                ConflictAction.LINK_TO,
                product=None if product is None else ProductId(product),
                now=world.now(),
            )
        return caught.value.code

    own = world.connection.id
    target = gid("Product", next(iter(world.dependent.products)).id)
    await ProductLink.create(
        connection=world.connection, main_gid="gid://shopify/Product/1", dependent_gid=target, origin="SKU"
    )
    assert await code(own, conflict.id, None) is ErrorCode.INVALID_INPUT
    assert await code(own, conflict.id, target) is ErrorCode.ALREADY_LINKED
    main = gid("Product", next(iter(world.main.products)).id)
    for nothing in ("gid://shopify/Product/9", "9", "", main, gid("ProductVariant", 9)):
        assert await code(own, conflict.id, nothing) is ErrorCode.NOT_FOUND
    assert await code(own, uuid4(), target) is ErrorCode.NOT_FOUND
    stranger = await Connection.create(
        main=await Shop.create(domain="a.myshopify.com"),
        dependent=await Shop.create(domain="b.myshopify.com"),
    )
    assert await code(stranger.id, conflict.id, target) is ErrorCode.NOT_FOUND
    await Conflict.filter(id=conflict.id).update(state=ConflictState.RESOLVED)
    assert await code(own, conflict.id, target) is ErrorCode.CONFLICT_CLOSED
    assert (await Conflict.get()).decision == {}


async def test_one_change_or_one_product_can_be_undone(world: World) -> None:
    world.place(world.main, [shirt("A", title="New A"), shirt("B", title="New B")])
    a, b = world.place(
        world.dependent, [shirt("A", price="18.00", title="Old A"), shirt("B", price="17.00", title="Old B")]
    )
    await world.choose(replace(EVERYTHING, products=ProductScope.MATCHED, quantities=False))
    job = await sync(world)
    changes = {(each.sku or each.title, each.field): each for each in await world.changes(job)}
    assert ((a.title, price(a)), (b.title, price(b))) == (("New A", "20.00"), ("New B", "20.00"))

    one = changes["A", "PRICE"]
    undo = await requests.undo_changes(world.connection.id, [one.id], now=world.now())
    assert (await world.finished(undo)).state is JobState.SUCCEEDED
    assert ((a.title, price(a)), (b.title, price(b))) == (("New A", "18.00"), ("New B", "20.00"))

    product = ProductId(gid("Product", b.id))
    undo = await requests.undo_product(world.connection.id, product, now=world.now())
    assert (await world.finished(undo)).state is JobState.SUCCEEDED
    assert ((a.title, price(a)), (b.title, price(b))) == (("New A", "18.00"), ("Old B", "17.00"))
    # The vendor is each shop's own name where nothing else was said.
    assert sorted(each.field for each in await Hold.all()) == ["PRICE", "PRICE", "TITLE", "VENDOR"]
    await sync(world)
    assert ((a.title, price(a)), (b.title, price(b))) == (("New A", "18.00"), ("Old B", "17.00"))


async def test_changes_of_others_are_not_there_to_be_undone_or_confirmed(world: World) -> None:
    world.place(world.main, [shirt()])
    world.place(world.dependent, [shirt(price="18.00")])
    await world.choose(PRICES)
    job = await sync(world)
    ids = [each.id for each in await world.changes(job)]
    stranger = await Connection.create(
        main=await Shop.create(domain="a.myshopify.com"),
        dependent=await Shop.create(domain="b.myshopify.com"),
    )
    with pytest.raises(UserError) as caught:
        await requests.undo_changes(stranger.id, ids, now=world.now())
    assert caught.value.code is ErrorCode.NOTHING_TO_UNDO
    with pytest.raises(UserError) as caught:
        await decisions.confirm_changes(stranger.id, ids, now=world.now())
    assert caught.value.code is ErrorCode.NOT_HELD
    with pytest.raises(NotFound):
        await requests.sync_all([uuid4()], now=world.now())
    with pytest.raises(NotFound):
        await requests.cancel(uuid4(), now=world.now())
    assert [each.state for each in await world.changes(job)] == [ChangeState.APPLIED]


async def test_over_the_limit_what_is_linked_goes_on_and_new_links_wait(world: World) -> None:
    (first,) = world.place(world.main, [shirt("A", title="A")])
    await world.choose(EVERYTHING)
    await sync(world)
    world.place(world.main, [shirt("B", title="B"), shirt("C", title="C")])
    edit_variant(world.main, next(iter(first.variants)), "price", "21.00")

    async def two(_: UUID) -> int | None:
        return 2

    world.runtime.product_limit = two
    job = await sync(world)

    assert job.state is JobState.SUCCEEDED
    assert job.counts["refused.PRODUCT_LIMIT_REACHED"] == 1
    assert {each.title: price(each) for each in world.dependent.products} == {"A": "21.00", "B": "20.00"}


async def test_a_variant_gone_from_main_sells_no_more_after_the_grace(world: World) -> None:
    sizes = tuple(
        VariantDraft((size,), sku=f"S-{size}", price=Decimal(10), tracked=True, available=(5,))
        for size in "SML"
    )
    (main,) = world.place(world.main, [ProductDraft("Shirt", sizes, options=("Size",))])
    await world.choose(EVERYTHING)
    await sync(world)
    (dependent,) = world.dependent.products
    place = world.dependent.primary_location.id
    gone = next(each for each in main.variants if each.item.sku == "S-L")
    delete_variants(world.main, main, [gone.id])

    await sync(world)
    stock = {each.item.sku: each.item.levels[place].available for each in dependent.variants}
    assert stock == {"S-S": 5, "S-M": 5, "S-L": 5}

    world.clock.ahead += 700
    await world.drain()
    stock = {each.item.sku: each.item.levels[place].available for each in dependent.variants}
    assert stock == {"S-S": 5, "S-M": 5, "S-L": 0}


async def test_a_product_that_leaves_the_selection_is_unlinked_and_stays(world: World) -> None:
    (main,) = world.place(world.main, [replace(shirt(), tags=("sale",))])
    chosen = replace(EVERYTHING.selection, include_tags=frozenset({"sale"}))
    await world.choose(replace(EVERYTHING, selection=chosen))
    await sync(world)
    assert await VariantLink.all().count() == 1
    edit_product(world.main, main, "tags", "winter")

    job = await sync(world)

    assert job.counts == {"products.unselected": 1}
    assert await ProductLink.all().count() == 0
    assert await VariantLink.all().count() == 0
    assert [each.status for each in world.dependent.products] == ["ACTIVE"]
