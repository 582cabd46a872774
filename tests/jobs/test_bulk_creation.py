"""Many products created in bulk, beside single creations: what comes out is what single creations make."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import httpx
import pytest

from backend.jobs import requests
from backend.jobs.creation_batches import BATCHES
from backend.jobs.runner import run_job
from backend.jobs.state import FINISHED
from backend.models.job import ChangeState, Job, JobPhase, JobState
from backend.models.link import ProductLink, VariantLink
from backend.shopify.creation_plan import BatchSizes
from backend.sync.settings import DetailField
from sandbox.bucket import Tier
from sandbox.catalogue import Recipe, generate
from sandbox.draft import ProductDraft
from sandbox.faults import FaultPlan, Kind, Rule
from sandbox.loading import load
from sandbox.store.change import Event
from tests.jobs.world import World, a_world
from tests.roundtrip.steps import EVERYTHING, differ, unfinished

COUNT = 60
SIZES = BatchSizes(fewest=5, most=20)


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    """A small plan, where points are dear and bulk operations are fast."""
    async with a_world(tier=Tier.STANDARD) as found:
        found.sandbox.bulk.start_delay_seconds = 0
        found.sandbox.bulk.lines_per_second = 100_000
        found.runtime.batch_sizes = SIZES
        yield found


def drafts(count: int = COUNT, **recipe: Any) -> list[ProductDraft]:
    return list(generate(Recipe(**({"seed": 5, "variants": 2, "images": 1, "locations": 1} | recipe)), count))


def told(world: World) -> Counter[str]:
    """How often each product was made, by its id."""
    made: Counter[str] = Counter()

    def note(event: Event) -> None:
        if event.topic == "products/create":
            made[str(event.subject)] += 1

    world.dependent.listeners.append(note)
    return made


async def begin(world: World, given: Sequence[ProductDraft]) -> Job:
    load(world.main, given)
    await world.choose(EVERYTHING)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return job


async def in_step(world: World, count: int = COUNT) -> None:
    """Everything is there once, published and linked, as the oracle sees it; and nothing is left to do."""
    assert len(world.dependent.products) == count
    assert {len(each.publications) for each in world.dependent.products} == {1}
    assert differ(world, EVERYTHING) == []
    assert await ProductLink.all().count() == count
    assert await VariantLink.filter(created_by_us=True).count() == len(world.dependent.variants)
    assert {len(each.media) for each in await ProductLink.all()} == {1}
    (again,) = await requests.sync_all([world.connection.id], now=world.now())
    await world.finished(again)
    assert [(each.action, each.field, each.before, each.after) for each in await world.changes(again)] == []


async def test_both_ways_together_make_what_is_missing(world: World) -> None:
    made = told(world)
    # Shopify tells times in whole seconds: an operation has to take some.
    world.sandbox.bulk.lines_per_second = 10.0
    job = await world.finished(await begin(world, drafts()))
    assert (job.state, await unfinished(world, job)) == (JobState.SUCCEEDED, [])
    assert job.strategy == "PAGES+CREATE_BULK"
    counts = world.calls_since_start(world.dependent).mutations
    assert counts["productSet"] <= COUNT / 2
    assert counts["bulkOperationRunMutation"] >= 4
    # What was created in bulk was published in bulk.
    assert counts["publishablePublish"] == counts["productSet"]
    assert set(made.values()) == {1}
    assert 0 < (job.bulk_rate or 0) <= 10
    await in_step(world)


@pytest.mark.parametrize("kind", [Kind.BULK_FAILED, Kind.BULK_CANCELED, Kind.BULK_EXPIRED])
@pytest.mark.parametrize("what", ["productSet", "publishablePublish"])
async def test_an_operation_that_ends_too_early_loses_nothing(world: World, kind: Kind, what: str) -> None:
    """Of a mutation that breaks off, more has taken effect than its result says."""
    made = told(world)
    job = await begin(world, drafts())
    world.sandbox.faults = FaultPlan(3, (Rule(kind, match=what, times=3, lines=4),))
    await world.finished(job)
    assert world.sandbox.faults.struck.total() == 3
    assert (job.state, await unfinished(world, job)) == (JobState.SUCCEEDED, [])
    assert set(made.values()) == {1}
    world.sandbox.faults = None
    await in_step(world)


@pytest.mark.parametrize("lost", [["SyncCreate"], ["SyncPublish"], ["SyncCreate", "SyncCreate"]])
async def test_a_start_without_an_answer_is_found_by_its_name(world: World, lost: list[str]) -> None:
    made = told(world)
    job = await begin(world, drafts())
    for each in lost:
        world.lose_answer(each)
    await world.finished(job)
    assert world.lost == []
    assert (job.state, await unfinished(world, job)) == (JobState.SUCCEEDED, [])
    assert set(made.values()) == {1}
    await in_step(world)


async def test_a_start_that_shopify_never_heard_is_given_up(world: World) -> None:
    made = told(world)
    job = await begin(world, drafts())
    rule = Rule(Kind.RESET, match="bulkOperationRunMutation", times=2)
    world.sandbox.faults = FaultPlan(1, (rule,))
    await world.finished(job)
    assert world.sandbox.faults.struck.total() == 2
    assert (job.state, await unfinished(world, job)) == (JobState.SUCCEEDED, [])
    assert set(made.values()) == {1}


@pytest.mark.parametrize("match", ["upload", "download", "stagedUploadsCreate"])
async def test_files_that_break_off_are_sent_and_fetched_again(world: World, match: str) -> None:
    made = told(world)
    job = await begin(world, drafts())
    world.sandbox.faults = FaultPlan(1, (Rule(Kind.RESET, match=match, times=4),))
    await world.finished(job)
    assert world.sandbox.faults.struck.total() == 4
    assert (job.state, await unfinished(world, job)) == (JobState.SUCCEEDED, [])
    assert set(made.values()) == {1}


class KilledError(BaseException):
    """The process is gone: no handler of the app's sees it."""


def is_of_bulk(request: httpx.Request) -> bool:
    """Whether a request belongs to a creation in bulk, from its upload to the reading of what it made."""
    words = (b"Bulk", b"StageUpload", b"ProductsByIds", b"ProductByOrigin")
    return any(each in request.url.path for each in ("_uploads", "_bulk")) or any(
        each in request.content for each in words
    )


@pytest.mark.parametrize("seed", range(1, 7))
async def test_a_killed_worker_makes_nothing_twice(world: World, seed: int) -> None:
    chance = Random(seed)
    made = told(world)
    job = await begin(world, drafts())
    countdown, after, kills = 0, False, 0

    def aim() -> None:
        nonlocal countdown, after
        countdown, after = chance.randint(1, 12), chance.random() < 0.6

    async def sending(request: httpx.Request) -> None:
        nonlocal countdown
        if not is_of_bulk(request):
            return
        countdown -= 1
        if countdown == 0 and not after:
            raise KilledError

    async def answered(response: httpx.Response) -> None:
        nonlocal countdown
        if countdown == 0 and after and is_of_bulk(response.request):
            countdown = -1
            raise KilledError

    world.runtime.http.event_hooks["request"].append(sending)
    world.runtime.http.event_hooks["response"].append(answered)
    await job.refresh_from_db()
    while job.state not in FINISHED:
        if job.phase is JobPhase.APPLY and countdown <= 0 and kills < 2:
            aim()
        try:
            await run_job(job.id, world.runtime)
            world.clock.ahead += 3.0
        except KilledError:
            kills += 1
            # A dead worker's leases run out, and the sweep sends its job again.
            world.clock.ahead += 15.0
        await job.refresh_from_db()
    assert kills == 2, f"seed {seed}"
    assert (job.state, await unfinished(world, job)) == (JobState.SUCCEEDED, [])
    assert set(made.values()) == {1}
    await in_step(world)


async def test_a_canceled_job_stops_its_operations_and_knows_what_they_made(world: World) -> None:
    made = told(world)
    job = await begin(world, drafts())
    # Slow enough that none of them is done before the cancellation, however slow the machine.
    world.sandbox.bulk.lines_per_second = 0.1

    def time_is_up() -> None:
        """And none of the rest, however fast."""
        world.clock.ahead += world.runtime.slice_seconds

    world.before_answer("bulkOperationRunMutation", time_is_up)
    while BATCHES not in job.cursor or not job.cursor[BATCHES]:
        await run_job(job.id, world.runtime)
        await job.refresh_from_db()
    await requests.cancel(job.id, now=world.now())
    await world.finished(job)
    assert job.state is JobState.CANCELED
    assert {each.status for each in world.dependent.bulk_operations.values()} == {"CANCELED"}
    applied = await world.changes(job, ChangeState.APPLIED)
    assert 0 < len(applied) == len(world.dependent.products) == len(made) < COUNT
    assert await world.changes(job, ChangeState.FAILED) == []
    assert await world.changes(job, ChangeState.SENT) == []
    world.sandbox.bulk.lines_per_second = 100_000
    (rest,) = await requests.sync_all([world.connection.id], now=world.now())
    await world.finished(rest)
    assert set(made.values()) == {1}
    await in_step(world)


async def test_settings_saved_meanwhile_stop_what_runs(world: World) -> None:
    made = told(world)
    job = await begin(world, drafts())
    world.sandbox.bulk.lines_per_second = 1.0
    world.runtime.slice_seconds = 0.5
    while BATCHES not in job.cursor or not job.cursor[BATCHES]:
        await run_job(job.id, world.runtime)
        await job.refresh_from_db()
    await world.choose(replace(EVERYTHING, stock_buffer=1))
    await world.finished(job)
    assert job.state is JobState.SUCCEEDED
    assert set(made.values()) == {1}
    assert len(world.dependent.products) == COUNT
    assert differ(world, replace(EVERYTHING, stock_buffer=1)) == []


async def test_what_shopify_refuses_fails_alone(world: World) -> None:
    given = drafts()
    given[-3] = replace(given[-3], title="x" * 300)
    given[4] = replace(given[4], title="y" * 300)
    job = await world.finished(await begin(world, given))
    assert job.state is JobState.PARTIAL
    failed = await world.changes(job, ChangeState.FAILED)
    assert [each.title[0] for each in failed] == ["y", "x"]
    assert len({(each.code, each.shopify_code, each.shopify_field, each.message) for each in failed}) == 1
    assert len(world.dependent.products) == COUNT - 2


async def test_a_handle_that_is_taken_is_chosen_by_shopify(world: World) -> None:
    given = [replace(each, handle=f"handle-{number}") for number, each in enumerate(drafts())]
    others = generate(Recipe(seed=99, variants=1, images=0), 2, start=5_000)
    taken = zip((3, COUNT - 2), others, strict=True)
    world.place(world.dependent, [replace(each, handle=f"handle-{number}") for number, each in taken])
    load(world.main, given)
    with_handles = replace(EVERYTHING, fields=EVERYTHING.fields | {DetailField.HANDLE})
    await world.choose(with_handles)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    await world.finished(job)
    assert await world.changes(job, ChangeState.FAILED) == []
    assert len(world.dependent.products) == COUNT + 2
    handles = {each.handle for each in world.dependent.products}
    assert {f"handle-{number}" for number in range(COUNT)} <= handles


async def test_places_that_others_have_taken_leave_it_to_single_creations(world: World) -> None:
    job = await begin(world, drafts())
    world.sandbox.bulk.lines_per_second = 0.01
    door = world.runtime.open(world.shops[world.dependent.domain])
    path = await door.creations.stage_creations("foreign", [b"{}\n"] * 20)
    for number in range(5):
        await door.creations.start_creations(f"foreign{number}", path)
    await world.finished(job)
    assert (job.state, await unfinished(world, job)) == (JobState.SUCCEEDED, [])
    counts = world.calls_since_start(world.dependent).mutations
    assert counts["productSet"] == COUNT
    assert counts["bulkOperationRunMutation"] <= 5 + 20
    assert "CREATE_BULK" not in job.strategy
