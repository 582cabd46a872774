"""Whole jobs against the sandbox."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from backend.database import connection
from backend.errors import ErrorCode, UserError
from backend.jobs import decisions, requests
from backend.jobs.mirror_read import load_products
from backend.models.connection import ConnectionState
from backend.models.job import Change, ChangeState, Job, JobKind, JobPhase, JobState
from backend.models.link import Conflict, ConflictState, Hold, ProductLink, VariantLink
from backend.models.mirror import MirrorProduct, Refresh
from backend.sync.catalog import ProductId
from backend.sync.match import ConflictAction
from backend.sync.settings import ProductScope, SyncSettings
from sandbox.catalogue import Recipe, generate
from sandbox.commands.products import delete_product
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.edits import edit_stock, edit_variant
from sandbox.ids import gid
from sandbox.store.product import Product
from tests.jobs.world import EVERYTHING, World, a_world

MATCHED_PRICES = SyncSettings(products=ProductScope.MATCHED, details=False, prices=True, quantities=False)


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


def shirt(sku: str = "SHIRT", price: str = "19.90", stock: int = 7, title: str = "Shirt") -> ProductDraft:
    return ProductDraft(
        title, (VariantDraft(sku=sku, price=Decimal(price), tracked=True, available=(stock,)),)
    )


async def sync(world: World) -> Job:
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return await world.finished(job)


def price(product: Product) -> str:
    return str(next(iter(product.variants)).price)


async def test_all_creates_what_is_missing_and_a_second_sync_writes_nothing(world: World) -> None:
    world.place(world.main, generate(Recipe(seed=3, variants=3, images=2), 5))
    await world.choose(EVERYTHING)

    first = await sync(world)
    assert (first.state, first.phase, first.error_code) == (JobState.SUCCEEDED, JobPhase.DONE, None)
    assert first.counts["APPLIED.CREATE_PRODUCT"] == 5
    assert first.counts["products.created"] == 5
    assert len(list(world.dependent.products)) == 5
    assert await ProductLink.all().count() == 5
    assert await VariantLink.filter(created_by_us=True).count() == 15

    world.mark()
    second = await sync(world)
    assert [(each.field, each.before, each.after) for each in await world.changes(second)] == []
    assert second.state is JobState.SUCCEEDED
    assert second.counts == {"products.linked": 5}
    assert world.calls(world.dependent).mutations == {}
    await world.connection.refresh_from_db()
    assert world.connection.in_step_at == second.finished_at


async def test_one_changed_price_is_one_write(world: World) -> None:
    (main,) = world.place(world.main, [shirt()])
    (dependent,) = world.place(world.dependent, [shirt(price="17.00", stock=1)])
    await world.choose(MATCHED_PRICES)
    first = await sync(world)
    assert price(dependent) == "19.90"
    assert [(each.before, each.after) for each in await world.changes(first)] == [("17.00", "19.90")]

    edit_variant(world.main, next(iter(main.variants)), "price", "21.00")
    world.mark()
    second = await sync(world)

    assert price(dependent) == "21.00"
    assert world.calls(world.dependent).mutations == {"productVariantsBulkUpdate": 1}
    assert world.calls(world.main).mutations == {}
    (change,) = await world.changes(second)
    assert (change.state, change.lane, change.field) == (ChangeState.APPLIED, "PRICE", "PRICE")
    assert (change.before, change.after, change.title, change.sku) == ("19.90", "21.00", "Shirt", "SHIRT")
    assert change.applied_at is not None
    assert second.points > 0
    assert second.calls == 1


async def test_a_job_is_charged_for_every_call_once_however_many_run_side_by_side(world: World) -> None:
    world.place(world.main, [shirt(f"SHIRT-{number}") for number in range(12)])
    world.place(world.dependent, [shirt(f"SHIRT-{number}", price="17.00") for number in range(12)])
    await world.choose(MATCHED_PRICES)
    job = await sync(world)

    written = world.calls_since_start(world.dependent).mutations["productVariantsBulkUpdate"]
    assert (written, job.calls) == (12, 12)


async def test_a_shop_whose_prices_are_refused_is_not_in_step(database: str) -> None:
    async with a_world(dependent_currency="GBP") as world:
        world.place(world.main, [shirt()])
        (dependent,) = world.place(world.dependent, [shirt(price="17.00")])
        await world.choose(MATCHED_PRICES)
        job = await sync(world)

        assert (job.state, price(dependent)) == (JobState.SUCCEEDED, "17.00")
        assert "refused.CURRENCY_RATE_MISSING" in job.counts
        await world.connection.refresh_from_db()
        assert world.connection.in_step_at is None


async def test_matched_prices_touch_neither_stock_nor_title_nor_what_is_missing(world: World) -> None:
    world.place(world.main, [shirt(title="New title", stock=50), shirt("ONLY-MAIN")])
    (dependent,) = world.place(world.dependent, [shirt(price="1.00", stock=3, title="Old title")])
    # A rise from 1.00 to 19.90 is more than the brake lets through.
    await world.choose(
        replace(MATCHED_PRICES, brake=replace(MATCHED_PRICES.brake, price_percent=Decimal(10_000)))
    )

    job = await sync(world)

    assert price(dependent) == "19.90"
    assert dependent.title == "Old title"
    assert len(list(world.dependent.products)) == 1
    assert job.counts["products.unmatched"] == 1
    assert world.calls_since_start(world.dependent).mutations == {"productVariantsBulkUpdate": 1}


async def test_a_preview_writes_nothing_and_says_what_it_would(world: World) -> None:
    world.place(world.main, [shirt(), shirt("NEW", title="New")])
    (dependent,) = world.place(world.dependent, [shirt(price="18.00", stock=2)])
    await world.choose(MATCHED_PRICES)

    job = await world.finished(
        await requests.preview(world.connection.id, now=world.now(), settings=EVERYTHING)
    )

    assert (job.state, job.kind) == (JobState.SUCCEEDED, JobKind.PREVIEW)
    assert job.counts["PLANNED.CREATE_PRODUCT"] == 1
    assert job.counts["PLANNED.PRICE"] == 1
    assert job.counts["PLANNED.STOCK"] == 1
    assert len(job.checksum) == 32
    assert price(dependent) == "18.00"
    assert world.calls_since_start(world.dependent).mutations == {}
    assert await ProductLink.all().count() == 0
    assert await Conflict.all().count() == 0


async def test_without_chosen_settings_it_only_tells_what_would_match(world: World) -> None:
    world.place(world.main, [shirt(), shirt("NEW")])
    (dependent,) = world.place(world.dependent, [shirt(price="18.00")])

    job = await sync(world)

    assert (job.state, job.error_code) == (JobState.SUCCEEDED, ErrorCode.SETTINGS_NOT_CHOSEN)
    assert job.counts == {"products.linked": 1, "products.unmatched": 1}
    assert price(dependent) == "18.00"
    assert await ProductLink.all().count() == 0
    assert await Change.all().count() == 0
    await world.connection.refresh_from_db()
    assert world.connection.in_step_at is None


async def test_twenty_dependents_cost_one_read_of_the_main_shop(database: str) -> None:
    async with a_world(dependents=20) as world:
        world.place(world.main, [shirt()])
        for each in world.connections.values():
            await world.choose(MATCHED_PRICES, each)
        world.mark()
        jobs = await requests.sync_all([each.id for each in world.connections.values()], now=world.now())
        await world.drain()

        assert len({each.run_id for each in jobs}) == 1
        assert {each.state for each in await Job.all()} == {JobState.SUCCEEDED}
        assert await Refresh.filter(shop_id=world.connection.main_id).count() == 1
        queries = world.calls(world.main).queries
        assert (queries["products"], queries["productVariants"]) == (1, 1)


async def test_identical_queued_jobs_are_one(world: World) -> None:
    await world.choose(MATCHED_PRICES)
    (first,) = await requests.sync_all([world.connection.id], now=world.now())
    (second,) = await requests.sync_all([world.connection.id], now=world.now())
    assert second.id == first.id
    await world.drain()
    (third,) = await requests.sync_all([world.connection.id], now=world.now())
    assert third.id != first.id
    assert await Job.all().count() == 2


async def test_the_brake_holds_a_jump_and_a_person_confirms_it(world: World) -> None:
    (main,) = world.place(world.main, [shirt(price="100.00")])
    world.place(world.main, [shirt("CAP", price="10.00", title="Cap")])
    dependent, cap = world.place(
        world.dependent, [shirt(price="100.00"), shirt("CAP", price="9.00", title="Cap")]
    )
    await world.choose(MATCHED_PRICES)
    edit_variant(world.main, next(iter(main.variants)), "price", "20.00")

    job = await sync(world)
    assert (price(dependent), price(cap)) == ("100.00", "10.00")
    (held,) = await world.changes(job, ChangeState.HELD)
    assert (held.held_reason, held.before, held.after) == ("PRICE_JUMP", "100.00", "20.00")
    assert job.counts["HELD"] == 1
    await world.connection.refresh_from_db()
    assert world.connection.in_step_at is None

    confirmed = await world.finished(
        await decisions.confirm_changes(world.connection.id, [held.id], now=world.now())
    )
    assert (confirmed.kind, confirmed.state) == (JobKind.CONFIRM, JobState.SUCCEEDED)
    assert price(dependent) == "20.00"
    await held.refresh_from_db()
    assert held.state is ChangeState.CONFIRMED
    with pytest.raises(UserError) as caught:
        await decisions.confirm_changes(world.connection.id, [held.id], now=world.now())
    assert caught.value.code is ErrorCode.NOT_HELD


async def test_what_a_person_has_not_seen_is_asked_again(world: World) -> None:
    (main,) = world.place(world.main, [shirt(price="20.00")])
    (dependent,) = world.place(world.dependent, [shirt(price="100.00")])
    await world.choose(MATCHED_PRICES)
    job = await sync(world)
    (held,) = await world.changes(job, ChangeState.HELD)
    edit_variant(world.main, next(iter(main.variants)), "price", "10.00")

    confirmed = await world.finished(
        await decisions.confirm_changes(world.connection.id, [held.id], now=world.now())
    )

    assert price(dependent) == "100.00"
    (again,) = await world.changes(confirmed)
    assert (again.state, again.after) == (ChangeState.HELD, "10.00")


async def test_a_rejected_change_is_not_made(world: World) -> None:
    world.place(world.main, [shirt(price="20.00")])
    (dependent,) = world.place(world.dependent, [shirt(price="100.00")])
    await world.choose(MATCHED_PRICES)
    job = await sync(world)
    (held,) = await world.changes(job)
    assert await decisions.reject_changes(world.connection.id, [held.id]) == [held.id]
    await held.refresh_from_db()
    assert held.state is ChangeState.REJECTED
    assert price(dependent) == "100.00"
    await job.refresh_from_db()
    assert (job.counts.get("HELD"), job.counts["REJECTED"]) == (None, 1)


async def test_too_many_zeroes_wait_and_the_rest_goes_on(world: World) -> None:
    drafts = [shirt(f"S{index}", stock=5, title=f"Shirt {index}") for index in range(30)]
    world.place(
        world.main,
        [replace(each, variants=(replace(each.variants[0], available=(0,)),)) for each in drafts[:25]],
    )
    world.place(
        world.main,
        [replace(each, variants=(replace(each.variants[0], available=(9,)),)) for each in drafts[25:]],
    )
    world.place(world.dependent, drafts)
    await world.choose(SyncSettings(products=ProductScope.MATCHED, prices=False, quantities=True))

    job = await sync(world)

    held = await world.changes(job, ChangeState.HELD)
    assert len(held) == 25
    assert {each.held_reason for each in held} == {"TOO_MANY_ZEROED"}
    assert job.counts["APPLIED.STOCK"] == 5
    location = world.dependent.primary_location.id

    def in_stock() -> int:
        return sum(
            next(iter(each.variants)).item.levels[location].available > 0 for each in world.dependent.products
        )

    assert in_stock() == 30
    some = [each.id for each in held[:20]]
    confirmed = await world.finished(
        await decisions.confirm_changes(world.connection.id, some, now=world.now())
    )
    assert confirmed.counts["APPLIED.STOCK"] == 20
    assert in_stock() == 10


async def test_an_undo_stays_undone_over_the_next_sync_until_main_moves_on(world: World) -> None:
    (main,) = world.place(world.main, [shirt(price="20.00")])
    (dependent,) = world.place(world.dependent, [shirt(price="18.00")])
    await world.choose(MATCHED_PRICES)
    job = await sync(world)
    assert price(dependent) == "20.00"

    undo = await world.finished(await requests.undo_job(job.id, now=world.now()))
    assert (undo.kind, undo.state) == (JobKind.UNDO, JobState.SUCCEEDED)
    assert price(dependent) == "18.00"
    assert [each.state for each in await world.changes(job)] == [ChangeState.UNDONE]
    assert await Hold.all().count() == 1

    world.mark()
    await sync(world)
    assert price(dependent) == "18.00"
    assert world.calls(world.dependent).mutations == {}

    with pytest.raises(UserError) as caught:
        await requests.undo_job(job.id, now=world.now())
    assert caught.value.code is ErrorCode.NOTHING_TO_UNDO

    edit_variant(world.main, next(iter(main.variants)), "price", "21.00")
    await sync(world)
    assert price(dependent) == "21.00"
    assert await Hold.all().count() == 0


async def test_a_released_hold_lets_mains_value_through(world: World) -> None:
    world.place(world.main, [shirt(price="20.00")])
    (dependent,) = world.place(world.dependent, [shirt(price="18.00")])
    await world.choose(MATCHED_PRICES)
    job = await sync(world)
    await world.finished(await requests.undo_job(job.id, now=world.now()))
    hold = await Hold.get()

    released = await decisions.release_hold(world.connection.id, hold.id, now=world.now())

    assert released is not None
    assert (await world.finished(released)).state is JobState.SUCCEEDED
    assert price(dependent) == "20.00"


async def test_an_undo_leaves_alone_what_somebody_changed_since(world: World) -> None:
    world.place(world.main, [shirt(price="20.00")])
    (dependent,) = world.place(world.dependent, [shirt(price="18.00")])
    await world.choose(MATCHED_PRICES)
    job = await sync(world)
    edit_variant(world.dependent, next(iter(dependent.variants)), "price", "19.00")

    undo = await world.finished(await requests.undo_job(job.id, now=world.now()))

    assert price(dependent) == "19.00"
    assert undo.counts == {"refused.CHANGED_MEANWHILE": 1}


async def test_a_conflict_waits_for_a_person_who_links_it(world: World) -> None:
    (main,) = world.place(world.main, [shirt(price="20.00")])
    one, other = world.place(
        world.dependent, [shirt(price="18.00"), shirt(price="17.00", title="Shirt again")]
    )
    await world.choose(MATCHED_PRICES)
    job = await sync(world)
    assert job.counts == {"products.conflicting": 1}
    conflict = await Conflict.get()
    assert (conflict.code, conflict.state) == ("DUPLICATE_SKU_IN_DEPENDENT", ConflictState.OPEN)
    assert conflict.main_gid == gid("Product", main.id)
    assert {each["product"] for each in conflict.candidates} == {
        gid("Product", one.id),
        gid("Product", other.id),
    }

    resolved = await decisions.resolve_conflict(
        world.connection.id,
        conflict.id,
        ConflictAction.LINK_TO,
        product=ProductId(gid("Product", other.id)),
        now=world.now(),
    )

    assert resolved is not None
    assert (await world.finished(resolved)).state is JobState.SUCCEEDED
    assert (price(one), price(other)) == ("18.00", "20.00")
    await conflict.refresh_from_db()
    assert conflict.state is ConflictState.RESOLVED
    await sync(world)
    assert (price(one), price(other)) == ("18.00", "20.00")


async def test_a_conflict_whose_cause_is_gone_closes_itself(world: World) -> None:
    world.place(world.main, [shirt()])
    _, other = world.place(world.dependent, [shirt(), shirt(title="Twin")])
    await world.choose(MATCHED_PRICES)
    await sync(world)
    assert (await Conflict.get()).state is ConflictState.OPEN

    edit_variant(world.dependent, next(iter(other.variants)), "sku", "OTHER")
    await sync(world)

    assert (await Conflict.get()).state is ConflictState.RESOLVED
    assert await ProductLink.all().count() == 1


async def test_a_product_gone_from_main_is_drafted_after_the_grace(world: World) -> None:
    (main,) = world.place(world.main, [shirt()])
    await world.choose(EVERYTHING)
    await sync(world)
    (dependent,) = world.dependent.products
    delete_product(world.main, main)

    await sync(world)
    assert dependent.status == "ACTIVE"
    assert (await MirrorProduct.get(gid=gid("Product", main.id))).gone_at is not None
    waiting = await Job.get(state=JobState.QUEUED)
    assert waiting.kind is JobKind.SYNC_ALL

    assert (await ProductLink.get()).gone_since is None
    world.clock.ahead += 700
    await world.drain()
    assert dependent.status == "DRAFT"
    assert (await ProductLink.get()).gone_since is not None


async def test_a_product_deleted_and_made_again_keeps_its_twin(world: World) -> None:
    (main,) = world.place(world.main, [shirt()])
    await world.choose(EVERYTHING)
    await sync(world)
    (dependent,) = world.dependent.products
    delete_product(world.main, main)
    (again,) = world.place(world.main, [shirt(price="22.00")])

    await sync(world)
    world.clock.ahead += 700
    await world.drain()

    assert [each.id for each in world.dependent.products] == [dependent.id]
    assert (dependent.status, price(dependent)) == ("ACTIVE", "22.00")
    link = await ProductLink.get()
    assert link.main_gid == gid("Product", again.id)


async def test_a_paused_connection_stops_with_a_reason_but_can_be_previewed(world: World) -> None:
    world.place(world.main, [shirt(price="20.00")])
    world.place(world.dependent, [shirt(price="18.00")])
    await world.choose(MATCHED_PRICES)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    world.connection.state = ConnectionState.PAUSED
    await world.connection.save()

    await world.finished(job)
    assert (job.state, job.error_code) == (JobState.CANCELED, ErrorCode.CONNECTION_PAUSED)
    with pytest.raises(UserError) as caught:
        await requests.sync_all([world.connection.id], now=world.now())
    assert caught.value.code is ErrorCode.CONNECTION_PAUSED
    preview = await world.finished(await requests.preview(world.connection.id, now=world.now()))
    assert preview.counts["PLANNED.PRICE"] == 1


async def test_a_lost_token_suspends_the_connection(world: World) -> None:
    from sandbox.commands.shops import uninstall_app
    from tests.jobs.world import CLIENT_ID

    world.place(world.main, [shirt()])
    await world.choose(MATCHED_PRICES)
    uninstall_app(world.dependent, CLIENT_ID)

    job = await sync(world)

    assert (job.state, job.error_code) == (JobState.FAILED, ErrorCode.SHOPIFY_ACCESS_LOST)
    await world.connection.refresh_from_db()
    assert world.connection.state is ConnectionState.SUSPENDED


async def test_stock_that_moved_meanwhile_is_read_again_and_written(world: World) -> None:
    world.place(world.main, [shirt(stock=7)])
    (dependent,) = world.place(world.dependent, [shirt(stock=3)])
    await world.choose(SyncSettings(products=ProductScope.MATCHED, prices=False, quantities=True))
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    variant = next(iter(dependent.variants))
    location = world.dependent.primary_location
    world.before_mutation(lambda: edit_stock(world.dependent, variant, location, "5"))

    await world.finished(job)

    assert variant.item.levels[location.id].available == 7
    (change,) = await world.changes(job)
    assert (change.state, change.before, change.after, change.attempts) == (ChangeState.APPLIED, 5, 7, 2)


async def test_the_mirror_tells_what_both_shops_say(world: World) -> None:
    (main,) = world.place(world.main, generate(Recipe(seed=5, variants=2, images=1), 1))
    await world.choose(EVERYTHING)
    await sync(world)
    theirs = gid("Product", next(iter(world.dependent.products)).id)
    mine = ProductId(gid("Product", main.id))

    main_row = (await load_products(connection(), world.connection.main_id, [mine]))[mine]
    dependent_row = (await load_products(connection(), world.connection.dependent_id, [ProductId(theirs)]))[
        ProductId(theirs)
    ]

    assert dependent_row.origin == f"main-shop.myshopify.com/{main.id}"
    for name in (
        "title",
        "description_html",
        "vendor",
        "product_type",
        "tags",
        "status",
        "options",
        "metafields",
    ):
        assert getattr(dependent_row, name) == getattr(main_row, name)
    for ours, other in zip(main_row.variants, dependent_row.variants, strict=True):
        for name in ("sku", "price", "compare_at_price", "cost", "tracked", "weight", "options", "taxable"):
            assert getattr(other, name) == getattr(ours, name)
