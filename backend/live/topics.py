"""What of a shop a webhook says to look at. Pure.

A payload is a hint: only ids are taken from it, and the number that tells the echo of an own write. What is
true is read from the shop.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import orjson

from backend.models.live import SubjectKind


@dataclass(frozen=True, slots=True)
class Level:
    """The available quantity at a location, as a delivery tells it."""

    location: str
    available: int


@dataclass(frozen=True, slots=True)
class Subject:
    """`gid` is "" where the kind says it all. A PRODUCT may be named by the gid of one of its inventory
    items. `level` is what the delivery says of the STOCK."""

    kind: SubjectKind
    gid: str = ""
    level: Level | None = None


class MalformedError(ValueError):
    """A payload that is not as Shopify documents it. Its text never repeats what stood there."""


_Reader: TypeAlias = Callable[[bytes], tuple[Subject, ...]]

# When a payload can't be read, everything that changed in the shop is asked for.
CHANGED = (Subject(SubjectKind.CHANGED),)
_MOST_AVAILABLE = 2**63 - 1


def subjects(topic: str, body: bytes) -> tuple[Subject, ...]:
    """What a delivery of `topic` concerns; nothing for a topic that nobody asked for. Raises MalformedError.

    Ids in payloads are JSON integers beyond 2**53 (shopify.dev, Webhooks reference).
    """
    reader = _READERS.get(topic)
    return () if reader is None else reader(body)


def _no_subject(_body: bytes) -> tuple[Subject, ...]:
    return ()


def _always(kind: SubjectKind) -> _Reader:
    """For topics that say enough by having come: their payload is not looked at."""
    found = (Subject(kind),)
    return lambda _body: found


def _product(body: bytes) -> tuple[Subject, ...]:
    return (Subject(SubjectKind.PRODUCT, _gid("Product", _payload(body), "id")),)


def _inventory_item(body: bytes) -> tuple[Subject, ...]:
    """Cost, tracking and customs data belong to the product whose variant has the item."""
    return (Subject(SubjectKind.PRODUCT, _gid("InventoryItem", _payload(body), "id")),)


def _stocked(body: bytes) -> tuple[Subject, ...]:
    return (Subject(SubjectKind.STOCK, _gid("InventoryItem", _payload(body), "inventory_item_id")),)


def _level(body: bytes) -> tuple[Subject, ...]:
    payload = _payload(body)
    item = _gid("InventoryItem", payload, "inventory_item_id")
    available = payload.get("available")
    level = None
    # Null where the item is not tracked.
    if type(available) is int and abs(available) <= _MOST_AVAILABLE:
        level = Level(_gid("Location", payload, "location_id"), available)
    return (Subject(SubjectKind.STOCK, item, level),)


def _operation(body: bytes) -> tuple[Subject, ...]:
    gid = _payload(body).get("admin_graphql_api_id")
    prefix = "gid://shopify/BulkOperation/"
    if not isinstance(gid, str) or not gid.startswith(prefix):
        raise MalformedError("admin_graphql_api_id is no bulk operation")
    number = gid.removeprefix(prefix)
    if not (number.isascii() and number.isdecimal() and len(number) <= 20):
        raise MalformedError("admin_graphql_api_id is no bulk operation")
    return (Subject(SubjectKind.OPERATION, gid),)


def _payload(body: bytes) -> Mapping[str, object]:
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise MalformedError("the payload is not JSON") from None
    if not isinstance(payload, dict):
        raise MalformedError("the payload is not an object")
    return payload


def _gid(type_name: str, payload: Mapping[str, object], key: str) -> str:
    number = payload.get(key)
    if type(number) is not int or number <= 0:
        raise MalformedError(f"{key} is not an id")
    return f"gid://shopify/{type_name}/{number}"


_FACTS = _always(SubjectKind.FACTS)

_READERS: Mapping[str, _Reader] = {
    "products/create": _product,
    "products/update": _product,
    "products/delete": _product,
    "inventory_levels/update": _level,
    "inventory_levels/connect": _stocked,
    "inventory_levels/disconnect": _stocked,
    # An item comes and goes with its variant, of which products/update tells.
    "inventory_items/update": _inventory_item,
    "locations/create": _FACTS,
    "locations/update": _FACTS,
    "locations/activate": _FACTS,
    "locations/deactivate": _FACTS,
    "locations/delete": _FACTS,
    "shop/update": _FACTS,
    "app/scopes_update": _FACTS,
    "app/uninstalled": _always(SubjectKind.GONE_APP),
    "bulk_operations/finish": _operation,
    "app_subscriptions/update": _always(SubjectKind.PLAN),
    "shop/redact": _always(SubjectKind.REDACT),
    # Nothing is kept of a shop's customers: there is nothing to tell and nothing to delete.
    "customers/data_request": _no_subject,
    "customers/redact": _no_subject,
}

TOPICS = frozenset(_READERS)
