"""What one atomic change touched: time stamps that move together, events that go out once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.ids import Gid, gid, level_gid, parse_gid

if TYPE_CHECKING:
    from sandbox.store.inventory import InventoryItem, InventoryLevel
    from sandbox.store.location import Location
    from sandbox.store.media import File
    from sandbox.store.product import Product, Variant
    from sandbox.store.shop import Shop


@dataclass(frozen=True, slots=True)
class Event:
    """topic is that of the webhook, for example ``products/update``."""

    topic: str
    subject: Gid
    time: datetime
    client_id: str | None = None
    """The only app that it concerns; None for all."""
    details: Mapping[str, Any] | None = None
    """What it tells beyond the state of its subject."""


class Change:
    __slots__ = (
        "_events",
        "_files",
        "_items",
        "_levels",
        "_locations",
        "_products",
        "_quiet",
        "_shop",
        "_shop_changed",
        "_variants",
        "now",
    )

    def __init__(self, shop: "Shop") -> None:
        self._shop = shop
        self.now = shop.now()
        self._products: dict[int, Product] = {}
        self._variants: dict[int, Variant] = {}
        self._items: dict[int, InventoryItem] = {}
        self._levels: dict[tuple[int, int], InventoryLevel] = {}
        self._locations: dict[int, Location] = {}
        self._files: dict[int, File] = {}
        self._shop_changed = False
        self._quiet = False
        self._events: dict[tuple[str, Gid], Event] = {}

    @property
    def products(self) -> set[int]:
        """Numbers of those that it concerns, whether or not they are still there."""
        shown = {number for file in self._files.values() for number in file.products}
        deleted = (subject for topic, subject in self._events if topic == "products/delete")
        gone = {number for each in deleted if (number := parse_gid(each, "Product")) is not None}
        return {*self._products, *shown, *gone}

    def keep_quiet(self) -> None:
        """Let nobody hear of this change: it makes what has long been there."""
        self._quiet = True

    def touch_product(self, product: "Product") -> None:
        self._products[product.id] = product

    def touch_variant(self, variant: "Variant") -> None:
        """A variant's change is its product's change too."""
        self._variants[variant.id] = variant
        self._products[variant.product.id] = variant.product

    def touch_item(self, item: "InventoryItem") -> None:
        self._items[item.id] = item
        self._products[item.variant.product.id] = item.variant.product

    def touch_level(self, level: "InventoryLevel") -> None:
        """Stock moves the product's time stamp, as the products/update webhooks of a real shop show."""
        self._levels[level.location.id, level.item.id] = level
        self._products[level.item.variant.product.id] = level.item.variant.product

    def touch_location(self, location: "Location") -> None:
        self._locations[location.id] = location

    def touch_shop(self) -> None:
        """The shop's own settings: name, currency, language and the like."""
        self._shop_changed = True

    def touch_file(self, file: "File") -> None:
        self._files[file.id] = file

    def event(
        self,
        topic: str,
        subject: Gid,
        *,
        client_id: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Something other than a change of what is there: a creation, a deletion, a (dis)connection.

        client_id and details as in Event.
        """
        self._events[topic, subject] = Event(topic, subject, self.now, client_id, details)

    def close(self) -> None:
        shop, now = self._shop, self.now
        for product in self._products.values():
            if product.id in shop.products:
                product.updated_at = now
                shop.products.touched(product)
                subject = gid("Product", product.id)
                if ("products/create", subject) not in self._events:
                    self.event("products/update", subject)
        for variant in self._variants.values():
            if variant.id in shop.variants:
                variant.updated_at = now
                shop.variants.touched(variant)
        for item in self._items.values():
            if item.id in shop.items:
                item.updated_at = now
                shop.items.touched(item)
                subject = gid("InventoryItem", item.id)
                if ("inventory_items/create", subject) not in self._events:
                    self.event("inventory_items/update", subject)
        for (location, item_id), level in self._levels.items():
            if item_id in shop.items:
                level.updated_at = now
                self.event("inventory_levels/update", level_gid(location, item_id))
        for place in self._locations.values():
            if place.id in shop.locations:
                place.updated_at = now
                shop.locations.touched(place)
                self.event("locations/update", gid("Location", place.id))
        for file in self._files.values():
            if file.id in shop.files:
                file.updated_at = now
                shop.files.touched(file)
        if self._shop_changed:
            shop.updated_at = now
            self.event("shop/update", gid("Shop", shop.id))
        shop.revision += 1
        if self._quiet:
            return
        for event in self._events.values():
            for listener in shop.listeners:
                listener(event)
