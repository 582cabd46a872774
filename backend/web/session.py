"""Tokens of requests, from a header or from a socket's `connection_init`, to the scope of a shop: Shopify's
session tokens of people, API tokens of programs."""

from collections.abc import Mapping
from typing import Any

from backend.access.principal import Principal
from backend.access.scope import Scope
from backend.api_tokens.secret import is_api_token
from backend.api_tokens.tokens import use_token
from backend.errors import AppError, ErrorCode
from backend.shopify.auth import Invalid, InvalidReason, verify_session_token
from backend.web.install import ensure_shop
from backend.web.services import Services

# App Bridge fetches a new token and tries once more when an answer has this header.
RETRY_HEADER = {"X-Shopify-Retry-Invalid-Session-Request": "1"}
# What is wrong with a session, and with an API token (RFC 6750): neither helps the other's callers.
SESSION_CODES = frozenset({ErrorCode.UNAUTHENTICATED, ErrorCode.SESSION_EXPIRED})
TOKEN_CODES = frozenset({ErrorCode.TOKEN_MALFORMED, ErrorCode.TOKEN_UNKNOWN, ErrorCode.TOKEN_REVOKED})
TOKEN_HEADER = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


def bearer(text: object) -> str:
    """The token of an Authorization header, "" where there is none."""
    if not isinstance(text, str):
        return ""
    kind, _, token = text.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def init_token(parameters: Mapping[str, Any] | None) -> str:
    """The token of a `connection_init` payload: `authorization`, written like the header."""
    given = {str(name).lower(): value for name, value in (parameters or {}).items()}
    return bearer(given.get("authorization"))


async def identify(services: Services, token: str) -> Scope:
    """Raises AppError with one of SESSION_CODES or TOKEN_CODES, or APP_NOT_INSTALLED for an API token;
    AccessLost, Throttled or Unavailable at a shop's first contact."""
    if is_api_token(token):
        row = await use_token(token, services.settings.keyring, now=services.clock.now())
        return Scope(Principal.of_token(row))
    session = verify_session_token(services.credentials, token)
    if isinstance(session, Invalid):
        expired = session.reason is InvalidReason.EXPIRED
        code = ErrorCode.SESSION_EXPIRED if expired else ErrorCode.UNAUTHENTICATED
        raise AppError(f"The session token is not valid: {session.reason}.", code=code)
    shop = await ensure_shop(services, session)
    return Scope(Principal.of_person(shop, session.shop, session.user_id))
