"""productVariantsBulkCreate, -Update, -Delete and -Reorder."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

from typing import Any

import pytest

from sandbox.ids import gid
from sandbox.store.product import Product
from tests.sandbox.caller import caller, errors_of, product, product_id, variant_ids

_SHOWN = "productVariants { id title sku price compareAtPrice barcode inventoryPolicy inventoryQuantity } userErrors { code field message }"
CREATE = """mutation($id: ID!, $v: [ProductVariantsBulkInput!]!, $s: ProductVariantsBulkCreateStrategy) {
  productVariantsBulkCreate(productId: $id, variants: $v, strategy: $s) { product { id } SHOWN } }""".replace(
    "SHOWN", _SHOWN
)
UPDATE = """mutation($id: ID!, $v: [ProductVariantsBulkInput!]!, $partial: Boolean, $m: [CreateMediaInput!]) {
  productVariantsBulkUpdate(productId: $id, variants: $v, allowPartialUpdates: $partial, media: $m) { product { id } SHOWN } }""".replace(
    "SHOWN", _SHOWN
)
DELETE = """mutation($id: ID!, $v: [ID!]!) { productVariantsBulkDelete(productId: $id, variantsIds: $v) {
  product { id } userErrors { code field message } } }"""


def size(name: str, **given: Any) -> dict[str, Any]:
    return {"optionValues": [{"optionName": "Size", "name": name}], **given}


def titles(made: Product) -> list[str]:
    return [variant.title for variant in made.variants]


def test_variants_are_added_at_the_end_with_new_option_values() -> None:
    shop = caller()
    made = product(shop.shop)
    payload = shop.mutate(
        CREATE,
        {
            "id": product_id(made),
            "v": [
                size(
                    "XL",
                    price="12.5",
                    barcode="123",
                    inventoryPolicy="CONTINUE",
                    inventoryItem={"sku": "X", "tracked": True},
                    inventoryQuantities=[
                        {
                            "locationId": gid("Location", list(shop.shop.locations)[1].id),
                            "availableQuantity": 4,
                        }
                    ],
                )
            ],
        },
    )
    (new,) = payload["productVariants"]
    assert (
        new["title"],
        new["sku"],
        new["price"],
        new["barcode"],
        new["inventoryPolicy"],
        new["inventoryQuantity"],
    ) == (
        "XL",
        "X",
        "12.50",
        "123",
        "CONTINUE",
        4,
    )
    assert titles(made) == ["S", "M", "XL"]
    assert [variant.position for variant in made.variants] == [1, 2, 3]
    assert [value.name for value in made.options[0].values] == ["S", "M", "XL"]


@pytest.mark.parametrize(
    ("strategy", "sizes", "expected"),
    [
        ("DEFAULT", (), ["XL"]),
        ("PRESERVE_STANDALONE_VARIANT", (), ["Default Title", "XL"]),
        ("DEFAULT", ("S",), ["S", "XL"]),
        ("REMOVE_STANDALONE_VARIANT", ("S",), ["XL"]),
        ("REMOVE_STANDALONE_VARIANT", ("S", "M"), ["S", "M", "XL"]),
    ],
)
def test_what_becomes_of_the_lone_variant(strategy: str, sizes: tuple[str, ...], expected: list[str]) -> None:
    shop = caller()
    made = product(shop.shop, sizes=sizes)
    option = made.options[0].name
    new = {"optionValues": [{"optionName": option, "name": "XL"}]}
    shop.mutate(CREATE, {"id": product_id(made), "v": [new], "s": strategy})
    assert titles(made) == expected
    assert {value.name for value in made.options[0].values} == set(expected)


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        (
            size("S"),
            (
                "VARIANT_ALREADY_EXISTS",
                "variants/0",
                "The variant 'S' already exists. Please change at least one option value.",
            ),
        ),
        (
            {"optionValues": [{"optionName": "Colour", "name": "x"}]},
            ("INVALID_INPUT", "variants/0/optionValues/0", "Option does not exist"),
        ),
        ({}, ("NEED_TO_ADD_OPTION_VALUES", "variants/0", "You need to add option values for Size")),
        (
            {"optionValues": [{"optionName": "Size", "name": "X"}, {"optionName": "Size", "name": "Y"}]},
            ("INVALID_INPUT", "variants/0/optionValues", "Duplicated option name 'Size'"),
        ),
        (
            size("X", inventoryQuantities=[{"locationId": gid("Location", 1), "availableQuantity": 1}]),
            (
                "TRACKED_VARIANT_LOCATION_NOT_FOUND",
                "variants/0/inventoryQuantities",
                "Quantity for X couldn't be set because the location was deleted.",
            ),
        ),
        (
            size("X", price="-1"),
            ("GREATER_THAN_OR_EQUAL_TO", "variants/0/price", "Price must be greater than or equal to 0"),
        ),
    ],
)
def test_what_is_not_created(variant: dict[str, Any], expected: tuple[str, str, str]) -> None:
    shop = caller()
    made = product(shop.shop)
    payload = shop.refused(CREATE, {"id": product_id(made), "v": [size("OK"), variant]})
    assert errors_of(payload) == [(expected[0], expected[1].replace("variants/0", "variants/1"), expected[2])]
    assert payload["productVariants"] is None
    assert titles(made) == ["S", "M"]


def test_a_missing_product() -> None:
    missing = {"id": gid("Product", 1), "v": []}
    expected = [("PRODUCT_DOES_NOT_EXIST", "productId", "Product does not exist")]
    for document in (CREATE, UPDATE, DELETE):
        assert errors_of(caller().refused(document, missing)) == expected


def test_prices_of_many_variants_at_once() -> None:
    shop = caller()
    made = product(shop.shop)
    shop.wait(60)
    small, medium = made.variants
    before = medium.updated_at
    payload = shop.mutate(
        UPDATE,
        {
            "id": product_id(made),
            "v": [
                {"id": variant_ids(made)[0], "price": "7.005", "compareAtPrice": "9"},
                {"id": variant_ids(made)[1], "price": "10.00", "inventoryItem": {"sku": "SHIRT-M"}},
            ],
        },
    )
    assert [(v["price"], v["compareAtPrice"]) for v in payload["productVariants"]] == [
        ("7.01", "9.00"),
        ("10.00", None),
    ]
    assert small.updated_at == made.updated_at > before
    assert medium.updated_at == before


def test_null_clears_what_can_be_empty() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S",))
    (text,) = variant_ids(made)
    shop.mutate(UPDATE, {"id": product_id(made), "v": [{"id": text, "compareAtPrice": "20", "barcode": "1"}]})
    payload = shop.mutate(
        UPDATE,
        {"id": product_id(made), "v": [{"id": text, "compareAtPrice": None, "barcode": None, "price": None}]},
    )
    (variant,) = payload["productVariants"]
    assert (variant["compareAtPrice"], variant["barcode"], variant["price"]) == (None, None, "10.00")


TOO_MUCH = "1000000000000000000"
UPDATE_FAULTS: list[tuple[dict[str, Any], tuple[str | None, str, str]]] = [
    (
        {"price": "-1"},
        ("GREATER_THAN_OR_EQUAL_TO", "variants/1/price", "Price must be greater than or equal to 0"),
    ),
    ({"price": TOO_MUCH}, (None, "variants/1", f"must be less than {TOO_MUCH}")),
    ({"compareAtPrice": "-1"}, (None, "variants/1", "must be greater than or equal to 0")),
    (
        {"compareAtPrice": TOO_MUCH},
        ("INVALID_INPUT", "variants/1/compareAtPrice", f"must be less than {TOO_MUCH}"),
    ),
    (
        {"inventoryItem": {"cost": "-1"}},
        (
            "GREATER_THAN_OR_EQUAL_TO",
            "variants/1/inventoryItem/cost",
            "Cost per item must be greater than or equal to 0",
        ),
    ),
    (
        {"inventoryItem": {"cost": TOO_MUCH}},
        ("INVALID_INPUT", "variants/1/inventoryItem/cost", f"Cost per item must be less than {TOO_MUCH}"),
    ),
    (
        {"inventoryItem": {"sku": "x" * 256}},
        ("TOO_LONG", "variants/1/inventoryItem/sku", "SKU is too long (maximum is 255 characters)"),
    ),
    (
        {"barcode": "x" * 256},
        ("TOO_LONG", "variants/1/barcode", "Barcode is too long (maximum is 255 characters)"),
    ),
    (
        {"id": None},
        ("PRODUCT_VARIANT_ID_MISSING", "variants/1/id", "Product variant is missing ID attribute"),
    ),
    (
        {"id": gid("ProductVariant", 1)},
        ("PRODUCT_VARIANT_DOES_NOT_EXIST", "variants/1/id", "Product variant does not exist"),
    ),
    (
        {"optionValues": [{"optionName": "Colour", "name": "x"}]},
        ("OPTION_DOES_NOT_EXIST", "variants/1/optionValues/0", "Option does not exist"),
    ),
    (
        {"optionValues": [{"optionName": "Size", "name": "S"}]},
        (
            "VARIANT_ALREADY_EXISTS",
            "variants/1",
            "The variant 'S' already exists. Please change at least one option value.",
        ),
    ),
    (
        {"inventoryQuantities": [{"locationId": gid("Location", 1), "availableQuantity": 1}]},
        (
            "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE",
            "variants/1/inventoryQuantities",
            "Inventory quantities can only be provided during create. To update inventory for existing variants, use inventoryAdjustQuantities.",
        ),
    ),
]


@pytest.mark.parametrize(("bad", "expected"), UPDATE_FAULTS)
def test_one_bad_variant_stops_all(bad: dict[str, Any], expected: tuple[str | None, str, str]) -> None:
    shop = caller()
    made = product(shop.shop)
    small, medium = variant_ids(made)
    revision = shop.shop.revision
    payload = shop.refused(
        UPDATE, {"id": product_id(made), "v": [{"id": small, "price": "1"}, {"id": medium, **bad}]}
    )
    assert errors_of(payload) == [expected]
    assert payload["productVariants"] is None
    assert made.variants[0].price == 10
    assert shop.shop.revision == revision


@pytest.mark.parametrize(("bad", "expected"), UPDATE_FAULTS)
def test_or_only_itself_when_partial_updates_are_allowed(
    bad: dict[str, Any], expected: tuple[str | None, str, str]
) -> None:
    shop = caller()
    made = product(shop.shop)
    small, medium = variant_ids(made)
    payload = shop.refused(
        UPDATE,
        {"id": product_id(made), "partial": True, "v": [{"id": small, "price": "1"}, {"id": medium, **bad}]},
    )
    assert errors_of(payload) == [expected]
    assert [variant["price"] for variant in payload["productVariants"]] == ["1.00"]
    assert made.variants[1].price == 10


def test_variants_may_swap_their_values() -> None:
    shop = caller()
    made = product(shop.shop)
    small, medium = variant_ids(made)
    payload = shop.refused(UPDATE, {"id": product_id(made), "v": [size("L", id=small), size("S", id=medium)]})
    assert payload["userErrors"] == []
    assert titles(made) == ["L", "S"]


def test_quantities_are_adjusted_along() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S",), stock=5)
    here = gid("Location", shop.shop.primary_location.id)

    def asked(expected: int | None) -> dict[str, Any]:
        moved = {"locationId": here, "adjustment": -2, "changeFromQuantity": expected}
        return {"id": product_id(made), "v": [{"id": variant_ids(made)[0], "quantityAdjustments": [moved]}]}

    assert shop.mutate(UPDATE, asked(5))["productVariants"][0]["inventoryQuantity"] == 3
    assert (
        errors_of(shop.refused(UPDATE, asked(5)))[0][1]
        == "variants/0/quantityAdjustments/0/changeFromQuantity"
    )
    assert shop.mutate(UPDATE, asked(None))["productVariants"][0]["inventoryQuantity"] == 1


def test_media_of_the_same_call_and_media_that_are_ready() -> None:
    shop = caller()
    made = product(shop.shop)
    small, medium = variant_ids(made)
    source = "https://img.test/a.png"
    shop.mutate(
        UPDATE,
        {
            "id": product_id(made),
            "m": [{"originalSource": source, "mediaContentType": "IMAGE"}],
            "v": [{"id": small, "mediaSrc": [source]}],
        },
    )
    assert made.variants[0].media is made.media[0]
    asked = {"id": product_id(made), "v": [{"id": medium, "mediaId": gid("MediaImage", made.media[0].id)}]}
    assert errors_of(shop.refused(UPDATE, asked)) == [
        ("INVALID_INPUT", "variants/0/mediaId", "Non-ready media cannot be attached to variants.")
    ]
    shop.wait()
    shop.mutate(UPDATE, asked)
    assert made.variants[1].media is made.media[0]


def test_deleting_variants() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S", "M", "L"))
    other = product(shop.shop, "Hat")
    _, medium, _ = variant_ids(made)
    foreign = variant_ids(other)[0]
    assert errors_of(shop.refused(DELETE, {"id": product_id(made), "v": [medium, foreign]})) == [
        (
            "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT",
            "variantsIds/1",
            "At least one variant does not belong to the product",
        )
    ]
    assert titles(made) == ["S", "M", "L"]
    shop.mutate(DELETE, {"id": product_id(made), "v": [medium]})
    assert [(variant.title, variant.position) for variant in made.variants] == [("S", 1), ("L", 2)]
    last = shop.refused(DELETE, {"id": product_id(made), "v": variant_ids(made)})
    assert [code for code, _, _ in errors_of(last)] == ["CANNOT_DELETE_LAST_VARIANT"]


def test_reordering_variants() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S", "M", "L"))
    document = """mutation($id: ID!, $p: [ProductVariantPositionInput!]!) { productVariantsBulkReorder(productId: $id, positions: $p) {
      product { id } userErrors { code field message } } }"""
    shop.mutate(document, {"id": product_id(made), "p": [{"id": variant_ids(made)[2], "position": 1}]})
    assert titles(made) == ["L", "S", "M"]
    bad = shop.refused(
        document, {"id": product_id(made), "p": [{"id": gid("ProductVariant", 1), "position": 1}]}
    )
    assert [code for code, _, _ in errors_of(bad)] == ["MISSING_VARIANT"]
