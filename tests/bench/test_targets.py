"""The benchmark's short form: every target that holds for 10,000 products holds for 200."""

from backend.database import database
from bench.measure import Statements
from bench.scenarios import run
from bench.table import as_json
from dev.world import world


async def test_every_target_is_met(database_url: str) -> None:
    statements = Statements()
    with statements.counting():
        async with database(database_url), world(seed=1) as made:
            results = [each async for each in run(made, statements, 200)]

    missed = [(each.measured.name, each.unit, each.target, each.reached) for each in results if not each.ok]
    assert missed == []
    assert len(results) == 8
    for each in results:
        row = as_json(each)
        assert row["points"] > 0
        assert row["statements"] > 0
        assert row["cpu_seconds"] > 0
        assert set(row["traffic"]) == {"main.myshopify.com", "equal.myshopify.com", "empty.myshopify.com"}
