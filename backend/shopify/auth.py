"""Who calls, by Shopify's word: session tokens and signed launch queries. No network; results are tagged.

Built on Shopify's own `shopifyapp`, with what it leaves out: that a token's issuer and destination are the
same shop, that the shop is a myshopify.com one and that the token expires at all.
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from shopify_app import RequestInput, ShopifyApp

_SHOP = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]*\.myshopify\.com")
# Shopify's libraries take a launch query for as many seconds before or after its timestamp.
LAUNCH_SECONDS = 90
_ANY_PATH = "/patch-id-token"


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """`old_client_secret` is still accepted while Shopify rotates to a new one."""

    client_id: str
    client_secret: str = field(repr=False)
    old_client_secret: str | None = field(default=None, repr=False)

    @property
    def secrets(self) -> Iterator[str]:
        yield self.client_secret
        if self.old_client_secret:
            yield self.old_client_secret

    def library(self) -> ShopifyApp:
        return ShopifyApp(self.client_id, self.client_secret, self.old_client_secret)


class InvalidReason(StrEnum):
    MALFORMED = "MALFORMED"
    EXPIRED = "EXPIRED"
    WRONG_SIGNATURE = "WRONG_SIGNATURE"
    WRONG_AUDIENCE = "WRONG_AUDIENCE"
    WRONG_SHOP = "WRONG_SHOP"


@dataclass(frozen=True, slots=True)
class Valid:
    """A verified session token. `shop` is the myshopify.com domain, lower case; `claims` and `token` are what
    an exchange for an access token needs."""

    shop: str
    user_id: str
    session_id: str
    expires: datetime
    token: str = field(repr=False)
    claims: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invalid:
    reason: InvalidReason


Verified: TypeAlias = Valid | Invalid


def shop_domain(text: str) -> str | None:
    """The myshopify.com domain in lower case; None for anything else."""
    return text.lower() if _SHOP.fullmatch(text) else None


def verify_session_token(app: AppCredentials, token: str) -> Verified:
    """HS256 by the secret or the old one, `exp` and `nbf` with 10 s of leeway, audience, issuer and
    destination (shopify.dev, session tokens). Time is the machine's: the token was made by somebody else's
    clock."""
    request: RequestInput = {
        "method": "GET",
        "url": "https://app.invalid/",
        "headers": {"Authorization": f"Bearer {token}"},
        "body": "",
    }
    if not token.isascii() or not token:
        return Invalid(InvalidReason.MALFORMED)
    result = app.library().verify_app_home_req(request, _ANY_PATH)
    if not result.ok or result.id_token is None:
        return Invalid(_REASONS.get(result.log.code, InvalidReason.WRONG_SIGNATURE))
    claims = result.id_token.claims
    shop = _host(claims.get("dest"))
    if shop is None or shop != _host(claims.get("iss")):
        return Invalid(InvalidReason.WRONG_SHOP)
    expires = claims.get("exp")
    if not isinstance(expires, int | float):
        return Invalid(InvalidReason.MALFORMED)
    return Valid(
        shop=shop,
        user_id=str(claims.get("sub") or ""),
        session_id=str(claims.get("sid") or ""),
        expires=datetime.fromtimestamp(expires, UTC),
        token=token,
        claims=claims,
    )


_REASONS = {
    "expired_id_token": InvalidReason.EXPIRED,
    "invalid_aud": InvalidReason.WRONG_AUDIENCE,
    "missing_authorization_and_id_token": InvalidReason.MALFORMED,
}


def _host(url: Any) -> str | None:
    """The shop of a claim that is an https address of it."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return shop_domain(parts.netloc) if parts.scheme == "https" else None


@dataclass(frozen=True, slots=True)
class Launch:
    """A signed query by which Shopify opened the app."""

    shop: str
    parameters: Mapping[str, str]


def verify_launch_query(app: AppCredentials, query: str, now: datetime) -> Launch | Invalid:
    """The query string of an address that Shopify signed: all parameters but `hmac` and `signature`, sorted,
    as `k=v` joined by `&`, HMAC-SHA256 in hex (shopify.dev, verify an installation request)."""
    try:
        given = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        return Invalid(InvalidReason.MALFORMED)
    signature = given.pop("hmac", "")
    given.pop("signature", None)
    message = "&".join(f"{key}={value}" for key, value in sorted(given.items())).encode()
    signed = [hmac.new(secret.encode(), message, sha256).hexdigest() for secret in app.secrets]
    if not any(hmac.compare_digest(each.encode(), signature.encode()) for each in signed):
        return Invalid(InvalidReason.WRONG_SIGNATURE)
    shop = shop_domain(given.get("shop", ""))
    if shop is None:
        return Invalid(InvalidReason.WRONG_SHOP)
    timestamp = given.get("timestamp", "")
    if not timestamp.isdecimal() or abs(now.timestamp() - int(timestamp)) > LAUNCH_SECONDS:
        return Invalid(InvalidReason.EXPIRED)
    return Launch(shop, given)
