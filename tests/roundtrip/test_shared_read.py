"""Several dependents of one main shop."""

from dataclasses import replace
from decimal import Decimal

from backend.jobs import requests
from backend.models.job import Job, JobState
from backend.models.mirror import Refresh
from backend.sync.settings import PriceRules, ProductScope, SyncSettings
from tests.jobs.world import a_world
from tests.roundtrip.steps import EVERYTHING, OPEN_BRAKE, catalogue, differ, other_values


async def test_dependents_with_settings_of_their_own_share_one_read_of_main(database: str) -> None:
    prices = SyncSettings(
        products=ProductScope.MATCHED,
        prices=True,
        quantities=False,
        price_rules=PriceRules(percent=Decimal(10)),
        brake=OPEN_BRAKE,
    )
    chosen = [EVERYTHING, prices, replace(EVERYTHING, prices=False)]
    drafts = catalogue(10, variants=3, images=2)
    async with a_world(dependents=3) as world:
        world.place(world.main, drafts)
        world.place(world.dependents[1], other_values(drafts))
        for settings, connection in zip(chosen, world.connections.values(), strict=True):
            await world.choose(settings, connection)
        ids = [each.id for each in world.connections.values()]

        world.mark()
        jobs = await requests.sync_all(ids, now=world.now())
        await world.drain()

        assert {each.state for each in await Job.all()} == {JobState.SUCCEEDED}
        assert len({each.run_id for each in jobs}) == 1
        queries = world.calls(world.main).queries
        assert (queries["products"], queries["productVariants"]) == (1, 1)
        assert await Refresh.filter(shop_id=world.connection.main_id).count() == 1
        for settings, dependent in zip(chosen[:2], world.dependents[:2], strict=True):
            assert differ(world, settings, dependent=dependent) == []
        assert len(world.dependents[2].products) == 10

        world.mark("again")
        await requests.sync_all(ids, now=world.now())
        await world.drain()
        for shop in (world.main, *world.dependents):
            assert +world.calls(shop, "again").mutations == {}
