"""Whole jobs against the sandbox."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from backend.jobs import requests
from backend.models.job import JobPhase, JobState
from backend.models.link import ProductLink, VariantLink
from sandbox.catalogue import Recipe, generate
from sandbox.draft import ProductDraft, VariantDraft
from tests.jobs.world import EVERYTHING, World, a_world


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


def shirt(sku: str = "SHIRT", price: str = "19.90", stock: int = 7, title: str = "Shirt") -> ProductDraft:
    return ProductDraft(
        title, (VariantDraft(sku=sku, price=Decimal(price), tracked=True, available=(stock,)),)
    )


async def test_all_creates_what_is_missing_and_a_second_sync_writes_nothing(world: World) -> None:
    world.place(world.main, generate(Recipe(seed=3, variants=3, images=2), 5))
    await world.choose(EVERYTHING)

    (first,) = await requests.sync_all([world.connection.id], now=world.now())
    await world.finished(first)
    assert (first.state, first.phase, first.error_code) == (JobState.SUCCEEDED, JobPhase.DONE, None)
    assert first.counts["APPLIED.CREATE_PRODUCT"] == 5
    assert len(list(world.dependent.products)) == 5
    assert await ProductLink.all().count() == 5
    assert await VariantLink.filter(created_by_us=True).count() == 15

    world.mark()
    (second,) = await requests.sync_all([world.connection.id], now=world.now())
    await world.finished(second)
    assert [(each.field, each.before, each.after) for each in await world.changes(second)] == []
    assert second.state is JobState.SUCCEEDED
    assert world.calls(world.dependent).mutations == {}
