"""Making, revoking and using the API tokens of a shop."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from backend.api_tokens.secret import hint_of, is_well_formed, new_token
from backend.connections.role import locked_shop
from backend.crypto import Keyring
from backend.errors import AppError, ErrorCode, UserError
from backend.jobs.queue import transaction
from backend.models.api_token import ApiToken, TokenScope

MOST_LIVING = 50
LONGEST_NAME = 100
# Who asks often is written down once in a while.
_USED_AGAIN = timedelta(minutes=1)


async def create_token(
    shop_id: UUID, name: str, scope: TokenScope, keyring: Keyring, *, now: datetime, created_by: str = ""
) -> tuple[ApiToken, str]:
    """The new row, and the token itself, which nobody sees again.

    Raises UserError at `name`: NAME_MISSING, TOO_LONG, or NAME_TAKEN by a token that is not revoked;
    TOKEN_LIMIT_REACHED.
    """
    name = _cleaned(name)
    async with transaction() as client:
        # Two requests at once count one after the other.
        await locked_shop(client, shop_id)
        living = await ApiToken.filter(shop_id=shop_id, revoked_at__isnull=True).using_db(client)
        if any(each.name.casefold() == name.casefold() for each in living):
            raise UserError(
                ErrorCode.NAME_TAKEN, "There is a token of this name, revoke it first.", field=("name",)
            )
        if len(living) >= MOST_LIVING:
            params = {"limit": str(MOST_LIVING)}
            raise UserError(ErrorCode.TOKEN_LIMIT_REACHED, "Revoke a token first.", params=params)
        token = new_token()
        row = await ApiToken.create(
            id=uuid4(),
            shop_id=shop_id,
            name=name,
            digest=keyring.digest(token),
            hint=hint_of(token),
            scope=scope,
            created_at=now,
            created_by=created_by[:64],
            using_db=client,
        )
        return row, token


async def revoke_token(row: ApiToken, *, now: datetime) -> ApiToken:
    """The token stops working; one that was revoked before stays as it was."""
    await ApiToken.filter(id=row.id, revoked_at__isnull=True).update(revoked_at=now)
    await row.refresh_from_db()
    return row


async def use_token(token: str, keyring: Keyring, *, now: datetime) -> ApiToken:
    """The row of a token that a caller has shown, its shop fetched. Raises AppError TOKEN_MALFORMED,
    TOKEN_UNKNOWN, TOKEN_REVOKED or APP_NOT_INSTALLED."""
    if not is_well_formed(token):
        raise AppError("The API token is incomplete or mistyped.", code=ErrorCode.TOKEN_MALFORMED)
    row = await ApiToken.get_or_none(digest=keyring.digest(token)).select_related("shop")
    if row is None:
        raise AppError("There is no such API token.", code=ErrorCode.TOKEN_UNKNOWN)
    _check(row)
    if row.last_used_at is None or now - row.last_used_at >= _USED_AGAIN:
        await ApiToken.filter(id=row.id).update(last_used_at=now)
    return row


async def check_token(token_id: UUID) -> None:
    """Whether a token that was used may still be; raises like `use_token`."""
    row = await ApiToken.get_or_none(id=token_id).select_related("shop")
    if row is None:
        raise AppError("There is no such API token.", code=ErrorCode.TOKEN_UNKNOWN)
    _check(row)


def _check(row: ApiToken) -> None:
    if row.revoked_at is not None:
        raise AppError("The API token was revoked.", code=ErrorCode.TOKEN_REVOKED)
    if row.shop.uninstalled_at is not None:
        raise AppError("The app was removed from the token's shop.", code=ErrorCode.APP_NOT_INSTALLED)


def _cleaned(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise UserError(ErrorCode.NAME_MISSING, "Give the token a name.", field=("name",))
    if len(cleaned) > LONGEST_NAME:
        params = {"limit": str(LONGEST_NAME)}
        raise UserError(ErrorCode.TOO_LONG, "The name is too long.", field=("name",), params=params)
    return cleaned
