"""How values stand in the bodies of webhooks."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sandbox.store.shop import Shop

WEIGHT_UNITS = {"GRAMS": "g", "KILOGRAMS": "kg", "OUNCES": "oz", "POUNDS": "lb"}


def local(shop: Shop, moment: datetime) -> str:
    """With the offset of the shop's time zone: 2026-11-02T10:00:00+01:00."""
    return moment.astimezone(_zone(shop.timezone)).isoformat(timespec="seconds")


def milliseconds(moment: datetime) -> str:
    """In UTC, with three decimals: 2026-11-02T09:00:00.000Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
