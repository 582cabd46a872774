"""Whatever was edited on either side: a sync later the dependent says what main says."""

import sys
from random import Random

import pytest

from backend.models.job import JobState
from sandbox.web.dump import dump_shop
from tests.jobs.world import World
from tests.oracle.compare import differences
from tests.oracle.pairs import pairs, variant_twins
from tests.roundtrip.edits import Merchant, without
from tests.roundtrip.steps import (
    EVERYTHING,
    catalogue,
    oracle_settings,
    other_values,
    sync,
    unfinished,
    writes_nothing,
)

# Longer than what is gone from main is waited for.
GRACE_SECONDS = 660.0


def twins(world: World) -> dict[str, str]:
    """The dependent's variants by main's, as the oracle pairs them."""
    found = pairs(dump_shop(world.main), dump_shop(world.dependent)).twins
    return {
        mine["id"]: theirs["id"]
        for product, twin in found
        for mine, theirs in variant_twins(product, twin)
        if theirs is not None
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_after_any_edits_a_sync_makes_equal(world: World, seed: int) -> None:
    chance = Random(seed)
    drafts = catalogue(9, seed=seed, images=3)
    world.place(world.main, drafts)
    world.place(world.dependent, other_values(drafts[:4]))
    await world.choose(EVERYTHING)
    await sync(world)
    here, there = Merchant(world.main, chance, main=True), Merchant(world.dependent, chance, main=False)
    left: set[str] = set()
    for number in range(3):
        known = twins(world)
        here.log, there.log = [], []
        here.edit(14)
        there.edit(10)
        alive = {each["id"] for item in dump_shop(world.main)["products"] for each in item["variants"]}
        left |= {theirs for mine, theirs in known.items() if mine not in alive}
        sys.stdout.write("\n".join((f"seed {seed}, round {number}", *here.log, *there.log, "")))

        job = await sync(world)
        world.clock.ahead += GRACE_SECONDS
        later = await sync(world)

        for each in (job, later):
            assert (each.state, each.error_code) == (JobState.SUCCEEDED, None)
            assert await unfinished(world, each) == []
        shown = without(dump_shop(world.dependent), there.own | left)
        assert differences(dump_shop(world.main), shown, oracle_settings(EVERYTHING)) == []
        await writes_nothing(world)
