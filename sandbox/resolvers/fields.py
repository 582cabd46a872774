"""Small pieces that the maps of resolvers are built from."""

from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter
from typing import Any

from sandbox.ids import gid
from sandbox.plan import Args, Resolver

Fields = dict[str, Resolver]


def attr(name: str) -> Resolver:
    """The parent's attribute, for example ``attr("item.sku")``."""
    get = attrgetter(name)
    return lambda source, args, ctx: get(source)


def always(value: Any) -> Resolver:
    return lambda source, args, ctx: value


def own_id(kind: str) -> Resolver:
    return lambda source, args, ctx: f"gid://shopify/{kind}/{source.id}"


def itself(source: Any, args: Args, ctx: Any) -> Any:
    return source


def money(amount: Decimal, currency: str) -> dict[str, Any]:
    """A MoneyV2."""
    return {"amount": amount, "currencyCode": currency}


def count(found: int, limit: int | None = None) -> dict[str, Any]:
    """A Count: exact up to the limit, one more than 25,000 at the most."""
    most = 25_001 if limit is None else min(limit, 25_001)
    if found > most or (found == most and most == 25_001):
        return {"count": most, "precision": "AT_LEAST"}
    return {"count": found, "precision": "EXACT"}


def by(source_of: Callable[[Any], Any]) -> Resolver:
    return lambda source, args, ctx: source_of(source)


__all__ = ["Args", "Fields", "always", "attr", "by", "count", "gid", "itself", "money", "own_id"]
