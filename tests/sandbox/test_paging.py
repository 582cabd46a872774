"""Pages of every connection, forwards and backwards, while the shop changes."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.commands.products import delete_product
from sandbox.ids import gid
from sandbox.paging import MAX_DEPTH, Cursor, decode, encode
from sandbox.resolvers.fields import count
from tests.sandbox.caller import Caller, caller, product

PAGE = """query($first: Int, $last: Int, $after: String, $before: String, $reverse: Boolean, $sort: ProductSortKeys, $q: String) {
  products(first: $first, last: $last, after: $after, before: $before, reverse: $reverse, sortKey: $sort, query: $q) {
    edges { cursor node { title } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


def page(shop: Caller, **args: Any) -> tuple[list[str], dict[str, Any]]:
    found = shop.data(PAGE, {"reverse": False, "sort": "ID", **args})["products"]
    return [edge["node"]["title"] for edge in found["edges"]], found["pageInfo"]


def stocked(amount: int) -> Caller:
    shop = caller()
    for index in range(amount):
        product(shop.shop, f"P{index}", sizes=())
        shop.wait(60)
    return shop


def everything(shop: Caller, size: int, **args: Any) -> list[str]:
    titles: list[str] = []
    after = None
    while True:
        found, info = page(shop, first=size, after=after, **args)
        titles.extend(found)
        if not info["hasNextPage"]:
            return titles
        after = info["endCursor"]


@given(
    st.integers(0, 12),
    st.integers(1, 5),
    st.booleans(),
    st.sampled_from(["ID", "TITLE", "UPDATED_AT", "VENDOR"]),
)
@settings(max_examples=40, deadline=None)
def test_pages_put_together_are_the_whole_list_once(count: int, size: int, reverse: bool, sort: str) -> None:
    shop = stocked(count)
    expected = [f"P{index}" for index in range(count)]
    if sort == "TITLE":
        expected.sort(key=lambda title: (title.lower(), title))
    if reverse:
        expected.reverse()
    assert everything(shop, size, reverse=reverse, sort=sort) == expected


@pytest.mark.parametrize("sort", ["ID", "TITLE"])
@pytest.mark.parametrize("reverse", [False, True])
def test_the_same_backwards(sort: str, reverse: bool) -> None:
    shop = stocked(7)
    expected = everything(shop, 250, sort=sort, reverse=reverse)
    titles: list[str] = []
    before = None
    while True:
        found, info = page(shop, last=3, before=before, sort=sort, reverse=reverse)
        titles = found + titles
        assert info["hasNextPage"] is (before is not None)
        if not info["hasPreviousPage"]:
            break
        before = info["startCursor"]
    assert titles == expected


def test_a_cursor_outlives_its_row_and_what_changes_around_it() -> None:
    shop = stocked(6)
    titles, info = page(shop, first=3)
    assert titles == ["P0", "P1", "P2"]
    rows = list(shop.shop.products)
    delete_product(shop.shop, rows[2])
    delete_product(shop.shop, rows[0])
    product(shop.shop, "P6", sizes=())
    assert page(shop, first=10, after=info["endCursor"])[0] == ["P3", "P4", "P5", "P6"]


def test_between_two_cursors() -> None:
    shop = stocked(6)
    found = shop.data(PAGE, {"first": 6, "reverse": False, "sort": "ID"})["products"]["edges"]
    between, _ = page(shop, first=10, after=found[0]["cursor"], before=found[4]["cursor"])
    assert between == ["P1", "P2", "P3"]


def test_an_empty_page_has_no_cursors() -> None:
    titles, info = page(caller(), first=5)
    assert titles == []
    assert info == {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({}, "you must provide one of first or last to paginate the products connection"),
        ({"first": 1, "last": 1}, "providing both first and last is not supported"),
        ({"first": 251}, "first cannot exceed 250"),
        ({"last": 251}, "last cannot exceed 250"),
        ({"first": -1}, "first must be 0 or more"),
        ({"first": 1, "after": "nonsense"}, "Invalid cursor for current pagination sort."),
        ({"first": 1, "after": "AAAA"}, "Invalid cursor for current pagination sort."),
    ],
)
def test_pages_that_cannot_be(args: dict[str, Any], message: str) -> None:
    error = caller().error(PAGE, {"reverse": False, "sort": "ID", **args})
    assert error["message"] == message
    assert error["extensions"]["code"] == "BAD_REQUEST"


def test_a_cursor_of_another_order_is_refused() -> None:
    shop = stocked(3)
    _, info = page(shop, first=1, sort="ID")
    error = shop.error(PAGE, {"reverse": False, "sort": "TITLE", "first": 1, "after": info["endCursor"]})
    assert error["message"] == "Invalid cursor for current pagination sort."


def test_paging_ends_25000_deep_with_an_error() -> None:
    shop = stocked(2)
    first = next(iter(shop.shop.products)).id
    deep = encode(Cursor(first, first, MAX_DEPTH))
    error = shop.error(PAGE, {"reverse": False, "sort": "ID", "first": 1, "after": deep})
    assert error["message"].startswith("Cannot paginate beyond 25000 objects.")
    almost = encode(Cursor(first, first, MAX_DEPTH - 1))
    assert page(shop, first=1, after=almost)[0] == ["P1"]


def test_depth_is_counted_over_pages() -> None:
    shop = stocked(5)
    _, info = page(shop, first=2)
    _, info = page(shop, first=2, after=info["endCursor"])
    assert info["hasNextPage"] is True
    assert decode(info["endCursor"]).depth == 4


def test_variants_of_a_product_in_pages() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S", "M", "L"))
    document = """query($id: ID!, $after: String) { product(id: $id) {
      variants(first: 2, after: $after) { nodes { title position } pageInfo { hasNextPage endCursor } } } }"""
    one = shop.data(document, {"id": gid("Product", made.id)})["product"]["variants"]
    assert one["nodes"] == [{"title": "S", "position": 1}, {"title": "M", "position": 2}]
    two = shop.data(document, {"id": gid("Product", made.id), "after": one["pageInfo"]["endCursor"]})
    assert two["product"]["variants"]["nodes"] == [{"title": "L", "position": 3}]


def test_counts_are_exact_up_to_25000_and_to_their_limit() -> None:
    shop = stocked(3)
    document = "query($limit: Int) { productsCount(limit: $limit) { count precision } }"
    assert shop.data(document, {"limit": 10})["productsCount"] == {"count": 3, "precision": "EXACT"}
    assert shop.data(document, {"limit": 2})["productsCount"] == {"count": 2, "precision": "AT_LEAST"}


@pytest.mark.parametrize(
    ("found", "limit", "expected"),
    [
        (25_000, None, (25_000, "EXACT")),
        (25_001, None, (25_001, "AT_LEAST")),
        (90_000, None, (25_001, "AT_LEAST")),
        (90_000, 10_000, (10_000, "AT_LEAST")),
        (10_000, 10_000, (10_000, "EXACT")),
    ],
)
def test_where_counts_end(found: int, limit: int | None, expected: tuple[int, str]) -> None:
    told = count(found, limit)
    assert (told["count"], told["precision"]) == expected
