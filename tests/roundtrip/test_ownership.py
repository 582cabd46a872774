"""The truth table, row by row: what the settings own becomes main's, all else stays as it was."""

from itertools import product
from typing import Any

import pytest

from backend.sync.settings import ProductScope, SyncSettings
from sandbox.web.dump import dump_shop
from tests.jobs.world import World
from tests.roundtrip.steps import OPEN_BRAKE, catalogue, oracle_settings, other_values, synced

PRODUCT_DETAILS = (
    "title",
    "descriptionHtml",
    "vendor",
    "productType",
    "category",
    "tags",
    "status",
    "templateSuffix",
    "options",
    "seo",
    "media",
    "metafields",
)
VARIANT_DETAILS = (
    "title",
    "position",
    "options",
    "sku",
    "barcode",
    "taxable",
    "requiresShipping",
    "tracked",
    "inventoryPolicy",
    "harmonizedSystemCode",
    "countryCodeOfOrigin",
    "weight",
    "cost",
    "mediaId",
    "metafields",
)
ROWS = list(product(ProductScope, (False, True), (False, True), (False, True)))


def name(row: tuple[ProductScope, bool, bool, bool]) -> str:
    scope, *switches = row
    on = [what for what, is_on in zip(("details", "prices", "quantities"), switches, strict=True) if is_on]
    return "-".join((scope.value.lower(), *on))


def foreign(shop: dict[str, Any], settings: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """What the settings do not own of the products and variants in `known`, by id."""
    primary = next(each["id"] for each in shop["locations"] if each["isPrimary"])
    left: dict[str, Any] = {}
    for each in shop["products"]:
        if each["id"] not in known:
            continue
        kept = {key: value for key, value in each.items() if key not in ("updatedAt", "variants")}
        left[each["id"]] = without(kept, PRODUCT_DETAILS if settings["details"] else ())
        for variant in each["variants"]:
            if variant["id"] in known:
                kept = without(variant, VARIANT_DETAILS if settings["details"] else ())
                kept = without(kept, ("price", "compareAtPrice") if settings["prices"] else ())
                if settings["quantities"] and variant["tracked"]:
                    kept["levels"] = without(variant["levels"], (primary,))
                left[variant["id"]] = kept
    return left


def without(values: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in keys}


def ids(shop: dict[str, Any]) -> set[str]:
    return {each["id"] for item in shop["products"] for each in (item, *item["variants"])}


@pytest.mark.parametrize("row", ROWS, ids=name)
async def test_only_what_the_settings_own_changes(
    world: World, row: tuple[ProductScope, bool, bool, bool]
) -> None:
    scope, details, prices, quantities = row
    settings = SyncSettings(
        products=scope, details=details, prices=prices, quantities=quantities, brake=OPEN_BRAKE
    )
    drafts = catalogue(8, seed=5, variants=3, images=2, locations=2)
    world.place(world.main, drafts)
    world.place(world.dependent, [*other_values(drafts[:6]), *catalogue(2, seed=99, variants=2)])
    before = dump_shop(world.dependent)
    await world.choose(settings)

    await synced(world, settings)

    after = dump_shop(world.dependent)
    known, owned = ids(before), oracle_settings(settings)
    assert foreign(after, owned, known) == foreign(before, owned, known)
    created = [each for each in after["products"] if each["id"] not in known]
    assert len(created) == (2 if scope is ProductScope.ALL else 0)
    assert strangers(after) == strangers(before)
    if scope is ProductScope.ALL and not prices:
        assert price_tags(created) == price_tags(dump_shop(world.main)["products"][6:])
    if scope is ProductScope.ALL and not quantities:
        assert {level["available"] for each in levels(created) for level in each.values()} == {0}


def strangers(shop: dict[str, Any]) -> list[dict[str, Any]]:
    """The two products that main does not have."""
    products: list[dict[str, Any]] = shop["products"]
    return products[6:8]


def price_tags(products: list[dict[str, Any]]) -> list[list[tuple[str, str | None]]]:
    return sorted([(each["price"], each["compareAtPrice"]) for each in item["variants"]] for item in products)


def levels(products: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each["levels"] for item in products for each in item["variants"]]
