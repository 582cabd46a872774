"""Ids as callers send them: checked before they reach the database."""

import re
from uuid import UUID

from backend.errors import ErrorCode, UserError

_GID = re.compile(r"gid://shopify/([A-Za-z]+)/([0-9]{1,20})")
_LARGEST = 2**63 - 1


def row_id(value: str, *field: str) -> UUID:
    """The id of a row of ours; raises UserError INVALID_ID at `field`."""
    try:
        return UUID(value)
    except ValueError:
        raise _invalid(field) from None


def number_id(value: str, *field: str) -> int:
    """The id of a row that is counted up, such as a change's."""
    if not (value.isascii() and value.isdecimal()) or len(value) > 19 or int(value) > _LARGEST:
        raise _invalid(field)
    return int(value)


def charge_id(value: str, *field: str) -> str:
    """Shopify's global id of the subscription whose number a merchant returns with."""
    if not (value.isascii() and value.isdecimal()) or len(value) > 20:
        raise _invalid(field)
    return f"gid://shopify/AppSubscription/{value}"


def shopify_id(value: str, kind: str, *field: str) -> str:
    """Shopify's global id of a `kind` (Product, Location); raises UserError INVALID_ID at `field`."""
    found = _GID.fullmatch(value)
    if found is None or found[1] != kind:
        raise _invalid(field)
    return value


def _invalid(field: tuple[str, ...]) -> UserError:
    return UserError(ErrorCode.INVALID_ID, "This is not an id of the kind that is wanted.", field=field)
