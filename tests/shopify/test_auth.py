"""Session tokens and launch queries, really signed, and all that can be wrong with one."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from backend.shopify.auth import (
    AppCredentials,
    Invalid,
    InvalidReason,
    Launch,
    Valid,
    shop_domain,
    verify_launch_query,
    verify_session_token,
)

SECRET = "the-new-secret-of-the-app-" + "which-is-long-enough-for-HS512" * 2
OLD = "the-old-secret-of-the-app-32-bytes-long"
APP = AppCredentials("client-1", SECRET, OLD)
SHOP = "main-shop.myshopify.com"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def claims(**changed: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    given = {
        "iss": f"https://{SHOP}/admin",
        "dest": f"https://{SHOP}",
        "aud": "client-1",
        "sub": "42",
        "exp": now + timedelta(seconds=60),
        "nbf": now - timedelta(seconds=1),
        "iat": now - timedelta(seconds=1),
        "jti": "f8912129",
        "sid": "session-7",
    } | changed
    return {key: value for key, value in given.items() if value is not None}


def token(secret: str = SECRET, algorithm: str = "HS256", **changed: Any) -> str:
    return jwt.encode(claims(**changed), secret, algorithm=algorithm)


@pytest.mark.parametrize("secret", [SECRET, OLD])
def test_a_token_of_either_secret_tells_shop_user_and_session(secret: str) -> None:
    signed = token(secret)
    found = verify_session_token(APP, signed)
    assert isinstance(found, Valid)
    assert (found.shop, found.user_id, found.session_id, found.token) == (SHOP, "42", "session-7", signed)
    assert timedelta(seconds=50) < found.expires - datetime.now(UTC) <= timedelta(seconds=60)
    assert signed not in repr(found)


def test_a_shop_is_told_in_lower_case() -> None:
    host = "Main-Shop.myshopify.com"
    found = verify_session_token(APP, token(iss=f"https://{host}/admin", dest=f"https://{host}"))
    assert isinstance(found, Valid)
    assert found.shop == SHOP


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("signed", "reason"),
    [
        (lambda: token("another-secret-that-is-32-bytes-long!"), InvalidReason.WRONG_SIGNATURE),
        (lambda: token()[:-2], InvalidReason.WRONG_SIGNATURE),
        (lambda: jwt.encode(claims(), "", algorithm="none"), InvalidReason.WRONG_SIGNATURE),
        (lambda: token(algorithm="HS512"), InvalidReason.WRONG_SIGNATURE),
        (lambda: "not.a.token", InvalidReason.WRONG_SIGNATURE),
        (lambda: "", InvalidReason.MALFORMED),
        (lambda: "töken", InvalidReason.MALFORMED),
        (lambda: token(exp=datetime.now(UTC) - MINUTE), InvalidReason.EXPIRED),
        (lambda: token(nbf=datetime.now(UTC) + MINUTE), InvalidReason.WRONG_SIGNATURE),
        (lambda: token(exp=None), InvalidReason.MALFORMED),
        (lambda: token(aud="client-2"), InvalidReason.WRONG_AUDIENCE),
        (lambda: token(aud=["client-1"]), InvalidReason.WRONG_AUDIENCE),
        (lambda: token(aud=None), InvalidReason.WRONG_AUDIENCE),
        (lambda: token(dest=None), InvalidReason.WRONG_SHOP),
        (lambda: token(dest="https://other.myshopify.com"), InvalidReason.WRONG_SHOP),
        (lambda: token(iss="https://other.myshopify.com/admin"), InvalidReason.WRONG_SHOP),
        (lambda: token(iss=None), InvalidReason.WRONG_SHOP),
        (lambda: token(dest=SHOP, iss=SHOP), InvalidReason.WRONG_SHOP),
        (
            lambda: token(dest="https://evil.test", iss="https://evil.test/admin"),
            InvalidReason.WRONG_SHOP,
        ),
        (
            lambda: token(
                dest="https://a.myshopify.com.evil.test", iss="https://a.myshopify.com.evil.test/admin"
            ),
            InvalidReason.WRONG_SHOP,
        ),
        (
            lambda: token(dest=f"https://u@{SHOP}", iss=f"https://u@{SHOP}/admin"),
            InvalidReason.WRONG_SHOP,
        ),
    ],
)
def test_anything_else_is_invalid_with_its_reason(signed: Any, reason: InvalidReason) -> None:
    assert verify_session_token(APP, signed()) == Invalid(reason)


def test_a_few_seconds_of_another_clock_are_forgiven() -> None:
    late = datetime.now(UTC) - timedelta(seconds=5)
    assert isinstance(verify_session_token(APP, token(exp=late)), Valid)


def test_secrets_do_not_show() -> None:
    assert SECRET not in repr(APP)
    assert OLD not in repr(APP)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        (SHOP, SHOP),
        ("A1_b.myshopify.com", "a1_b.myshopify.com"),
        ("-a.myshopify.com", None),
        ("a.b.myshopify.com", None),
        (f"{SHOP}/", None),
        (f"{SHOP}\n", None),
        ("myshopify.com", None),
        ("a.myshopify.com.evil.test", None),
        ("", None),
    ],
)
def test_a_shop_is_named_by_its_myshopify_domain(text: str, domain: str | None) -> None:
    assert shop_domain(text) == domain


def signed_query(secret: str = SECRET, hmac_text: str | None = None, **changed: str) -> str:
    given = {"shop": SHOP, "host": "YWRtaW4", "timestamp": str(int(NOW.timestamp())), "locale": "de-DE"}
    given |= changed
    message = "&".join(f"{key}={value}" for key, value in sorted(given.items()))
    signature = hmac.new(secret.encode(), message.encode(), sha256).hexdigest()
    return urlencode(given | {"hmac": signature if hmac_text is None else hmac_text})


@pytest.mark.parametrize("secret", [SECRET, OLD])
def test_a_launch_query_of_either_secret_is_taken(secret: str) -> None:
    found = verify_launch_query(APP, signed_query(secret, note="a b&c=d"), NOW)
    assert found == Launch(
        SHOP,
        {
            "shop": SHOP,
            "host": "YWRtaW4",
            "timestamp": str(int(NOW.timestamp())),
            "locale": "de-DE",
            "note": "a b&c=d",
        },
    )


def test_the_signature_parameter_is_not_part_of_the_message() -> None:
    assert isinstance(verify_launch_query(APP, signed_query() + "&signature=old", NOW), Launch)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (signed_query("another"), InvalidReason.WRONG_SIGNATURE),
        (signed_query(hmac_text=""), InvalidReason.WRONG_SIGNATURE),
        (signed_query(hmac_text="é"), InvalidReason.WRONG_SIGNATURE),
        (signed_query() + "&added=1", InvalidReason.WRONG_SIGNATURE),
        (f"shop={SHOP}", InvalidReason.WRONG_SIGNATURE),
        ("shop", InvalidReason.MALFORMED),
        ("", InvalidReason.WRONG_SIGNATURE),
        (signed_query(shop="evil.test"), InvalidReason.WRONG_SHOP),
        (signed_query(timestamp="0"), InvalidReason.EXPIRED),
        (signed_query(timestamp=""), InvalidReason.EXPIRED),
        (signed_query(timestamp=str(int(NOW.timestamp()) - 91)), InvalidReason.EXPIRED),
        (signed_query(timestamp=str(int(NOW.timestamp()) + 91)), InvalidReason.EXPIRED),
    ],
)
def test_any_other_query_is_invalid_with_its_reason(query: str, reason: InvalidReason) -> None:
    assert verify_launch_query(APP, query, NOW) == Invalid(reason)


def test_a_launch_query_lives_ninety_seconds() -> None:
    assert isinstance(verify_launch_query(APP, signed_query(), NOW + timedelta(seconds=90)), Launch)
