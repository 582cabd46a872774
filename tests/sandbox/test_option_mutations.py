"""productOptionsCreate, productOptionUpdate, productOptionsDelete and productOptionsReorder."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

from typing import Any

import pytest

from sandbox.ids import gid
from sandbox.store.product import Product
from tests.sandbox.caller import caller, errors_of, product, product_id, variant_ids


def titles(made: Product) -> list[str]:
    return [variant.title for variant in made.variants]


OPTIONS_CREATE = """mutation($id: ID!, $o: [OptionCreateInput!]!, $s: ProductOptionCreateVariantStrategy) {
  productOptionsCreate(productId: $id, options: $o, variantStrategy: $s) {
    product { options { name position values } } userErrors { code field message } } }"""


def colours(*names: str, name: str = "Colour", **given: Any) -> dict[str, Any]:
    return {"name": name, "values": [{"name": value} for value in names], **given}


def test_a_new_option_gives_its_first_value_to_what_is_there() -> None:
    shop = caller()
    made = product(shop.shop)
    before = variant_ids(made)
    shop.mutate(OPTIONS_CREATE, {"id": product_id(made), "o": [colours("Red", "Blue")]})
    assert titles(made) == ["S / Red", "M / Red"]
    assert variant_ids(made) == before


def test_or_makes_all_combinations() -> None:
    shop = caller()
    made = product(shop.shop)
    shop.mutate(
        OPTIONS_CREATE, {"id": product_id(made), "o": [colours("Red", "Blue", position=1)], "s": "CREATE"}
    )
    assert titles(made) == ["Red / S", "Red / M", "Blue / S", "Blue / M"]
    assert {variant.price for variant in made.variants} == {made.variants[0].price}


def test_the_default_option_gives_way() -> None:
    shop = caller()
    made = product(shop.shop, sizes=())
    before = variant_ids(made)
    payload = shop.mutate(OPTIONS_CREATE, {"id": product_id(made), "o": [colours("Red")]})
    assert payload["product"]["options"] == [{"name": "Colour", "position": 1, "values": ["Red"]}]
    assert variant_ids(made) == before


@pytest.mark.parametrize(
    ("options", "strategy", "expected"),
    [
        (
            [colours("x", name="Size")],
            "LEAVE_AS_IS",
            ("OPTION_ALREADY_EXISTS", "options/0", "Option 'Size' already exists."),
        ),
        (
            [colours("x"), colours("x")],
            "LEAVE_AS_IS",
            ("DUPLICATED_OPTION_NAME", "options/1", "Duplicated option name."),
        ),
        (
            [colours()],
            "LEAVE_AS_IS",
            ("OPTION_VALUES_MISSING", "options/0", "Option 'Colour' must specify at least one option value."),
        ),
        (
            [colours("x", name="A / B")],
            "LEAVE_AS_IS",
            ("INVALID_NAME", "options/0/name", "The name contains unsupported sequence ' / '"),
        ),
        (
            [colours("x", name="x" * 256)],
            "LEAVE_AS_IS",
            ("OPTION_NAME_TOO_LONG", "options/0", "Option name is too long."),
        ),
        (
            [colours("x", name=name) for name in "ABC"],
            "LEAVE_AS_IS",
            ("OPTIONS_OVER_LIMIT", "options", "Can only specify a maximum of 3 options"),
        ),
        (
            [colours(*(f"c{n}" for n in range(1025)))],
            "CREATE",
            (
                "TOO_MANY_VARIANTS_CREATED",
                "options",
                "The number of created variants would exceed the 2048 variants per product limit",
            ),
        ),
    ],
)
def test_options_that_are_not_made(options: list[Any], strategy: str, expected: tuple[str, str, str]) -> None:
    shop = caller()
    made = product(shop.shop)
    payload = shop.refused(OPTIONS_CREATE, {"id": product_id(made), "o": options, "s": strategy})
    assert errors_of(payload) == [expected]
    assert titles(made) == ["S", "M"]


OPTION_UPDATE = """mutation($id: ID!, $o: OptionUpdateInput!, $add: [OptionValueCreateInput!], $update: [OptionValueUpdateInput!],
  $delete: [ID!], $s: ProductOptionUpdateVariantStrategy) {
  productOptionUpdate(productId: $id, option: $o, optionValuesToAdd: $add, optionValuesToUpdate: $update,
    optionValuesToDelete: $delete, variantStrategy: $s) { product { id } userErrors { code field message } } }"""


def option_of(made: Product) -> str:
    return gid("ProductOption", made.options[0].id)


def value_of(made: Product, index: int) -> str:
    return gid("ProductOptionValue", made.options[0].values[index].id)


def test_an_option_and_its_values_get_other_names() -> None:
    shop = caller()
    made = product(shop.shop)
    shop.mutate(
        OPTION_UPDATE,
        {
            "id": product_id(made),
            "o": {"id": option_of(made), "name": "Fit"},
            "update": [{"id": value_of(made, 0), "name": "Small"}],
        },
    )
    assert made.options[0].name == "Fit"
    assert titles(made) == ["Small", "M"]


def test_managing_variants_along_with_values() -> None:
    shop = caller()
    made = product(shop.shop)
    asked: dict[str, Any] = {"id": product_id(made), "o": {"id": option_of(made)}}
    refused = shop.refused(OPTION_UPDATE, {**asked, "delete": [value_of(made, 0)], "s": "LEAVE_AS_IS"})
    assert [code for code, _, _ in errors_of(refused)] == ["OPTION_VALUE_HAS_VARIANTS"]
    shop.mutate(
        OPTION_UPDATE, {**asked, "add": [{"name": "L"}], "delete": [value_of(made, 0)], "s": "MANAGE"}
    )
    assert titles(made) == ["M", "L"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("A / B", ("INVALID_NAME", "option/name", "The name contains unsupported sequence ' / '")),
        ("x" * 256, ("OPTION_NAME_TOO_LONG", "option/name", "Option name is too long.")),
    ],
)
def test_names_an_option_cannot_get(name: str, expected: tuple[str, str, str]) -> None:
    shop = caller()
    made = product(shop.shop)
    payload = shop.refused(
        OPTION_UPDATE, {"id": product_id(made), "o": {"id": option_of(made), "name": name}}
    )
    assert errors_of(payload) == [expected]
    missing = shop.refused(OPTION_UPDATE, {"id": product_id(made), "o": {"id": gid("ProductOption", 1)}})
    assert errors_of(missing) == [("OPTION_DOES_NOT_EXIST", "option", "Option does not exist")]


OPTIONS_DELETE = """mutation($id: ID!, $o: [ID!]!, $s: ProductOptionDeleteStrategy) { productOptionsDelete(productId: $id, options: $o, strategy: $s) {
  deletedOptionsIds userErrors { code field message } } }"""


def test_deleting_an_option_by_each_strategy() -> None:
    shop = caller()
    made = product(shop.shop)
    asked: dict[str, Any] = {"id": product_id(made), "o": [option_of(made)]}
    for strategy, code in (
        ("DEFAULT", "CANNOT_DELETE_OPTION_WITH_MULTIPLE_VALUES"),
        ("NON_DESTRUCTIVE", "CANNOT_USE_NON_DESTRUCTIVE_STRATEGY"),
    ):
        assert [error[0] for error in errors_of(shop.refused(OPTIONS_DELETE, {**asked, "s": strategy}))] == [
            code
        ]
    payload = shop.mutate(OPTIONS_DELETE, {**asked, "s": "POSITION"})
    assert payload["deletedOptionsIds"] == asked["o"]
    assert made.has_only_default_variant
    assert made.variants[0].item.sku == "SHIRT-S"


def test_reordering_options_and_values() -> None:
    shop = caller()
    made = product(shop.shop)
    shop.mutate(OPTIONS_CREATE, {"id": product_id(made), "o": [colours("Red", "Blue")], "s": "CREATE"})
    document = """mutation($id: ID!, $o: [OptionReorderInput!]!) { productOptionsReorder(productId: $id, options: $o) {
      product { options { name values } } userErrors { code field message } } }"""
    payload = shop.mutate(
        document,
        {
            "id": product_id(made),
            "o": [{"name": "Colour", "values": [{"name": "Blue"}, {"name": "Red"}]}, {"name": "Size"}],
        },
    )
    assert payload["product"]["options"] == [
        {"name": "Colour", "values": ["Blue", "Red"]},
        {"name": "Size", "values": ["S", "M"]},
    ]
    assert titles(made) == ["Blue / S", "Blue / M", "Red / S", "Red / M"]
