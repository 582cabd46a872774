"""Places that hold stock."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.store.inventory import InventoryLevel
    from sandbox.store.metafield import Metafield


@dataclass(slots=True)
class Address:
    address1: str = ""
    address2: str = ""
    city: str = ""
    zip: str = ""
    province: str = ""
    province_code: str = ""
    country: str = ""
    country_code: str = ""
    phone: str = ""


@dataclass(slots=True, eq=False)
class Location:
    id: int
    name: str
    created_at: datetime
    updated_at: datetime
    address: Address = field(default_factory=Address)
    is_active: bool = True
    fulfills_online_orders: bool = True
    ships_inventory: bool = True
    fulfillment_service: str | None = None
    """The handle of the fulfilment service that owns it: what Shopify calls a legacy location."""
    deactivated_at: datetime | None = None
    levels: "dict[int, InventoryLevel]" = field(default_factory=dict)
    """By inventory item."""
    metafields: "dict[tuple[str, str], Metafield]" = field(default_factory=dict)
