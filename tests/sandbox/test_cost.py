"""The price of operations, against figures of a real shop."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

from typing import Any

import pytest

from sandbox.cost import Costing, cost_of, sized
from sandbox.documents import prepared
from sandbox.schema import admin_schema
from tests.sandbox.caller import caller, product


def costing(document: str, variables: dict[str, Any] | None = None) -> Costing:
    parsed = prepared("2026-10", document)
    schema = admin_schema("2026-10").graphql
    return cost_of(schema, parsed.operation(None), parsed.fragments, variables or {})


@pytest.mark.parametrize(
    ("n", "expected"),
    [(0, 0), (1, 1), (2, 1), (3, 2), (5, 3), (10, 4), (20, 5), (50, 7), (100, 9), (250, 11)],
)
def test_how_often_a_connection_is_charged(n: int, expected: int) -> None:
    assert sized(n) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ products(first: 250) { nodes { id } } }", 13),
        ("{ products(first: 250) { nodes { id title tags } pageInfo { endCursor } } }", 13),
        ("{ products(first: 250) { edges { cursor node { id } } } }", 13),
        ("{ productVariants(first: 250) { nodes { id product { id } inventoryItem { id } } } }", 35),
        ("{ products(last: 10) { nodes { id } } }", 6),
        ('{ product(id: "gid://shopify/Product/1") { id title } }', 1),
        ("{ productsCount { count } }", 10),
        ("{ shop { name plan { publicDisplayName } } }", 2),
        ('{ bulkOperation(id: "gid://shopify/BulkOperation/1") { id status } }', 1),
        ("{ locations(first: 10) { nodes { id address { city } } } }", 9),
        ("{ __typename }", 0),
        ("{ a: shop { id } b: shop { id } }", 2),
        ('{ nodes(ids: ["gid://shopify/Product/1"]) { id ... on Product { seo { title } } } }', 2),
        (
            """{ node(id: "gid://shopify/Product/1") { ... on Product { seo { title } }
              ... on ProductVariant { product { seo { title } } } } }""",
            3,
        ),
        (
            """query { ...All } fragment All on QueryRoot { products(first: 250) { nodes { ...P } } }
              fragment P on Product { id }""",
            13,
        ),
        ("{ productVariants(first: 10) { nodes { id inventoryItem { unitCost { amount } } } } }", 10),
    ],
)
def test_what_a_query_costs(query: str, expected: int) -> None:
    assert costing(query).requested == expected


def test_reading_fifty_thousand_variants_with_ids_costs_seven_thousand() -> None:
    page = costing("{ productVariants(first: 250) { nodes { id product { id } inventoryItem { id } } } }")
    assert page.requested * (50_000 // 250) == 7_000


def test_reading_ten_thousand_products_costs_520() -> None:
    assert costing("{ products(first: 250) { nodes { id title } } }").requested * 40 == 520


SET = "mutation($i: ProductSetInput!) { productSet(input: $i) { product { id } userErrors { message } } }"
UPDATE = """mutation($v: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: "gid://shopify/Product/1", variants: $v) { product { id } userErrors { code } } }"""
CREATE = UPDATE.replace("BulkUpdate", "BulkCreate")


@pytest.mark.parametrize(
    ("document", "variables", "expected"),
    [
        (SET, {"i": {"title": "x"}}, 10),
        (SET, {"i": {"variants": [{"optionValues": []}] * 2049}}, 420),
        (CREATE, {"v": [{}] * 1499}, 310),
        (
            SET,
            {"i": {"variants": [{"optionValues": []}] * 5, "files": [{}] * 5, "metafields": [{}] * 5}},
            22,
        ),
        (
            SET,
            {"i": {"variants": [{"optionValues": [], "file": {"id": "1"}, "metafields": [{}, {}]}] * 10}},
            26,
        ),
        (UPDATE, {"v": [{"id": "1"}] * 5}, 11),
        (UPDATE, {"v": [{"id": "1"}]}, 10),
        (UPDATE, {"v": [{"id": "1"}] * 250}, 60),
    ],
)
def test_what_a_mutation_costs(document: str, variables: dict[str, Any], expected: int) -> None:
    assert costing(document, variables).requested == expected


def test_metafields_are_charged_by_their_owners() -> None:
    document = (
        "mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { userErrors { code } } }"
    )
    one = {"ownerId": "gid://shopify/Product/1"}
    two = {"ownerId": "gid://shopify/Product/2"}
    variant = {"ownerId": "gid://shopify/ProductVariant/1"}
    assert costing(document, {"m": [one, one]}).requested == 14
    assert costing(document, {"m": [one, two, variant]}).requested == 20


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ('mutation { fileCreate(files: [{originalSource: "x"}]) { files { id } } }', 20),
        (
            "mutation { stagedUploadsCreate(input: []) { stagedTargets { url parameters { name } } userErrors { field } } }",
            11,
        ),
        ('mutation { bulkOperationRunQuery(query: "", groupObjects: false) { bulkOperation { id } } }', 10),
        (
            'mutation { a: tagsAdd(id: "1", tags: []) { node { id } } b: tagsAdd(id: "1", tags: []) { node { id } } }',
            20,
        ),
    ],
)
def test_mutations_with_prices_of_their_own(document: str, expected: int) -> None:
    assert costing(document).requested == expected


def test_skipped_fields_cost_nothing() -> None:
    document = (
        "query($with: Boolean!) { products(first: 250) { nodes { id seo @include(if: $with) { title } } } }"
    )
    assert costing(document, {"with": False}).requested == 13
    assert costing(document, {"with": True}).requested == 24


def test_the_page_size_may_come_in_a_variable() -> None:
    document = "query($n: Int) { products(first: $n) { nodes { id } } }"
    assert costing(document, {"n": 250}).requested == 13
    assert costing(document, {"n": 10}).requested == 6


def test_the_actual_cost_is_that_of_what_was_found() -> None:
    shop = caller()
    for index in range(3):
        product(shop.shop, f"P {index}", sizes=())
    answer = shop.raw("{ products(first: 250) { nodes { id } } }")
    assert answer["extensions"]["cost"] == {
        "requestedQueryCost": 13,
        "actualQueryCost": 4,
        "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": 1996, "restoreRate": 100.0},
    }


def test_nothing_found_costs_only_the_question() -> None:
    answer = caller().raw('{ product(id: "gid://shopify/Product/1") { seo { title } } }')
    assert answer["extensions"]["cost"]["requestedQueryCost"] == 2
    assert answer["extensions"]["cost"]["actualQueryCost"] == 0


def test_the_debug_header_adds_a_breakdown() -> None:
    fields = caller().raw("{ products(first: 10) { nodes { seo { title } } } }", cost_debug=True)[
        "extensions"
    ]["cost"]["fields"]
    assert [(entry["path"], entry["requestedTotalCost"]) for entry in fields] == [
        (["products"], 10),
        (["products", "seo"], 1),
    ]
