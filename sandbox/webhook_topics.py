"""The topics that are simulated, and the access scopes that each demands."""

from collections.abc import Collection

_PRODUCTS = frozenset({"read_products"})
_INVENTORY = frozenset({"read_inventory"})
_ITEMS = frozenset({"read_inventory", "read_products"})
_LOCATIONS = frozenset({"read_locations"})
_NONE: frozenset[str] = frozenset()

SCOPES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("products/create", "products/update", "products/delete"), _PRODUCTS),
    **dict.fromkeys(
        ("inventory_levels/connect", "inventory_levels/update", "inventory_levels/disconnect"), _INVENTORY
    ),
    **dict.fromkeys(("inventory_items/create", "inventory_items/update", "inventory_items/delete"), _ITEMS),
    **dict.fromkeys(
        (
            "locations/create",
            "locations/update",
            "locations/delete",
            "locations/activate",
            "locations/deactivate",
        ),
        _LOCATIONS,
    ),
    "shop/update": _NONE,
    "app/uninstalled": _NONE,
    "app/scopes_update": _NONE,
    "app_subscriptions/update": _NONE,
    "bulk_operations/finish": _NONE,
}
"""By topic: any one of the scopes will do (WebhookSubscriptionTopic in the schema says which)."""

COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")
"""Only from the app's configuration file, under compliance_topics."""

AFTER_UNINSTALLING = ("app/uninstalled", "shop/redact")
"""Told to an app that is gone."""


def allowed(topic: str, granted: Collection[str]) -> bool:
    """Whether an app with these scopes may hear of the topic; write_x includes read_x."""
    wanted = SCOPES.get(topic, _NONE)
    return not wanted or any(scope in granted or f"write_{scope[5:]}" in granted for scope in wanted)


def enumerated(topic: str) -> str:
    """The topic as WebhookSubscriptionTopic names it: PRODUCTS_UPDATE."""
    return topic.upper().replace("/", "_")


BY_ENUM = {enumerated(topic): topic for topic in SCOPES}
