from decimal import Decimal
from itertools import islice
from typing import Any

from sandbox.catalogue import Recipe, generate, make
from sandbox.commands.shops import add_shop
from sandbox.draft import ProductDraft
from sandbox.loading import load
from sandbox.place import place
from sandbox.web.dump import dump_shop
from tests.sandbox.edges import make_sandbox, only_shop


def test_the_same_seed_gives_the_same_products_wherever_one_begins() -> None:
    recipe = Recipe(seed=3, locations=2)
    assert list(generate(recipe, 40)) == list(generate(recipe, 40))
    assert list(generate(recipe, 40))[25:] == list(generate(recipe, 15, start=25))
    assert make(recipe, 0) != make(Recipe(seed=4, locations=2), 0)


def test_a_recipe_fixes_variants_images_and_locations() -> None:
    for product in generate(Recipe(variants=5, images=5, locations=2), 50):
        assert len(product.variants) == 5
        assert len(product.images) == 5
        assert all(len(variant.available) == (2 if variant.tracked else 1) for variant in product.variants)
    for variants in (1, 12, 300, 2048):
        product = make(Recipe(variants=variants), 1)
        assert len({variant.option_values for variant in product.variants}) == variants


def test_catalogues_are_lifelike() -> None:
    products = list(generate(Recipe(seed=1, locations=2), 600))
    variants = [variant for product in products for variant in product.variants]
    skus = [variant.sku for variant in variants]
    assert len(set(skus)) == len(skus)
    assert all(0 < variant.price < 400 for variant in variants)
    assert all(
        variant.compare_at_price is None or variant.compare_at_price > variant.price for variant in variants
    )
    assert {len(product.options) for product in products} == {0, 1, 2, 3}
    assert max(len(product.variants) for product in products) <= 30
    assert {product.status for product in products} == {"ACTIVE", "DRAFT", "ARCHIVED"}
    assert {variant.policy for variant in variants} == {"DENY", "CONTINUE"}
    assert {variant.tracked for variant in variants} == {True, False}
    stock = [quantity for variant in variants if variant.tracked for quantity in variant.available]
    assert {0, None} < set(stock)
    assert max(quantity or 0 for quantity in stock) > 200


def test_barcodes_have_a_right_check_digit() -> None:
    codes = [
        variant.barcode
        for product in generate(Recipe(variants=3), 30)
        for variant in product.variants
        if variant.barcode
    ]
    assert len(codes) > 60
    for code in codes:
        weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code))
        assert (len(code), weighted % 10) == (13, 0)


def test_every_product_can_stand_in_a_shop() -> None:
    shop = only_shop(make_sandbox())
    drafts = list(generate(Recipe(seed=9), 120))
    for draft in drafts:
        place(shop, draft, settled=True)
    assert len(shop.products) == 120
    assert len(shop.variants) == sum(len(draft.variants) for draft in drafts)
    for draft, product in zip(islice(drafts, 20), shop.products, strict=False):
        assert [variant.item.sku for variant in product.variants] == [each.sku for each in draft.variants]
        assert [variant.price for variant in product.variants] == [
            each.price.quantize(Decimal("0.01")) for each in draft.variants
        ]


def test_loading_at_once_is_placing_one_by_one() -> None:
    recipe = Recipe(seed=2, locations=2)
    drafts = [*generate(recipe, 80), ProductDraft("Plain")]
    placed, loaded = (add_shop(make_sandbox(), "x.myshopify.com", locations=("A", "B")) for _ in range(2))
    for draft in drafts:
        place(placed, draft, settled=True)
    assert load(loaded, drafts) == 81

    def without_ids(value: Any) -> Any:
        match value:
            case dict():
                hidden = {"id", "inventoryItemId", "url", "mediaId", "publications", "levels"}
                kept = {name: without_ids(inner) for name, inner in value.items() if name not in hidden}
                if "levels" in value:
                    kept["levels"] = list(value["levels"].values())
                if "media" in value:
                    kept["pictures"] = [
                        next((i for i, m in enumerate(value["media"]) if m["id"] == v["mediaId"]), None)
                        for v in value["variants"]
                    ]
                return kept
            case list():
                return [without_ids(inner) for inner in value]
            case _:
                return value

    assert without_ids(dump_shop(loaded)["products"]) == without_ids(dump_shop(placed)["products"])
    assert {sku: len(found) for sku, found in loaded.skus.items()} == {
        sku: len(found) for sku, found in placed.skus.items()
    }
    assert set(loaded.handles) == set(placed.handles)
    assert len(loaded.options) == len(placed.options)
    assert len(loaded.files) == len(placed.files)
    assert len(loaded.metafield_ids) == len(placed.metafield_ids)
    assert {len(location.levels) for location in loaded.locations} == {
        len(location.levels) for location in placed.locations
    }
