"""Who did something, as `created_by` columns say it: of a person the shop's id, a colon and Shopify's id,
which alone would not tell whose it is; of a program `token:` and the token's id."""

from uuid import UUID

_BY_TOKEN = "token:"  # noqa: S105 - what stands before an id


def by_person(shop_id: UUID, user: str) -> str:
    return f"{shop_id}:{user}"


def by_token(token_id: UUID) -> str:
    return f"{_BY_TOKEN}{token_id}"


def is_by_token(created_by: str) -> bool:
    return created_by.startswith(_BY_TOKEN)


def token_of(created_by: str) -> UUID | None:
    """The token of the program; None where it was none."""
    return _uuid(created_by.removeprefix(_BY_TOKEN)) if is_by_token(created_by) else None


def person_of(created_by: str) -> tuple[UUID, str] | None:
    """The person's shop and Shopify's id of the person, "" where the session named none; None where it was no
    person, or the shop is not known."""
    shop, colon, user = created_by.partition(":")
    found = _uuid(shop) if colon else None
    return None if found is None else (found, user)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
