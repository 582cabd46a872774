"""What an app charges a shop for: its subscriptions, as the merchant is asked to approve them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Recurring:
    price: Decimal
    currency: str
    interval: str
    """EVERY_30_DAYS or ANNUAL."""


@dataclass(frozen=True, slots=True)
class Usage:
    capped_amount: Decimal
    currency: str
    terms: str


@dataclass(slots=True, eq=False)
class AppSubscription:
    id: int
    client_id: str
    name: str
    return_url: str
    items: tuple[Recurring | Usage, ...]
    test: bool
    trial_days: int
    created_at: datetime
    updated_at: datetime
    status: str = "PENDING"
    """As AppSubscriptionStatus spells it."""
    activated_at: datetime | None = None

    @property
    def recurring(self) -> Recurring | None:
        return next((item for item in self.items if isinstance(item, Recurring)), None)

    @property
    def usage(self) -> Usage | None:
        return next((item for item in self.items if isinstance(item, Usage)), None)
