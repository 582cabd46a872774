"""Every process of the running product, in the order in which they start: the one place to add another.

Words in braces are filled in by the stack (`Facts`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Crash(StrEnum):
    """What the supervisor does when a process ends by itself."""

    RESTART = "restart"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Process:
    """A program of the product.

    `ready` is an address that answers 200 once it works; without one it is taken to work when it has started.
    `env` adds to the settings that all processes share.
    """

    name: str
    title: str
    argv: tuple[str, ...]
    ready: str = ""
    on_crash: Crash = Crash.RESTART
    env: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What differs from one stack to the next. Addresses have no trailing slash.

    `page_url` is what the sandbox opens in its frame: the app's own address, unless a development server
    stands before it.
    """

    python: str
    host: str
    app_port: int
    sandbox_port: int
    app_url: str
    page_url: str
    sandbox_url: str
    database_url: str
    redis_url: str
    client_id: str
    client_secret: str
    encryption_keys: str
    lookup_key: str
    scenario: str
    frontend_dist: str

    def fill(self, text: str) -> str:
        """`text` with every word in braces replaced; `{shop}` is left for the app to fill."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return text.format(**values, shop="{shop}")


MIGRATE = ("{python}", "-m", "backend.migrate")

ENVIRONMENT = {
    "APP_URL": "{app_url}",
    "DATABASE_URL": "{database_url}",
    "REDIS_URL": "{redis_url}",
    "SHOPIFY_CLIENT_ID": "{client_id}",
    "SHOPIFY_CLIENT_SECRET": "{client_secret}",
    "SHOPIFY_BASE_URL": "{sandbox_url}/{shop}",
    "APP_BRIDGE_URL": "{sandbox_url}/_sandbox/app-bridge.js",
    "FRAME_ANCESTORS": "{sandbox_url}",
    "ENCRYPTION_KEYS": "{encryption_keys}",
    "LOOKUP_KEY": "{lookup_key}",
    "FRONTEND_DIST": "{frontend_dist}",
    "GRAPHIQL": "true",
}

PROCESSES = (
    Process(
        name="sandbox",
        title="Sandbox",
        argv=(
            *("{python}", "-m", "sandbox", "--host", "{host}", "--port", "{sandbox_port}"),
            *("--app-url", "{page_url}", "--client-id", "{client_id}", "--client-secret", "{client_secret}"),
            *("--app-toml", "shopify.app.toml", "--webhook-url", "{app_url}"),
            *("--scenario", "{scenario}"),
        ),
        ready="{sandbox_url}/",
        # It keeps its shops in memory: a new one would be another world than the database remembers.
        on_crash=Crash.REPORT,
    ),
    Process(
        name="api",
        title="API",
        argv=(
            *("{python}", "-m", "uvicorn", "--factory", "backend.app:create_app"),
            *("--host", "{host}", "--port", "{app_port}"),
        ),
        ready="{app_url}/ready",
    ),
    Process(
        name="worker-live",
        title="Worker for live work",
        argv=("{python}", "-m", "backend.worker", "--queues", "live"),
    ),
    Process(
        name="worker-background",
        title="Worker for long work",
        argv=("{python}", "-m", "backend.worker", "--queues", "background"),
    ),
    Process(
        name="scheduler",
        title="Scheduler",
        argv=("{python}", "-m", "backend.scheduler"),
    ),
)
