"""Access tokens: token exchange, refresh with rotation, client credentials, and whose a token is.

Rules from shopify.dev: "Token exchange", "Expiring offline access tokens" (required of public apps created
since 1 April 2026) and the changelog entry of 28 August 2026: a refresh token that was used stays good for
another try until the pair it was answered with is first used, 30 days at most. Errors are OAuth's,
`{"error", "error_description"}`.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.session_token import SessionTokenError, User, owner, verify
from sandbox.store.app import App, Installation, Token
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop

ACCESS_LIFETIME = timedelta(seconds=3600)
REFRESH_LIFETIME = timedelta(seconds=7_776_000)
RETRY_LIFETIME = timedelta(days=30)
DAY_LIFETIME = timedelta(seconds=86_399)

GRANT_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
KIND_ID = "urn:ietf:params:oauth:token-type:id_token"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"


@dataclass(frozen=True, slots=True)
class GrantError(Exception):
    """What the token endpoint answers instead of a token."""

    status: int
    error: str
    description: str


def grant(sandbox: Sandbox, shop: Shop, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Answer of POST /admin/oauth/access_token to the parameters of its body. Raises GrantError."""
    app = _client(sandbox, parameters)
    installation = shop.installations.get(app.client_id)
    if installation is None:
        raise GrantError(401, "invalid_client", "The app is not installed in this shop.")
    match parameters.get("grant_type"):
        case grant_type if grant_type == GRANT_EXCHANGE:
            return _exchange(shop, installation, parameters)
        case "refresh_token":
            return _refresh(shop, installation, parameters)
        case "client_credentials":
            token = _issue(installation, shop.clock.now() + DAY_LIFETIME)
            return {
                "access_token": token.access,
                "scope": _scope(installation),
                "expires_in": int(DAY_LIFETIME.total_seconds()),
            }
        case None:
            raise GrantError(400, "invalid_request", "The parameter grant_type is missing.")
        case _:
            raise GrantError(400, "unsupported_grant_type", "This grant type is not supported.")


def revoke_tokens(installation: Installation) -> int:
    """End every token of an installation at once; answers how many were alive."""
    alive = [token for token in installation.tokens if not token.revoked]
    for token in alive:
        token.revoked = True
    return len(alive)


def expire_access_tokens(installation: Installation, now: datetime) -> int:
    """Let every access token run out now, refresh tokens staying good; answers how many were concerned."""
    alive = [token for token in installation.tokens if not token.revoked]
    for token in alive:
        token.expires_at = now
    return len(alive)


def alive(installation: Installation, now: datetime) -> int:
    """How many access tokens would be accepted now."""
    return sum(
        not token.revoked and (token.expires_at is None or now < token.expires_at)
        for token in installation.tokens
    )


def authenticate(shop: Shop, access_token: str) -> Installation | None:
    """The installation that an access token belongs to; None for a missing, expired or revoked one.

    The first use of a pair ends the pairs before it.
    """
    now = shop.clock.now()
    for installation in shop.installations.values():
        for token in installation.tokens:
            if hmac.compare_digest(token.access.encode(), access_token.encode()):
                if token.revoked or (token.expires_at is not None and now >= token.expires_at):
                    return None
                _first_use(installation, token)
                return installation
    return None


def _client(sandbox: Sandbox, parameters: Mapping[str, Any]) -> App:
    client_id, secret = parameters.get("client_id"), parameters.get("client_secret")
    app = sandbox.apps.get(client_id) if isinstance(client_id, str) else None
    if app is None or not isinstance(secret, str):
        raise GrantError(401, "invalid_client", "Client authentication failed.")
    if not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
        raise GrantError(401, "invalid_client", "Client authentication failed.")
    return app


def _exchange(shop: Shop, installation: Installation, parameters: Mapping[str, Any]) -> dict[str, Any]:
    subject = parameters.get("subject_token")
    if not isinstance(subject, str) or not subject:
        raise GrantError(400, "invalid_request", "The parameter subject_token is missing.")
    requested = parameters.get("requested_token_type")
    expiring = str(parameters.get("expiring", "0")).lower() in ("1", "true")
    match parameters.get("subject_token_type"):
        case kind if kind == KIND_ID:
            try:
                verify(subject, installation.app, shop, shop.clock.now())
            except SessionTokenError as error:
                raise GrantError(
                    400, "invalid_subject_token", f"The session token is invalid: {error}."
                ) from error
        case kind if kind == OFFLINE:
            _end_permanent(installation, subject)
        case _:
            raise GrantError(400, "invalid_request", "This subject_token_type is not supported.")
    if requested == ONLINE:
        return _online(shop, installation, owner(shop))
    if requested != OFFLINE:
        raise GrantError(400, "invalid_request", "This requested_token_type is not supported.")
    if not expiring:
        reason = "Apps created since 1 April 2026 must ask for expiring offline access tokens (expiring=1)."
        raise GrantError(400, "invalid_request", reason)
    return _pair(shop, installation)


def _end_permanent(installation: Installation, subject: str) -> None:
    """Migration: a token without end is given up for an expiring pair, once and for good."""
    for token in installation.tokens:
        if token.access == subject and token.expires_at is None and not token.revoked:
            token.revoked = True
            return
    raise GrantError(400, "invalid_subject_token", "The offline access token is invalid.")


def _refresh(shop: Shop, installation: Installation, parameters: Mapping[str, Any]) -> dict[str, Any]:
    text = parameters.get("refresh_token")
    now = shop.clock.now()
    token = next(
        (known for known in installation.tokens if known.refresh is not None and known.refresh == text), None
    )
    if token is None or token.revoked or token.refresh_expires_at is None or now >= token.refresh_expires_at:
        raise GrantError(400, "invalid_grant", "The refresh token is invalid, expired or revoked.")
    if token.refresh_used_at is not None and now >= token.refresh_used_at + RETRY_LIFETIME:
        raise GrantError(400, "invalid_grant", "The refresh token was used and can no longer be tried again.")
    _first_use(installation, token)
    if token.replaced_by is not None:
        token.replaced_by.revoked = True  # never arrived: nobody has used it
    answer = _pair(shop, installation)
    token.refresh_used_at = token.refresh_used_at or now
    token.replaced_by = installation.tokens[-1]
    return answer


def _pair(shop: Shop, installation: Installation) -> dict[str, Any]:
    now = shop.clock.now()
    token = _issue(installation, now + ACCESS_LIFETIME)
    token.refresh = f"shprt_{secrets.token_hex(16)}"
    token.refresh_expires_at = now + REFRESH_LIFETIME
    return {
        "access_token": token.access,
        "scope": _scope(installation),
        "expires_in": int(ACCESS_LIFETIME.total_seconds()),
        "refresh_token": token.refresh,
        "refresh_token_expires_in": int(REFRESH_LIFETIME.total_seconds()),
    }


def _online(shop: Shop, installation: Installation, user: User) -> dict[str, Any]:
    token = _issue(installation, shop.clock.now() + DAY_LIFETIME)
    return {
        "access_token": token.access,
        "scope": _scope(installation),
        "expires_in": int(DAY_LIFETIME.total_seconds()),
        "associated_user_scope": _scope(installation),
        "associated_user": {
            "id": user.id,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
            "email_verified": True,
            "account_owner": True,
            "locale": user.locale,
            "collaborator": False,
        },
    }


def _issue(installation: Installation, expires_at: datetime) -> Token:
    token = Token(f"shpat_{secrets.token_hex(16)}", expires_at)
    installation.tokens.append(token)
    return token


def _first_use(installation: Installation, token: Token) -> None:
    if token.used:
        return
    token.used = True
    if token.refresh is None:
        return
    for earlier in installation.tokens:
        if earlier is token:
            break
        if earlier.refresh is not None:
            earlier.revoked = True
    installation.tokens = [kept for kept in installation.tokens if not kept.revoked or kept is token]


def _scope(installation: Installation) -> str:
    return ",".join(sorted(installation.scopes))
