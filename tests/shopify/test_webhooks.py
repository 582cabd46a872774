"""A delivery is Shopify's by its signature over the raw bytes, and by nothing else."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shopify_app import RequestInput

from backend.shopify.auth import AppCredentials
from backend.shopify.webhooks import Delivery, SignatureMissing, SignatureWrong, sign, verify

APP = AppCredentials("client-id", "the-new-secret", "the-old-secret")
BODY = b'{"id": 788032119674292922, "title": "\xc3\x9cber"}'
SIGNATURE = "X-Shopify-Hmac-Sha256"


def signed(raw: bytes = BODY, secret: str = "the-new-secret", **more: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return {
        SIGNATURE: base64.b64encode(digest).decode(),
        "X-Shopify-Topic": "products/update",
        "X-Shopify-Shop-Domain": "main-shop.myshopify.com",
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        "X-Shopify-Event-Id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
        "X-Shopify-Triggered-At": "2026-11-02T09:00:00.123456789Z",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }


EXPECTED = Delivery(
    topic="products/update",
    shop="main-shop.myshopify.com",
    webhook_id="b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    event_id="98880550-7158-44d4-b7cd-2c97c8a091b5",
    triggered_at=datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC),
    api_version="2026-10",
)


def test_a_signed_delivery_says_what_its_headers_say() -> None:
    assert verify(BODY, signed(), APP) == EXPECTED


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_names_of_headers_come_in_any_case(change: type[str]) -> None:
    assert verify(BODY, {change(name): value for name, value in signed().items()}, APP) == EXPECTED


def test_the_old_secret_counts_while_there_is_one() -> None:
    headers = signed(secret="the-old-secret")
    assert verify(BODY, headers, APP) == EXPECTED
    assert verify(BODY, headers, AppCredentials("client-id", "the-new-secret")) == SignatureWrong()


@pytest.mark.parametrize("headers", [{}, {SIGNATURE: ""}, {"X-Shopify-Topic": "products/update"}])
def test_no_signature_is_told_from_a_wrong_one(headers: dict[str, str]) -> None:
    assert verify(BODY, headers, APP) == SignatureMissing()


@pytest.mark.parametrize(
    ("raw", "signature"),
    [
        (BODY + b" ", None),
        (b"", None),
        (BODY, "nonsense"),
        (BODY, "\u00fc\u20ac\ud800"),
        (BODY, hmac.new(b"the-new-secret", BODY, hashlib.sha256).hexdigest()),
        (BODY, base64.b64encode(hmac.new(b"another", BODY, hashlib.sha256).digest()).decode()),
    ],
)
def test_another_body_or_another_signature_is_wrong(raw: bytes, signature: str | None) -> None:
    headers = signed()
    if signature is not None:
        headers[SIGNATURE] = signature
    assert verify(raw, headers, APP) == SignatureWrong()


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("2026-11-02T09:00:00Z", datetime(2026, 11, 2, 9, tzinfo=UTC)),
        ("2026-11-02T10:00:00.5+01:00", datetime(2026, 11, 2, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-02T09:00:00.1234567+00:00", datetime(2026, 11, 2, 9, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-02T09:00:00", datetime(2026, 11, 2, 9, tzinfo=UTC)),
        ("0001-01-01T00:00:00+10:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_time_is_read_with_tolerance(told: str, meant: datetime | None) -> None:
    delivery = verify(BODY, signed(X_Shopify_Triggered_At=told), APP)
    assert isinstance(delivery, Delivery)
    assert delivery.triggered_at == meant


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("Main-Shop.MyShopify.com", "main-shop.myshopify.com"),
        ("main-shop.myshopify.com.evil.example", ""),
        ("evil.example/.myshopify.com", ""),
        ("", ""),
    ],
)
def test_only_a_shops_own_domain_names_a_shop(told: str, meant: str) -> None:
    delivery = verify(BODY, signed(X_Shopify_Shop_Domain=told), APP)
    assert isinstance(delivery, Delivery)
    assert delivery.shop == meant


def test_missing_headers_are_empty() -> None:
    assert verify(BODY, {SIGNATURE: signed()[SIGNATURE]}, APP) == Delivery("", "", "", "", None, "")


@given(st.binary(max_size=200), st.sampled_from(["the-new-secret", "the-old-secret", "another"]))
def test_it_takes_what_shopifys_own_library_takes(raw: bytes, secret: str) -> None:
    text = raw.decode("latin-1").encode()
    headers = {SIGNATURE: sign(text, secret).decode()}
    request: RequestInput = {
        "method": "POST",
        "url": "https://app.invalid/webhooks",
        "headers": {**signed(), **headers},
        "body": text.decode(),
    }
    assert isinstance(verify(text, headers, APP), Delivery) == APP.library().verify_webhook_req(request).ok
