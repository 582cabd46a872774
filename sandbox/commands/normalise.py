"""How Shopify spells what it was given: handles, tags, amounts."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal

_NOT_WORD = re.compile(r"[^\w]+|_+")
_SPECIAL = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ł": "l", "'": "", "’": ""})
_CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def handle(text: str) -> str:
    """Lower case, accents dropped, everything but letters and digits turned into single hyphens; may be
    empty.
    """
    folded = unicodedata.normalize("NFKD", text.lower().translate(_SPECIAL))
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return _NOT_WORD.sub("-", plain).strip("-")


def free_handle(text: str, taken: Callable[[str], bool]) -> str:
    """A handle derived from a title; a number is appended when others have it already."""
    stem = handle(text)[:250] or "product"
    if not taken(stem):
        return stem
    number = 1
    while taken(f"{stem}-{number}"):
        number += 1
    return f"{stem}-{number}"


def tags(names: Iterable[str]) -> tuple[str, ...]:
    """Split at commas, trimmed, without blanks and case-insensitive doubles (the first spelling stays),
    sorted.
    """
    found: dict[str, str] = {}
    for name in names:
        for part in name.split(","):
            tag = part.strip()
            if tag:
                found.setdefault(tag.lower(), tag)
    return tuple(found[key] for key in sorted(found))


def amount(value: Decimal) -> Decimal:
    """Prices have two decimals whatever the currency; more are rounded half up."""
    return value.quantize(_CENT, ROUND_HALF_UP) if value.as_tuple().exponent != -2 else value
