"""What is true of every request: validation, scopes, sizes, points, idempotency, versions."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

from typing import Any

import pytest

from sandbox.bucket import Tier
from sandbox.execute import execute
from sandbox.ids import gid
from sandbox.schema import falls_forward
from tests.sandbox.caller import caller, product

SET_QUANTITY = """mutation($q: [InventoryQuantityInput!]!, $key: String!) {
  inventorySetQuantities(input: {name: "available", reason: "correction", quantities: $q}) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id changes { name delta } } userErrors { code field message } } }"""


def test_a_field_that_the_schema_has_not_is_refused() -> None:
    assert caller().raw("{ products(first: 1) { nodes { colour } } }") == {
        "errors": [
            {
                "message": "Field 'colour' doesn't exist on type 'Product'",
                "locations": [{"line": 1, "column": 32}],
                "extensions": {"code": "undefinedField", "fieldName": "colour", "typeName": "Product"},
            }
        ]
    }


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "syntax error, unexpected end of file at [1, 2]"),
        ("", "syntax error, unexpected end of file at [1, 1]"),
        ("{ shop }", "Field must have selections (field 'shop' returns Shop! but has no selections.)"),
        ("{ product { id } }", "Field 'product' is missing required arguments: id"),
        ("{ shop(x: 1) { id } }", "Field 'shop' doesn't accept argument 'x'"),
        ("query a { shop { id } } query b { shop { id } }", "An operation name is required"),
        ("query($x: Int) { shop { id } }", "Variable $x is declared by the operation but not used"),
    ],
)
def test_broken_documents(document: str, message: str) -> None:
    assert caller().error(document)["message"] == message


def test_one_of_several_operations_runs() -> None:
    shop = caller()
    document = "query a { shop { name } } query b { shop { myshopifyDomain } }"
    assert shop.raw(document, operation_name="b")["data"] == {
        "shop": {"myshopifyDomain": "rules.myshopify.com"}
    }
    assert shop.raw(document, operation_name="c")["errors"] == [{"message": 'No operation named "c"'}]


def test_a_variable_that_does_not_fit_is_told_with_its_path() -> None:
    error = caller().error(
        SET_QUANTITY,
        {"key": "k", "q": [{"inventoryItemId": "1", "locationId": "1", "quantity": 1, "compareQuantity": 3}]},
    )
    assert error["message"] == (
        "Variable $q of type [InventoryQuantityInput!]! was provided invalid value for "
        "0.compareQuantity (Field is not defined on InventoryQuantityInput)"
    )
    assert error["extensions"]["code"] == "INVALID_VARIABLE"
    assert error["extensions"]["problems"][0]["path"] == [0, "compareQuantity"]


@pytest.mark.parametrize(
    ("given", "explanation"),
    [
        ({"title": 5}, "Could not coerce value 5 to String"),
        ({"status": "LOUD"}, 'Expected "LOUD" to be one of: ACTIVE, ARCHIVED, DRAFT, UNLISTED'),
        ({"variants": [{"price": "1"}]}, "Expected value to not be null"),
        ({"variants": [{"optionValues": [], "price": "cheap"}]}, "invalid decimal 'cheap'"),
        ({"variants": [{"optionValues": [], "position": 2**31}]}, "2147483648 is outside the range of Int"),
        ({"giftCard": "yes"}, "Could not coerce value 'yes' to Boolean"),
        ("title", "Expected 'title' to be a key-value object."),
        (None, "Expected value to not be null"),
    ],
)
def test_values_of_the_wrong_kind(given: Any, explanation: str) -> None:
    document = "mutation($i: ProductSetInput!) { productSet(input: $i) { product { id } } }"
    error = caller().error(document, {"i": given})
    assert error["extensions"]["problems"][0]["explanation"] == explanation


def test_exactly_one_key_of_a_one_of_input() -> None:
    document = "query($i: ProductIdentifierInput!) { productByIdentifier(identifier: $i) { id } }"
    error = caller().error(document, {"i": {"id": "gid://shopify/Product/1", "handle": "x"}})
    assert (
        "requires exactly one argument, but 2 were provided"
        in error["extensions"]["problems"][0]["explanation"]
    )


def test_a_field_nobody_wrote_a_resolver_for_says_so() -> None:
    shop = caller()
    product(shop.shop)
    answer = shop.raw("{ products(first: 1) { nodes { id combinedListing { __typename } } } }")
    assert answer["errors"] == [
        {
            "message": "not simulated: Product.combinedListing",
            "locations": [{"line": 1, "column": 35}],
            "path": ["products", "nodes", 0, "combinedListing"],
            "extensions": {"code": "NOT_SIMULATED"},
        }
    ]
    assert answer["data"]["products"]["nodes"][0]["combinedListing"] is None


def test_a_mutation_nobody_wrote_says_so() -> None:
    answer = caller(scopes=("write_orders",)).raw(
        'mutation { orderClose(input: {id: "gid://shopify/Order/1"}) { order { id } } }'
    )
    assert answer["errors"][0]["message"] == "not simulated: Mutation.orderClose"
    assert answer["data"] == {"orderClose": None}


@pytest.mark.parametrize(
    ("scopes", "document", "field"),
    [
        (("read_locations",), "{ products(first: 1) { nodes { id } } }", "products"),
        (("write_products",), "{ locations(first: 1) { nodes { id } } }", "locations"),
        (("write_products",), "{ publications(first: 1) { nodes { id } } }", "publications"),
        (("read_products",), 'mutation { productSet(input: {title: "x"}) { product { id } } }', "productSet"),
        (("write_products",), "mutation { fileDelete(fileIds: []) { deletedFileIds } }", "fileDelete"),
    ],
)
def test_without_the_scope_there_is_no_answer(scopes: tuple[str, ...], document: str, field: str) -> None:
    shop = caller(scopes=scopes)
    answer = shop.raw(document)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert error["path"] == [field]
    assert error["message"].startswith(f"Access denied for {field} field. Required access: `")
    assert (answer["data"] or {}).get(field) is None
    assert len(shop.shop.products) == 0


def test_a_write_scope_includes_reading() -> None:
    assert caller(scopes=("write_products",)).data("{ products(first: 1) { nodes { id } } }") == {
        "products": {"nodes": []}
    }


def test_a_field_deep_inside_needs_its_own_scope() -> None:
    shop = caller(scopes=("write_products",))
    product(shop.shop, sizes=("S",))
    document = "{ productVariants(first: 1) { nodes { id inventoryItem { id inventoryLevels(first: 1) { nodes { id } } } } } }"
    (error,) = shop.raw(document)["errors"]
    assert error["path"] == ["productVariants", "nodes", 0, "inventoryItem", "inventoryLevels"]
    assert error["extensions"]["code"] == "ACCESS_DENIED"


def test_no_more_than_250_in_a_list_and_nothing_runs() -> None:
    shop = caller()
    ids = [gid("Product", number) for number in range(251)]
    answer = shop.raw("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids})
    assert answer["errors"] == [
        {
            "message": "The input array size of 251 is greater than the maximum allowed of 250.",
            "locations": [{"line": 1, "column": 23}],
            "path": ["nodes", "ids"],
            "extensions": {"code": "MAX_INPUT_SIZE_EXCEEDED"},
        }
    ]
    assert "data" not in answer
    assert shop.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids[:250]}) == {
        "nodes": [None] * 250
    }


def test_a_product_takes_2048_variants_and_not_one_more() -> None:
    shop = caller()
    document = "mutation($i: ProductSetInput!) { productSet(input: $i) { product { variantsCount { count } } userErrors { code } } }"

    def variants(count: int) -> dict[str, Any]:
        names = [f"V{number}" for number in range(count)]
        return {
            "i": {
                "title": "Big",
                "productOptions": [{"name": "Size", "values": [{"name": name} for name in names]}],
                "variants": [{"optionValues": [{"optionName": "Size", "name": name}]} for name in names],
            }
        }

    error = shop.error(document, variants(2049))
    assert error["message"] == "The input array size of 2049 is greater than the maximum allowed of 2048."
    assert len(shop.shop.products) == 0
    assert shop.mutate(document, variants(2048))["product"]["variantsCount"] == {"count": 2048}


def test_a_query_above_a_thousand_points_is_refused_before_it_runs() -> None:
    shop = caller()
    document = (
        "{ products(first: 250) { nodes { id variants(first: 250) { nodes { id inventoryItem { id "
        "inventoryLevels(first: 50) { nodes { id } } } } } } } }"
    )
    (error,) = shop.raw(document)["errors"]
    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert error["message"].startswith(
        f"Query cost is {error['extensions']['cost']}, which exceeds the single query"
    )
    assert shop.shop.buckets[shop.call.installation.app.client_id].level == 2000


def test_an_empty_bucket_throttles_and_time_fills_it() -> None:
    shop = caller()
    document = "{ products(first: 250) { nodes { id } } }"
    shop.shop.buckets.clear()
    for _ in range(2000 // 13 + 1):
        product(shop.shop, sizes=())
    answers = 0
    while "errors" not in (answer := execute(shop.call, document)):
        answers += 1
    assert answers == 2000 // 12  # 154 products found cost 2 + floor(2 ln 154)
    assert answer["errors"][0]["message"] == "Throttled"
    assert answer["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert "data" not in answer
    assert answer["extensions"]["cost"]["actualQueryCost"] is None
    left = answer["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"]
    assert left < 13
    shop.wait((13 - left) / 100)
    assert "errors" not in execute(shop.call, document)


def test_every_plan_has_its_rate_and_every_shop_its_bucket() -> None:
    status = caller(tier=Tier.PLUS).raw("{ shop { id } }")["extensions"]["cost"]["throttleStatus"]
    assert status == {"maximumAvailable": 20000.0, "currentlyAvailable": 19999, "restoreRate": 1000.0}


def test_the_directive_is_demanded_where_shopify_demands_it() -> None:
    shop = caller()
    document = SET_QUANTITY.replace("@idempotent(key: $key)", "").replace(", $key: String!", "")
    answer = shop.raw(document, {"q": []})
    assert answer["data"] == {"inventorySetQuantities": None}
    assert answer["errors"][0]["message"] == (
        "The @idempotent directive is required for this mutation but was not provided."
    )
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def quantity(shop: Any, made: Any, amount: int, before: int | None = None) -> dict[str, Any]:
    return {
        "inventoryItemId": gid("InventoryItem", made.variants[0].item.id),
        "locationId": gid("Location", shop.shop.primary_location.id),
        "quantity": amount,
        "changeFromQuantity": before,
    }


def test_the_same_key_gives_the_same_answer_and_works_once() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    first = shop.mutate(SET_QUANTITY, {"key": "one", "q": [quantity(shop, made, 9, 5)]})
    made.variants[0].item.levels[shop.shop.primary_location.id].available = 4
    again = shop.mutate(SET_QUANTITY, {"key": "one", "q": [quantity(shop, made, 9, 5)]})
    assert again == first
    assert made.variants[0].item.available == 4


def test_a_refusal_is_remembered_too() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    stale = shop.refused(SET_QUANTITY, {"key": "one", "q": [quantity(shop, made, 9, 3)]})
    assert stale["userErrors"][0]["code"] == "CHANGE_FROM_QUANTITY_STALE"
    made.variants[0].item.levels[shop.shop.primary_location.id].available = 3
    assert shop.refused(SET_QUANTITY, {"key": "one", "q": [quantity(shop, made, 9, 3)]}) == stale
    assert made.variants[0].item.available == 3


def test_a_key_stands_for_its_parameters() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    shop.mutate(SET_QUANTITY, {"key": "one", "q": [quantity(shop, made, 9)]})
    other = shop.refused(SET_QUANTITY, {"key": "one", "q": [quantity(shop, made, 8)]})
    assert other["userErrors"] == [
        {
            "code": "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
            "field": None,
            "message": "The same idempotency key cannot be used with different operation parameters.",
        }
    ]
    assert made.variants[0].item.available == 9


def test_a_key_is_forgotten_after_a_day() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    shop.mutate(SET_QUANTITY, {"key": "one", "q": [quantity(shop, made, 9)]})
    shop.wait(24 * 3600 - 1)
    assert shop.refused(SET_QUANTITY, {"key": "one", "q": [quantity(shop, made, 8)]})["userErrors"]
    shop.wait(1)
    shop.mutate(SET_QUANTITY, {"key": "one", "q": [quantity(shop, made, 8)]})
    assert made.variants[0].item.available == 8


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("2026-10", "2026-10"),
        ("2026-07", "2026-07"),
        ("2025-01", "2026-07"),
        ("2026-08", "2026-10"),
        ("2027-01", "2026-10"),
        ("unstable", "2026-10"),
    ],
)
def test_other_versions_fall_forward(asked: str, served: str) -> None:
    assert falls_forward(asked) == served


@pytest.mark.parametrize("version", ["2026-07", "2026-10"])
def test_both_versions_answer(version: str) -> None:
    shop = caller(version=version)
    made = product(shop.shop)
    assert shop.data("{ products(first: 1) { nodes { title } } }") == {
        "products": {"nodes": [{"title": made.title}]}
    }


def test_introspection_is_answered() -> None:
    answer = caller().raw('{ __type(name: "Product") { name kind } }')
    assert answer["data"] == {"__type": {"name": "Product", "kind": "OBJECT"}}


def test_fragments_aliases_and_skips() -> None:
    shop = caller()
    made = product(shop.shop, "Shirt")
    document = """query($id: ID!, $no: Boolean!) {
      node(id: $id) { __typename id ...P ... on ProductVariant { sku } }
      again: product(id: $id) { name: title handle @skip(if: $no) vendor @include(if: $no) title } }
      fragment P on Product { title ... on Node { id } }"""
    found = shop.data(document, {"id": gid("Product", made.id), "no": False})
    assert found == {
        "node": {"__typename": "Product", "id": gid("Product", made.id), "title": "Shirt"},
        "again": {"name": "Shirt", "handle": "shirt", "title": "Shirt"},
    }


def test_what_must_not_be_null_takes_its_parent_along() -> None:
    shop = caller()
    product(shop.shop)
    answer = shop.raw(
        "{ shop { id } products(first: 1) { nodes { id bundleComponents(first: 1) { nodes { quantity } } } } }"
    )
    assert answer["data"] is None
    assert answer["errors"][0]["path"] == ["products", "nodes", 0, "bundleComponents"]


@pytest.mark.parametrize("text", ["17", "gid://shopify/Product/x", ""])
def test_a_text_that_is_no_id(text: str) -> None:
    error = caller().error("query($id: ID!) { product(id: $id) { id } }", {"id": text})
    assert error["message"] == f"Invalid global id '{text}'"


def test_another_kinds_id_finds_nothing() -> None:
    shop = caller()
    made = product(shop.shop)
    document = "query($id: ID!) { product(id: $id) { id } productVariant(id: $id) { id } }"
    assert shop.data(document, {"id": gid("ProductVariant", made.variants[0].id)}) == {
        "product": None,
        "productVariant": {"id": gid("ProductVariant", made.variants[0].id)},
    }
