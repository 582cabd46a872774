"""Subscriptions that an app makes, changes and takes back in one shop, through the API.

Refusals in the words of webhookSubscriptionCreate, as recorded from a real shop.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.commands.errors import UserError, refuse_if
from sandbox.commands.specs import UNSET, Unset
from sandbox.failures import NotSimulatedError
from sandbox.store.app import Installation
from sandbox.store.shop import Shop
from sandbox.store.subscription import Subscription
from sandbox.webhook_topics import allowed

MAX_ADDRESS = 64 * 1024
_INPUT = "webhookSubscription"
_NAME = re.compile(r"[A-Za-z0-9_-]+\Z")
_HERE = ("127.0.0.1", "localhost", "::1")
"""Addresses of this machine may do without TLS, other than at Shopify: the demo's app listens there."""
MISSING = UserError(("id",), "Webhook subscription does not exist")


@dataclass(frozen=True, slots=True)
class SubscriptionSpec:
    """What is UNSET stays as it is, or takes its default in a new subscription."""

    uri: str | Unset | None = UNSET
    include_fields: tuple[str, ...] | Unset = UNSET
    filter: str | Unset | None = UNSET
    name: str | Unset | None = UNSET


def subscribe(
    shop: Shop, installation: Installation, topic: str, version: str, spec: SubscriptionSpec
) -> Subscription:
    """A new subscription of the app in this shop. version is what payloads come in unless the app's
    configuration file names one.
    """
    if not allowed(topic, installation.scopes):
        message = f"You do not have permission to create or update webhooks with {topic} topic."
        refuse_if((UserError(("topic",), message),))
    uri = None if isinstance(spec.uri, Unset) else spec.uri
    refuse_if(_faults(installation, topic, uri or "", spec, None))
    now = shop.now()
    made = Subscription(
        shop.ids.next(),
        topic,
        (uri or "").strip(),
        installation.app.webhook_version or version,
        created_at=now,
        updated_at=now,
    )
    _apply(made, spec)
    installation.subscriptions[made.id] = made
    return made


def change(shop: Shop, installation: Installation, present: Subscription, spec: SubscriptionSpec) -> None:
    uri = present.uri if isinstance(spec.uri, Unset) else spec.uri or ""
    refuse_if(_faults(installation, present.topic, uri, spec, present))
    present.uri = uri.strip()
    present.updated_at = shop.now()
    _apply(present, spec)


def unsubscribe(installation: Installation, present: Subscription) -> None:
    """What is under way to it no longer arrives."""
    del installation.subscriptions[present.id]


def _apply(subscription: Subscription, spec: SubscriptionSpec) -> None:
    if not isinstance(spec.include_fields, Unset):
        subscription.include_fields = spec.include_fields
    if not isinstance(spec.filter, Unset):
        subscription.filter = spec.filter
    if not isinstance(spec.name, Unset):
        subscription.name = spec.name


def _faults(
    installation: Installation, topic: str, uri: str, spec: SubscriptionSpec, present: Subscription | None
) -> Iterator[UserError]:
    others = [one for one in installation.subscriptions.values() if one is not present]
    wrong = _address_fault(uri.strip())
    if wrong is None and any(one.topic == topic and one.uri == uri.strip() for one in others):
        wrong = "Address for this topic has already been taken"
    if wrong is not None:
        yield UserError((_INPUT, "callbackUrl"), wrong)
    if isinstance(spec.filter, str) and spec.filter and ":" not in spec.filter:
        message = (
            "The specified filter is invalid, please ensure you specify the field(s) you wish to filter on."
        )
        yield UserError((_INPUT,), message)
    if isinstance(spec.name, str):
        if not spec.name:
            yield UserError((_INPUT, "name"), "Name is too short (minimum is 1 character)")
        elif _NAME.match(spec.name) is None:
            message = "Name name field can only contain alphanumeric characters, underscores, and hyphens"
            yield UserError((_INPUT, "name"), message)
        elif any(one.name == spec.name for one in others):
            yield UserError((_INPUT, "name"), "Name already exists, no duplicate allowed")


def _address_fault(uri: str) -> str | None:
    if not uri:
        return "Address can't be blank"
    if len(uri.encode()) > MAX_ADDRESS:
        return "Address is too big (maximum is 64 KB)"
    if uri.startswith(("arn:", "pubsub://")):
        raise NotSimulatedError(f"webhooks to {uri.partition(':')[0]} addresses")
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return "Address is invalid"
    if not parts.scheme or " " in uri:
        return "Address is invalid"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _HERE):
        return f"Address protocol {parts.scheme}:// is not supported"
    return None if host else "Address is invalid"
