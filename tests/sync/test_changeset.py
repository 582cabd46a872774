import json
from decimal import Decimal
from hashlib import blake2b

import pytest
from hypothesis import given, settings

from backend.sync.catalog import Product, ProductId, VariantId
from backend.sync.catalog_json import dump_product, load_product
from backend.sync.changeset import Action, Change, Changeset, ChecksumBuilder
from backend.sync.fields import Field, Lane
from backend.sync.fingerprint import Json, value_hash
from backend.sync.link import Ref, agreed_hashes, agreement
from backend.sync.origin import origin_value
from backend.sync.values import money_text
from tests.sync.states import LOCATIONS, products


def change(lane: Lane, product: str, field: Field, variant: str = "", action: Action = Action.SET) -> Change:
    return Change(lane, action, field, product=ProductId(product), variant=VariantId(variant), after=1)


ORDERED = [
    change(Lane.STOCK, "a", Field.TRACKED, "v"),
    change(Lane.STOCK, "a", Field.STOCK, "v"),
    change(Lane.STOCK, "b", Field.STOCK, "v"),
    change(Lane.PRICE, "a", Field.PRICE, "v"),
    change(Lane.PRICE, "a", Field.COMPARE_AT_PRICE, "v"),
    change(Lane.DETAILS, "a", Field.OPTIONS, action=Action.RESTRUCTURE),
    change(Lane.DETAILS, "a", Field.TITLE),
    change(Lane.DETAILS, "a", Field.SKU, "v"),
]


def test_order_and_counts() -> None:
    found = Changeset.of(reversed(ORDERED))
    assert list(found) == ORDERED
    assert found.counts() == {
        "RESTRUCTURE": 1,
        "SET.COMPARE_AT_PRICE": 1,
        "SET.PRICE": 1,
        "SET.SKU": 1,
        "SET.STOCK": 2,
        "SET.TITLE": 1,
        "SET.TRACKED": 1,
    }


def test_round_trip() -> None:
    found = Changeset.of(ORDERED)
    assert Changeset.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_checksum_tells_sets_apart() -> None:
    whole = Changeset.of(ORDERED).checksum()
    assert Changeset.of(ORDERED[1:]).checksum() != whole
    assert Changeset.of([*ORDERED, ORDERED[0]]).checksum() != whole
    assert ChecksumBuilder().checksum == Changeset().checksum()
    assert len(whole) == 32


def test_ref_names_the_dependents_value_or_what_main_has_alone() -> None:
    linked = Change(
        Lane.PRICE,
        Action.SET,
        Field.PRICE,
        main_product=ProductId("m"),
        main_variant=VariantId("mv"),
        product=ProductId("p"),
        variant=VariantId("v"),
    )
    assert linked.ref == Ref("v", "PRICE")
    new = Change(
        Lane.DETAILS,
        Action.CREATE_VARIANT,
        Field.VARIANT,
        main_product=ProductId("m"),
        main_variant=VariantId("mv"),
        product=ProductId("p"),
    )
    assert new.ref == Ref("mv", "VARIANT")
    created = Change(Lane.DETAILS, Action.CREATE_PRODUCT, Field.PRODUCT, main_product=ProductId("m"))
    assert created.ref == Ref("m", "PRODUCT")


def test_hash_is_of_the_json_value() -> None:
    assert value_hash({"a": 1, "b": 2}) == value_hash({"b": 2, "a": 1})
    assert value_hash(("a", "b")) == value_hash(["a", "b"])
    values: list[Json] = [None, True, 1, "1", "", 0, False, [], {}, "null"]
    assert len({value_hash(value) for value in values}) == 10
    assert value_hash("DENY") == blake2b(b'"DENY"', digest_size=8).hexdigest()


@pytest.mark.parametrize(("mine", "theirs"), [("a", "a"), ("a", "b")])
def test_agreement(mine: str, theirs: str) -> None:
    assert agreed_hashes(agreement(mine, theirs)) == (mine, theirs)


@pytest.mark.parametrize(
    ("amount", "text"),
    [("19.9", "19.90"), ("19.9000", "19.90"), ("1E+3", "1000.00"), ("0", "0.00"), ("0.335", "0.335")],
)
def test_money_has_one_text(amount: str, text: str) -> None:
    assert money_text(Decimal(amount)) == text


def test_origin() -> None:
    assert origin_value("m.myshopify.com", ProductId("gid://shopify/Product/12")) == "m.myshopify.com/12"


@settings(max_examples=30, deadline=None)
@given(products("", LOCATIONS))
def test_catalogue_round_trip(product: Product) -> None:
    assert load_product(json.loads(json.dumps(dump_product(product)))) == product
