"""The leaky bucket that limits an app's calls to a shop, counted in points of query cost."""

from dataclasses import dataclass
from enum import Enum


class Tier(Enum):
    """Points per second by Shopify plan (shopify.dev, API limits); the bucket holds twenty seconds of
    them.
    """

    STANDARD = 100
    ADVANCED = 200
    PLUS = 1000
    ENTERPRISE = 2000

    @property
    def restore_rate(self) -> int:
        return self.value

    @property
    def maximum(self) -> int:
        return self.value * 20


@dataclass(slots=True)
class Bucket:
    """Times are seconds of Clock.monotonic()."""

    tier: Tier
    level: float
    at: float

    @classmethod
    def full(cls, tier: Tier, now: float) -> "Bucket":
        return cls(tier, float(tier.maximum), now)

    def available(self, now: float) -> int:
        """Whole points that a request sent now may ask for."""
        self._leak(now)
        return int(self.level)

    def take(self, points: int, now: float) -> bool:
        """Reserve a request's whole cost; False, taking nothing, when the bucket does not hold it."""
        self._leak(now)
        if points > int(self.level):
            return False
        self.level -= points
        return True

    def give_back(self, points: int, now: float) -> None:
        """Refund what a request reserved beyond its actual cost."""
        self._leak(now)
        self.level = min(float(self.tier.maximum), self.level + points)

    def _leak(self, now: float) -> None:
        elapsed = max(0.0, now - self.at)
        self.level = min(float(self.tier.maximum), self.level + elapsed * self.tier.restore_rate)
        self.at = max(self.at, now)
