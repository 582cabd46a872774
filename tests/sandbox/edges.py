"""What tests of the sandbox's edges begin with: a sandbox with an app and shops, a client of its server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette

from sandbox import auth, bulk
from sandbox.app import create_app
from sandbox.clock import VirtualClock
from sandbox.commands.shops import add_shop, install_app, register_app
from sandbox.session_token import mint, owner
from sandbox.store.app import App
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop

CLIENT_ID = "client-of-the-tests"
CLIENT_SECRET = "a-secret-that-is-long-enough-for-hs256"
APP_URL = "https://app.example.test"
BASE = "http://sandbox.test"
DOMAIN = "main-shop.myshopify.com"
SCOPES = ("write_products", "write_inventory", "read_locations")


def make_sandbox(*domains: str, scopes: tuple[str, ...] = SCOPES, seed: int = 7) -> Sandbox:
    """A sandbox on a virtual clock with one app, installed nowhere, and the shops."""
    sandbox = Sandbox(VirtualClock(), seed=seed, base_url=BASE)
    register_app(sandbox, CLIENT_ID, CLIENT_SECRET, title="Sync", handle="sync", url=APP_URL, scopes=scopes)
    for domain in domains or (DOMAIN,):
        add_shop(sandbox, domain)
    return sandbox


def only_shop(sandbox: Sandbox) -> Shop:
    return next(iter(sandbox.shops.values()))


def the_app(sandbox: Sandbox) -> App:
    return sandbox.apps[CLIENT_ID]


def virtual(sandbox: Sandbox) -> VirtualClock:
    assert isinstance(sandbox.clock, VirtualClock)
    return sandbox.clock


def installed_token(sandbox: Sandbox, shop: Shop) -> str:
    """Install the app in the shop and exchange a session token for an access token."""
    install_app(sandbox, shop, CLIENT_ID)
    return str(auth.grant(sandbox, shop, exchange(sandbox, shop))["access_token"])


def exchange(sandbox: Sandbox, shop: Shop, **changed: Any) -> dict[str, Any]:
    """Parameters of a token exchange that succeeds, but for what is changed."""
    app = the_app(sandbox)
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": mint(app, shop, owner(shop), sandbox.clock.now()),
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
        "expiring": "1",
        **changed,
    }


def refresh(token: str, **changed: Any) -> dict[str, Any]:
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "grant_type": "refresh_token",
        "refresh_token": token,
        **changed,
    }


@asynccontextmanager
async def serving(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the sandbox's server in this process; what still runs in bulk is ended afterwards."""
    application: Starlette = create_app(sandbox)
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client
    await bulk.stop(sandbox)


async def ask(
    client: httpx.AsyncClient,
    token: str,
    query: str,
    variables: dict[str, Any] | None = None,
    *,
    shop: str = DOMAIN,
) -> dict[str, Any]:
    """A GraphQL request that is answered with 200."""
    response = await client.post(
        f"/{shop}/admin/api/2026-10/graphql.json",
        headers={"X-Shopify-Access-Token": token},
        json={"query": query, "variables": variables},
    )
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer
