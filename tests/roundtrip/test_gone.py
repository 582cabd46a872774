"""Products and variants that main no longer has, and shops that were connected before."""

from dataclasses import replace
from typing import Any

import pytest

from backend.models.link import Hold, ProductLink, VariantLink
from backend.sync.settings import MissingProductPolicy, MissingVariantPolicy
from sandbox.commands.products import delete_product
from sandbox.commands.variant_bulk import delete_variants
from sandbox.draft import ProductDraft
from sandbox.ids import gid
from sandbox.store.product import Product
from sandbox.web.dump import dump_shop
from tests.jobs.world import World
from tests.roundtrip.steps import EVERYTHING, catalogue, differ, sync, synced, writes_nothing

# Longer than what is gone from main is waited for.
GRACE_SECONDS = 660.0


def drafts(count: int) -> list[ProductDraft]:
    return [replace(each, status="ACTIVE") for each in catalogue(count, variants=3, images=1)]


def skus(product: Product) -> list[str | None]:
    return [each.item.sku for each in product.variants]


def twin(world: World, skus: list[str | None]) -> dict[str, Any] | None:
    """The dependent's product of these SKUs."""
    for each in dump_shop(world.dependent)["products"]:
        if [variant["sku"] for variant in each["variants"]] == skus:
            return dict(each)
    return None


STATUSES = {
    MissingProductPolicy.KEEP: "ACTIVE",
    MissingProductPolicy.DRAFT: "DRAFT",
    MissingProductPolicy.ARCHIVE: "ARCHIVED",
    MissingProductPolicy.DELETE: "DRAFT",
}


@pytest.mark.parametrize("policy", MissingProductPolicy)
async def test_a_product_gone_from_main(world: World, policy: MissingProductPolicy) -> None:
    settings = replace(EVERYTHING, missing_product=policy)
    wanted = drafts(6)
    gone = world.place(world.main, wanted)[:2]
    one, two = map(skus, gone)
    world.place(world.dependent, wanted[:1])
    await world.choose(settings)
    await synced(world, settings)
    world.clock.ahead += 60  # its pictures are ready
    linked, created = twin(world, one), twin(world, two)
    assert linked is not None
    assert created is not None

    for product in gone:
        delete_product(world.main, product)
    await sync(world)
    assert twin(world, one) == linked, "within the time in which it may come back"
    assert twin(world, two) == created
    world.clock.ahead += GRACE_SECONDS
    await synced(world, settings)

    shown, made = twin(world, one), twin(world, two)
    assert shown is not None
    assert shown["status"] == STATUSES[policy]
    if policy is MissingProductPolicy.DELETE:
        # Only what this app has made is its to delete.
        assert made is None
    else:
        assert made is not None
        assert made["status"] == STATUSES[policy]
    assert len(dump_shop(world.dependent)["products"]) == (5 if made is None else 6)


@pytest.mark.parametrize("policy", MissingVariantPolicy)
async def test_a_variant_gone_from_main(world: World, policy: MissingVariantPolicy) -> None:
    settings = replace(EVERYTHING, missing_variant=policy)
    wanted = [
        replace(each, variants=tuple(replace(one, tracked=True, available=(9,)) for one in each.variants))
        for each in drafts(4)
    ]
    first, second, *_ = world.place(world.main, wanted)
    (linked,) = world.place(world.dependent, wanted[:1])
    await world.choose(settings)
    await synced(world, settings)
    (made,) = [
        each for each in world.dependent.products if each.variants[0].item.sku == second.variants[0].item.sku
    ]

    for product in (first, second):
        delete_variants(world.main, product, [product.variants[1].id])
    await sync(world)
    assert [len(each.variants) for each in (linked, made)] == [3, 3]
    world.clock.ahead += GRACE_SECONDS
    await sync(world)
    await writes_nothing(world)

    place = world.dependent.primary_location.id
    stock = [[each.item.levels[place].available for each in item.variants] for item in (linked, made)]
    expected = {
        MissingVariantPolicy.KEEP: [[9, 9, 9], [9, 9, 9]],
        MissingVariantPolicy.ZERO_STOCK: [[9, 0, 9], [9, 0, 9]],
        MissingVariantPolicy.DELETE: [[9, 0, 9], [9, 9]],
    }
    assert stock == expected[policy]


async def test_a_product_deleted_and_made_again_is_linked_again(world: World) -> None:
    wanted = drafts(4)
    first, *_ = world.place(world.main, wanted)
    await world.choose(EVERYTHING)
    await synced(world, EVERYTHING)
    before = {each.id for each in world.dependent.products}

    delete_product(world.main, first)
    (again,) = world.place(world.main, [replace(wanted[0], title="Made again")])
    await synced(world, EVERYTHING)
    world.clock.ahead += GRACE_SECONDS
    await synced(world, EVERYTHING)

    assert {each.id for each in world.dependent.products} == before
    shown = twin(world, skus(again))
    assert shown is not None
    assert (shown["title"], shown["status"]) == ("Made again", "ACTIVE")


async def test_a_reinstalled_app_finds_what_it_made(world: World) -> None:
    # Without SKUs, so that nothing but the origin tells which product is which.
    wanted = [
        replace(each, variants=tuple(replace(one, sku="") for one in each.variants)) for each in drafts(6)
    ]
    world.place(world.main, wanted)
    await world.choose(EVERYTHING)
    await synced(world, EVERYTHING)
    before = {each.id for each in world.dependent.products}
    await VariantLink.all().delete()
    await Hold.all().delete()
    await ProductLink.all().delete()

    job = await writes_nothing(world)

    assert job.counts == {"products.linked": 6}
    assert {each.id for each in world.dependent.products} == before
    assert {each.dependent_gid for each in await ProductLink.all()} == {
        gid("Product", number) for number in before
    }
    assert await VariantLink.all().count() == 18
    assert differ(world, EVERYTHING) == []
