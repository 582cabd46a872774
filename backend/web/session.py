"""Session tokens of requests: from a header, or from a socket's `connection_init`, to the scope of a shop."""

from collections.abc import Mapping
from typing import Any

from backend.access.principal import Principal, ShopId
from backend.access.scope import Scope
from backend.errors import AppError, ErrorCode
from backend.shopify.auth import Invalid, verify_session_token
from backend.web.install import ensure_shop
from backend.web.services import Services

# App Bridge fetches a new token and tries once more when an answer has this header.
RETRY_HEADER = {"X-Shopify-Retry-Invalid-Session-Request": "1"}


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
    """Raises AppError UNAUTHENTICATED; AccessLost, Throttled or Unavailable at a shop's first contact."""
    session = verify_session_token(services.credentials, token)
    if isinstance(session, Invalid):
        raise AppError(f"The session token is not valid: {session.reason}.", code=ErrorCode.UNAUTHENTICATED)
    shop = await ensure_shop(services, session)
    return Scope(Principal(ShopId(shop.id), shop.domain, session.user_id))
