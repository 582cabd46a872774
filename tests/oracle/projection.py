"""What a dependent's values should be, from main's and the connection's settings, worked out the long way.

Settings are a plain mapping in the form of the API: `{"products": "ALL", "details": True, ...}`.
"""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

Settings = Mapping[str, Any]
DECIMALS = {"JPY": 0, "KRW": 0, "CLP": 0, "KWD": 3, "BHD": 3, "TND": 3}


def money(text: str | None, settings: Settings, currency: str) -> Decimal | None:
    """Rate, then percent, then amount, then ending, then the smallest coin, half up."""
    if text is None:
        return None
    rules = settings["priceRules"]
    value = Decimal(text)
    if value == 0:
        return value
    value *= Decimal(rules["conversionRate"] or 1)
    value += value * Decimal(rules["percent"]) / 100
    value = max(value + Decimal(rules["amount"]), Decimal(0))
    if rules["ending"] is not None and value > 0:
        ending = Decimal(rules["ending"])
        lower = (value - ending).quantize(Decimal(1), ROUND_FLOOR) + ending
        candidates = [each for each in (lower, lower + 1) if each > 0]
        value = min(candidates, key=lambda each: (abs(each - value), -each))
    return value.quantize(Decimal(1).scaleb(-DECIMALS.get(currency, 2)), ROUND_HALF_UP)


def compare_at(variant: Mapping[str, Any], settings: Settings, currency: str) -> Decimal | None:
    price, value = (
        money(variant["price"], settings, currency),
        money(variant["compareAtPrice"], settings, currency),
    )
    return value if value is not None and price is not None and value > price else None


def stock(
    variant: Mapping[str, Any], main: Mapping[str, Any], dependent: Mapping[str, Any], settings: Settings
) -> dict[str, int]:
    """Quantity by dependent location. "locationMappings" are pairs; none: primary to primary."""
    mappings = settings.get("locationMappings") or [(_primary(main), _primary(dependent))]
    cap = settings["stockCap"]
    result = {}
    for target in {target for _, target in mappings}:
        total = sum(
            variant["levels"].get(source, {"available": 0})["available"]
            for source, goal in mappings
            if goal == target
        )
        total -= settings["stockBuffer"]
        result[target] = max(0, total if cap is None else min(total, cap))
    return result


def _primary(shop: Mapping[str, Any]) -> str:
    return next(str(each["id"]) for each in shop["locations"] if each["isPrimary"])
