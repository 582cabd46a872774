"""What is counted and where: inventory items and their levels."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.store.location import Location

if TYPE_CHECKING:
    from sandbox.store.product import Variant

ON_HAND_PARTS = ("available", "committed", "reserved", "damaged", "safety_stock", "quality_control")
STATES = (*ON_HAND_PARTS, "incoming")


@dataclass(slots=True, eq=False)
class InventoryLevel:
    """Stock of one item at one location. on_hand is the sum of the states that stand in ON_HAND_PARTS."""

    item: "InventoryItem"
    location: Location
    created_at: datetime
    updated_at: datetime
    is_active: bool = True
    available: int = 0
    committed: int = 0
    reserved: int = 0
    damaged: int = 0
    safety_stock: int = 0
    quality_control: int = 0
    incoming: int = 0

    @property
    def on_hand(self) -> int:
        return (
            self.available
            + self.committed
            + self.reserved
            + self.damaged
            + self.safety_stock
            + self.quality_control
        )

    def quantity(self, name: str) -> int:
        """The quantity of a state or of ``on_hand``. KeyError for a name that Shopify does not know."""
        if name != "on_hand" and name not in STATES:
            raise KeyError(name)
        quantity: int = getattr(self, name)
        return quantity


@dataclass(slots=True, eq=False)
class InventoryItem:
    id: int
    created_at: datetime
    updated_at: datetime
    variant: "Variant" = field(init=False, repr=False)
    sku: str | None = None
    tracked: bool = False
    requires_shipping: bool = True
    cost: Decimal | None = None
    weight: Decimal = Decimal(0)
    weight_unit: str = "KILOGRAMS"
    harmonized_system_code: str | None = None
    country_code_of_origin: str | None = None
    province_code_of_origin: str | None = None
    levels: dict[int, InventoryLevel] = field(default_factory=dict)
    """By location, inactive ones included."""

    @property
    def available(self) -> int:
        """The sum over active levels at active locations: what Shopify calls the variant's inventory
        quantity.
        """
        return sum(
            level.available for level in self.levels.values() if level.is_active and level.location.is_active
        )
