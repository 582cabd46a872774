"""A person has all or one of the differences repaired, or a value left as it is in the dependent."""

from dataclasses import replace
from types import MappingProxyType
from uuid import uuid4

import pytest

from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs import requests
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Change, ChangeState, JobKind, JobState
from backend.models.link import Hold, HoldReason, ProductLink
from backend.models.live import Difference, LocalEdit
from backend.parity import local
from backend.parity.local import Value
from backend.parity.repair import repair
from backend.sync.catalog import ProductId, VariantId
from backend.sync.fields import Field
from backend.sync.settings import FieldGroup, LocalEditPolicy, ProductScope, SyncSettings
from sandbox.edits import edit_product, edit_stock, edit_variant
from sandbox.ids import gid
from sandbox.store.product import Product, Variant
from tests.jobs.world import World
from tests.parity.conftest import checked, differences, draft, parity, synced

SETTINGS = SyncSettings(products=ProductScope.MATCHED, prices=True, quantities=True)
KEEP_DETAILS = replace(
    SETTINGS,
    details=True,
    local_edits=MappingProxyType(
        {FieldGroup.DETAILS: LocalEditPolicy.KEEP_LOCAL, FieldGroup.PRICES: LocalEditPolicy.MAIN_WINS}
    ),
)


def variant(product: Product) -> Variant:
    return next(iter(product.variants))


def available(world: World, product: Product) -> int:
    return variant(product).item.levels[world.dependent.primary_location.id].available


def price_of(product: Product) -> Value:
    return Value(
        ProductId(gid("Product", product.id)),
        VariantId(gid("ProductVariant", variant(product).id)),
        Field.PRICE,
    )


def title_of(product: Product) -> Value:
    return Value(ProductId(gid("Product", product.id)), None, Field.TITLE)


async def teas(world: World, settings: SyncSettings = SETTINGS, count: int = 3) -> list[Product]:
    drafts = [draft(f"T{number}", title=f"Tea {number}") for number in range(count)]
    world.place(world.main, drafts)
    theirs = world.place(world.dependent, drafts)
    await world.choose(settings)
    await synced(world)
    return theirs


def sell(world: World, product: Product, left: int) -> None:
    edit_stock(world.dependent, variant(product), world.dependent.primary_location, str(left))


async def test_all_differences_are_repaired_by_reading_those_products_alone(world: World) -> None:
    first, second, third = await teas(world)
    sell(world, first, 5)
    sell(world, third, 4)
    await checked(world)
    assert (await parity(world)).differences == 2
    world.mark()

    job = await world.finished(await repair(world.connection.id, now=world.now(), created_by="7"))

    assert (job.kind, job.state, job.created_by) == (JobKind.REPAIR, JobState.SUCCEEDED, "7")
    assert [available(world, each) for each in (first, second, third)] == [7, 7, 7]
    assert job.counts["APPLIED"] == 2
    assert len(job.payload["main_products"]) == 2
    assert world.calls(world.main).queries["products"] == 0
    assert (await differences(), (await parity(world)).share) == ([], 1.0)


async def test_one_product_is_repaired_and_the_others_stay(world: World) -> None:
    first, second, _ = await teas(world)
    sell(world, first, 5)
    sell(world, second, 4)
    await checked(world)
    await world.finished(
        await repair(world.connection.id, [ProductId(gid("Product", second.id))], now=world.now())
    )
    assert (available(world, first), available(world, second)) == (5, 7)
    assert await differences() == [("LOCAL_STOCK", "STOCK", 7, 5)]


async def test_what_is_held_or_kept_local_survives_a_repair(world: World) -> None:
    (tea,) = await teas(world, KEEP_DETAILS, 1)
    edit_product(world.dependent, tea, "title", "Our tea")
    edit_variant(world.dependent, variant(tea), "price", "19.00")
    await local.keep_local(world.connection.id, price_of(tea), now=world.now())
    sell(world, tea, 5)
    await checked(world)
    await world.finished(await repair(world.connection.id, now=world.now()))
    assert (tea.title, str(variant(tea).price), available(world, tea)) == ("Our tea", "19.00", 7)
    assert [each[0] for each in await differences()] == ["HELD", "LOCAL_EDIT"]


async def test_there_must_be_something_to_repair_on_a_connection_that_works(world: World) -> None:
    (tea,) = await teas(world, count=1)
    await checked(world)
    for products in (None, [ProductId(gid("Product", tea.id))], []):
        with pytest.raises(UserError) as caught:
            await repair(world.connection.id, products, now=world.now())
        assert caught.value.code is ErrorCode.NOTHING_TO_REPAIR
    sell(world, tea, 5)
    await ProductLink.all().update(checked_at=None)
    await checked(world)
    for state, code in (
        (ConnectionState.PAUSED, ErrorCode.CONNECTION_PAUSED),
        (ConnectionState.SUSPENDED, ErrorCode.CONNECTION_SUSPENDED),
        (ConnectionState.DISCONNECTED, ErrorCode.NOT_CONNECTED),
    ):
        await Connection.filter(id=world.connection.id).update(state=state)
        with pytest.raises(UserError) as caught:
            await repair(world.connection.id, now=world.now())
        assert caught.value.code is code


async def test_a_value_kept_local_stays_whatever_main_says_until_mains_is_wanted_again(world: World) -> None:
    (tea,) = await teas(world, count=1)
    mine = next(iter(world.main.products))
    edit_variant(world.dependent, variant(tea), "price", "19.00")
    hold = await local.keep_local(world.connection.id, price_of(tea), now=world.now())
    assert (hold.reason, hold.main_hash, hold.subject) == (
        HoldReason.KEPT_LOCAL, None, gid("ProductVariant", variant(tea).id),
    )  # fmt: skip
    await synced(world)
    edit_variant(world.main, variant(mine), "price", "22.00")
    await synced(world)
    assert str(variant(tea).price) == "19.00"

    job = await local.use_main_value(world.connection.id, price_of(tea), now=world.now())
    assert job is not None
    await world.finished(job)

    assert str(variant(tea).price) == "22.00"
    assert await Hold.all().count() == 0


async def test_mains_value_counts_again_though_the_settings_keep_local_edits(world: World) -> None:
    (tea,) = await teas(world, KEEP_DETAILS, 1)
    edit_product(world.dependent, tea, "title", "Our tea")
    await synced(world)
    assert tea.title == "Our tea"
    assert [(each.field, each.kept) for each in await LocalEdit.all()] == [("TITLE", True)]
    job = await local.use_main_value(world.connection.id, title_of(tea), now=world.now())
    assert job is not None
    assert await LocalEdit.all().count() == 0
    await world.finished(job)
    assert tea.title == "Tea 0"


async def test_keeping_a_value_takes_back_what_waits_to_be_written(world: World) -> None:
    (tea,) = await teas(world, count=1)
    mine = next(iter(world.main.products))
    edit_variant(world.main, variant(mine), "price", "90.00")
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    await world.finished(job)
    assert (await Change.get(state=ChangeState.HELD)).field == "PRICE"
    await checked(world)

    await local.keep_local(world.connection.id, price_of(tea), now=world.now())

    assert await Change.filter(state=ChangeState.HELD).count() == 0
    await job.refresh_from_db()
    assert ("HELD" in job.counts, job.counts["SKIPPED"]) == (False, 1)
    assert [each[0] for each in await differences()] == ["HELD"]


async def test_only_values_of_linked_products_can_be_kept(world: World) -> None:
    (tea,) = await teas(world, count=1)
    own, now = world.connection.id, world.now()
    product, nothing = ProductId(gid("Product", tea.id)), ProductId(gid("Product", 1))
    strange = VariantId(gid("ProductVariant", 1))
    for field in (Field.STOCK, Field.PRODUCT, Field.VARIANT):
        with pytest.raises(UserError) as caught:
            await local.keep_local(own, Value(product, None, field), now=now)
        assert caught.value.code is ErrorCode.INVALID_INPUT
    for value in (Value(nothing, None, Field.TITLE), Value(product, strange, Field.PRICE)):
        for act in (local.keep_local, local.use_main_value):
            with pytest.raises(NotFound):
                await act(own, value, now=now)
    with pytest.raises(NotFound):
        await local.keep_local(uuid4(), title_of(tea), now=now)
    assert (await Hold.all().count(), await Difference.all().count()) == (0, 0)


async def test_nothing_is_queued_while_the_connection_rests(world: World) -> None:
    (tea,) = await teas(world, count=1)
    await local.keep_local(world.connection.id, price_of(tea), now=world.now())
    await Connection.filter(id=world.connection.id).update(state=ConnectionState.PAUSED)
    assert await local.use_main_value(world.connection.id, price_of(tea), now=world.now()) is None
    assert await Hold.all().count() == 0
