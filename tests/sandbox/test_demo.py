from collections import Counter

import pytest

from sandbox.clock import VirtualClock
from sandbox.commands.files import status
from sandbox.demo import ABROAD, DEPENDENT, MAIN, build, make_shops
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop


@pytest.fixture(scope="module")
def shops() -> tuple[Shop, Shop, Shop]:
    sandbox = Sandbox(VirtualClock(), seed=0)
    build(sandbox)
    return sandbox.shops[MAIN], sandbox.shops[DEPENDENT], sandbox.shops[ABROAD]


def skus(shop: Shop) -> Counter[str]:
    return Counter(variant.item.sku for variant in shop.variants if variant.item.sku)


def test_the_main_shop_has_the_generated_and_both_sample_catalogues(shops: tuple[Shop, Shop, Shop]) -> None:
    main = shops[0]
    assert len(main.products) == 300 + 20 + 20 + 4
    assert {"classic-varsity-top", "clay-plant-pot"} <= set(main.handles)
    assert len(main.locations) == 2
    assert all(status(main, file) == "READY" for product in main.products for file in product.media)


def test_the_shops_differ_in_currency_and_size(shops: tuple[Shop, Shop, Shop]) -> None:
    assert [shop.currency for shop in shops] == ["EUR", "EUR", "GBP"]
    assert 190 < len(shops[1].products) < 240
    assert len(shops[2].products) == 3


def test_the_dependent_shares_skus_but_not_all_prices_titles_and_stock(
    shops: tuple[Shop, Shop, Shop],
) -> None:
    main, dependent = shops[0], shops[1]
    by_sku = {variant.item.sku: variant for variant in main.variants if variant.item.sku}
    twins = [
        (variant, by_sku[variant.item.sku]) for variant in dependent.variants if variant.item.sku in by_sku
    ]
    assert len(twins) > 0.95 * len(dependent.variants)
    share = len({main_variant.product.id for _, main_variant in twins}) / 300
    assert 0.6 < share < 0.8
    assert any(own.price != theirs.price for own, theirs in twins)
    assert any(own.price == theirs.price for own, theirs in twins)
    assert any(own.product.title != theirs.product.title for own, theirs in twins)
    assert any(own.item.available != theirs.item.available for own, theirs in twins)


def test_conflicts_are_there_to_be_found(shops: tuple[Shop, Shop, Shop]) -> None:
    main, dependent = skus(shops[0]), skus(shops[1])
    assert (main["CONFLICT-SOAP"], dependent["CONFLICT-SOAP"]) == (2, 1)
    assert (main["CONFLICT-MUG"], dependent["CONFLICT-MUG"]) == (1, 2)
    sizes = ("S", "M", "L")
    apron = {
        variant.product.id
        for size in sizes
        for variant in shops[0].skus[f"conflict-apron-{size.lower()}"].values()
    }
    split = {
        variant.product.id
        for size in sizes
        for variant in shops[1].skus[f"conflict-apron-{size.lower()}"].values()
    }
    assert (len(apron), len(split)) == (1, 3)
    assert {sku: count for sku, count in main.items() if count > 1} == {"CONFLICT-SOAP": 2}


def test_the_same_seed_makes_the_same_shops() -> None:
    def titles(seed: int) -> list[tuple[str, str, str]]:
        sandbox = Sandbox(VirtualClock(), seed=seed)
        build(sandbox, products=30)
        return [
            (shop.domain, variant.product.title, str(variant.price))
            for shop in sandbox.shops.values()
            for variant in shop.variants
        ]

    assert titles(5) == titles(5)
    assert titles(5) != titles(6)


def test_shops_can_be_made_empty() -> None:
    sandbox = Sandbox(VirtualClock())
    assert [len(shop.products) for shop in make_shops(sandbox)] == [0, 0, 0]
