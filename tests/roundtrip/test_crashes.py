"""A worker dies at any call: whoever goes on ends where it would have ended, and nothing happens twice."""

import sys
from collections import Counter
from random import Random

import httpx
import pytest

from backend.jobs import requests
from backend.jobs.runner import run_job
from backend.jobs.state import FINISHED
from backend.models.job import Job, JobState
from sandbox.store.change import Event
from tests.jobs.world import World
from tests.roundtrip.steps import EVERYTHING, catalogue, differ, other_values, unfinished, writes_nothing

# A dead worker's leases run out, and the sweep sends its job again.
TAKEN_OVER_SECONDS = 15.0


class KilledError(BaseException):
    """The process is gone: no handler of the app's sees it."""


class Assassin:
    """Kills whoever makes the n-th call from now, before Shopify has it or after it took effect."""

    def __init__(self, world: World) -> None:
        self._countdown = 0
        self._after = False
        hooks = world.runtime.http.event_hooks
        hooks["request"].append(self._sending)
        hooks["response"].append(self._answered)

    def aim(self, calls: int, *, after: bool) -> None:
        self._countdown, self._after = calls, after

    async def _sending(self, _request: httpx.Request) -> None:
        self._countdown -= 1
        if self._countdown == 0 and not self._after:
            raise KilledError

    async def _answered(self, _response: httpx.Response) -> None:
        if self._countdown == 0 and self._after:
            self._countdown = -1
            raise KilledError


async def finished(world: World, job: Job, assassin: Assassin, chance: Random) -> tuple[Job, list[str]]:
    """Drive the job to its end, twice over the body of a worker."""
    kills: list[str] = []
    assassin.aim(chance.randint(1, 30), after=chance.random() < 0.7)
    while job.state not in FINISHED:
        try:
            await run_job(job.id, world.runtime)
        except KilledError:
            await job.refresh_from_db()
            kills.append(f"{job.phase} {job.done} of {job.total}")
            world.clock.ahead += TAKEN_OVER_SECONDS
            if len(kills) < 2:
                assassin.aim(chance.randint(1, 25), after=chance.random() < 0.7)
        world.clock.ahead += 3.0
        await job.refresh_from_db()
    return job, kills


def counts(events: Counter[tuple[str, str]], topic: str) -> list[int]:
    """How often each subject of the topic was told of."""
    return [count for (each, _), count in events.items() if each == topic]


@pytest.mark.parametrize("seed", range(1, 5))
async def test_a_killed_worker_costs_nothing_but_time(world: World, seed: int) -> None:
    chance = Random(seed)
    drafts = catalogue(12, seed=3, variants=3, images=2)
    world.place(world.main, drafts)
    world.place(world.dependent, other_values(drafts[:6]))
    await world.choose(EVERYTHING)
    events: Counter[tuple[str, str]] = Counter()

    def note(event: Event) -> None:
        events[event.topic, event.subject] += 1

    world.dependent.listeners.append(note)
    assassin = Assassin(world)
    (job,) = await requests.sync_all([world.connection.id], now=world.now())

    ended, kills = await finished(world, job, assassin, chance)
    sys.stdout.write(f"seed {seed}: killed at {kills}\n")

    assert kills != []
    assert ended.state is JobState.SUCCEEDED
    assert await unfinished(world, ended) == []
    assert differ(world, EVERYTHING) == []
    assert len(world.dependent.products) == 12
    made = [count for (topic, _), count in events.items() if topic == "products/create"]
    assert made == [1] * 6
    levels = {
        subject: count for (topic, subject), count in events.items() if topic == "inventory_levels/update"
    }
    assert {subject: count for subject, count in levels.items() if count > 1} == {}
    assert levels != {}
    await writes_nothing(world)
