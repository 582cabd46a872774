"""What goes wrong for one product stays with that product."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from backend.errors import AccessLost, AppError, ErrorCode, InvalidRequest
from backend.jobs import decisions, requests
from backend.jobs.runtime import OpenShop, Runtime
from backend.jobs.state import ALIVE
from backend.models.job import ChangeState, Job, JobState
from backend.models.link import Hold
from backend.models.mirror import MirrorVariant
from backend.models.shop import Shop
from backend.shopify.bucket import Priority
from backend.shopify.outcome import Stale, WriteResult
from backend.shopify.writer import CatalogWriter
from backend.sync.settings import ProductScope, SyncSettings
from backend.sync.writes import Write, change_ids
from sandbox.catalogue import Recipe, generate
from sandbox.commands.variant_bulk import delete_variants
from sandbox.draft import MetafieldDraft, ProductDraft, VariantDraft
from sandbox.ids import gid
from tests.jobs.world import EVERYTHING, World, a_world

PRICES = SyncSettings(products=ProductScope.MATCHED, details=False, prices=True, quantities=False)


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


def shirts(count: int, price: str) -> list[ProductDraft]:
    return [
        ProductDraft(f"Shirt {index}", (VariantDraft(sku=f"S{index}", price=Decimal(price)),))
        for index in range(count)
    ]


async def sync(world: World) -> Job:
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return await world.finished(job)


def answer_with(error: AppError) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(InvalidRequest("BAD_USER_INPUT: a text of this product"), id="rejected"),
        pytest.param(AccessLost("write_x is missing", code=ErrorCode.SCOPE_MISSING), id="scope"),
    ],
)
async def test_a_write_that_shopify_rejects_fails_alone(world: World, error: AppError) -> None:
    world.place(world.main, shirts(3, "20.00"))
    dependents = world.place(world.dependent, shirts(3, "18.00"))
    await world.choose(PRICES)
    world.before_mutation(answer_with(error))

    job = await sync(world)

    assert job.state is JobState.PARTIAL
    assert sorted(str(next(iter(each.variants)).price) for each in dependents) == ["18.00", "20.00", "20.00"]
    (failed,) = await world.changes(job, ChangeState.FAILED)
    assert (failed.code, failed.message) == (error.code, error.message)


async def test_creations_take_their_place_before_they_are_made(world: World) -> None:
    world.place(world.main, generate(Recipe(seed=5, variants=1, images=0), 260))
    await world.choose(EVERYTHING)

    async def three(_: UUID) -> int | None:
        return 3

    world.runtime.product_limit = three
    job = await world.finished(await requests.preview(world.connection.id, now=world.now()))

    assert (job.counts["products.created"], job.counts["refused.PRODUCT_LIMIT_REACHED"]) == (3, 257)


async def test_a_variant_that_the_mirror_has_forgotten_is_not_waited_for(world: World) -> None:
    sizes = tuple(VariantDraft((size,), sku=size, price=Decimal(10)) for size in "SM")
    (main,) = world.place(world.main, [ProductDraft("Shirt", sizes, options=("Size",))])
    await world.choose(EVERYTHING)
    await sync(world)
    gone = next(each for each in main.variants if each.item.sku == "M")
    delete_variants(world.main, main, [gone.id])
    await sync(world)
    world.clock.ahead += 700
    await world.drain()
    await MirrorVariant.filter(gid=gid("ProductVariant", gone.id)).delete()

    await sync(world)

    assert await Job.filter(state__in=list(ALIVE)).count() == 0


async def test_a_job_about_one_product_notices_that_a_variant_is_gone(world: World) -> None:
    sizes = tuple(VariantDraft((size,), sku=size, price=Decimal(10)) for size in "SM")
    (main,) = world.place(world.main, [ProductDraft("Shirt", sizes, options=("Size",))])
    await world.choose(EVERYTHING)
    await sync(world)
    (dependent,) = world.dependent.products
    hold = await Hold.create(
        connection=world.connection,
        product_gid=gid("Product", dependent.id),
        subject=gid("Product", dependent.id),
        field="TITLE",
        reason="UNDONE",
    )
    gone = next(each for each in main.variants if each.item.sku == "M")
    delete_variants(world.main, main, [gone.id])

    job = await decisions.release_hold(world.connection.id, hold.id, now=world.now())
    assert job is not None
    await world.finished(job)

    row = await MirrorVariant.get(gid=gid("ProductVariant", gone.id))
    assert row.gone_at is not None


async def test_texts_that_no_database_takes_are_cleaned_on_the_way(world: World) -> None:
    world.place(world.main, [ProductDraft("A\x00B 👕", (VariantDraft(sku="A\x00B"),))])
    await world.choose(EVERYTHING)

    job = await sync(world)

    assert job.state is JobState.SUCCEEDED
    assert [each.title for each in world.dependent.products] == ["AB 👕"]


async def test_the_longest_metafield_name_is_synced(world: World) -> None:
    metafield = MetafieldDraft("n" * 255, "k" * 64, "single_line_text_field", "value")
    (draft,) = shirts(1, "10.00")
    world.place(world.main, [replace(draft, metafields=(metafield,))])
    world.place(world.dependent, [draft])
    await world.choose(replace(EVERYTHING, metafield_namespaces=frozenset({"n" * 255})))

    job = await sync(world)

    assert job.state is JobState.SUCCEEDED
    assert job.counts["APPLIED.METAFIELD"] == 1


async def test_a_stale_undo_still_takes_back_and_does_not_sync(world: World) -> None:
    world.place(world.main, shirts(1, "20.00"))
    (dependent,) = world.place(world.dependent, shirts(1, "18.00"))
    await world.choose(PRICES)
    done = await sync(world)
    told: list[Write] = []

    class Stubborn(CatalogWriter):
        async def execute(self, write: Write, idempotency_key: UUID | None = None) -> WriteResult:
            if told:
                return await super().execute(write, idempotency_key)
            told.append(write)
            return WriteResult({each: Stale() for each in change_ids(write)}, world.now())

    class StaleRuntime(Runtime):
        def open(self, shop: Shop, priority: Priority = Priority.BACKGROUND) -> OpenShop:
            door = super().open(shop, priority)
            return replace(door, writer=Stubborn(door.writer.client, door.writer.memory))

    own = world.runtime
    world.runtime = StaleRuntime(own.clock, own.http, own.token_of, base_url=own.base_url)
    undo = await world.finished(await requests.undo_job(done.id, now=world.now()))

    assert len(told) == 1
    assert undo.state is JobState.SUCCEEDED
    assert str(next(iter(dependent.variants)).price) == "18.00"
    await world.finished(await requests.preview(world.connection.id, now=world.now()))
    assert await Hold.filter(product_gid=gid("Product", dependent.id)).count() == 1


async def test_an_item_is_tracked_before_it_gets_a_quantity(world: World) -> None:
    main = VariantDraft(sku="A", price=Decimal(10), tracked=True, available=(7,))
    world.place(world.main, [ProductDraft("A", (main,))])
    (dependent,) = world.place(
        world.dependent, [ProductDraft("A", (replace(main, tracked=False, available=(3,)),))]
    )
    await world.choose(EVERYTHING)
    item = next(iter(dependent.variants)).item
    seen: list[bool] = []
    overtaken = asyncio.Event()

    async def slow() -> None:
        seen.append(item.tracked)
        with suppress(TimeoutError):
            await asyncio.wait_for(overtaken.wait(), 0.5)

    def next_one() -> None:
        overtaken.set()
        seen.append(item.tracked)

    world.before_mutation(slow)
    world.before_mutation(next_one)

    job = await sync(world)

    assert job.state is JobState.SUCCEEDED
    assert seen == [False, True]
    assert item.levels[world.dependent.primary_location.id].available == 7


async def test_a_defect_in_writing_costs_its_product_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mains = world.place(world.main, shirts(30, "21.00"))
    theirs = world.place(world.dependent, shirts(30, "20.00"))
    poison = gid("Product", theirs[7].id)
    real = CatalogWriter.execute

    async def execute(self: CatalogWriter, write: Write, idempotency_key: UUID | None = None) -> WriteResult:
        if getattr(write, "product", None) == poison:
            raise KeyError("a defect")
        return await real(self, write, idempotency_key)

    await world.choose(PRICES)
    with monkeypatch.context() as broken:
        broken.setattr(CatalogWriter, "execute", execute)
        job = await sync(world)
    assert job.state is JobState.PARTIAL
    assert (job.counts["APPLIED"], job.counts["FAILED"]) == (29, 1)
    (failed,) = await world.changes(job, ChangeState.FAILED)
    assert (failed.code, failed.main_product_gid) == (ErrorCode.INTERNAL, gid("Product", mains[7].id))
    assert "the log has it under" in failed.message
    await sync(world)
    assert {str(next(iter(each.variants)).price) for each in world.dependent.products} == {"21.00"}
