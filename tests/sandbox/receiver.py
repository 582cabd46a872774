"""An app that gets webhooks, and a sandbox that sends them to it."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from sandbox.clock import VirtualClock
from sandbox.commands.shops import install_app
from sandbox.store.app import App, Installation
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from sandbox.webhook_config import configure
from sandbox.webhooks import Dispatcher, Limits
from tests.sandbox.edges import APP_URL, CLIENT_ID, CLIENT_SECRET, make_sandbox, only_shop, the_app, virtual

TOPICS = (
    *("products/create", "products/update", "products/delete"),
    *("inventory_levels/connect", "inventory_levels/update", "inventory_levels/disconnect"),
    *("inventory_items/create", "inventory_items/update", "inventory_items/delete"),
    *("locations/create", "locations/update", "locations/delete"),
    *("locations/activate", "locations/deactivate", "shop/update", "app/uninstalled"),
    *("app/scopes_update", "app_subscriptions/update", "bulk_operations/finish"),
)
COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")


def configuration(*topics: str, compliance: tuple[str, ...] = (), more: str = "") -> str:
    """An app's file with one subscription to the topics and one to the compliance topics."""
    text = '[webhooks]\napi_version = "2026-10"\n'
    if topics:
        text += f'[[webhooks.subscriptions]]\ntopics = {list(topics)}\nuri = "/webhooks"\n{more}\n'
    if compliance:
        text += f'[[webhooks.subscriptions]]\ncompliance_topics = {list(compliance)}\nuri = "/webhooks"\n'
    return text


@dataclass(slots=True)
class Got:
    """One request that arrived, and whether its signature is right."""

    topic: str
    headers: httpx.Headers
    content: bytes
    url: str
    at: float
    """On the sandbox's clock, in seconds."""

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.content)
        return found

    @property
    def is_signed(self) -> bool:
        digest = hmac.digest(CLIENT_SECRET.encode(), self.content, hashlib.sha256)
        return base64.standard_b64encode(digest) == self.headers["X-Shopify-Hmac-Sha256"].encode()


@dataclass(slots=True)
class Shopped:
    """A shop with the app, its deliveries, and what the app got. answer says how the app answers."""

    sandbox: Sandbox
    shop: Shop
    app: App
    dispatcher: Dispatcher
    clock: VirtualClock
    got: list[Got] = field(default_factory=list)
    answer: Callable[[Got], httpx.Response] = field(default=lambda _: httpx.Response(200))

    @property
    def installation(self) -> Installation:
        return self.shop.installations[CLIENT_ID]

    @property
    def topics(self) -> list[str]:
        return sorted(got.topic for got in self.got)

    async def settle(self) -> list[Got]:
        """Everything that was told since the last time, once nothing is under way."""
        await self.clock.run_until(self.dispatcher.idle())
        told, self.got[:] = list(self.got), []
        return told

    async def one(self, topic: str) -> Got:
        """The only delivery of a topic."""
        (found,) = [got for got in await self.settle() if got.topic == topic]
        return found

    async def first_tries(self) -> None:
        """Until everything was tried, retries aside."""
        await self.clock.run_until(self.dispatcher.idle(retries=False))

    async def pass_time(self, seconds: float) -> None:
        """Let time go by step by step, so that whoever wakes up does what he has to in time."""
        until = self.clock.monotonic() + seconds
        await self._catch_up()
        while (wake := self.clock.next_wake()) is not None and wake <= until:
            self.clock.advance(wake - self.clock.monotonic())
            await self._catch_up()
        self.clock.advance(until - self.clock.monotonic())

    async def _catch_up(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        await self.first_tries()


@asynccontextmanager
async def told(
    *topics: str,
    compliance: tuple[str, ...] = (),
    more: str = "",
    scopes: tuple[str, ...] = ("write_products", "write_inventory", "read_locations"),
    limits: Limits | None = None,
) -> AsyncIterator[Shopped]:
    """A shop whose app has subscribed to the topics (to all of them, if none is named) by its file."""
    sandbox = make_sandbox(scopes=scopes)
    app = the_app(sandbox)
    assert (
        configure(sandbox, app, configuration(*topics or TOPICS, compliance=compliance, more=more), APP_URL)
        == []
    )
    dispatcher = Dispatcher(sandbox, limits)
    world = Shopped(sandbox, only_shop(sandbox), app, dispatcher, virtual(sandbox))

    async def receive(request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        got = Got(
            request.headers["X-Shopify-Topic"],
            request.headers,
            content,
            str(request.url),
            world.clock.monotonic(),
        )
        world.got.append(got)
        return world.answer(got)

    install_app(sandbox, world.shop, CLIENT_ID)
    async with httpx.AsyncClient(transport=httpx.MockTransport(receive)) as http:
        dispatcher.start(http)
        try:
            yield world
        finally:
            await dispatcher.stop()
