"""Values that the dependent's Shopify stores in a form of its own are written once, not by every sync."""

from dataclasses import replace

import pytest

from backend.models.job import Job, JobKind, JobState
from backend.models.mirror import MirrorProduct
from backend.sync.changeset import Action
from backend.sync.fields import Field
from backend.sync.settings import DetailField, NewProductStatus, SyncSettings
from sandbox.draft import ProductDraft
from sandbox.edits import edit_product
from sandbox.ids import gid
from tests.jobs.world import World
from tests.roundtrip.steps import EVERYTHING, catalogue, differ, sync, synced, unfinished, writes_nothing

HANDLES: SyncSettings = replace(EVERYTHING, fields=EVERYTHING.fields | {DetailField.HANDLE})


def drafts(count: int) -> list[ProductDraft]:
    return [replace(each, status="ACTIVE") for each in catalogue(count, variants=2, images=1)]


async def test_a_handle_that_another_product_has(world: World) -> None:
    (main, *_) = world.place(
        world.main, [replace(each, handle=f"no-{n}") for n, each in enumerate(drafts(3))]
    )
    world.place(world.dependent, [ProductDraft("A stranger", handle="no-0")])
    await world.choose(HANDLES)

    job = await sync(world)

    assert job.state is JobState.SUCCEEDED
    assert await unfinished(world, job) == []
    handles = {each.title: each.handle for each in world.dependent.products}
    assert handles["A stranger"] == "no-0"
    assert handles[main.title] != "no-0"
    assert len(handles) == 4
    await writes_nothing(world)


async def test_a_product_created_as_a_draft_stays_one_until_main_changes_it(world: World) -> None:
    settings = replace(EVERYTHING, new_product_status=NewProductStatus.DRAFT)
    (main, *_) = world.place(world.main, drafts(3))
    await world.choose(settings)
    await synced(world, settings)
    assert {each.status for each in world.dependent.products} == {"DRAFT"}

    edit_product(world.main, main, "status", "ARCHIVED")
    job = await sync(world)

    assert [(each.field, each.after) for each in await world.changes(job)] == [("STATUS", "ARCHIVED")]
    await writes_nothing(world)
    assert differ(world, settings) == []


@pytest.mark.parametrize("tags", ["b, a,  B , c", "Été,ete,ÉTÉ"])
async def test_tags_are_compared_as_shopify_stores_them(world: World, tags: str) -> None:
    (main,) = world.place(world.main, drafts(1))
    await world.choose(EVERYTHING)
    await synced(world, EVERYTHING)

    edit_product(world.main, main, "tags", tags)

    await synced(world, EVERYTHING)


async def test_what_main_says_by_the_time_of_the_answer_is_not_agreed_on(world: World) -> None:
    (main,) = world.place(world.main, drafts(1))
    before = main.title
    await world.choose(EVERYTHING)

    async def main_moves_on() -> None:
        """In the shop, and in the mirror by another job's read."""
        edit_product(world.main, main, "title", "Moved on")
        assert await MirrorProduct.filter(gid=gid("Product", main.id)).update(title="Moved on") == 1

    world.before_mutation(main_moves_on)
    job = await sync(world)

    # Created as planned; what main says since then is followed at once, as by any event.
    assert [(each.action, each.after["product"]["title"]) for each in await world.changes(job)] == [
        (Action.CREATE_PRODUCT, before)
    ]
    (live,) = await Job.filter(kind=JobKind.LIVE)
    assert [(each.field, each.before, each.after) for each in await world.changes(live)] == [
        (Field.TITLE, before, "Moved on")
    ]
    assert [each.title for each in world.dependent.products] == ["Moved on"]
    await writes_nothing(world)
    assert differ(world, EVERYTHING) == []
