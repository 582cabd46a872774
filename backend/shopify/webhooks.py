"""Whether a webhook delivery is Shopify's, and what its headers say of it. No network; results are tagged."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from backend.shopify.auth import AppCredentials, shop_domain


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified delivery. `topic` as in `products/update`; `shop` is the myshopify.com domain in lower case,
    "" where the header names none. `webhook_id` is the same on each retry of a delivery, `event_id` for all
    that one action of a merchant brought about. `triggered_at` is None where Shopify did not say it."""

    topic: str
    shop: str
    webhook_id: str
    event_id: str
    triggered_at: datetime | None
    api_version: str


@dataclass(frozen=True, slots=True)
class SignatureMissing:
    pass


@dataclass(frozen=True, slots=True)
class SignatureWrong:
    pass


Verified: TypeAlias = Delivery | SignatureMissing | SignatureWrong


def verify(raw: bytes, headers: Mapping[str, str], app: AppCredentials) -> Verified:
    """`raw` is the body as it came, `headers` with names in any case.

    shopify.dev, webhooks over HTTPS: base64 of HMAC-SHA256 over the raw body. For up to an hour after a
    rotation Shopify still signs with the oldest secret that is not revoked.
    """
    given = {name.lower(): value for name, value in headers.items()}
    signature = given.get("x-shopify-hmac-sha256", "").encode("utf-8", "replace")
    if not signature:
        return SignatureMissing()
    if not any(hmac.compare_digest(signature, sign(raw, secret)) for secret in app.secrets):
        return SignatureWrong()
    return Delivery(
        topic=given.get("x-shopify-topic", "").lower(),
        shop=shop_domain(given.get("x-shopify-shop-domain", "").lower()) or "",
        webhook_id=given.get("x-shopify-webhook-id", ""),
        event_id=given.get("x-shopify-event-id", ""),
        triggered_at=_time(given.get("x-shopify-triggered-at", "")),
        api_version=given.get("x-shopify-api-version", ""),
    )


def sign(raw: bytes, secret: str) -> bytes:
    """The signature that Shopify sends with this body."""
    return b64encode(hmac.digest(secret.encode(), raw, "sha256"))


def _time(text: str) -> datetime | None:
    """Shopify writes nanoseconds, a datetime holds microseconds."""
    head, dot, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    if dot and digits > 6:
        text = f"{head}.{rest[:6]}{rest[digits:]}"
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
