"""Who asked for something, and who may know: people are named to their own shop alone, to the other one it is
said which shop it was."""

from dataclasses import dataclass

from backend.models.api_token import ApiToken
from backend.models.author import person_of, token_of
from backend.models.connection import Connection


@dataclass(frozen=True, slots=True)
class Author:
    """`shop` is the domain of the one that asked, None where it is not known; `user` is Shopify's id of the
    person, or `token:` and the id of the program's token."""

    shop: str | None = None
    user: str = ""

    def named_to(self, shop: str) -> str | None:
        return (self.user or None) if self.shop == shop else None


NOBODY = Author()


async def author_of(tie: Connection, created_by: str) -> Author:
    """`tie` with both shops fetched."""
    token = token_of(created_by)
    if token is not None:
        row = await ApiToken.get_or_none(id=token)
        found = None if row is None else (row.shop_id, created_by)
    else:
        found = person_of(created_by)
    if found is None:
        return NOBODY
    shop, user = found
    domain = next((each.domain for each in (tie.main, tie.dependent) if each.id == shop), None)
    return Author(domain, user)
