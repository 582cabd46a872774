"""A page of a plan costs the same number of statements, however many products stand on it."""

import logging
from decimal import Decimal

import pytest

from backend.database import connection
from backend.jobs import requests
from backend.jobs.context import load_context
from backend.jobs.mirror_read import page_after
from backend.jobs.page_plan import plan_page
from backend.jobs.queue import transaction
from backend.jobs.record import insert_changes, record_matches
from backend.models.job import Job
from backend.models.link import ProductLink
from sandbox.draft import ProductDraft, VariantDraft
from tests.jobs.world import EVERYTHING, World, a_world


def drafts(count: int, price: str) -> list[ProductDraft]:
    return [
        ProductDraft(
            f"Shirt {index}",
            tuple(
                VariantDraft(
                    (size,), sku=f"S{index}-{size}", price=Decimal(price), tracked=True, available=(3,)
                )
                for size in "SML"
            ),
            options=("Size",),
        )
        for index in range(count)
    ]


async def _statements(world: World, job: Job, products: int, caplog: pytest.LogCaptureFixture) -> int:
    context = await load_context(job)
    gids = (await page_after(connection(), context.main.id, ""))[:products]
    assert len(gids) == products
    caplog.clear()
    async with transaction() as client:
        page = await plan_page(client, context, gids, world.now())
        await record_matches(client, context.connection, page, world.now())
        await insert_changes(client, job.id, context.connection, page.changes, 1_000_000, {})
        # Three prices, and the vendor, which is the name of the shop.
        assert len(page.changes) == 4 * products
        count = len(caplog.records)
        await client.execute_script("TRUNCATE change")
    return count


async def test_the_statements_of_a_page_are_constant(database: str, caplog: pytest.LogCaptureFixture) -> None:
    async with a_world() as world:
        world.place(world.main, drafts(40, "20.00"))
        world.place(world.dependent, drafts(40, "18.00"))
        await world.choose(EVERYTHING)
        job = await requests.preview(world.connection.id, now=world.now())
        await world.finished(job)
        await ProductLink.all().delete()
        caplog.set_level(logging.DEBUG, logger="tortoise.db_client")

        few = await _statements(world, job, 2, caplog)
        await ProductLink.all().delete()
        many = await _statements(world, job, 40, caplog)

        assert few == many
        assert 10 < many < 40


async def test_pages_end_at_a_number_of_products_and_come_in_order(database: str) -> None:
    async with a_world() as world:
        world.place(world.main, drafts(7, "20.00"))
        await world.choose(EVERYTHING)
        await world.finished(await requests.preview(world.connection.id, now=world.now()))
        shop = world.connection.main_id
        seen: list[str] = []
        while gids := await page_after(connection(), shop, seen[-1] if seen else "", products=3):
            assert len(gids) <= 3
            seen.extend(gids)
        assert len(seen) == 7
        assert seen == sorted(set(seen))
