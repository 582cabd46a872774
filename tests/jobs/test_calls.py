"""Which call carried out which change: what a value's trace stands on."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest

from backend.jobs import requests
from backend.jobs.prune import prune
from backend.jobs.queue import transaction
from backend.models.call import Call
from backend.models.job import Change, ChangeState, Job
from backend.shopify.creation_plan import BatchSizes
from sandbox.bucket import Tier
from sandbox.catalogue import Recipe, generate
from sandbox.commands.products import delete_product
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.loading import load
from tests.jobs.world import EVERYTHING, World, a_world


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    async with a_world() as found:
        yield found


def shirt(number: int, price: str) -> ProductDraft:
    variant = VariantDraft(sku=f"SHIRT-{number}", price=Decimal(price), tracked=True, available=(7,))
    return ProductDraft(f"Shirt {number}", (variant,))


async def sync(world: World) -> Job:
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return await world.finished(job)


async def test_every_applied_change_names_the_call_that_wrote_it(world: World) -> None:
    world.place(world.main, [shirt(number, "19.90") for number in range(3)])
    world.place(world.dependent, [shirt(number, "17.00") for number in range(3)])
    await world.choose(EVERYTHING)
    job = await sync(world)

    calls = {call.id: call for call in await Call.filter(job_id=job.id)}
    prices = [each for each in await world.changes(job) if each.field == "PRICE"]
    assert [each.state for each in prices] == [ChangeState.APPLIED] * 3
    written = [calls[each.call_id] for each in prices if each.call_id is not None]
    assert [call.operation for call in written] == ["productVariantsBulkUpdate"] * 3
    assert len({call.request_id for call in written}) == 3
    for call, change in zip(written, prices, strict=True):
        assert len(call.request_id) == 36
        assert call.points > 0
        assert change.sent_at is not None
        assert change.applied_at is not None
        assert change.sent_at <= call.sent_at <= call.answered_at <= change.applied_at
    assert {each.call_id for each in await world.changes(job)} == set(calls)
    assert sum(call.points for call in calls.values()) <= job.points


async def test_many_writes_are_one_statement_more_to_settle(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.place(world.main, [shirt(number, "19.90") for number in range(20)])
    world.place(world.dependent, [shirt(number, "17.00") for number in range(20)])
    await world.choose(EVERYTHING)
    seen: Counter[str] = Counter()
    async with transaction() as client:
        kind = type(client)
    for name in ("execute_query", "execute_many"):
        original = getattr(kind, name)

        async def noted(self, sql, values=None, _original=original):  # type: ignore[no-untyped-def]
            seen[" ".join(sql.split()[:3])] += 1
            return await _original(self, sql, values)

        monkeypatch.setattr(kind, name, noted)
    job = await sync(world)
    assert job.counts["APPLIED"] == 40
    # Each transaction that settles charges the job once.
    assert 0 < seen["INSERT INTO call"] <= seen["UPDATE job SET"]


async def test_what_was_never_answered_names_no_call(world: World) -> None:
    world.place(world.main, [shirt(1, "19.90")])
    world.place(world.dependent, [shirt(1, "17.00")])
    await world.choose(EVERYTHING)
    world.lose_answer("productVariantsBulkUpdate")
    job = await sync(world)
    (price,) = [each for each in await world.changes(job) if each.field == "PRICE"]
    assert (price.state, price.call_id) == (ChangeState.APPLIED, None)


async def test_a_refusal_names_its_call_too(world: World) -> None:
    world.place(world.main, [shirt(1, "19.90")])
    (there,) = world.place(world.dependent, [shirt(1, "17.00")])
    await world.choose(EVERYTHING)
    world.before_mutation(lambda: delete_product(world.dependent, there))
    job = await sync(world)
    (price,) = [each for each in await world.changes(job) if each.field == "PRICE"]
    assert (price.state, price.code) == (ChangeState.FAILED, "GONE")
    assert (await Call.get(id=price.call_id)).operation == "productVariantsBulkUpdate"


async def test_creations_in_bulk_share_the_operation_that_made_them(database: str) -> None:
    async with a_world(tier=Tier.STANDARD) as world:
        world.sandbox.bulk.start_delay_seconds = 0
        world.sandbox.bulk.lines_per_second = 100_000
        world.runtime.batch_sizes = BatchSizes(fewest=5, most=20)
        load(world.main, list(generate(Recipe(seed=5, variants=2, images=1, locations=1), 60)))
        await world.choose(EVERYTHING)
        job = await sync(world)
        made = [each for each in await world.changes(job) if each.action == "CREATE_PRODUCT"]
        assert len(made) == 60
        assert all(each.call_id for each in made)
        calls = {call.id: call for call in await Call.filter(job_id=job.id)}
        bulk = [call for call in calls.values() if call.operation == "bulkOperationRunMutation"]
        assert bulk
        assert all("/BulkOperation/" in call.request_id for call in bulk)
        shared = [each for each in made if each.call_id in {call.id for call in bulk}]
        assert len(shared) > len(bulk)
        assert all(call.sent_at <= call.answered_at for call in calls.values())


async def test_calls_go_with_the_changes_that_they_carried_out(world: World) -> None:
    world.place(world.main, [shirt(1, "19.90")])
    world.place(world.dependent, [shirt(1, "17.00")])
    await world.choose(EVERYTHING)
    job = await sync(world)
    assert job.finished_at is not None
    keep = timedelta(days=90)
    await prune(job.finished_at + keep, keep)
    assert await Call.all().count() > 0
    await prune(job.finished_at + keep + timedelta(seconds=1), keep)
    assert (await Call.all().count(), await Change.all().count()) == (0, 0)
