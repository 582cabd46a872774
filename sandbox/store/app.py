"""Apps, where they are installed, and their tokens."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.store.billing import AppSubscription
from sandbox.store.subscription import Subscription


@dataclass(slots=True, eq=False)
class App:
    id: int
    client_id: str
    client_secret: str = field(repr=False)
    title: str = "App"
    handle: str = "app"
    url: str = ""
    scopes: tuple[str, ...] = ()
    """What the app asks for at installation."""
    subscriptions: list[Subscription] = field(default_factory=list, repr=False)
    """For every shop that has the app, as its configuration file says."""
    webhook_version: str | None = None
    """The API version of its webhooks, as its configuration file says."""


@dataclass(slots=True, eq=False)
class Token:
    """A pair as token exchange and refresh hand it out; refresh is None for a token that does not expire."""

    access: str = field(repr=False)
    expires_at: datetime | None
    refresh: str | None = field(default=None, repr=False)
    refresh_expires_at: datetime | None = None
    refresh_used_at: datetime | None = None
    replaced_by: "Token | None" = field(default=None, repr=False)
    used: bool = False
    revoked: bool = False


@dataclass(slots=True, eq=False)
class RememberedAnswer:
    """What a mutation with an idempotency key was asked and what it answered."""

    fingerprint: str
    answer: dict[str, Any]
    expires_at: float
    """On the scale of Clock.monotonic()."""


@dataclass(slots=True, eq=False)
class Installation:
    id: int
    app: App
    scopes: frozenset[str]
    installed_at: datetime
    tokens: list[Token] = field(default_factory=list, repr=False)
    subscriptions: dict[int, Subscription] = field(default_factory=dict, repr=False)
    """Made through the API, for this shop only; they go with the installation."""
    app_subscriptions: dict[int, AppSubscription] = field(default_factory=dict, repr=False)
    """What the app charges the shop for, the oldest first."""
