"""Who calls: the shop that a request speaks for, and the person or program behind it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, Self
from uuid import UUID

from backend.models.api_token import ApiToken, TokenScope
from backend.models.author import by_person, by_token

ShopId = NewType("ShopId", UUID)


class PrincipalKind(StrEnum):
    """SESSION: a person in the Shopify admin, by a session token. TOKEN: a program, by an API token."""

    SESSION = "SESSION"
    TOKEN = "TOKEN"  # noqa: S105 - a kind of caller


@dataclass(frozen=True, slots=True)
class Principal:
    """`user` is what `created_by` columns say of the caller. `scope` is what a token was made for; a session
    has no narrower one."""

    shop_id: ShopId
    domain: str
    user: str = ""
    kind: PrincipalKind = PrincipalKind.SESSION
    token_id: UUID | None = None
    scope: TokenScope = TokenScope.WRITE

    @classmethod
    def of_person(cls, shop_id: UUID, domain: str, user: str) -> Self:
        """`user` is Shopify's id of the person, "" where the session names none."""
        return cls(ShopId(shop_id), domain, by_person(shop_id, user))

    @classmethod
    def of_token(cls, row: ApiToken) -> Self:
        """`row` with its shop fetched."""
        return cls(
            shop_id=ShopId(row.shop_id),
            domain=row.shop.domain,
            user=by_token(row.id),
            kind=PrincipalKind.TOKEN,
            token_id=row.id,
            scope=row.scope,
        )

    @property
    def is_person(self) -> bool:
        return self.kind is PrincipalKind.SESSION

    @property
    def may_write(self) -> bool:
        return self.scope is TokenScope.WRITE
