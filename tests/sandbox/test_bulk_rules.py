import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.bulk_rules import MAX_DOCUMENT_BYTES, QueryPlan, check_mutation, plan_query
from sandbox.commands.errors import UserError
from sandbox.schema import admin_schema

VIA_NODES = (
    "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: "
    "'{0} {{ edges {{ node {{'. Selecting via 'nodes' is not supported. Invalid connection fields: '{0}'."
)
NO_ID = (
    "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be"
    " of 'ID' return type. Connection fields without 'id': products."
)


def messages(text: str) -> list[str]:
    plan = plan_query(admin_schema("2026-10").graphql, text)
    assert isinstance(plan, list), "the query was accepted"
    assert all((error.field, error.code) == (("query",), "INVALID") for error in plan)
    return [error.message for error in plan]


def edges(name: str, inner: str) -> str:
    return f"{name} {{ edges {{ node {{ {inner} }} }} }}"


DEEP = edges("variants", "id " + edges("metafields", "id"))
TWICE = """mutation($a: ProductDeleteInput!) {
  x: productDelete(input: $a) { deletedProductId } y: productDelete(input: $a) { deletedProductId } }"""
NESTED = """mutation($m: String!, $p: String!) {
  bulkOperationRunMutation(mutation: $m, stagedUploadPath: $p) { userErrors { message } } }"""
CONNECTED = """mutation($p: ProductCreateInput!) { productCreate(product: $p) { product {
  id variants(first: 5) { nodes { id } } media(first: 5) { nodes { id } } } } }"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["Invalid bulk query: syntax error, unexpected end of file"]),
        ("{ products { edges", ["Invalid bulk query: syntax error, unexpected end of file"]),
        ("{ products { nodes { id } } }", [VIA_NODES.format("products")]),
        (
            "{ products { edges { node { id variants { nodes { id } } } } } }",
            [VIA_NODES.format("variants")],
        ),
        (
            '{ node(id: "gid://shopify/Product/0") { id } }',
            [
                "Bulk queries cannot contain a top level `node` field.",
                "Bulk queries must contain at least one connection.",
            ],
        ),
        ("{ shop { name } }", ["Bulk queries must contain at least one connection."]),
        (
            f"{{ {edges('collections', 'id ' + edges('products', 'id ' + DEEP))} }}",
            ["Bulk queries cannot contain connections with a nesting depth greater than 2."],
        ),
        (
            "{ products { edges { node { id "
            + " ".join(edges(name, "id") for name in ("variants", "metafields", "collections"))
            + " media { edges { node { id } } } sellingPlanGroups { edges { node { id } } } } } } }",
            ["Bulk queries cannot contain more than 5 connections."],
        ),
        (f"{{ {edges('products', 'title ' + edges('variants', 'id'))} }}", [NO_ID]),
        (f"{{ {edges('products', 'other: id ' + edges('variants', 'id'))} }}", [NO_ID]),
        (
            'mutation { productDelete(input: {id: "gid://shopify/Product/1"}) { deletedProductId } }',
            ["Invalid operation type. Only `query` operations are supported."],
        ),
        (
            f"{{ {edges('orders', 'id fulfillments { id ' + edges('events', 'id') + ' }')} }}",
            ["Queries that contain a connection field within a list field are not currently supported."],
        ),
    ],
)
def test_a_query_is_refused_in_shopifys_words(text: str, expected: list[str]) -> None:
    assert messages(text) == expected


def test_fields_are_checked_against_the_schema() -> None:
    (message,) = messages("{ products { edges { node { id colour } } } }")
    assert message.startswith("Invalid bulk query: Cannot query field 'colour' on type 'Product'")


def test_a_query_may_have_65535_bytes() -> None:
    query = "{ products { edges { node { id } } } }"
    padded = query + "#" + "x" * (MAX_DOCUMENT_BYTES - len(query) - 1)
    assert isinstance(plan_query(admin_schema("2026-10").graphql, padded), QueryPlan)
    assert messages(padded + "x") == ["Query is too large (65536 bytes; maximum is 65535 bytes)"]


def test_two_levels_below_the_root_are_allowed_through_plain_objects_and_fragments() -> None:
    text = """
    query Stock { products(query: "status:active") { edges { node { ...Known
      variants { edges { node { id inventoryItem { id
        inventoryLevels { edges { node { id location { name } } } } } } } } } } } }
    fragment Known on Product { id title media { edges { node { id alt } } } }
    """
    plan = plan_query(admin_schema("2026-10").graphql, text)
    assert isinstance(plan, QueryPlan)
    (products,) = plan.roots
    assert (products.name, products.holder, products.path) == ("products", "QueryRoot", ())
    media, variants = products.children
    assert (media.name, media.holder) == ("media", "Product")
    (levels,) = variants.children
    assert (levels.name, levels.holder) == ("inventoryLevels", "InventoryItem")
    assert [holder for holder, _ in levels.path] == ["ProductVariant"]


def faults(text: str, identifier: str | None = None) -> list[UserError]:
    return check_mutation(admin_schema("2026-10").graphql, text, identifier)


DELETE = "mutation($id: ID!) { productDelete(input: {id: $id}) { deletedProductId userErrors { message } } }"


def test_any_single_mutation_may_run_in_bulk() -> None:
    assert faults(DELETE) == []
    assert faults(DELETE, "x" * 10) == []
    one_connection = (
        "mutation($p: ProductCreateInput!) { productCreate(product: $p)"
        " { product { id variants(first: 5) { nodes { id } } } } }"
    )
    assert faults(one_connection) == []


@pytest.mark.parametrize(
    ("text", "field", "message", "code"),
    [
        (
            "mutation { not p",
            None,
            "Failed to parse the mutation - syntax error, unexpected end of file at [1, 16]",
            "INVALID_MUTATION",
        ),
        (
            "{ shop { name } }",
            None,
            "Invalid operation type. Only `mutation` operations are supported.",
            "INVALID_MUTATION",
        ),
        (
            TWICE,
            ("mutation",),
            "You must specify a single top level mutation.",
            None,
        ),
        (
            NESTED,
            ("mutation",),
            "You must use an allowed mutation name.",
            None,
        ),
        (
            CONNECTED,
            ("mutation",),
            "Bulk mutations cannot contain more than 1 connection.",
            None,
        ),
        (
            "mutation { x }" + " " * MAX_DOCUMENT_BYTES,
            ("query",),
            "is too large (65549 bytes; maximum is 65535 bytes)",
            "INVALID_MUTATION",
        ),
    ],
)
def test_a_mutation_is_refused_in_shopifys_words(
    text: str, field: tuple[str, ...] | None, message: str, code: str | None
) -> None:
    assert faults(text) == [UserError(field, message, code)]


@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        ("x" * 9, "is too short (minimum is 10 characters)"),
        ("x" * 256, "is too long (maximum is 255 characters)"),
    ],
)
def test_client_identifiers_have_10_to_255_characters(identifier: str, message: str) -> None:
    assert faults(DELETE, identifier) == [UserError(("clientIdentifier",), message, "INVALID_MUTATION")]


WORDS = (
    "{",
    "}",
    "(",
    ")",
    ":",
    "...",
    "on",
    "query",
    "mutation",
    "Product",
    "products",
    "variants",
    "media",
)
FIELDS = ("edges", "node", "nodes", "id", "title", "metafields", "shop")


@given(st.lists(st.sampled_from((*WORDS, *FIELDS)), max_size=30))
def test_no_text_breaks_the_checks(words: list[str]) -> None:
    text = " ".join(words)
    plan = plan_query(admin_schema("2026-10").graphql, text)
    assert isinstance(plan, QueryPlan) or plan
    faults(text)
