"""Shopify's ids: global ids outside, integers inside.

The numbers of a sandbox start a little below 2**53 and soon pass it, as real ones do, so that a client
which reads them as floating point loses digits and its tests notice.
"""

from typing import NewType

Gid = NewType("Gid", str)

_FIRST = 2**53 - 200_001
_STEP = 977


class IdSequence:
    """Ascending numbers, unique within one sandbox and the same at each run that asks in the same order."""

    __slots__ = ("_next",)

    def __init__(self, first: int = _FIRST) -> None:
        self._next = first

    def next(self) -> int:
        number = self._next
        self._next = number + _STEP
        return number


def gid(kind: str, number: int) -> Gid:
    """The global id of an object, for example ``gid://shopify/Product/9007199254540991``."""
    return Gid(f"gid://shopify/{kind}/{number}")


def parse_gid(text: str, *kinds: str) -> int | None:
    """The number in a global id, or None if the text is no id of one of the kinds (of any kind, when none
    is named).

    A bare number is no global id: Shopify refuses it too.
    """
    parsed = split_gid(text)
    if parsed is None or (kinds and parsed[0] not in kinds):
        return None
    return parsed[1]


def split_gid(text: str) -> tuple[str, int] | None:
    """Kind and number of a global id, without its query part; None for anything else."""
    if not text.startswith("gid://shopify/"):
        return None
    kind, _, rest = text[len("gid://shopify/") :].partition("/")
    number = rest.partition("?")[0]
    if not kind or not number.isascii() or not number.isdigit() or len(number) > 20:
        return None
    return kind, int(number)


def level_gid(location: int, item: int) -> Gid:
    """An inventory level is named by its location's number and, in the query part, its inventory item's."""
    return Gid(f"gid://shopify/InventoryLevel/{location}?inventory_item_id={item}")


def parse_level_gid(text: str) -> tuple[int, int] | None:
    """Location and inventory item of a level's id, or None if it is none."""
    head, _, item = text.partition("?inventory_item_id=")
    location = parse_gid(head, "InventoryLevel")
    if location is None or not item.isascii() or not item.isdigit():
        return None
    return location, int(item)
