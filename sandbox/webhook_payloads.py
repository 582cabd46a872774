"""The bodies of webhooks, shaped like the REST resources that Shopify sends.

Field names, their order and their types as in shopify.dev's webhooks reference for 2026-10. Ids are JSON
integers, beyond 2**53 too; times carry the offset of the shop's time zone.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.ids import gid, level_gid, parse_level_gid, split_gid
from sandbox.store.change import Event
from sandbox.store.inventory import InventoryItem
from sandbox.store.location import Location
from sandbox.store.operation import BulkOperation
from sandbox.store.shop import Shop
from sandbox.webhook_product import product_payload
from sandbox.webhook_shop import shop_payload
from sandbox.webhook_values import WEIGHT_UNITS, local, milliseconds

Payload = dict[str, Any]


def payload_of(shop: Shop, event: Event) -> Payload:
    """The body for an event, as things stand now. What is gone already is told by its id alone."""
    if event.details is not None:
        return dict(event.details)
    parsed = split_gid(event.subject)
    number = 0 if parsed is None else parsed[1]
    resource, _, happening = event.topic.partition("/")
    match resource:
        case "products" if happening != "delete" and (product := shop.products.get(number)) is not None:
            return product_payload(shop, product)
        case "inventory_levels":
            return _level(shop, event, connected=happening != "disconnect")
        case "inventory_items":
            item = shop.items.get(number)
            return _item(shop, item) if happening != "delete" and item is not None else _gone_item(number)
        case "locations" if happening != "delete" and (location := shop.locations.get(number)) is not None:
            return _location(shop, location)
        case "shop" | "app":
            return shop_payload(shop)
        case "bulk_operations":
            return _bulk_operation(shop, shop.bulk_operations[number])
        case _:
            return {"id": number}


def selected(payload: Payload, fields: Iterable[str]) -> Payload:
    """The payload with nothing but these fields, nested ones written `variants.price`; all of it without
    any.
    """
    wanted: dict[str, Any] = {}
    for path in fields:
        branch = wanted
        for part in path.split("."):
            branch = branch.setdefault(part, {})
    return _pruned(payload, wanted) if wanted else payload


def _pruned(value: Any, wanted: dict[str, Any]) -> Any:
    if not wanted:
        return value
    if isinstance(value, list):
        return [_pruned(each, wanted) for each in value]
    if isinstance(value, dict):
        return {name: _pruned(inner, wanted[name]) for name, inner in value.items() if name in wanted}
    return value


def shop_redact(shop: Shop) -> Payload:
    return {"shop_id": shop.id, "shop_domain": shop.domain}


def customers_redact(shop: Shop, customer: int, email: str, orders: list[int]) -> Payload:
    return {
        **shop_redact(shop),
        "customer": {"id": customer, "email": email, "phone": None},
        "orders_to_redact": orders,
    }


def customers_data_request(shop: Shop, request: int, customer: int, email: str, orders: list[int]) -> Payload:
    return {
        **shop_redact(shop),
        "orders_requested": orders,
        "customer": {"id": customer, "email": email, "phone": None},
        "data_request": {"id": request},
    }


def scopes_update(
    shop: Shop, app: int, previous: Iterable[str], current: Iterable[str], now: datetime
) -> Payload:
    return {
        "id": app,
        "shop_id": gid("Shop", shop.id),
        "previous": sorted(previous),
        "current": sorted(current),
        "updated_at": milliseconds(now),
    }


def app_subscription(
    shop: Shop,
    number: int,
    *,
    name: str,
    status: str,
    plan_handle: str | None,
    created_at: datetime,
    updated_at: datetime,
    price: Decimal | None = None,
    capped_amount: Decimal | None = None,
    currency: str = "USD",
    interval: str = "every_30_days",
) -> Payload:
    """status as AppSubscriptionStatus spells it, for example ACTIVE."""
    return {
        "app_subscription": {
            "admin_graphql_api_id": gid("AppSubscription", number),
            "name": name,
            "status": status,
            "admin_graphql_api_shop_id": gid("Shop", shop.id),
            "created_at": local(shop, created_at),
            "updated_at": local(shop, updated_at),
            "currency": currency,
            "capped_amount": None if capped_amount is None else f"{capped_amount:.1f}",
            "price": None if price is None else f"{price:.2f}",
            "interval": interval,
            "plan_handle": plan_handle,
        }
    }


def _level(shop: Shop, event: Event, *, connected: bool) -> Payload:
    """available is null for an item whose stock is not tracked."""
    parsed = parse_level_gid(event.subject)
    if parsed is None:
        raise ValueError(f"{event.subject} is no inventory level")
    location, number = parsed
    item = shop.items.get(number)
    level = None if item is None else item.levels.get(location)
    if not connected or item is None or level is None:
        return {"inventory_item_id": number, "location_id": location}
    return {
        "inventory_item_id": number,
        "location_id": location,
        "available": level.available if item.tracked else None,
        "updated_at": local(shop, level.updated_at),
        "admin_graphql_api_id": level_gid(location, number),
    }


def _item(shop: Shop, item: InventoryItem) -> Payload:
    return {
        "id": item.id,
        "sku": item.sku,
        "created_at": local(shop, item.created_at),
        "updated_at": local(shop, item.updated_at),
        "requires_shipping": item.requires_shipping,
        "cost": None if item.cost is None else f"{item.cost:.2f}",
        "country_code_of_origin": item.country_code_of_origin,
        "province_code_of_origin": item.province_code_of_origin,
        "harmonized_system_code": item.harmonized_system_code,
        "tracked": item.tracked,
        "country_harmonized_system_codes": [],
        "weight_value": float(item.weight),
        "weight_unit": WEIGHT_UNITS[item.weight_unit],
        "admin_graphql_api_id": gid("InventoryItem", item.id),
    }


def _gone_item(number: int) -> Payload:
    return {
        "id": number,
        "country_code_of_origin": None,
        "province_code_of_origin": None,
        "harmonized_system_code": None,
        "country_harmonized_system_codes": [],
        "admin_graphql_api_id": gid("InventoryItem", number),
    }


def _location(shop: Shop, location: Location) -> Payload:
    place = location.address
    return {
        "id": location.id,
        "name": location.name,
        "address1": place.address1 or None,
        "address2": place.address2 or None,
        "city": place.city or None,
        "zip": place.zip or None,
        "province": place.province or None,
        "country": place.country_code,
        "phone": place.phone or None,
        "created_at": local(shop, location.created_at),
        "updated_at": local(shop, location.updated_at),
        "country_code": place.country_code,
        "country_name": place.country,
        "province_code": place.province_code or None,
        "legacy": location.fulfillment_service is not None,
        "active": location.is_active,
        "admin_graphql_api_id": gid("Location", location.id),
    }


def _bulk_operation(shop: Shop, operation: BulkOperation) -> Payload:
    """Status, type and error code stand in lower case here, other than in the API."""
    ended = operation.completed_at
    return {
        "admin_graphql_api_id": gid("BulkOperation", operation.id),
        "completed_at": None if ended is None else local(shop, ended),
        "created_at": local(shop, operation.created_at),
        "error_code": None if operation.error_code is None else operation.error_code.lower(),
        "status": operation.status.lower(),
        "type": operation.type.lower(),
    }
