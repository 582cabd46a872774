"""Shopify's search syntax."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

import pytest

from sandbox.failures import FieldError, NotSimulatedError
from sandbox.search import And, Bounds, Not, Or, Term, bounds, parse
from tests.sandbox.caller import Caller, caller, product


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("shirt", Term(None, ":", "shirt")),
        ("sku:ABC-1", Term("sku", ":", "ABC-1")),
        ('title:"big shirt"', Term("title", ":", "big shirt")),
        ("title:'it\\'s'", Term("title", ":", "it's")),
        ("id:>5 id:<=9", And((Term("id", ":>", "5"), Term("id", ":<=", "9")))),
        ("a OR b c", Or((Term(None, ":", "a"), And((Term(None, ":", "b"), Term(None, ":", "c")))))),
        (
            "(a OR b) AND NOT c",
            And((Or((Term(None, ":", "a"), Term(None, ":", "b"))), Not(Term(None, ":", "c")))),
        ),
        ("-tag:old", Not(Term("tag", ":", "old"))),
        ("updated_at:>='2026-01-01T00:00:00Z'", Term("updated_at", ":>=", "2026-01-01T00:00:00Z")),
        ("sku:a\\:b", Term("sku", ":", "a:b")),
        ("(a", Term(None, ":", "a")),
        ("a) b", And((Term(None, ":", "a"), Term(None, ":", "b")))),
        ("t-shirt", Term(None, ":", "t-shirt")),
    ],
)
def test_what_a_query_is_read_as(text: str, tree: object) -> None:
    assert parse(text) == tree


def test_what_an_index_can_use_is_read_off_the_terms_joined_by_and() -> None:
    assert bounds(parse("id:>5 id:<=9 sku:ABC")) == Bounds(5, 9, None, (("sku", "abc"),))
    assert bounds(parse("id:>=5 id:7")) == Bounds(6, 7, None, ())
    assert bounds(parse("sku:a OR sku:b")) == Bounds()
    assert bounds(parse("sku:a*")) == Bounds()


@pytest.fixture(scope="module")
def shop() -> Caller:
    made = caller()
    product(made.shop, "Red Shirt", vendor="Acme", tags=("Sale", "Summer"), product_type="Shirts", sku="RS")
    product(made.shop, "Blue Shirt", vendor="Acme", status="DRAFT", product_type="Shirts", sku="BS")
    made.wait(3600)
    product(made.shop, "Green Hat", vendor="Big Co", tags=("sale",), sku="GH", stock=0)
    return made


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Red Shirt", "Blue Shirt", "Green Hat"]),
        ("shirt", ["Red Shirt", "Blue Shirt"]),
        ("title:red", ["Red Shirt"]),
        ("title:shirt*", ["Red Shirt", "Blue Shirt"]),
        ("sku:rs-s", ["Red Shirt"]),
        ("sku:RS", []),
        ("sku:BS*", ["Blue Shirt"]),
        ("sku:RS-S OR sku:GH-M", ["Red Shirt", "Green Hat"]),
        ("status:active", ["Red Shirt", "Green Hat"]),
        ("status:draft,archived", ["Blue Shirt"]),
        ("sku:RS-S,GH-M", []),
        ("Red - Shirt", ["Red Shirt"]),
        ("tag:SALE", ["Red Shirt", "Green Hat"]),
        ("tag:sale -vendor:acme", ["Green Hat"]),
        ("vendor:'big co'", ["Green Hat"]),
        ("product_type:shirts NOT tag:summer", ["Blue Shirt"]),
        ("handle:green-hat", ["Green Hat"]),
        ("handle:nobody", []),
        ("inventory_total:<1", ["Green Hat"]),
        ("inventory_total:>=10", ["Red Shirt", "Blue Shirt"]),
        ("updated_at:>'2026-11-02T09:30:00Z'", ["Green Hat"]),
        ("updated_at:<2026-11-02T09:30:00Z", ["Red Shirt", "Blue Shirt"]),
        ("created_at:>=2026-11-02T10:00:00+00:00", ["Green Hat"]),
        ("tag:*", ["Red Shirt", "Green Hat"]),
        ("-tag:*", ["Blue Shirt"]),
        ("(tag:sale OR status:draft) AND title:shirt", ["Red Shirt", "Blue Shirt"]),
        ("nothing at all", []),
    ],
)
def test_what_products_are_found(shop: Caller, query: str, titles: list[str]) -> None:
    found = shop.data(
        "query($q: String) { products(first: 10, query: $q) { nodes { title } } productsCount(query: $q) { count } }",
        {"q": query},
    )
    assert [node["title"] for node in found["products"]["nodes"]] == titles
    assert found["productsCount"]["count"] == len(titles)


def test_ids_by_range_and_by_choice(shop: Caller) -> None:
    numbers = [row.id for row in shop.shop.products]

    def found(query: str) -> list[int]:
        nodes = shop.data(
            "query($q: String) { products(first: 10, query: $q) { nodes { legacyResourceId } } }",
            {"q": query},
        )
        return [int(node["legacyResourceId"]) for node in nodes["products"]["nodes"]]

    first, second, third = numbers
    assert found(f"id:>{first}") == [second, third]
    assert found(f"id:>={first} id:<{third}") == [first, second]
    assert found(f"id:<={second}") == [first, second]
    assert found(f"id:{third}") == [third]
    assert found(f"id:{third} OR id:{first}") == [first, third]


def test_variants_by_sku_and_product(shop: Caller) -> None:
    red = next(iter(shop.shop.products))
    query = "query($q: String) { productVariants(first: 10, query: $q) { nodes { sku } } }"
    assert shop.data(query, {"q": "sku:RS-M"})["productVariants"]["nodes"] == [{"sku": "RS-M"}]
    found = shop.data(query, {"q": f"product_id:{red.id}"})["productVariants"]["nodes"]
    assert found == [{"sku": "RS-S"}, {"sku": "RS-M"}]
    assert shop.data('{ productVariantsCount(query: "sku:RS*") { count precision } }') == {
        "productVariantsCount": {"count": 2, "precision": "EXACT"}
    }


def test_an_unknown_field_is_never_silently_ignored(shop: Caller) -> None:
    error = shop.error('{ products(first: 1, query: "colour:red") { nodes { id } } }')
    assert error["message"] == "not simulated: products(query: colour:)"
    assert NotSimulatedError("x").extensions == {"code": "NOT_SIMULATED"}


@pytest.mark.parametrize("query", ["id:>abc", "updated_at:>yesterday"])
def test_a_bound_that_is_none_is_refused(shop: Caller, query: str) -> None:
    error = shop.error("query($q: String) { products(first: 1, query: $q) { nodes { id } } }", {"q": query})
    assert error["extensions"]["code"] == "BAD_REQUEST"
    with pytest.raises(FieldError):
        bounds(parse(query))
