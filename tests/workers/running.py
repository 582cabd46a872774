"""The sandbox and real processes of the app, for tests that take something away from them."""

import asyncio
import base64
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from backend.clock import SystemClock
from backend.config import Settings, load
from backend.jobs.tokens import Tokens
from backend.models.connection import Connection, SyncSettingsVersion
from backend.models.shop import Role, Shop
from backend.shopify.auth import AppCredentials, Valid, verify_session_token
from backend.shopify.tokens import ShopTransport, TokenClient, TokenPair
from backend.sync.settings import SyncSettings
from backend.sync.settings_json import dump_settings
from dev.child import Child
from dev.paths import VENV_PYTHON

T = TypeVar("T")

CLIENT_ID = "client-of-the-tests"
CLIENT_SECRET = "a-secret-that-is-long-enough-for-hs256"
MAIN, DEPENDENT = "main-shop.myshopify.com", "berlin-outlet.myshopify.com"
KEY = base64.b64encode(bytes(range(32))).decode()


@dataclass(slots=True)
class Running:
    """The sandbox and the processes of the app, as a supervisor runs them."""

    sandbox: str
    environment: dict[str, str]
    folder: Path
    children: list[Child]
    http: httpx.AsyncClient

    @property
    def settings(self) -> Settings:
        return load(self.environment)

    def start(self, name: str, *arguments: str) -> Child:
        child = Child(
            name,
            [VENV_PYTHON, "-m", *arguments],
            self.folder / f"{name}-{len(self.children)}.log",
            env=self.environment,
        )
        self.children.append(child)
        child.start()
        return child

    def logs(self) -> str:
        return "\n".join(f"--- {each.name}\n{each.tail()}" for each in self.children)

    async def control(self, method: str, path: str, **body: Any) -> Any:
        answer = await self.http.request(method, f"{self.sandbox}/_control{path}", json=body or None)
        answer.raise_for_status()
        return answer.json()

    async def mutations(self, shop: str) -> Counter[str]:
        counts = await self.control("GET", "/counts")
        return Counter(counts.get(shop, {}).get("mutations", {}))


async def until(condition: Callable[[], Awaitable[T]], running: Running, seconds: float) -> T:
    """What `condition` answers once it is true; fails with the logs when it is not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := await condition():
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {seconds} s\n{running.logs()}")


async def a_connection(running: Running, settings: SyncSettings) -> Connection:
    """Both shops opened the app, as people do, and the dependent chose its settings."""
    config = running.settings
    app = AppCredentials(config.client_id, config.client_secret)
    transport = ShopTransport(config.shopify_base_url, httpx.AsyncHTTPTransport())
    async with httpx.AsyncClient(transport=transport) as http:
        tokens = Tokens(TokenClient(app, http, SystemClock()), config.keyring, SystemClock())
        shops = []
        for domain, role in ((MAIN, Role.MAIN), (DEPENDENT, Role.DEPENDENT)):
            await running.control("POST", f"/shops/{domain}/install")
            session = await running.control("POST", f"/shops/{domain}/session-token")
            verified = verify_session_token(app, session["token"])
            assert isinstance(verified, Valid)
            pair = await tokens.client.exchange(verified)
            assert isinstance(pair, TokenPair)
            shop = await Shop.create(domain=domain, role=role)
            await tokens.put(shop.id, pair)
            shops.append(shop)
    connection = await Connection.create(main=shops[0], dependent=shops[1], settings_version=1)
    await SyncSettingsVersion.create(connection=connection, version=1, values=dump_settings(settings))
    return connection
