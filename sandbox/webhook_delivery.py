"""One webhook on its way to one subscription: what is sent, and what became of it."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sandbox.store.app import Installation
from sandbox.store.shop import Shop
from sandbox.store.subscription import Subscription


class State(StrEnum):
    WAITING = "waiting"
    """To set out."""
    SENDING = "sending"
    RETRYING = "retrying"
    """It failed, and waits for its next try."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up after the last retry."""
    DROPPED = "dropped"
    """Lost on purpose."""
    CANCELED = "canceled"
    """The app or its subscription was gone."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """at is on the sandbox's clock, seconds are real ones."""

    at: datetime
    status: int | None
    error: str | None
    seconds: float


@dataclass(slots=True, eq=False)
class Delivery:
    """webhook_id names the delivery through all of its retries and copies, event_id everything that the same
    action set off.
    """

    shop: Shop
    installation: Installation
    subscription: Subscription
    webhook_id: str
    event_id: str
    triggered_at: datetime
    body: bytes = field(repr=False)
    state: State = State.WAITING
    attempts: list[Attempt] = field(default_factory=list)
    next_attempt_at: datetime | None = None

    @property
    def topic(self) -> str:
        return self.subscription.topic


def headers_of(delivery: Delivery) -> dict[str, str]:
    """As shopify.dev lists them in "Webhooks delivery structure"."""
    subscription = delivery.subscription
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Shopify-Captain-Hook",
        "X-Shopify-Topic": subscription.topic,
        "X-Shopify-Hmac-Sha256": signature(delivery.installation.app.client_secret, delivery.body),
        "X-Shopify-Shop-Domain": delivery.shop.domain,
        "X-Shopify-API-Version": subscription.api_version,
        "X-Shopify-Webhook-Id": delivery.webhook_id,
        "X-Shopify-Event-Id": delivery.event_id,
        "X-Shopify-Triggered-At": _nanoseconds(delivery),
    }
    if subscription.name is not None:
        headers["X-Shopify-Name"] = subscription.name
    return headers


def signature(secret: str, body: bytes) -> str:
    """Base64 of the HMAC-SHA256 over the raw bytes, under the app's client secret."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _nanoseconds(delivery: Delivery) -> str:
    """Nine decimals, as Shopify writes them: a reader that knows six must cope."""
    fine = UUID(delivery.event_id).int % 1000
    return f"{delivery.triggered_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}{fine:03}Z"
