"""How values stand in the bodies of webhooks."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sandbox.store.shop import Shop

WEIGHT_UNITS = {"GRAMS": "g", "KILOGRAMS": "kg", "OUNCES": "oz", "POUNDS": "lb"}


_REMEMBERED = 65_536
"""Times and offsets: most that a body tells were told before."""


def local(shop: Shop, moment: datetime) -> str:
    """With the offset of the shop's time zone: 2026-11-02T10:00:00+01:00."""
    return _local(shop.timezone, moment)


@lru_cache(maxsize=_REMEMBERED)
def milliseconds(moment: datetime) -> str:
    """In UTC, with three decimals: 2026-11-02T09:00:00.000Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


@lru_cache(maxsize=_REMEMBERED)
def _local(timezone: str, moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(timezone)).isoformat(timespec="seconds")
