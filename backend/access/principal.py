"""Who calls: the shop that a request speaks for, and the person behind it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType
from uuid import UUID

ShopId = NewType("ShopId", UUID)


class PrincipalKind(StrEnum):
    """SESSION: a person in the Shopify admin, by a session token."""

    SESSION = "SESSION"


@dataclass(frozen=True, slots=True)
class Principal:
    """`user` is Shopify's id of the person, "" where the token names none."""

    shop_id: ShopId
    domain: str
    user: str = ""
    kind: PrincipalKind = PrincipalKind.SESSION
