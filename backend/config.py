"""The settings of a running process: read once from the environment, validated, frozen.

Every message names the variable at fault and never shows the value of one that may be a secret.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from backend.billing.plans import SELF_HOSTED, Plans, PlansError, read_plans
from backend.crypto import Keyring

REQUIRED_SCOPES: tuple[str, ...] = ("write_products", "write_inventory", "read_locations")
OPTIONAL_SCOPES: tuple[str, ...] = ("write_publications", "write_files")
APP_BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js"


class ConfigError(Exception):
    """`problems` says for every variable at fault what is wrong with it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("The settings are not usable:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """`shopify_base_url` and `frame_ancestors` are templates with `{shop}`, the shop's myshopify.com domain.

    `app_url` has no trailing slash. `retention_days` is how long changes are kept. `plans` come from the file
    that PLANS_FILE names. What is said of bulk operations are the fewest and the most, of a read and of a
    creation, and how long one takes to start.
    """

    app_url: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)
    old_client_secret: str | None = field(repr=False)
    keyring: Keyring = field(repr=False)
    shopify_base_url: str
    shopify_api_version: str
    app_bridge_url: str
    frame_ancestors: str
    frontend_dist: Path
    support_contact: str
    help_url: str
    api_docs_url: str
    graphiql: bool
    database_pool: int
    retention_days: int
    plans: Plans
    bulk_start_seconds: int
    bulk_slice_objects: tuple[int, int]
    bulk_creation_lines: tuple[int, int]
    log_level: str
    log_json: bool


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `environ`; raises ConfigError naming every missing or unusable variable at once."""
    read = _Reader(environ)
    keyring = read.keyring("ENCRYPTION_KEYS", "LOOKUP_KEY")
    settings = Settings(
        app_url=read.url("APP_URL"),
        database_url=read.address("DATABASE_URL", ("postgres", "postgresql", "asyncpg")),
        redis_url=read.address("REDIS_URL", ("redis", "rediss", "unix")),
        client_id=read.text("SHOPIFY_CLIENT_ID"),
        client_secret=read.text("SHOPIFY_CLIENT_SECRET"),
        old_client_secret=read.text("SHOPIFY_OLD_CLIENT_SECRET", "") or None,
        keyring=keyring,
        shopify_base_url=read.template("SHOPIFY_BASE_URL", "https://{shop}"),
        shopify_api_version=read.text("SHOPIFY_API_VERSION", "2026-10"),
        app_bridge_url=read.text("APP_BRIDGE_URL", APP_BRIDGE),
        frame_ancestors=read.text("FRAME_ANCESTORS", "https://{shop} https://admin.shopify.com"),
        frontend_dist=Path(read.text("FRONTEND_DIST", "frontend/dist")),
        support_contact=read.text("SUPPORT_CONTACT", ""),
        help_url=read.text("HELP_URL", ""),
        api_docs_url=read.text("API_DOCS_URL", ""),
        graphiql=read.switch("GRAPHIQL", False),
        database_pool=read.number("DATABASE_POOL", 10, at_least=1),
        retention_days=read.number("RETENTION_DAYS", 90, at_least=1),
        plans=read.plans("PLANS_FILE"),
        bulk_start_seconds=read.number("BULK_START_SECONDS", 5, at_least=0),
        bulk_slice_objects=read.span("BULK_SLICE_OBJECTS", (10_000, 100_000)),
        bulk_creation_lines=read.span("BULK_CREATION_LINES", (50, 250)),
        log_level=read.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        log_json=read.switch("LOG_JSON", True),
    )
    if read.problems:
        raise ConfigError(tuple(read.problems))
    return settings


class _Reader:
    """Reads variables one by one and collects what is wrong, so that one start shows every mistake."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environ.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.problems.append(f"{name} is not set.")
            return ""
        return default

    def url(self, name: str) -> str:
        value = self.text(name)
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc):
            self.problems.append(f"{name} must be an address that starts with https:// or http://.")
        return value.rstrip("/")

    def template(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if "{shop}" not in value or urlsplit(value).scheme not in ("http", "https"):
            self.problems.append(f"{name} must be an http(s) address that contains {{shop}}.")
        return value.rstrip("/")

    def address(self, name: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name)
        if value and urlsplit(value).scheme not in schemes:
            self.problems.append(f"{name} must start with {schemes[0]}://.")
        return value

    def switch(self, name: str, default: bool) -> bool:
        value = self.text(name, "true" if default else "false").lower()
        if value not in ("true", "false", "1", "0"):
            self.problems.append(f"{name} must be true or false.")
        return value in ("true", "1")

    def number(self, name: str, default: int, *, at_least: int) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal() or int(value) < at_least:
            self.problems.append(f"{name} must be a whole number of at least {at_least}.")
            return default
        return int(value)

    def span(self, name: str, default: tuple[int, int]) -> tuple[int, int]:
        """The fewest and the most, as `10-250`."""
        low, _, high = self.text(name, f"{default[0]}-{default[1]}").partition("-")
        if not (low.isdecimal() and high.isdecimal() and 1 <= int(low) <= int(high)):
            self.problems.append(f"{name} must be two whole numbers such as {default[0]}-{default[1]}.")
            return default
        return int(low), int(high)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default).upper()
        if value not in choices:
            self.problems.append(f"{name} must be one of {', '.join(choices)}.")
        return value

    def plans(self, name: str) -> Plans:
        value = self.text(name, "")
        if not value:
            return SELF_HOSTED
        try:
            return read_plans(Path(value))
        except PlansError as error:
            self.problems.extend(f"{name}: {problem}" for problem in error.problems)
            return SELF_HOSTED

    def keyring(self, keys: str, lookup: str) -> Keyring:
        try:
            return Keyring.parse(self.text(keys), self.text(lookup))
        except ValueError as error:
            if self._environ.get(keys) and self._environ.get(lookup):
                self.problems.append(f"{keys} or {lookup}: {error}")
            return Keyring((), b"")
