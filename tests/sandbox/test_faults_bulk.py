"""Bulk operations that are slow, fail, are canceled or expire, with a part of their results."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.catalogue import Recipe, generate
from sandbox.faults import FaultPlan, Kind, Rule
from sandbox.place import place
from sandbox.store.sandbox import Sandbox
from tests.sandbox.edges import make_sandbox, serving, virtual
from tests.sandbox.test_bulk import CANCEL, OPERATION, PRODUCTS, RUN_MUTATION, Caller

SET = """mutation($input: ProductSetInput!) { productSet(input: $input, synchronous: true) {
  product { title } userErrors { message } } }"""


@pytest.fixture
def sandbox() -> Sandbox:
    return make_sandbox()


@pytest.fixture
async def caller(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with serving(sandbox) as client:
        yield Caller(sandbox, client)


def strike(sandbox: Sandbox, *rules: Rule) -> None:
    sandbox.faults = FaultPlan(5, rules)


def fill(caller: Caller, count: int) -> None:
    for draft in generate(Recipe(variants=2, images=0), count):
        place(caller.shop, draft, settled=True)


async def sync_bulk(caller: Caller, count: int) -> dict[str, Any]:
    """Set so many products in bulk, to the end."""
    lines = "\n".join(json.dumps({"input": {"title": f"Cup {number}"}}) for number in range(count))
    path = await caller.stage(lines.encode())
    started = await caller.ask(RUN_MUTATION, mutation=SET, path=path)
    assert started["userErrors"] == []
    return await caller.finish(started["bulkOperation"]["id"])


async def test_a_failed_query_leaves_a_part_of_its_lines(caller: Caller, sandbox: Sandbox) -> None:
    fill(caller, 250)
    whole = await caller.finish(await caller.start(PRODUCTS))
    everything = await caller.lines(whole["url"])
    strike(sandbox, Rule(Kind.BULK_FAILED, lines=320, error_code="TIMEOUT"))
    operation = await caller.finish(await caller.start(PRODUCTS))
    assert (operation["status"], operation["errorCode"], operation["url"]) == ("FAILED", "TIMEOUT", None)
    assert (operation["objectCount"], operation["rootObjectCount"]) == ("320", "120")
    assert operation["completedAt"] is not None
    assert await caller.lines(operation["partialDataUrl"]) == everything[:320]


@pytest.mark.parametrize("lines", [3, 100])
async def test_even_a_short_operation_does_not_come_to_its_end(
    caller: Caller, sandbox: Sandbox, lines: int
) -> None:
    fill(caller, 2)
    strike(sandbox, Rule(Kind.BULK_FAILED, lines=lines))
    operation = await caller.finish(await caller.start(PRODUCTS))
    assert (operation["status"], operation["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")
    assert len(await caller.lines(operation["partialDataUrl"])) == min(lines, 5)


async def test_a_failure_before_the_first_line_leaves_nothing(caller: Caller, sandbox: Sandbox) -> None:
    fill(caller, 2)
    strike(sandbox, Rule(Kind.BULK_FAILED, lines=0))
    operation = await caller.finish(await caller.start(PRODUCTS))
    assert (operation["status"], operation["partialDataUrl"]) == ("FAILED", None)


async def test_a_query_of_nothing_can_fail(caller: Caller, sandbox: Sandbox) -> None:
    strike(sandbox, Rule(Kind.BULK_FAILED))
    assert (await caller.finish(await caller.start(PRODUCTS)))["status"] == "FAILED"


@pytest.mark.parametrize(("kind", "status"), [(Kind.BULK_FAILED, "FAILED"), (Kind.BULK_CANCELED, "CANCELED")])
async def test_of_a_mutation_more_took_effect_than_the_result_says(
    caller: Caller, sandbox: Sandbox, kind: Kind, status: str
) -> None:
    strike(sandbox, Rule(kind, lines=14))
    operation = await sync_bulk(caller, 60)
    assert (operation["status"], operation["url"]) == (status, None)
    told = await caller.lines(operation["partialDataUrl"])
    done = {product.title for product in caller.shop.products}
    assert len(told) == 14
    assert {line["data"]["productSet"]["product"]["title"] for line in told} < done
    assert {f"Cup {line['__lineNumber']}" for line in told} < done
    assert len(done) == 30


async def test_a_canceled_query_leaves_a_part_of_its_lines(caller: Caller, sandbox: Sandbox) -> None:
    fill(caller, 50)
    strike(sandbox, Rule(Kind.BULK_CANCELED, lines=20))
    operation = await caller.finish(await caller.start(PRODUCTS))
    assert (operation["status"], operation["errorCode"], operation["url"]) == ("CANCELED", None, None)
    assert len(await caller.lines(operation["partialDataUrl"])) == 20


async def test_an_expired_operation_did_everything_and_shows_nothing(
    caller: Caller, sandbox: Sandbox
) -> None:
    strike(sandbox, Rule(Kind.BULK_EXPIRED))
    operation = await sync_bulk(caller, 25)
    assert (operation["status"], operation["url"], operation["partialDataUrl"]) == ("EXPIRED", None, None)
    assert (operation["objectCount"], operation["fileSize"]) == ("25", None)
    assert len(caller.shop.products) == 25


async def test_a_slow_operation_takes_many_times_as_long_and_is_right(
    caller: Caller, sandbox: Sandbox
) -> None:
    fill(caller, 50)
    sandbox.bulk.start_delay_seconds, sandbox.bulk.objects_per_second = 2.0, 10.0
    strike(sandbox, Rule(Kind.BULK_SLOW, factor=4.0), Rule(Kind.BULK_SLOW, factor=2.0))
    started = sandbox.clock.monotonic()
    operation = await caller.finish(await caller.start(PRODUCTS))
    took = sandbox.clock.monotonic() - started
    assert (operation["status"], operation["objectCount"]) == ("COMPLETED", "150")
    assert 8 * (2 + 15) <= took <= 8 * (2 + 15) + 2


async def test_how_far_it_came_is_drawn_by_the_seed(sandbox: Sandbox) -> None:
    async def lines(seed: int) -> int:
        world = make_sandbox()
        async with serving(world) as client:
            caller = Caller(world, client)
            fill(caller, 60)
            world.faults = FaultPlan(seed, (Rule(Kind.BULK_FAILED),))
            return int((await caller.finish(await caller.start(PRODUCTS)))["objectCount"])

    counts = [await lines(seed) for seed in (1, 1, 2, 3)]
    assert counts[0] == counts[1]
    assert len(set(counts)) == 3
    assert all(1 <= count <= 100 for count in counts)


async def test_rules_tell_queries_from_mutations_and_by_root_field(caller: Caller, sandbox: Sandbox) -> None:
    strike(sandbox, Rule(Kind.BULK_FAILED, match="productSet"), Rule(Kind.BULK_EXPIRED, match="query"))
    assert (await sync_bulk(caller, 12))["status"] == "FAILED"
    assert (await caller.finish(await caller.start(PRODUCTS)))["status"] == "EXPIRED"
    strike(sandbox, Rule(Kind.BULK_FAILED, match="products"))
    assert (await sync_bulk(caller, 12))["status"] == "COMPLETED"
    assert (await caller.finish(await caller.start(PRODUCTS)))["status"] == "FAILED"


async def test_the_end_is_told_as_any_other(caller: Caller, sandbox: Sandbox) -> None:
    topics: list[str] = []
    caller.shop.listeners.append(lambda event: topics.append(event.topic))
    strike(sandbox, Rule(Kind.BULK_CANCELED))
    operation = await caller.finish(await caller.start(PRODUCTS))
    assert topics == ["bulk_operations/finish"]
    assert (await caller.ask(OPERATION, id=operation["id"]))["status"] == "CANCELED"


async def test_the_app_can_cancel_what_is_doomed_anyway(caller: Caller, sandbox: Sandbox) -> None:
    fill(caller, 300)
    sandbox.bulk.objects_per_second = 10.0
    strike(sandbox, Rule(Kind.BULK_FAILED, lines=850))
    operation = await caller.start(PRODUCTS)
    virtual(sandbox).advance(10)
    canceled = await caller.ask(CANCEL, id=operation)
    assert (canceled["userErrors"], canceled["bulkOperation"]["status"]) == ([], "CANCELING")
    assert (await caller.finish(operation))["status"] == "CANCELED"
