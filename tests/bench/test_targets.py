"""The benchmark's short form: what holds in points and calls at full size holds for small shops too."""

from collections.abc import AsyncIterator, Callable

import pytest

from backend.database import database
from bench import api, burst, engine, many
from bench.measure import Statements
from bench.row import TINY, Row, Sizes
from bench.scenarios import as_json, run
from bench.table import as_line
from dev.world import World, world

Measure = Callable[[World, Statements, Sizes], AsyncIterator[Row]]


async def rows_of(measure: Measure, database_url: str) -> list[Row]:
    statements = Statements()
    with statements.counting():
        async with database(database_url), world(seed=1) as made:
            return [each async for each in measure(made, statements, TINY)]


async def test_every_target_of_a_catalogue_is_met(database_url: str) -> None:
    statements = Statements()
    with statements.counting():
        async with database(database_url), world(seed=1) as made:
            results = [each async for each in run(made, statements, 200)]

    # With so few products in a batch, asking whether their images are ready weighs more than at full size.
    missed = [(each.id, each.unit, each.target, each.reached) for each in results[:-1] if not each.ok]
    assert missed == []
    assert [each.id for each in results] == ["P1", "P1", "P2", "P2", "P3", "P3", "P4", "P5", "P5"]
    for each in results:
        row = as_json(each)
        assert row["points"] > 0
        assert row["statements"] > 0
        assert row["cpu_seconds"] > 0
        assert set(row["traffic"]) == {"main.myshopify.com", "equal.myshopify.com", "empty.myshopify.com"}


async def test_many_dependents_are_one_read_of_main(database_url: str) -> None:
    [row] = await rows_of(many.twenty_dependents, database_url)
    assert (row.id, row.ok, row.result) == ("P2", True, "0 mutations, main read 1×")
    assert as_line(row).startswith("P2 ")


async def test_every_plan_is_written_to_at_its_own_speed(database_url: str) -> None:
    *plans, used = await rows_of(many.every_plan, database_url)
    assert [each.id for each in plans] == ["P3"] * 4
    assert [each.facts["writes"] for each in plans] == [TINY.tier_products] * 4
    # What is read first costs points, too.
    assert all(11 * TINY.tier_products <= each.facts["points"] for each in plans)
    assert [each.ok for each in (*plans, used)] == [True] * 5
    # The smallest plan has to wait for most of its points, the largest for none.
    assert plans[0].facts["seconds"] > 1 > plans[-1].facts["seconds"]
    assert len(used.facts["used"]) == 4


async def test_a_burst_is_written_at_most_three_times_and_wholly(database_url: str) -> None:
    [row] = await rows_of(burst.burst, database_url)
    assert (row.id, row.ok) == ("P6", True)
    assert all(burst.PRODUCTS <= each <= 3 * burst.PRODUCTS for each in row.facts["writes"].values())


async def test_the_engine_is_measured_from_the_mirror_alone(database_url: str) -> None:
    rows = await rows_of(engine.engine, database_url)
    assert [each.id for each in rows] == ["P10"] * 3
    assert rows[2].facts["peak_mib"] <= 256
    assert rows[1].facts["cpu_seconds"] > rows[1].facts["plain_seconds"] > 0


@pytest.mark.slow
async def test_pages_cost_the_same_statements_every_time(database_url: str, redis_url: str) -> None:
    rows = [each async for each in api.pages(database_url, redis_url, TINY)]
    assert [each.id for each in rows] == ["P11"] * 2
    for each in rows:
        statements, _ = each.result.split(" SQL")
        assert statements.isdecimal()  # one number, whatever the page and the request


async def test_every_subscriber_gets_every_event(database_url: str, redis_url: str) -> None:
    [row] = [each async for each in api.progress(database_url, redis_url, TINY)]
    assert row.id == "P12"
    assert len(row.facts["seconds"]) == TINY.events
