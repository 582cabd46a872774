"""A subscription as Shopify tells of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.billing.plans import Price


class SubscriptionStatus(StrEnum):
    """As Shopify names them; the last four never become anything else, FROZEN only until payments resume."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    FROZEN = "FROZEN"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Subscription:
    """`price` is None where it is charged by use, or in a way that is not known."""

    gid: str
    name: str
    status: SubscriptionStatus
    price: Price | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BillingRead:
    """What Shopify says: the subscriptions that are charged now, and those that were asked for by id, None
    where there is none. `test_only`: a shop under development, which can pay for tests alone."""

    active: tuple[Subscription, ...]
    known: Mapping[str, Subscription | None]
    test_only: bool = False
