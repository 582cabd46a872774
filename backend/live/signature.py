"""Whether a delivery is Shopify's, and what its headers say of it. No network; results are tagged."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypeAlias

from backend.shopify.auth import AppCredentials, shop_domain


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified delivery. `webhook_id` is the same on each of its retries; `triggered_at` is None where
    Shopify did not say it."""

    topic: str
    shop: str
    webhook_id: str
    event_id: str
    triggered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignatureMissing:
    pass


@dataclass(frozen=True, slots=True)
class SignatureWrong:
    pass


Verified: TypeAlias = Delivery | SignatureMissing | SignatureWrong


def verify(raw: bytes, headers: Mapping[str, str], app: AppCredentials) -> Verified:
    """`raw` is the body as it came; `headers` finds names in any case (shopify.dev, Webhooks: HTTPS)."""
    given = headers.get("x-shopify-hmac-sha256", "").encode("latin-1")
    if not given:
        return SignatureMissing()
    if not any(hmac.compare_digest(given, _signature(raw, secret)) for secret in app.secrets):
        return SignatureWrong()
    return Delivery(
        topic=headers.get("x-shopify-topic", "").lower(),
        shop=shop_domain(headers.get("x-shopify-shop-domain", "")) or "",
        webhook_id=headers.get("x-shopify-webhook-id", ""),
        event_id=headers.get("x-shopify-event-id", ""),
        triggered_at=_time(headers.get("x-shopify-triggered-at", "")),
    )


def _signature(raw: bytes, secret: str) -> bytes:
    return b64encode(hmac.digest(secret.encode(), raw, sha256))


def _time(text: str) -> datetime | None:
    """Shopify writes nanoseconds."""
    head, dot, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    try:
        found = datetime.fromisoformat(f"{head}.{rest[:6]}{rest[digits:]}" if dot and digits > 6 else text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
