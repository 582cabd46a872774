"""The oracle finds every kind of difference: an oracle that is blind would let everything pass."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from sandbox.bucket import Tier
from sandbox.catalogue import Recipe, generate
from sandbox.clock import VirtualClock
from sandbox.commands.shops import add_shop
from sandbox.loading import load
from sandbox.store.sandbox import Sandbox
from sandbox.web.dump import dump_shop
from tests.oracle.compare import PRODUCT_FIELDS, VARIANT_FIELDS, differences
from tests.roundtrip.steps import EVERYTHING, oracle_settings

Dump = dict[str, Any]
SETTINGS = oracle_settings(EVERYTHING) | {"fields": [*oracle_settings(EVERYTHING)["fields"], "HANDLE"]}


@pytest.fixture(scope="module")
def shops() -> tuple[Dump, Dump]:
    """Two equal shops."""
    sandbox = Sandbox(VirtualClock(), seed=1)
    dumps = []
    for domain in ("main.myshopify.com", "dependent.myshopify.com"):
        shop = add_shop(sandbox, domain, tier=Tier.STANDARD)
        load(shop, generate(Recipe(seed=1, variants=3, images=2), 3))
        dumps.append(dump_shop(shop))
    return dumps[0], dumps[1]


def of_product(key: str, value: object) -> Callable[[Dump], None]:
    return lambda shop: shop["products"][0].update({key: value})


def of_variant(key: str, value: object) -> Callable[[Dump], None]:
    return lambda shop: shop["products"][0]["variants"][1].update({key: value})


def move_stock(shop: Dump) -> None:
    variants = (each for item in shop["products"] for each in item["variants"] if each["tracked"])
    for level in next(variants)["levels"].values():
        level["available"] += 1


def swap_options(shop: Dump) -> None:
    shop["products"][0]["options"][0]["values"].reverse()


def change_metafield(shop: Dump) -> None:
    shop["products"][0]["metafields"][0]["value"] = "another"


def drop_picture(shop: Dump) -> None:
    del shop["products"][0]["media"][0]


def drop_variant(shop: Dump) -> None:
    del shop["products"][0]["variants"][2]


def drop_product(shop: Dump) -> None:
    del shop["products"][0]


CHANGES: dict[str, Callable[[Dump], None]] = {
    **{key: of_product(key, "another") for key in PRODUCT_FIELDS.values()},
    **{
        key: of_variant(key, "another")
        for name, key in VARIANT_FIELDS.items()
        if name not in ("SKU", "TRACKED")
    },
    "sku": of_variant("sku", "another"),
    "seo": of_product("seo", {"title": "another", "description": None}),
    "price": of_variant("price", "0.01"),
    "compare-at price": of_variant("compareAtPrice", "99999.00"),
    "cost": of_variant("cost", "99.00"),
    "weight": of_variant("weight", {"value": "3", "unit": "POUNDS"}),
    "stock": move_stock,
    "options": swap_options,
    "metafields": change_metafield,
    "media": drop_picture,
    "variant missing": drop_variant,
    "product missing": drop_product,
}


def test_equal_shops_have_no_differences(shops: tuple[Dump, Dump]) -> None:
    main, dependent = shops
    assert len(main["products"]) == 3
    assert differences(main, dependent, SETTINGS) == []


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_found(shops: tuple[Dump, Dump], change: Callable[[Dump], None]) -> None:
    main, dependent = shops[0], deepcopy(shops[1])
    change(dependent)
    found = differences(main, dependent, SETTINGS)
    assert len({line.split(" › ")[0] for line in found}) == 1, found
