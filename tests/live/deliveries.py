"""Deliveries as Shopify makes them, signed in a way of our own: with nothing of the app's code."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import orjson

from tests.api import CLIENT_SECRET


def signature(body: bytes, secret: str = CLIENT_SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


@dataclass(frozen=True, slots=True)
class Signed:
    """The body and the headers of one delivery."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.headers["X-Shopify-Webhook-Id"]

    def but(self, **headers: str | None) -> "Signed":
        """With these headers, written with underscores, changed or left out."""
        given: dict[str, str | None] = {**self.headers}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return Signed(self.body, {name: value for name, value in given.items() if value is not None})


def delivery(
    topic: str = "products/update",
    payload: Mapping[str, Any] | bytes | None = None,
    *,
    shop: str = "main.myshopify.com",
    id: str | None = None,  # noqa: A002 - Shopify's word
    triggered_at: str = "2026-11-20T10:00:00.123456789Z",
    secret: str = CLIENT_SECRET,
) -> Signed:
    given = {"id": 788032119674292922} if payload is None else payload
    body = given if isinstance(given, bytes) else orjson.dumps(given)
    return Signed(
        body,
        {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": signature(body, secret),
            "X-Shopify-Shop-Domain": shop,
            "X-Shopify-API-Version": "2026-10",
            "X-Shopify-Webhook-Id": id or str(uuid4()),
            "X-Shopify-Event-Id": "e1",
            "X-Shopify-Triggered-At": triggered_at,
        },
    )
