"""A shop's token pair: kept sealed, refreshed once however many ask, and never lost to a crash."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from backend.crypto import Keyring
from backend.errors import AccessLost
from backend.jobs.tokens import Tokens
from backend.models.shop import Shop, ShopToken
from backend.shopify.auth import AppCredentials, Valid, verify_session_token
from backend.shopify.tokens import ShopTransport, TokenClient, TokenPair
from sandbox.app import create_app
from sandbox.commands.shops import add_shop, install_app, register_app, uninstall_app
from sandbox.session_token import mint, owner
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop as SandboxShop
from tests.clock import ShiftedClock
from tests.jobs.world import BASE, CLIENT_ID, CLIENT_SECRET, MAIN, SCOPES

KEYRING = Keyring((("k1", bytes(32)),), bytes(32))


@dataclass(slots=True)
class World:
    sandbox: Sandbox
    shop: SandboxShop
    row: Shop
    tokens: Tokens
    clock: ShiftedClock
    asked: list[str]

    async def install(self) -> TokenPair:
        app = self.sandbox.apps[CLIENT_ID]
        token = mint(app, self.shop, owner(self.shop), self.clock.now())
        session = verify_session_token(self.tokens.client.app, token)
        assert isinstance(session, Valid)
        pair = await self.tokens.client.exchange(session)
        assert isinstance(pair, TokenPair)
        await self.tokens.put(self.row.id, pair)
        self.asked.clear()
        return pair


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    clock = ShiftedClock()
    sandbox = Sandbox(clock, base_url=BASE)
    register_app(sandbox, CLIENT_ID, CLIENT_SECRET, scopes=SCOPES)
    shop = add_shop(sandbox, MAIN)
    install_app(sandbox, shop, CLIENT_ID)
    asked: list[str] = []

    async def note(request: httpx.Request) -> None:
        asked.append(request.url.path)

    inner = httpx.ASGITransport(app=create_app(sandbox))
    transport = ShopTransport(BASE + "/{shop}", inner)
    async with httpx.AsyncClient(transport=transport, event_hooks={"request": [note]}) as http:
        client = TokenClient(AppCredentials(CLIENT_ID, CLIENT_SECRET), http, clock)
        row = await Shop.create(domain=MAIN)
        yield World(sandbox, shop, row, Tokens(client, KEYRING, clock), clock, asked)


async def test_a_token_that_lives_is_answered_without_asking(world: World) -> None:
    pair = await world.install()
    assert await world.tokens.current(world.row.id) == pair.access_token
    assert world.asked == []
    stored = await ShopToken.get(shop_id=world.row.id)
    assert pair.access_token.encode() not in bytes(stored.access_token)


async def test_many_who_ask_at_once_refresh_once(world: World) -> None:
    pair = await world.install()
    world.clock.ahead += timedelta(minutes=59).total_seconds()

    found = await asyncio.gather(*(world.tokens.current(world.row.id) for _ in range(10)))

    assert len(world.asked) == 1
    latest = await world.tokens.current(world.row.id)
    assert latest != pair.access_token
    # Until it expires the old one is still good: nobody has to wait.
    assert set(found) <= {pair.access_token, latest}
    stored = await ShopToken.get(shop_id=world.row.id)
    assert (stored.version, stored.lease_until) == (2, None)


async def test_an_expired_token_is_waited_for(world: World) -> None:
    await world.install()
    world.clock.ahead += timedelta(hours=2).total_seconds()
    found = await asyncio.gather(*(world.tokens.current(world.row.id) for _ in range(5)))
    assert len(world.asked) == 1
    assert len(set(found)) == 1


async def test_a_token_that_is_refused_before_its_time_is_replaced_once(world: World) -> None:
    pair = await world.install()
    found = await asyncio.gather(
        *(world.tokens.renewed(world.row.id, pair.access_token) for _ in range(5)),
    )
    assert len(world.asked) == 1
    assert set(found) == {await world.tokens.current(world.row.id)}
    assert pair.access_token not in found


async def test_a_refusal_after_the_app_was_removed_is_final(world: World) -> None:
    pair = await world.install()
    uninstall_app(world.shop, CLIENT_ID)
    with pytest.raises(AccessLost):
        await world.tokens.renewed(world.row.id, pair.access_token)


async def test_a_refresh_whose_answer_was_lost_is_made_up_for(world: World) -> None:
    await world.install()
    world.clock.ahead += timedelta(hours=2).total_seconds()
    before = await ShopToken.get(shop_id=world.row.id)
    await world.tokens.current(world.row.id)
    # The pair that Shopify has answered never reached the table.
    await ShopToken.filter(shop_id=world.row.id).update(
        access_token=before.access_token,
        access_expires_at=before.access_expires_at,
        refresh_token=before.refresh_token,
        previous_refresh_token=None,
        version=before.version,
    )

    again = Tokens(world.tokens.client, KEYRING, world.clock)
    assert await again.current(world.row.id) != ""
    assert (await ShopToken.get(shop_id=world.row.id)).version == before.version + 1


async def test_a_refresh_that_fails_leaves_the_way_free(world: World) -> None:
    await world.install()
    world.clock.ahead += timedelta(days=100).total_seconds()
    with pytest.raises(AccessLost):
        await world.tokens.current(world.row.id)
    assert (await ShopToken.get(shop_id=world.row.id)).lease_until is None


async def test_a_shop_without_a_token_is_out_of_reach(world: World) -> None:
    with pytest.raises(AccessLost):
        await world.tokens.current(world.row.id)


async def test_a_token_sealed_with_another_key_is_out_of_reach(world: World) -> None:
    await world.install()
    stranger = Tokens(world.tokens.client, Keyring((("k2", bytes(32)),), bytes(32)), world.clock)
    with pytest.raises(AccessLost) as caught:
        await stranger.current(world.row.id)
    assert "k2" not in caught.value.message


async def test_after_the_shop_was_out_of_reach_the_new_token_is_the_one_that_counts(world: World) -> None:
    """Its pairs are counted from one again."""
    first = await world.install()
    assert await world.tokens.current(world.row.id) == first.access_token
    await ShopToken.filter(shop_id=world.row.id).delete()
    world.clock.ahead += 1
    second = await world.install()
    assert second.access_token != first.access_token
    assert (await ShopToken.get(shop_id=world.row.id)).version == 1
    assert await world.tokens.current(world.row.id) == second.access_token
