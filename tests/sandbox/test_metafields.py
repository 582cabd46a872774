"""metafieldsSet, metafieldsDelete, definitions and reading."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

import json
from typing import Any

import pytest

from sandbox.ids import gid
from tests.sandbox.caller import Caller, caller, errors_of, product, product_id, variant_ids

SET = """mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) {
  metafields { id namespace key type value compareDigest jsonValue ownerType } userErrors { code field message elementIndex } } }"""
DELETE = """mutation($m: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $m) {
  deletedMetafields { ownerId namespace key } userErrors { field message } } }"""
DEFINE = """mutation($d: MetafieldDefinitionInput!) { metafieldDefinitionCreate(definition: $d) {
  createdDefinition { id name namespace key ownerType type { name } validations { name value } } userErrors { code field message } } }"""


def field(owner: str, value: str = "30", **given: Any) -> dict[str, Any]:
    return {
        "ownerId": owner,
        "namespace": "care",
        "key": "wash",
        "type": "number_integer",
        "value": value,
        **given,
    }


def test_set_change_and_set_the_same() -> None:
    shop = caller()
    made = product(shop.shop)
    (one,) = shop.mutate(SET, {"m": [field(product_id(made))]})["metafields"]
    assert (one["namespace"], one["key"], one["type"], one["value"], one["jsonValue"], one["ownerType"]) == (
        "care",
        "wash",
        "number_integer",
        "30",
        30,
        "PRODUCT",
    )
    shop.wait(60)
    stamp = made.updated_at
    (same,) = shop.mutate(SET, {"m": [field(product_id(made))]})["metafields"]
    assert same == one
    assert made.updated_at == stamp
    (other,) = shop.mutate(SET, {"m": [field(product_id(made), "40")]})["metafields"]
    assert (other["id"], other["value"]) == (one["id"], "40")
    assert other["compareDigest"] != one["compareDigest"]
    assert made.updated_at > stamp


def test_compare_and_set() -> None:
    shop = caller()
    owner = product_id(product(shop.shop))
    (first,) = shop.mutate(SET, {"m": [field(owner, compareDigest=None)]})["metafields"]
    stale = (
        "STALE_OBJECT",
        "metafields/0",
        "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.",
    )
    assert errors_of(shop.refused(SET, {"m": [field(owner, "1", compareDigest=None)]})) == [stale]
    shop.mutate(SET, {"m": [field(owner, "2", compareDigest=first["compareDigest"])]})
    assert errors_of(shop.refused(SET, {"m": [field(owner, "3", compareDigest=first["compareDigest"])]})) == [
        stale
    ]
    assert errors_of(shop.refused(SET, {"m": [field(owner, "3", compareDigest="x")]})) == [
        ("INVALID_COMPARE_DIGEST", "metafields/0", "Invalid `compareDigest` value.")
    ]
    shop.mutate(SET, {"m": [field(owner, "4")]})


def test_one_bad_metafield_stops_all() -> None:
    shop = caller()
    made = product(shop.shop)
    payload = shop.refused(SET, {"m": [field(product_id(made)), field(product_id(made), "hot", key="iron")]})
    assert payload == {
        "metafields": None,
        "userErrors": [
            {
                "code": "INVALID_VALUE",
                "field": ["metafields", "1", "value"],
                "message": "Value must be an integer.",
                "elementIndex": 1,
            }
        ],
    }
    assert made.metafields == {}


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("number_integer", "1.5", "Value must be an integer."),
        ("number_integer", "10000000000000", "Value can't exceed 9999999999999."),
        ("number_decimal", "1000000000000000001", "Value must be within +/-1000000000000000000."),
        ("boolean", "yes", "Value must be true or false."),
        ("color", "red", "Value must be a hex color code."),
        ("date", "1.2.2026", "Value must be in YYYY-MM-DD format."),
        (
            "date_time",
            "2026-01-01",
            "Value must be in “YYYY-MM-DDTHH:MM:SS” format. For example: 2022-06-01T15:30:00",
        ),
        (
            "url",
            "example.com",
            'Value cannot have an empty scheme (protocol), must include one of the following URL schemes: ["http", "https", "mailto", "sms", "tel"].\'',
        ),
        (
            "url",
            "ftp://a.test",
            "Value must be one of the following URL schemes: http, https, mailto, sms, tel.",
        ),
        ("single_line_text_field", "a\nb", "Value must be a single line text string."),
        ("single_line_text_field", "", "Value can't be blank."),
        ("link", "{}", "Value must be a valid link."),
        ("money", '{"amount": "1"}', "Value must have a currency code."),
        ("money", '{"amount": "x", "currency_code": "EUR"}', "Value must have a numeric amount."),
        ("money", '{"amount": "1", "currency_code": "ZZZ"}', "Value contains an invalid currency, ZZZ."),
        ("weight", '{"value": 1, "unit": "stone"}', "Value must be a supported unit."),
        ("weight", '{"value": -1, "unit": "kg"}', "Value must be a non-negative number."),
        (
            "product_reference",
            "gid://shopify/Product/5",
            "Value references non-existent resource gid://shopify/Product/5.",
        ),
        ("list.single_line_text_field", json.dumps(["x"] * 129), "Value has more than 128 elements."),
        ("list.number_integer", "[1, 1.5]", "Value must be an integer."),
        ("rating", "{}", "Value is not the correct format."),
    ],
)
def test_values_that_do_not_fit_their_type(kind: str, value: str, message: str) -> None:
    shop = caller()
    owner = product_id(product(shop.shop))
    payload = shop.refused(SET, {"m": [field(owner, value, type=kind)]})
    assert errors_of(payload) == [("INVALID_VALUE", "metafields/0/value", message)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number_integer", "-5"),
        ("number_decimal", "1.25"),
        ("boolean", "false"),
        ("color", "#A1b2C3"),
        ("date", "2026-02-28"),
        ("date_time", "2026-02-28T10:00:00Z"),
        ("url", "https://example.com/a"),
        ("json", '{"a": [1]}'),
        ("money", '{"amount": "1.00", "currency_code": "EUR"}'),
        ("weight", '{"value": 1.5, "unit": "kg"}'),
        ("list.single_line_text_field", '["a", "b"]'),
        ("multi_line_text_field", "a\nb"),
        ("rating", '{"value": "3", "scale_min": "1", "scale_max": "5"}'),
    ],
)
def test_values_that_do(kind: str, value: str) -> None:
    shop = caller()
    owner = product_id(product(shop.shop))
    (made,) = shop.mutate(SET, {"m": [field(owner, value, type=kind)]})["metafields"]
    assert made["value"] == value


@pytest.mark.parametrize(
    ("given", "code", "where", "message"),
    [
        ({"type": None}, "BLANK", "metafields/0/type", "Type can't be blank"),
        ({"key": "x"}, "TOO_SHORT", "metafields/0/key", "Key is too short (minimum is 2 characters)"),
        ({"key": "x" * 65}, "TOO_LONG", "metafields/0/key", "Key is too long (maximum is 64 characters)"),
        ({"namespace": "ab"}, "TOO_SHORT", "metafields/0/namespace", "Namespace is too short (minimum is 3 characters)"),
        ({"namespace": "x" * 256}, "TOO_LONG", "metafields/0/namespace", "Namespace is too long (maximum is 255 characters)"),
        ({"namespace": "protected"}, None, "metafields/0/namespace", "Namespace protected is a reserved namespace"),
        ({"ownerId": gid("Product", 1)}, "INVALID_VALUE", "metafields/0/ownerId", "Owner does not exist."),
        ({"namespace": "app--1"}, "APP_NOT_AUTHORIZED", "metafields/0", "ApiPermission metafields can only be created or updated by the app owner."),
    ],
)  # fmt: skip
def test_metafields_that_are_not_set(
    given: dict[str, Any], code: str | None, where: str, message: str
) -> None:
    shop = caller()
    owner = product_id(product(shop.shop))
    payload = shop.refused(SET, {"m": [{**field(owner), **given}]})
    assert errors_of(payload) == [(code, where, message)]


def test_at_most_25_at_once() -> None:
    shop = caller()
    owner = product_id(product(shop.shop))
    entries = [field(owner, key=f"key-{number}") for number in range(26)]
    assert errors_of(shop.refused(SET, {"m": entries})) == [
        ("LESS_THAN_OR_EQUAL_TO", "metafields", "Exceeded the maximum metafields input limit of 25.")
    ]
    assert len(shop.mutate(SET, {"m": entries[:25]})["metafields"]) == 25


def test_the_scope_is_that_of_the_owner() -> None:
    shop = caller(scopes=("write_inventory",))
    owner = product_id(product(shop.shop))
    error = shop.error(SET, {"m": [field(owner)]})
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert "`write_products`" in error["message"]


def test_an_apps_own_namespace() -> None:
    shop = caller()
    made = product(shop.shop)
    mine = f"app--{shop.call.app_id}"
    given = [
        {"ownerId": product_id(made), "key": "one", "type": "boolean", "value": "true"},
        {
            "ownerId": product_id(made),
            "namespace": "$app:sub",
            "key": "two",
            "type": "boolean",
            "value": "true",
        },
    ]
    assert [entry["namespace"] for entry in shop.mutate(SET, {"m": given})["metafields"]] == [
        mine,
        f"{mine}--sub",
    ]
    found = shop.data(
        """query($id: ID!) { product(id: $id) { a: metafield(key: "one") { value } b: metafield(namespace: "$app:sub", key: "two") { value }
          metafields(first: 5, namespace: "$app") { nodes { key } } } }""",
        {"id": product_id(made)},
    )["product"]
    assert found == {
        "a": {"value": "true"},
        "b": {"value": "true"},
        "metafields": {"nodes": [{"key": "one"}]},
    }


def test_deleting() -> None:
    shop = caller()
    made = product(shop.shop)
    shop.mutate(SET, {"m": [field(product_id(made)), field(variant_ids(made)[0])]})
    there = {"ownerId": product_id(made), "namespace": "care", "key": "wash"}
    payload = shop.mutate(DELETE, {"m": [there, {**there, "key": "absent"}]})
    assert payload["deletedMetafields"] == [there, None]
    assert made.metafields == {}
    assert len(made.variants[0].metafields) == 1


def definition(**given: Any) -> dict[str, Any]:
    return {
        "name": "Wash",
        "namespace": "care",
        "key": "wash",
        "type": "number_integer",
        "ownerType": "PRODUCT",
        **given,
    }


def test_a_definition_gives_type_and_limits() -> None:
    shop = caller()
    owner = product_id(product(shop.shop))
    made = shop.mutate(DEFINE, {"d": definition(validations=[{"name": "max", "value": "60"}])})[
        "createdDefinition"
    ]
    assert made["validations"] == [{"name": "max", "value": "60"}]
    shop.mutate(SET, {"m": [field(owner, type=None)]})
    assert errors_of(shop.refused(SET, {"m": [field(owner, "61")]})) == [
        ("INVALID_VALUE", "metafields/0/value", "Value has a maximum of 60.")
    ]
    assert (
        errors_of(shop.refused(SET, {"m": [field(owner, type="boolean", value="true")]}))[0][0]
        == "INVALID_TYPE"
    )
    found = shop.data(
        '{ metafieldDefinitions(first: 5, ownerType: PRODUCT, namespace: "care") { nodes { key metafieldsCount } } }'
    )
    assert found["metafieldDefinitions"]["nodes"] == [{"key": "wash", "metafieldsCount": 1}]


@pytest.mark.parametrize(
    ("given", "code", "where"),
    [
        ({"key": "x"}, "TOO_SHORT", "definition/key"),
        ({"key": "a b"}, "INVALID_CHARACTER", "definition/key"),
        ({"name": ""}, "BLANK", "definition/name"),
        ({"type": "colour"}, "INCLUSION", "definition/type"),
        ({"namespace": "shopify_standard"}, "RESERVED_NAMESPACE_KEY", "definition/namespace"),
        ({"key": "taken"}, "TAKEN", "definition/key"),
        ({"type": "id", "capabilities": {"uniqueValues": {"enabled": False}}}, "CAPABILITY_REQUIRED_BUT_DISABLED", "definition/capabilities"),
        ({"capabilities": {"uniqueValues": {"enabled": True}}, "type": "boolean"}, "INVALID_CAPABILITY", "definition/capabilities"),
    ],
)  # fmt: skip
def test_definitions_that_are_not_made(given: dict[str, Any], code: str, where: str) -> None:
    shop = caller()
    shop.mutate(DEFINE, {"d": definition(key="taken")})
    errors = errors_of(shop.refused(DEFINE, {"d": definition(**given)}))
    assert [error[:2] for error in errors] == [(code, where)]


def unique(shop: Caller) -> None:
    shop.mutate(DEFINE, {"d": definition(namespace="$app", key="twin", type="id", name="Twin")})


def test_unique_values_move_with_their_owners() -> None:
    shop = caller()
    unique(shop)
    one, two = product_id(product(shop.shop, "One")), product_id(product(shop.shop, "Two"))

    def twin(owner: str, value: str) -> dict[str, Any]:
        return {"ownerId": owner, "key": "twin", "value": value}

    shop.mutate(SET, {"m": [twin(one, "a")]})
    taken = ("CAPABILITY_VIOLATION", "metafields/0/value", "Value has already been taken.")
    assert errors_of(shop.refused(SET, {"m": [twin(two, "a")]})) == [taken]
    shop.mutate(SET, {"m": [twin(one, "b")]})
    shop.mutate(SET, {"m": [twin(two, "a")]})
    both = shop.refused(SET, {"m": [twin(one, "c"), twin(two, "c")]})
    assert [error[:2] for error in errors_of(both)] == [("CAPABILITY_VIOLATION", "metafields/1/value")]
    find = (
        'query($v: String!) { productByIdentifier(identifier: {customId: {key: "twin", value: $v}}) { id } }'
    )
    assert shop.data(find, {"v": "a"}) == {"productByIdentifier": {"id": two}}
    assert shop.data(find, {"v": "b"}) == {"productByIdentifier": {"id": one}}
    assert shop.data(find, {"v": "c"}) == {"productByIdentifier": None}


def test_a_reference_leads_to_its_product() -> None:
    shop = caller()
    made, other = product(shop.shop, "One"), product(shop.shop, "Two")
    given = field(product_id(made), product_id(other), type="product_reference")
    shop.mutate(SET, {"m": [given]})
    found = shop.data(
        'query($id: ID!) { product(id: $id) { metafield(namespace: "care", key: "wash") { reference { ... on Product { title } } owner { ... on Product { title } } } } }',
        {"id": product_id(made)},
    )
    assert found["product"]["metafield"] == {"reference": {"title": "Two"}, "owner": {"title": "One"}}
