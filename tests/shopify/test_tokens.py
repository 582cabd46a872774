"""Token pairs from the sandbox, and from a Shopify that answers nonsense."""

import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from backend.errors import AccessLost, AppError, Throttled, Unavailable
from backend.shopify.auth import AppCredentials, Invalid, InvalidReason, Valid, verify_session_token
from backend.shopify.tokens import ShopTransport, TokenClient, TokenPair
from sandbox.app import create_app
from sandbox.clock import VirtualClock
from sandbox.commands.shops import uninstall_app
from sandbox.session_token import mint, owner
from tests.shopify.world import BASE, CLIENT_ID, CLIENT_SECRET, DOMAIN, World, a_world

APP = AppCredentials(CLIENT_ID, CLIENT_SECRET)
REFRESH = "shprt_the-refresh-token"


def client_of(world: World, app: AppCredentials = APP) -> TokenClient:
    inner = httpx.ASGITransport(app=create_app(world.sandbox))
    http = httpx.AsyncClient(transport=ShopTransport(BASE + "/{shop}", inner))
    return TokenClient(app, http, world.clock)


def session(world: World) -> Valid:
    """A session token of the sandbox's clock, taken for verified."""
    app = world.sandbox.apps[CLIENT_ID]
    now = world.clock.now()
    signed = mint(app, world.shop, owner(world.shop), now)
    claims = {"dest": f"https://{DOMAIN}", "iss": f"https://{DOMAIN}/admin"}
    return Valid(DOMAIN, "1", "s", now + timedelta(minutes=1), signed, claims)


async def works(world: World, pair: TokenPair) -> bool:
    async def token() -> str:
        return pair.access_token

    world.client.token = token
    try:
        await world.facts.shop()
    except AccessLost:
        return False
    return True


async def test_a_session_is_exchanged_for_an_expiring_pair_that_works() -> None:
    async with a_world() as world:
        pair = await client_of(world).exchange(session(world))
        assert isinstance(pair, TokenPair)
        assert await works(world, pair)
        assert pair.access_expires_at is not None
        assert pair.refresh_expires_at is not None
        now = world.clock.now()
        assert abs(pair.access_expires_at - now - timedelta(hours=1)) < timedelta(seconds=3)
        assert abs(pair.refresh_expires_at - now - timedelta(days=90)) < timedelta(seconds=3)
        assert "write_products" in pair.scopes
        assert pair.access_token not in repr(pair)
        assert str(pair.refresh_token) not in repr(pair)


async def test_a_refresh_answers_a_new_pair_and_ends_the_old_one_on_first_use() -> None:
    async with a_world() as world:
        client = client_of(world)
        first = await client.exchange(session(world))
        assert isinstance(first, TokenPair)
        assert first.refresh_token is not None
        second = await client.refresh(DOMAIN, first.refresh_token)
        assert second.access_token != first.access_token
        assert second.refresh_token not in (None, first.refresh_token)
        # An answer that was lost: the previous token still refreshes until the new pair is used.
        third = await client.refresh(DOMAIN, first.refresh_token)
        assert await works(world, third)
        with pytest.raises(AccessLost):
            await client.refresh(DOMAIN, first.refresh_token)


async def test_a_session_that_shopify_no_longer_takes_is_invalid() -> None:
    async with a_world() as world:
        stale = session(world)
        world.clock.advance(600)
        assert await client_of(world).exchange(stale) == Invalid(InvalidReason.EXPIRED)


async def test_a_wrong_secret_and_an_uninstalled_app_lose_access() -> None:
    async with a_world() as world:
        wrong = AppCredentials(CLIENT_ID, "a-secret-of-somebody-else-entirely")
        with pytest.raises(AccessLost):
            await client_of(world, wrong).exchange(session(world))
        pair = await client_of(world).exchange(session(world))
        assert isinstance(pair, TokenPair)
        assert pair.refresh_token is not None
        uninstall_app(world.shop, CLIENT_ID)
        with pytest.raises(AccessLost):
            await client_of(world).refresh(DOMAIN, pair.refresh_token)


async def test_a_really_verified_session_is_exchanged() -> None:
    """Verified by the machine's clock, so the sandbox runs on it too."""
    async with a_world() as world:
        app = world.sandbox.apps[CLIENT_ID]
        world.clock.advance(max(0.0, (datetime.now(UTC) - world.clock.now()).total_seconds()))
        verified = verify_session_token(APP, mint(app, world.shop, owner(world.shop), world.clock.now()))
        assert isinstance(verified, Valid)
        assert isinstance(await client_of(world).exchange(verified), TokenPair)


def answering(handle: Callable[[httpx.Request], httpx.Response]) -> TokenClient:
    return TokenClient(APP, httpx.AsyncClient(transport=httpx.MockTransport(handle)), VirtualClock())


GOOD: dict[str, Any] = {
    "access_token": "shpat_1",
    "scope": "write_products, read_locations",
    "expires_in": 3600,
    "refresh_token": "shprt_2",
    "refresh_token_expires_in": 7_776_000,
}


async def test_a_pair_without_expiry_is_taken_as_it_is() -> None:
    client = answering(lambda _: httpx.Response(200, json={"access_token": "shpat_1", "scope": "a,b"}))
    pair = await client.refresh(DOMAIN, REFRESH)
    assert pair == TokenPair("shpat_1", None, None, None, frozenset({"a", "b"}))


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (200, b"", Unavailable),
        (200, b"<html></html>", Unavailable),
        (200, b"[]", Unavailable),
        (200, b'{"scope":"a"}', Unavailable),
        (200, b'{"access_token":7,"scope":"a"}', Unavailable),
        (200, b'{"access_token":"x","scope":"a","expires_in":"soon"}', Unavailable),
        (400, b'{"error":"invalid_grant"}', AccessLost),
        (401, b'{"error":"invalid_client"}', AccessLost),
        (404, b"Not Found", AccessLost),
        (403, b"<html></html>", AccessLost),
        (500, b"", Unavailable),
        (503, b"<html></html>", Unavailable),
    ],
)
async def test_every_answer_that_brings_no_pair_tells_the_remedy(
    status: int, content: bytes, kind: type[AppError]
) -> None:
    client = answering(lambda _: httpx.Response(status, content=content))
    with pytest.raises(kind) as raised:
        await client.refresh(DOMAIN, REFRESH)
    shown = "".join(traceback.format_exception(raised.value)) + repr(client)
    assert REFRESH not in shown
    assert CLIENT_SECRET not in shown


@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), httpx.ReadTimeout("silent")])
async def test_a_network_that_fails_is_a_matter_of_time(failure: Exception) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise failure

    with pytest.raises(Unavailable):
        await answering(fail).refresh(DOMAIN, REFRESH)


async def test_too_many_exchanges_are_throttled() -> None:
    client = answering(lambda _: httpx.Response(429, headers={"Retry-After": "0"}))
    held = Valid(DOMAIN, "1", "s", VirtualClock().now(), "a.b.c", {"dest": f"https://{DOMAIN}"})
    with pytest.raises(Throttled):
        await client.exchange(held)


async def test_only_shops_are_sent_elsewhere() -> None:
    seen: list[httpx.URL] = []

    def remember(request: httpx.Request) -> httpx.Response:
        seen.append(request.url)
        return httpx.Response(200, headers={"X-Host": request.headers["Host"]})

    transport = ShopTransport("http://127.0.0.1:8123/{shop}/", httpx.MockTransport(remember))
    async with httpx.AsyncClient(transport=transport) as http:
        first = await http.get(f"https://{DOMAIN}/admin/oauth/access_token?a=1&b=%2F")
        await http.get("https://cdn.shopify.com/x")
        await http.get("https://main-shop.myshopify.com.evil.test/x")
    assert first.headers["X-Host"] == "127.0.0.1:8123"
    assert [str(each) for each in seen] == [
        f"http://127.0.0.1:8123/{DOMAIN}/admin/oauth/access_token?a=1&b=%2F",
        "https://cdn.shopify.com/x",
        "https://main-shop.myshopify.com.evil.test/x",
    ]


async def test_the_default_address_is_the_shops_own() -> None:
    seen: list[str] = []

    def remember(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200, json=GOOD)

    http = httpx.AsyncClient(transport=ShopTransport("https://{shop}", httpx.MockTransport(remember)))
    pair = await TokenClient(APP, http, VirtualClock()).refresh(DOMAIN, REFRESH)
    assert pair.scopes == {"write_products", "read_locations"}
    assert seen == [f"https://{DOMAIN}/admin/oauth/access_token"]
