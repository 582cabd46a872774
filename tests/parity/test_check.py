"""A check reads both shops and tells what differs and why; the live path repairs what drifted."""

import logging
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest

from backend.database import connection
from backend.jobs.context import load_context
from backend.jobs.queue import transaction
from backend.models.connection import ConnectionState
from backend.models.job import Change, ChangeState, Job, JobKind, JobState
from backend.models.link import Hold, HoldReason, ProductLink
from backend.models.live import Difference, DifferenceReason, DirtyProduct
from backend.models.mirror import MirrorProduct
from backend.parity.check import check_page
from backend.parity.schedule import CHECK_AGAIN, schedule_checks
from backend.sync.catalog import ProductId
from backend.sync.settings import FieldGroup, LocalEditPolicy, ProductScope, Selection, SyncSettings
from sandbox.commands.products import delete_product
from sandbox.edits import edit_product, edit_stock, edit_variant
from sandbox.ids import gid
from sandbox.store.product import Product, Variant
from tests.jobs.world import World
from tests.parity.conftest import checked, differences, draft, parity, synced

PRICES_AND_STOCK = SyncSettings(products=ProductScope.MATCHED, prices=True, quantities=True)
DETAILS = SyncSettings(products=ProductScope.MATCHED, details=True, prices=True, quantities=True)
GRACE = timedelta(minutes=11)


def variant(product: Product) -> Variant:
    return next(iter(product.variants))


async def a_pair(
    world: World, settings: SyncSettings = PRICES_AND_STOCK, **given: Any
) -> tuple[Product, Product]:
    """A product in both shops, synced."""
    (mine,) = world.place(world.main, [draft(**given)])
    (theirs,) = world.place(world.dependent, [draft(**given)])
    await world.choose(settings)
    await synced(world)
    return mine, theirs


def set_stock(world: World, product: Product, quantity: int) -> None:
    shop = world.main if product in list(world.main.products) else world.dependent
    edit_stock(shop, variant(product), shop.primary_location, str(quantity))


async def due_again(world: World) -> None:
    """As if the links had been checked long ago."""
    await ProductLink.all().update(checked_at=world.now() - CHECK_AGAIN)


async def dirty() -> list[tuple[str, str]]:
    return sorted([(each.stream.value, each.main_gid) for each in await DirtyProduct.all()])


async def test_equal_products_are_compared_value_by_value_and_nothing_is_marked(world: World) -> None:
    await a_pair(world)
    before = await parity(world)
    assert (before.linked, before.checked, before.share) == (1, 0, None)
    world.mark()

    job = await checked(world)

    assert job.counts == {"links.checked": 1, "products.marked": 0, "values.checked": 3}
    after = await parity(world)
    # A price, a compare-at price and a level.
    assert (after.linked, after.checked, after.values, after.equal, after.share) == (1, 1, 3, 3, 1.0)
    assert after.oldest_check == after.newest_check == (await ProductLink.get()).checked_at
    assert await dirty() == []
    assert world.calls(world.dependent).mutations == {}
    assert job.points > 0


async def test_a_lost_price_is_drift_and_comes_by_the_live_path(world: World) -> None:
    mine, theirs = await a_pair(world)
    edit_variant(world.main, variant(mine), "price", "21.50")

    job = await checked(world)

    assert await differences() == [("DRIFT", "PRICE", "21.50", "20.00")]
    assert (job.counts["differences.DRIFT"], job.counts["products.marked"]) == (1, 1)
    assert await dirty() == [("PRODUCT", gid("Product", mine.id))]
    found = await parity(world)
    assert (found.differences, found.equal, found.share) == (1, 2, 0.6666)
    assert not await Change.all().exists()

    await world.drain()

    assert str(variant(theirs).price) == "21.50"
    assert (await Job.filter(kind=JobKind.LIVE).order_by("created_at"))[0].state is JobState.SUCCEEDED
    assert (await differences(), (await parity(world)).share) == ([], 1.0)


async def test_lost_stock_alone_goes_by_the_stock_stream(world: World) -> None:
    mine, theirs = await a_pair(world)
    set_stock(world, mine, 4)
    await checked(world)
    assert await differences() == [("DRIFT", "STOCK", 4, 7)]
    assert await dirty() == [("STOCK", gid("Product", mine.id))]
    await world.drain()
    assert variant(theirs).item.levels[world.dependent.primary_location.id].available == 4


async def test_a_dependents_own_sale_is_told_and_left_alone(world: World) -> None:
    _, theirs = await a_pair(world)
    set_stock(world, theirs, 5)
    await checked(world)
    assert await differences() == [("LOCAL_STOCK", "STOCK", 7, 5)]
    assert await dirty() == []
    found = await parity(world)
    assert (found.differences, found.held, found.share) == (1, 0, 0.6666)


async def test_what_a_person_or_the_settings_hold_is_neither_equal_nor_different(world: World) -> None:
    keep = MappingProxyType(
        {FieldGroup.DETAILS: LocalEditPolicy.KEEP_LOCAL, FieldGroup.PRICES: LocalEditPolicy.MAIN_WINS}
    )
    _, theirs = await a_pair(world, replace(DETAILS, local_edits=keep))
    edit_product(world.dependent, theirs, "title", "Our tea")
    edit_variant(world.dependent, variant(theirs), "price", "19.00")
    product, price = gid("Product", theirs.id), gid("ProductVariant", variant(theirs).id)
    await Hold.create(
        connection=world.connection,
        product_gid=product,
        subject=price,
        field="PRICE",
        reason=HoldReason.KEPT_LOCAL,
    )

    await checked(world)

    assert await differences() == [
        ("HELD", "PRICE", "20.00", "19.00"),
        ("LOCAL_EDIT", "TITLE", "Tea", "Our tea"),
    ]
    assert await dirty() == []
    found = await parity(world)
    assert (found.held, found.differences, found.share) == (2, 0, 1.0)
    assert found.equal == found.values - 2


async def test_main_wins_over_a_local_edit_that_nobody_told_of(world: World) -> None:
    _, theirs = await a_pair(world)
    edit_variant(world.dependent, variant(theirs), "price", "19.00")
    await checked(world)
    assert await differences() == [("DRIFT", "PRICE", "20.00", "19.00")]
    await world.drain()
    assert str(variant(theirs).price) == "20.00"


async def test_what_waits_for_a_person_is_told_as_such_and_not_asked_again(world: World) -> None:
    mine, _ = await a_pair(world)
    edit_variant(world.main, variant(mine), "price", "90.00")
    await synced(world)
    assert await Change.filter(state=ChangeState.HELD).count() == 1
    await checked(world)
    assert await differences() == [("BRAKE", "PRICE", "90.00", "20.00")]
    assert await dirty() == []


async def test_what_cannot_be_written_is_told_with_its_code(world: World) -> None:
    await a_pair(world)
    row = world.shops[world.dependent.domain]
    await type(row).filter(id=row.id).update(facts_read_at=None)
    world.dependent.currency = "USD"
    await checked(world)
    found = await Difference.all().order_by("field")
    assert [(each.reason, each.field, each.code) for each in found] == [
        (DifferenceReason.REFUSED, "COMPARE_AT_PRICE", "CURRENCY_RATE_MISSING"),
        (DifferenceReason.REFUSED, "PRICE", "CURRENCY_RATE_MISSING"),
    ]
    now = await parity(world)
    assert (now.values, now.equal, now.differences) == (3, 1, 2)
    assert await dirty() == []


async def test_what_the_settings_do_not_own_is_no_difference(world: World) -> None:
    _, theirs = await a_pair(world)
    edit_product(world.dependent, theirs, "title", "Another tea")
    job = await checked(world)
    assert (await differences(), job.counts["values.checked"]) == ([], 3)


async def test_a_product_gone_from_main_is_told_when_the_grace_is_over(world: World) -> None:
    mine, theirs = await a_pair(world, DETAILS)
    delete_product(world.main, mine)
    await checked(world)
    assert (await differences(), await dirty()) == ([], [("PRODUCT", gid("Product", mine.id))])
    await DirtyProduct.all().delete()
    await Job.filter(kind=JobKind.LIVE).delete()
    world.clock.ahead += GRACE.total_seconds()
    await due_again(world)
    await checked(world)
    assert await differences() == [("DRIFT", "STATUS", "DRAFT", "ACTIVE")]
    await world.drain()
    assert theirs.status == "DRAFT"


async def test_a_product_gone_from_the_dependent_is_handed_over(world: World) -> None:
    mine, theirs = await a_pair(world)
    delete_product(world.dependent, theirs)
    await checked(world)
    assert (await differences(), await dirty()) == ([], [("PRODUCT", gid("Product", mine.id))])
    await world.drain()
    assert await ProductLink.all().count() == 0


async def test_a_product_that_left_the_selection_is_handed_over(world: World) -> None:
    mine, _ = await a_pair(
        world, replace(PRICES_AND_STOCK, selection=Selection(exclude_tags=frozenset({"no"})))
    )
    edit_product(world.main, mine, "tags", "no")
    await checked(world)
    assert (await differences(), await dirty()) == ([], [("PRODUCT", gid("Product", mine.id))])
    await world.drain()
    assert await ProductLink.all().count() == 0


async def test_a_later_check_replaces_what_an_earlier_one_found(world: World) -> None:
    _, theirs = await a_pair(world)
    set_stock(world, theirs, 5)
    await checked(world)
    set_stock(world, theirs, 6)
    await due_again(world)
    await checked(world)
    assert await differences() == [("LOCAL_STOCK", "STOCK", 7, 6)]
    set_stock(world, theirs, 7)
    await due_again(world)
    await checked(world)
    assert await differences() == []


async def test_only_what_was_read_counts_as_checked(world: World) -> None:
    mine, _ = await a_pair(world)
    job = await checked(world)
    context = await load_context(job)
    later = world.now() + timedelta(hours=1)
    async with transaction() as client:
        found = await check_page(client, context, [ProductId(gid("Product", mine.id))], later, later)
    assert (found.reports, found.settled, dict(found.dirty)) == ([], [], {})


async def test_a_page_costs_the_same_number_of_statements(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    drafts = [draft(f"T{number}", title=f"Tea {number}") for number in range(20)]
    mains = [ProductId(gid("Product", each.id)) for each in world.place(world.main, drafts)]
    world.place(world.dependent, drafts)
    await world.choose(DETAILS)
    await synced(world)
    job = await checked(world)
    assert job.counts["links.checked"] == 20
    context = await load_context(job)
    caplog.set_level(logging.DEBUG, logger="tortoise.db_client")
    counts = []
    for number in (2, 20):
        caplog.clear()
        found = await check_page(connection(), context, mains[:number], job.created_at, world.now())
        assert len(found.reports) == number
        counts.append(len(caplog.records))
    assert counts[0] == counts[1]
    assert 8 < counts[0] < 25


async def test_a_connection_that_stops_ends_its_check(world: World) -> None:
    await a_pair(world)
    (made,) = await schedule_checks(world.now())
    await type(world.connection).filter(id=world.connection.id).update(state=ConnectionState.DISCONNECTED)
    await world.drain()
    assert (await Job.get(id=made)).state is JobState.CANCELED
    assert (await ProductLink.get()).checked_at is None


async def test_a_product_that_cannot_be_compared_stops_no_other(world: World) -> None:
    """Without this the links would never be checked: the oldest come first, and they would always fail."""
    drafts = [draft(f"T{number}", title=f"Tea {number}") for number in range(3)]
    world.place(world.main, drafts)
    broken, *others = world.place(world.dependent, drafts)
    await world.choose(PRICES_AND_STOCK)
    await synced(world)
    edit_variant(world.dependent, variant(others[-1]), "price", "3.00")
    await MirrorProduct.filter(gid=gid("Product", broken.id)).update(details=[7])

    job = await checked(world, JobState.PARTIAL)

    assert job.error_code == "INTERNAL"
    assert (job.counts["links.checked"], job.counts["differences.DRIFT"]) == (2, 1)
    assert await ProductLink.filter(checked_at__isnull=True).count() == 0
    link = await ProductLink.get(dependent_gid=gid("Product", broken.id))
    aside = await DirtyProduct.get(set_aside_at__isnull=False)
    assert (aside.main_gid, "the log has it under" in aside.reason) == (link.main_gid, True)
