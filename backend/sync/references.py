"""Which metafields flow, and what their values are in the dependent: references and currencies are the shop's
own."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from backend.errors import ErrorCode
from backend.sync.catalog import Metafield
from backend.sync.pricing import PriceRefusal, Pricing
from backend.sync.values import money_text

# Reserved namespaces can't be written by anybody (metafieldsSet answers "is a reserved namespace").
_RESERVED = frozenset({"protected", "shopify_standard", "shopify-l10n-fields"})
# A namespace of an app: "$app" as we name our own, "app--123456…" as Shopify answers it.
_APP_OWNED = ("$app", "app--")
_GID = re.compile(r"gid://[^\s\"\\]+")
# The same for all shops: Shopify's product taxonomy.
_GLOBAL_GID = "gid://shopify/Taxonomy"


def is_synced(metafield: Metafield, namespaces: frozenset[str]) -> bool:
    """`namespaces` empty means all. App-owned ones never flow: they are another app's memory of another
    shop."""
    return allows(metafield.namespace, namespaces)


def allows(namespace: str, namespaces: frozenset[str]) -> bool:
    if namespace in _RESERVED or namespace.startswith(_APP_OWNED):
        return False
    return not namespaces or namespace in namespaces


def references(metafield: Metafield) -> tuple[str, ...]:
    """The gids of main that the value refers to."""
    if not metafield.type.removeprefix("list.").endswith("_reference"):
        return ()
    found = _GID.findall(metafield.value)
    return tuple(gid for gid in found if not gid.startswith(_GLOBAL_GID))


def translate(
    metafield: Metafield, known: Mapping[str, str], convert: Pricing | PriceRefusal, currency: str
) -> Metafield | ErrorCode:
    """The metafield in the dependent's terms, or why there is none.

    REFERENCE_NOT_LINKED: it refers to something that has no counterpart yet. A `money` value must be in the
    shop's own currency (Shopify refuses others), so it is converted like a cost.
    """
    gids = references(metafield)
    if gids:
        if not all(gid in known for gid in gids):
            return ErrorCode.REFERENCE_NOT_LINKED
        return replace(
            metafield, value=_GID.sub(lambda found: known.get(found[0], found[0]), metafield.value)
        )
    if metafield.type in ("money", "list.money"):
        if isinstance(convert, PriceRefusal):
            return convert.code
        return _convert_money(metafield, convert, currency)
    return metafield


def _convert_money(metafield: Metafield, convert: Pricing, currency: str) -> Metafield | ErrorCode:
    try:
        amounts = json.loads(metafield.value, parse_float=Decimal)
        single = isinstance(amounts, dict)
        converted = [
            {"amount": money_text(convert(Decimal(item["amount"]))), "currency_code": currency}
            for item in ([amounts] if single else amounts)
        ]
    except (ValueError, ArithmeticError, KeyError, TypeError):
        return ErrorCode.INVALID_INPUT
    return replace(metafield, value=json.dumps(converted[0] if single else converted, separators=(",", ":")))
