"""Prices in the dependent's money, and stock of several locations, through the whole way."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest

from backend.models.job import JobState
from backend.sync.settings import PriceRules, ProductScope, SyncSettings
from sandbox.commands.inventory import set_available
from sandbox.edits import edit_variant
from sandbox.ids import gid
from sandbox.web.dump import dump_shop
from tests.jobs.world import World, a_world
from tests.roundtrip.steps import (
    EVERYTHING,
    OPEN_BRAKE,
    catalogue,
    differ,
    other_values,
    sync,
    synced,
    writes_nothing,
)

MATCHED = SyncSettings(products=ProductScope.MATCHED, prices=True, quantities=True, brake=OPEN_BRAKE)


@pytest.fixture
async def abroad(database: str) -> AsyncIterator[World]:
    """The dependent sells in yen."""
    async with a_world(dependent_currency="JPY") as found:
        yield found


PRICE_RULES = {
    "percent": PriceRules(percent=Decimal("12.5")),
    "less": PriceRules(percent=Decimal("-30"), amount=Decimal("-2.50")),
    "ending": PriceRules(percent=Decimal("3"), amount=Decimal("0.40"), ending=Decimal("0.99")),
    "no compare-at": PriceRules(percent=Decimal("5"), compare_at=False),
}


@pytest.mark.parametrize("rules", PRICE_RULES.values(), ids=PRICE_RULES)
async def test_prices_follow_the_rules(world: World, rules: PriceRules) -> None:
    settings = replace(EVERYTHING, price_rules=rules)
    drafts = catalogue(8, variants=3, images=1)
    world.place(world.main, drafts)
    world.place(world.dependent, other_values(drafts[:5]))
    await world.choose(settings)
    await synced(world, settings)


@pytest.mark.parametrize("ending", [None, Decimal("0")], ids=["plain", "whole"])
async def test_prices_are_converted_into_another_currency(abroad: World, ending: Decimal | None) -> None:
    rate = PriceRules(conversion_rate=Decimal("162.37"), rate_from="EUR", rate_to="JPY", ending=ending)
    settings = replace(EVERYTHING, price_rules=rate)
    drafts = catalogue(8, variants=3, images=1)
    abroad.place(abroad.main, drafts)
    abroad.place(abroad.dependent, other_values(drafts[:5]))
    await abroad.choose(settings)

    await synced(abroad, settings)

    amounts = {
        Decimal(each["price"])
        for item in dump_shop(abroad.dependent)["products"]
        for each in item["variants"]
    }
    assert {amount % 1 for amount in amounts} == {0}


async def test_without_a_rate_prices_are_refused_and_the_rest_goes_on(abroad: World) -> None:
    settings = replace(MATCHED, details=True)
    drafts = catalogue(6, variants=3, images=1)
    abroad.place(abroad.main, drafts)
    abroad.place(abroad.dependent, other_values(drafts))
    before = prices(abroad)
    await abroad.choose(settings)

    job = await sync(abroad)

    assert job.state is JobState.SUCCEEDED
    assert job.counts["refused.CURRENCY_RATE_MISSING"] > 0
    assert prices(abroad) == before
    assert differ(abroad, replace(settings, prices=False)) == []
    await writes_nothing(abroad)


async def test_without_a_rate_nothing_is_created_at_a_wrong_price(abroad: World) -> None:
    abroad.place(abroad.main, catalogue(3, variants=2, images=1))
    await abroad.choose(EVERYTHING)

    job = await sync(abroad)

    assert job.counts["refused.CURRENCY_RATE_MISSING"] >= 3
    assert dump_shop(abroad.dependent)["products"] == []


async def test_a_rate_for_another_pair_is_none(abroad: World) -> None:
    rate = PriceRules(conversion_rate=Decimal("1.1"), rate_from="EUR", rate_to="USD")
    settings = replace(MATCHED, price_rules=rate)
    drafts = catalogue(3, variants=2, images=1)
    abroad.place(abroad.main, drafts)
    abroad.place(abroad.dependent, other_values(drafts))
    before = prices(abroad)
    await abroad.choose(settings)

    job = await sync(abroad)

    assert job.counts["refused.CURRENCY_CHANGED"] > 0
    assert prices(abroad) == before
    assert differ(abroad, replace(settings, prices=False)) == []


def prices(world: World) -> list[tuple[str, str | None]]:
    return [
        (each["price"], each["compareAtPrice"])
        for item in dump_shop(world.dependent)["products"]
        for each in item["variants"]
    ]


@pytest.mark.parametrize(("buffer", "cap"), [(0, None), (5, None), (0, 20), (3, 12)])
async def test_several_locations_of_main_add_up(database: str, buffer: int, cap: int | None) -> None:
    settings = replace(EVERYTHING, stock_buffer=buffer, stock_cap=cap)
    async with a_world(
        main_locations=("A", "B", "C", "D"), dependent_locations=("One", "Two", "Own")
    ) as world:
        main = [gid("Location", each.id) for each in world.main.locations]
        theirs = [gid("Location", each.id) for each in world.dependent.locations]
        mappings = [(main[0], theirs[1]), (main[2], theirs[1]), (main[1], theirs[0])]
        drafts = catalogue(8, variants=3, images=1, locations=4)
        world.place(world.main, drafts)
        world.place(world.dependent, other_values(drafts[:5]))
        own = stock_at(world, theirs[2])
        await world.map_locations(mappings)
        await world.choose(settings)

        await synced(world, settings, mappings)

        assert {key: value for key, value in stock_at(world, theirs[2]).items() if key in own} == own
        variant = next(each for item in world.main.products for each in item.variants if each.item.tracked)
        set_available(world.main, variant.item, list(world.main.locations)[2], 60)
        edit_variant(world.main, variant, "price", "12.00")
        await synced(world, settings, mappings)


def stock_at(world: World, location: str) -> dict[str, int | None]:
    return {
        each["id"]: each["levels"].get(location, {"available": None})["available"]
        for item in dump_shop(world.dependent)["products"]
        for each in item["variants"]
    }
