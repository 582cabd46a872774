"""What an app's configuration file, shopify.app.toml, says about webhooks."""

import tomllib
from typing import Any
from urllib.parse import urljoin, urlsplit

from sandbox.schema import falls_forward
from sandbox.store.app import App
from sandbox.store.sandbox import Sandbox
from sandbox.store.subscription import Subscription
from sandbox.webhook_topics import COMPLIANCE, SCOPES


class ConfigurationError(ValueError):
    """Shopify would not take this file."""


def configure(sandbox: Sandbox, app: App, text: str, base_url: str = "") -> list[str]:
    """Give the app the subscriptions of its configuration file, in place of those it had.

    A uri that is a path lies below base_url, or below the file's application_url without one. Answers
    warnings about what is not simulated; raises ConfigurationError.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"The file is no TOML: {error}") from error
    section = content.get("webhooks", {})
    version = section.get("api_version")
    if not isinstance(version, str):
        raise ConfigurationError("[webhooks] lacks api_version.")
    base = base_url or str(content.get("application_url", ""))
    served = falls_forward(version)
    warnings = [] if served == version else [f"API version {version} is answered as {served}."]
    subscriptions: list[Subscription] = []
    for entry in section.get("subscriptions", []):
        for topic in _topics(entry):
            if topic not in SCOPES and topic not in COMPLIANCE:
                warnings.append(f"Webhooks of {topic} are not simulated.")
                continue
            subscriptions.append(_subscription(sandbox, entry, topic, base, served))
        if entry.get("filter") is not None:
            warnings.append(f"Filters are not simulated: {entry['filter']!r} lets everything through.")
    app.subscriptions = subscriptions
    app.webhook_version = served
    return warnings


def _topics(entry: dict[str, Any]) -> list[str]:
    topics, compliance = _texts(entry, "topics"), _texts(entry, "compliance_topics")
    if not topics and not compliance:
        raise ConfigurationError("A subscription has neither topics nor compliance_topics.")
    for topic in compliance:
        if topic not in COMPLIANCE:
            raise ConfigurationError(f"{topic} is no compliance topic.")
    for topic in topics:
        if topic in COMPLIANCE:
            raise ConfigurationError(f"{topic} must stand under compliance_topics.")
    return topics + compliance


def _texts(entry: dict[str, Any], name: str) -> list[str]:
    found = entry.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ConfigurationError(f"{name} must be a list of texts.")
    return found


def _subscription(
    sandbox: Sandbox, entry: dict[str, Any], topic: str, base: str, version: str
) -> Subscription:
    uri = entry.get("uri")
    if not isinstance(uri, str) or not uri:
        raise ConfigurationError(f"The subscription to {topic} has no uri.")
    address = urljoin(f"{base.rstrip('/')}/", uri.lstrip("/")) if uri.startswith("/") else uri
    if urlsplit(address).scheme not in ("http", "https"):
        raise ConfigurationError(f"{address} is no address for webhooks.")
    now = sandbox.clock.now().replace(microsecond=0)
    return Subscription(
        sandbox.ids.next(),
        topic,
        address,
        version,
        created_at=now,
        updated_at=now,
        include_fields=tuple(_texts(entry, "include_fields")),
        filter=entry.get("filter"),
        name=entry.get("name"),
    )
