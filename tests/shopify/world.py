"""Shops of the sandbox, in this process, and the app's client in front of one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from backend.shopify.client import ShopClient
from backend.shopify.reader import CatalogReader
from backend.shopify.shop import ShopReader
from backend.shopify.throttle import LocalThrottle
from backend.shopify.writer import CatalogWriter
from sandbox import auth, bulk
from sandbox.app import create_app
from sandbox.bucket import Tier
from sandbox.clock import VirtualClock
from sandbox.commands.shops import add_shop, install_app, register_app
from sandbox.draft import ProductDraft
from sandbox.place import place
from sandbox.session_token import mint, owner
from sandbox.store.product import Product
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop

CLIENT_ID = "client-of-the-tests"
CLIENT_SECRET = "a-secret-that-is-long-enough-for-hs256"
BASE = "http://sandbox.test"
DOMAIN = "main-shop.myshopify.com"
SCOPES = ("write_products", "write_inventory", "read_locations", "write_publications", "write_files")


@dataclass(slots=True)
class World:
    """`clock` is the sandbox's and the client's; it only moves when it is moved."""

    sandbox: Sandbox
    shop: Shop
    clock: VirtualClock
    client: ShopClient
    http: httpx.AsyncClient

    @property
    def reader(self) -> CatalogReader:
        return CatalogReader(self.client)

    @property
    def facts(self) -> ShopReader:
        return ShopReader(self.client)

    @property
    def writer(self) -> CatalogWriter:
        return CatalogWriter(self.client)

    def place(self, draft: ProductDraft) -> Product:
        return place(self.shop, draft, settled=True)


@asynccontextmanager
async def a_world(
    *,
    locations: tuple[str, ...] = ("Warehouse", "Store"),
    scopes: tuple[str, ...] = SCOPES,
    tier: Tier = Tier.ENTERPRISE,
    version: str = "2026-10",
) -> AsyncIterator[World]:
    clock = VirtualClock()
    sandbox = Sandbox(clock, seed=7, base_url=BASE)
    app = register_app(sandbox, CLIENT_ID, CLIENT_SECRET, scopes=scopes)
    shop = add_shop(sandbox, DOMAIN, currency="EUR", tier=tier, locations=locations)
    install_app(sandbox, shop, CLIENT_ID)
    granted = auth.grant(
        sandbox,
        shop,
        {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": mint(app, shop, owner(shop), clock.now()),
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
            "expiring": "1",
        },
    )

    async def token() -> str:
        return str(granted["access_token"])

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=create_app(sandbox))) as http:
        client = ShopClient(
            shop=DOMAIN,
            token=token,
            throttle=LocalThrottle(clock),
            http=http,
            clock=clock,
            base_url=BASE + "/{shop}",
            api_version=version,
        )
        yield World(sandbox, shop, clock, client, http)
        await bulk.stop(sandbox)
