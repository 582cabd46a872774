"""Session (id) tokens: what the admin mints for an app's page and what token exchange accepts.

Claims and lifetime as on shopify.dev, "Session tokens": HS256 with the app's client secret, one minute.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import jwt

from sandbox.store.app import App
from sandbox.store.shop import Shop

LIFETIME_SECONDS = 60
_NOT_YET_SECONDS = 5  # the admin dates tokens back a little


@dataclass(frozen=True, slots=True)
class User:
    """Who is logged in to a shop's admin."""

    id: int
    first_name: str
    last_name: str
    email: str
    locale: str


class SessionTokenError(ValueError):
    """The token is no valid session token of this app for this shop."""


def owner(shop: Shop) -> User:
    """The one person who uses a sandbox shop's admin; its locale is the one chosen for the admin."""
    first, _, last = shop.owner.partition(" ")
    return User(shop.id + 1, first, last, shop.email, shop.locale)


def mint(app: App, shop: Shop, user: User, now: datetime) -> str:
    """A token for the app's page, valid for a minute from now."""
    issued = int(now.timestamp())
    jti = str(uuid4())
    session = hashlib.sha256(f"{shop.domain}/{user.id}".encode()).hexdigest()
    claims = {
        "iss": f"https://{shop.domain}/admin",
        "dest": f"https://{shop.domain}",
        "aud": app.client_id,
        "sub": str(user.id),
        "exp": issued + LIFETIME_SECONDS,
        "nbf": issued - _NOT_YET_SECONDS,
        "iat": issued - _NOT_YET_SECONDS,
        "jti": jti,
        "sid": session,
        "sig": hmac.new(session.encode(), jti.encode(), hashlib.sha256).hexdigest(),
    }
    return jwt.encode(claims, app.client_secret, algorithm="HS256")


def verify(token: str, app: App, shop: Shop, now: datetime) -> dict[str, Any]:
    """The claims of a valid token. Raises SessionTokenError, saying what is wrong.

    Times are compared with the sandbox's clock, which need not be the machine's.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            app.client_secret,
            algorithms=["HS256"],
            audience=app.client_id,
            options={
                "require": ["iss", "dest", "aud", "sub", "exp", "nbf", "iat", "jti", "sid"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except jwt.PyJWTError as error:
        raise SessionTokenError(str(error)) from error
    moment = now.timestamp()
    if not isinstance(claims["exp"], int) or moment >= claims["exp"]:
        raise SessionTokenError("Signature has expired")
    if not isinstance(claims["nbf"], int) or moment < claims["nbf"]:
        raise SessionTokenError("The token is not yet valid (nbf)")
    if claims["dest"] != f"https://{shop.domain}" or claims["iss"] != f"https://{shop.domain}/admin":
        raise SessionTokenError("The token is for another shop")
    return claims
