"""What deciding about a shop's plan needs."""

from dataclasses import dataclass

from backend.billing.limits import ProductLimit
from backend.billing.plans import Plans
from backend.clock import Clock


@dataclass(frozen=True, slots=True)
class Desk:
    plans: Plans
    limit: ProductLimit
    clock: Clock
