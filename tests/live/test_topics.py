"""Each topic's payload, as Shopify documents it, to what is looked at."""

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.live.topics import TOPICS, Level, MalformedError, Subject, subjects
from backend.models.live import SubjectKind

BIG = 788032119674292922
"""An id of Shopify's documentation: a float would end in …900."""

PRODUCT = (Subject(SubjectKind.PRODUCT, f"gid://shopify/Product/{BIG}"),)
ITEM = (Subject(SubjectKind.PRODUCT, f"gid://shopify/InventoryItem/{BIG}"),)
STOCK = (Subject(SubjectKind.STOCK, f"gid://shopify/InventoryItem/{BIG}"),)
FACTS = (Subject(SubjectKind.FACTS),)

DOCUMENTED: dict[str, tuple[dict[str, Any], tuple[Subject, ...]]] = {
    "products/create": ({"id": BIG, "title": "Tea", "variants": []}, PRODUCT),
    "products/update": ({"id": BIG, "admin_graphql_api_id": f"gid://shopify/Product/{BIG}"}, PRODUCT),
    "products/delete": ({"id": BIG}, PRODUCT),
    "inventory_levels/update": (
        {"inventory_item_id": BIG, "location_id": 24826418, "available": None},
        STOCK,
    ),
    "inventory_levels/connect": ({"inventory_item_id": BIG, "location_id": 24826418, "available": 0}, STOCK),
    "inventory_levels/disconnect": ({"inventory_item_id": BIG, "location_id": 24826418}, STOCK),
    "inventory_items/update": ({"id": BIG, "cost": "4.00"}, ITEM),
    "locations/create": ({"id": BIG, "name": "Hub"}, FACTS),
    "locations/update": ({"id": BIG, "name": "Hub"}, FACTS),
    "locations/activate": ({"id": BIG, "active": True}, FACTS),
    "locations/deactivate": ({"id": BIG, "active": False}, FACTS),
    "locations/delete": ({"id": BIG}, FACTS),
    "shop/update": ({"id": BIG, "currency": "EUR"}, FACTS),
    "app/scopes_update": ({"id": BIG, "previous": [], "current": ["write_files"]}, FACTS),
    "app/uninstalled": ({"id": BIG, "domain": None}, (Subject(SubjectKind.GONE_APP),)),
    "bulk_operations/finish": (
        {"admin_graphql_api_id": "gid://shopify/BulkOperation/147595010", "status": "completed"},
        (Subject(SubjectKind.OPERATION, "gid://shopify/BulkOperation/147595010"),),
    ),
    "app_subscriptions/update": (
        {"app_subscription": {"status": "ACTIVE"}},
        (Subject(SubjectKind.PLAN),),
    ),
    "shop/redact": ({"shop_id": BIG, "shop_domain": "m"}, (Subject(SubjectKind.REDACT),)),
    "customers/data_request": ({"shop_id": BIG, "customer": {"id": 1}}, ()),
    "customers/redact": ({"shop_id": BIG, "customer": {"id": 1}}, ()),
}


@pytest.mark.parametrize("topic", sorted(DOCUMENTED))
def test_a_documented_payload_says_what_to_look_at(topic: str) -> None:
    payload, expected = DOCUMENTED[topic]
    assert subjects(topic, orjson.dumps(payload)) == expected


def test_every_topic_is_covered_here() -> None:
    assert DOCUMENTED.keys() == TOPICS


@pytest.mark.parametrize("available", [0, 7, -3, 2**63 - 1])
def test_a_level_tells_the_number_that_may_be_an_echo(available: int) -> None:
    body = orjson.dumps({"inventory_item_id": BIG, "location_id": 24826418, "available": available})
    level = Level("gid://shopify/Location/24826418", available)
    assert subjects("inventory_levels/update", body) == (
        Subject(SubjectKind.STOCK, f"gid://shopify/InventoryItem/{BIG}", level),
    )


@pytest.mark.parametrize("available", [True, "7", 7.5, 2**63, [], {}])
def test_a_number_that_is_none_leaves_the_item_to_be_read(available: Any) -> None:
    body = orjson.dumps({"inventory_item_id": BIG, "location_id": 24826418, "available": available})
    assert subjects("inventory_levels/update", body) == STOCK


def test_a_topic_nobody_asked_for_concerns_nothing() -> None:
    assert subjects("orders/create", b"not even JSON") == ()
    assert subjects("", b"") == ()


@pytest.mark.parametrize(
    "topic, body",
    [
        ("products/update", b""),
        ("products/update", b"not JSON"),
        ("products/update", b'{"id": 1'),
        ("products/update", b"[]"),
        ("products/update", b"7"),
        ("products/update", b"{}"),
        ("products/update", b'{"id": null}'),
        ("products/update", b'{"id": true}'),
        ("products/update", b'{"id": 0}'),
        ("products/update", b'{"id": -4}'),
        ("products/update", b'{"id": "7880"}'),
        ("products/update", b'{"id": 7880.0}'),
        # Beyond 64 bits, where a reader of JSON falls back to floats.
        ("products/update", b'{"id": 99999999999999999999999}'),
        ("inventory_items/update", b'{"inventory_item_id": 5}'),
        ("inventory_levels/update", b'{"id": 5}'),
        ("inventory_levels/update", b'{"inventory_item_id": 5, "available": 3}'),
        ("inventory_levels/connect", b'{"location_id": 5}'),
        ("bulk_operations/finish", b'{"id": 5}'),
        ("bulk_operations/finish", b'{"admin_graphql_api_id": "gid://shopify/Product/5"}'),
        ("bulk_operations/finish", b'{"admin_graphql_api_id": "gid://shopify/BulkOperation/"}'),
        ("bulk_operations/finish", b'{"admin_graphql_api_id": "gid://shopify/BulkOperation/5\\u0000"}'),
        ("bulk_operations/finish", b'{"admin_graphql_api_id": "gid://shopify/BulkOperation/\xc2\xb2"}'),
        ("bulk_operations/finish", b'{"admin_graphql_api_id": 5}'),
    ],
)
def test_a_payload_of_another_shape_is_malformed(topic: str, body: bytes) -> None:
    with pytest.raises(MalformedError):
        subjects(topic, body)


def test_the_message_does_not_repeat_the_payload() -> None:
    with pytest.raises(MalformedError) as caught:
        subjects("products/update", b'{"id": "somebody@example.com"}')
    assert str(caught.value) == "id is not an id"
    assert caught.value.__context__ is None or "somebody" not in str(caught.value.__context__)


@pytest.mark.parametrize("topic", ["shop/update", "app/uninstalled", "shop/redact", "locations/delete"])
def test_what_says_enough_by_having_come_needs_no_payload(topic: str) -> None:
    assert subjects(topic, b"\x00garbage") == DOCUMENTED[topic][1]


_JSON = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text()
_KEYS = st.sampled_from(["id", "inventory_item_id", "location_id", "available", "admin_graphql_api_id"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(TOPICS)), st.binary() | st.dictionaries(_KEYS, _JSON).map(orjson.dumps))
def test_whatever_comes_is_understood_or_malformed(topic: str, body: bytes) -> None:
    try:
        found = subjects(topic, body)
    except MalformedError:
        return
    for each in found:
        assert len(each.gid) <= 128
        assert "\x00" not in each.gid
        assert each.gid == "" or each.gid.rsplit("/", 1)[1].isdecimal()
