"""The planned cost of our documents: the formula's known figures, and what the sandbox charges."""

from typing import Any

import pytest

from backend.shopify.connections import Sizes
from backend.shopify.cost import next_step, requested, steps, surcharge
from backend.shopify.documents import document
from backend.shopify.wanted import Wanted
from backend.sync.catalog import LocationId
from backend.sync.settings import FieldGroup
from tests.shopify.values import MAIN_PRODUCT
from tests.shopify.world import a_world


@pytest.mark.parametrize(
    ("first", "factor"),
    [(0, 0), (1, 1), (2, 1), (3, 2), (5, 3), (10, 4), (20, 5), (50, 7), (100, 9), (244, 10), (250, 11)],
)
def test_a_page_costs_by_the_logarithm_of_its_size(first: int, factor: int) -> None:
    assert steps(first) == factor


def test_steps_of_page_sizes_are_the_largest_of_their_cost() -> None:
    size, sizes = 1, []
    while size < 244:
        size = next_step(size)
        sizes.append(size)
    assert sizes == [2, 4, 7, 12, 20, 33, 54, 90, 148, 244]
    assert all(steps(each + 1) == steps(each) + 1 for each in sizes)
    assert next_step(244) == 244


PRICES = Wanted(frozenset({FieldGroup.PRICES}), origin=False)
ONE = (LocationId("gid://shopify/Location/1"),)


@pytest.mark.parametrize(
    ("wanted", "products", "variants"),
    [
        (PRICES, 12, 32),
        (Wanted(frozenset({FieldGroup.PRICES})), 22, 32),
        (Wanted(frozenset({FieldGroup.PRICES, FieldGroup.QUANTITIES}), locations=ONE, origin=False), 12, 52),
        (Wanted(frozenset({FieldGroup.QUANTITIES}), origin=False), 12, 82),
        (Wanted(locations=ONE), 212, 132),
    ],
)
def test_only_what_is_owned_is_paid_for(wanted: Wanted, products: int, variants: int) -> None:
    sizes = Sizes().variables()
    named = len(wanted.named_locations)
    assert requested(document("Products", wanted.flags(), named), sizes) == products
    assert requested(document("Variants", wanted.flags(), named), sizes) == variants


def test_prices_of_a_product_cost_a_fifth_of_a_point_each() -> None:
    variants = [{"id": f"gid://shopify/ProductVariant/{number}", "price": "1.00"} for number in range(5)]
    price_only = document("UpdateVariants", {"item": False, "weight": False})
    assert requested(price_only, {"productId": MAIN_PRODUCT, "variants": variants}) == 11


@pytest.mark.parametrize(
    ("mutation", "variables", "points"),
    [
        ("productSet", {"input": {"variants": [{}] * 2049}}, 409.8),
        ("productSet", {"input": {"files": [{}] * 5, "metafields": [{}] * 5, "variants": [{}] * 5}}, 12.5),
        ("productSet", {"input": {"variants": [{"file": {"id": "x"}, "metafields": [{}]}]}}, 1.2),
        ("productVariantsBulkCreate", {"variants": [{}] * 1499}, 299.8),
        ("productVariantsBulkUpdate", {"variants": [{"mediaId": "x"}]}, 0.8),
        ("productUpdate", {"product": {}, "media": [{}, {}]}, 3.8),
        (
            "metafieldsSet",
            {
                "metafields": [
                    {"ownerId": "gid://shopify/Product/1"},
                    {"ownerId": "gid://shopify/Product/1"},
                    {"ownerId": "gid://shopify/ProductVariant/1"},
                ]
            },
            6,
        ),
        ("inventorySetQuantities", {"input": {"quantities": [{}] * 250}}, 0),
    ],
)
def test_inputs_add_to_a_mutation(mutation: str, variables: dict[str, Any], points: float) -> None:
    assert surcharge(mutation, variables) == pytest.approx(points)


CHANGED = {"first": 244, "after": None, "search": "updated_at:>='2026-11-02T09:00:00Z'"}


async def test_the_sandbox_charges_what_was_planned() -> None:
    """So that a reservation is neither refused for being short nor holds back others for being long."""
    async with a_world() as world:
        locations = [each.id for each in await world.facts.locations()]
        item = "gid://shopify/InventoryItem/1"
        cases: list[tuple[str, Wanted, dict[str, Any]]] = [
            (name, wanted, {**Sizes().variables(), "after": None, "search": None})
            for name in ("Products", "Variants")
            for wanted in (PRICES, Wanted(), Wanted(locations=tuple(locations)))
        ]
        cases += [
            ("ProductsByIds", Wanted(), {**Sizes().variables(), "ids": [MAIN_PRODUCT]}),
            ("LevelsByItems", Wanted(), {**Sizes().variables(), "ids": [item]}),
            ("LevelsByItemsAtLocations", Wanted(locations=tuple(locations)), {"ids": [item]}),
            ("Existing", Wanted(), {"ids": [item]}),
            ("ProductsOfItems", Wanted(), {"ids": [item] * 250}),
            ("ChangedProducts", Wanted(), {**CHANGED, "sort": "UPDATED_AT"}),
            ("ChangedItems", Wanted(), CHANGED),
            ("ShopFacts", Wanted(), {}),
            ("Locations", Wanted(), {"first": 90, "after": None}),
            ("Counts", Wanted(), {"search": None}),
            ("Publications", Wanted(), {"first": 54}),
            ("RecentBulkOperations", Wanted(), {"first": 54, "after": None, "search": None}),
        ]
        for name, wanted, variables in cases:
            rendered = document(name, wanted.flags(), len(wanted.named_locations))
            named = {f"location{index}": gid for index, gid in enumerate(wanted.named_locations)}
            given = {key: value for key, value in {**variables, **named}.items() if key in rendered.variables}
            answer = await world.client.query(rendered, given)
            assert answer.cost is not None
            assert (name, answer.cost.requested) == (name, requested(rendered, given))
