"""How values are written into an answer."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

Serialiser = Callable[[Any], Any]


@lru_cache(maxsize=65_536)
def date_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(amount: Decimal) -> str:
    """The scalar Money: always two decimals."""
    return f"{amount:.2f}"


def decimal(amount: Decimal) -> str:
    """MoneyV2.amount and other decimals: no more decimals than needed, at least one."""
    text = f"{amount:f}"
    if "." not in text:
        return f"{text}.0"
    text = text.rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def _date_time(value: Any) -> Any:
    return date_time(value) if isinstance(value, datetime) else value


def _money(value: Any) -> Any:
    return money(value) if isinstance(value, Decimal) else value


def _decimal(value: Any) -> Any:
    return decimal(value) if isinstance(value, Decimal) else value


class JsonText(str):
    """A string that is a JSON value already, not the text of one."""

    __slots__ = ()


def _json(value: Any) -> Any:
    if isinstance(value, JsonText):
        return str(value)
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


SERIALISERS: dict[str, Serialiser] = {
    "DateTime": _date_time,
    "Money": _money,
    "Decimal": _decimal,
    "Float": float,
    "JSON": _json,
    "UnsignedInt64": str,
}
"""By scalar; all others, and enumerations, are written as the resolvers give them."""
