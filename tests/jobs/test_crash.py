"""A write took effect and nobody heard of it: nothing is written twice, and nothing is forgotten."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from backend.jobs import requests
from backend.models.job import ChangeState, Job, JobState, StockBatch
from backend.models.link import ProductLink, VariantLink
from backend.sync.settings import ProductScope, SyncSettings
from sandbox.catalogue import Recipe, generate
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.ids import gid
from tests.jobs.world import EVERYTHING, World, a_world


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


def shirt(price: str = "19.90", stock: int = 7, title: str = "Shirt") -> ProductDraft:
    variant = VariantDraft(sku="SHIRT", price=Decimal(price), tracked=True, available=(stock,))
    return ProductDraft(title, (variant,))


async def sync(world: World) -> Job:
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return await world.finished(job)


async def test_a_price_whose_answer_was_lost_is_not_written_again(world: World) -> None:
    world.place(world.main, [shirt(price="20.00")])
    (dependent,) = world.place(world.dependent, [shirt(price="18.00")])
    await world.choose(SyncSettings(products=ProductScope.MATCHED, prices=True, quantities=False))
    world.lose_answer("productVariantsBulkUpdate")

    job = await sync(world)

    assert world.lost == []
    assert job.state is JobState.SUCCEEDED
    assert str(next(iter(dependent.variants)).price) == "20.00"
    assert world.calls_since_start(world.dependent).mutations == {"productVariantsBulkUpdate": 1}
    (change,) = await world.changes(job)
    assert (change.state, change.before, change.after) == (ChangeState.APPLIED, "18.00", "20.00")
    world.mark()
    await sync(world)
    assert world.calls(world.dependent).mutations == {}


async def test_a_stock_batch_is_sent_again_unchanged_under_its_key(world: World) -> None:
    world.place(world.main, [shirt(stock=7)])
    (dependent,) = world.place(world.dependent, [shirt(stock=3)])
    await world.choose(SyncSettings(products=ProductScope.MATCHED, prices=False, quantities=True))
    world.lose_answer("inventorySetQuantities")
    world.lose_answer("inventorySetQuantities")
    world.lose_answer("inventorySetQuantities")

    job = await sync(world)

    assert world.lost == []
    assert job.state is JobState.SUCCEEDED
    (change,) = await world.changes(job)
    assert (change.state, change.attempts) == (ChangeState.APPLIED, 1)
    batch = await StockBatch.get()
    assert batch.settled_at is not None
    variant = next(iter(dependent.variants))
    assert variant.item.levels[world.dependent.primary_location.id].available == 7
    # Each time the very same request: Shopify carried out one of them and remembered its answer.
    assert len(world.dependent.answers) == 1


async def test_a_product_whose_creation_went_unanswered_is_found_and_linked(world: World) -> None:
    (main,) = world.place(world.main, generate(Recipe(seed=3, variants=3, images=2), 1))
    await world.choose(EVERYTHING)
    world.lose_answer("productSet")

    job = await sync(world)

    assert world.lost == []
    assert job.state is JobState.SUCCEEDED
    assert world.calls_since_start(world.dependent).mutations["productSet"] == 1
    (product,) = world.dependent.products
    assert len(product.publications) == 1
    link = await ProductLink.get()
    assert (link.main_gid, link.dependent_gid) == (gid("Product", main.id), gid("Product", product.id))
    assert len(link.media) == 2
    assert await VariantLink.filter(created_by_us=True).count() == 3
    world.mark()
    second = await sync(world)
    assert [(each.field, each.before, each.after) for each in await world.changes(second)] == []
    assert world.calls(world.dependent).mutations == {}


async def test_a_product_is_published_although_the_worker_lost_it_in_between(world: World) -> None:
    world.place(world.main, [shirt()])
    await world.choose(EVERYTHING)
    world.lose_answer("publishablePublish")

    job = await sync(world)

    assert (world.lost, job.state) == ([], JobState.SUCCEEDED)
    (product,) = world.dependent.products
    assert len(product.publications) == 1
    assert world.calls_since_start(world.dependent).mutations["productSet"] == 1


async def test_details_whose_answer_was_lost_are_not_written_again(world: World) -> None:
    world.place(world.main, [shirt(title="New title")])
    (dependent,) = world.place(world.dependent, [shirt(title="Old title")])
    await world.choose(EVERYTHING)
    world.lose_answer("productUpdate")

    job = await sync(world)

    assert world.lost == []
    assert (job.state, dependent.title) == (JobState.SUCCEEDED, "New title")
    assert world.calls_since_start(world.dependent).mutations["productUpdate"] == 1
