"""Whole catalogues from a main shop into a dependent."""

import csv
from pathlib import Path

from sandbox.csv_import import import_products
from sandbox.draft import ProductDraft
from sandbox.web.dump import dump_shop
from tests.jobs.world import World
from tests.roundtrip.steps import (
    EVERYTHING,
    catalogue,
    differ,
    other_values,
    sync,
    synced,
    unfinished,
    writes_nothing,
)

DATA = Path(__file__).parents[2] / "sandbox" / "data"
FILES = ("apparel.csv", "home-and-garden.csv")


def rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


async def test_the_csv_catalogues_arrive_whole_and_equal(world: World) -> None:
    for file in FILES:
        report = import_products(world.main, (DATA / file).read_bytes(), settled=True)
        assert (report.refusals, report.skipped) == ([], [])
    await world.choose(EVERYTHING)

    await synced(world, EVERYTHING)

    found = [row for file in FILES for row in rows(file)]
    shown = dump_shop(world.dependent)["products"]
    assert {each["handle"] for each in dump_shop(world.main)["products"]} == {row["Handle"] for row in found}
    assert len(shown) == len({row["Handle"] for row in found})
    prices = sum(bool(row["Variant Price"]) for row in found)
    assert sum(len(each["variants"]) for each in shown) == prices
    pictures = {(row["Handle"], row["Image Src"]) for row in found if row["Image Src"]}
    assert sum(len(each["media"]) for each in shown) == len(pictures)


def small() -> list[ProductDraft]:
    return catalogue(80)


async def test_a_generated_catalogue_fills_an_empty_dependent(world: World) -> None:
    world.place(world.main, small())
    await world.choose(EVERYTHING)

    job = await synced(world, EVERYTHING)

    assert job.counts["APPLIED.CREATE_PRODUCT"] == 80
    assert len(world.dependent.products) == 80


async def test_a_generated_catalogue_overwrites_equal_skus(world: World) -> None:
    drafts = small()
    world.place(world.main, drafts)
    world.place(world.dependent, other_values(drafts[:70]))
    await world.choose(EVERYTHING)

    job = await synced(world, EVERYTHING)

    assert job.counts["products.linked"] == 70
    assert job.counts["APPLIED.CREATE_PRODUCT"] == 10
    assert len(world.dependent.products) == 80


async def test_an_equal_catalogue_is_linked_and_left_alone(world: World) -> None:
    drafts = small()
    world.place(world.main, drafts)
    world.place(world.dependent, drafts)
    await world.choose(EVERYTHING)

    job = await writes_nothing(world)

    assert job.counts["products.linked"] == 80
    assert await unfinished(world, job) == []
    assert differ(world, EVERYTHING) == []
    await sync(world)
    await writes_nothing(world)
