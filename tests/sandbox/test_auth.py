from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shopify_app import ShopifyApp

from sandbox import auth
from sandbox.auth import GrantError
from sandbox.commands.shops import add_shop, install_app, uninstall_app
from sandbox.session_token import SessionTokenError, mint, owner, verify
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from tests.sandbox.edges import (
    CLIENT_ID,
    CLIENT_SECRET,
    DOMAIN,
    exchange,
    make_sandbox,
    only_shop,
    refresh,
    serving,
    the_app,
    virtual,
)


@pytest.fixture
def sandbox() -> Sandbox:
    made = make_sandbox()
    install_app(made, only_shop(made), CLIENT_ID)
    return made


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    return only_shop(sandbox)


def refused(sandbox: Sandbox, shop: Shop, parameters: dict[str, Any]) -> tuple[int, str]:
    with pytest.raises(GrantError) as caught:
        auth.grant(sandbox, shop, parameters)
    return caught.value.status, caught.value.error


def test_exchange_answers_an_expiring_pair(sandbox: Sandbox, shop: Shop) -> None:
    answer = auth.grant(sandbox, shop, exchange(sandbox, shop))
    assert answer["access_token"].startswith("shpat_")
    assert answer["refresh_token"].startswith("shprt_")
    assert answer["expires_in"] == 3600
    assert answer["refresh_token_expires_in"] == 7_776_000
    assert answer["scope"] == "read_locations,write_inventory,write_products"
    assert auth.authenticate(shop, answer["access_token"]) is shop.installations[CLIENT_ID]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"client_id": "unknown"}, (401, "invalid_client")),
        ({"client_secret": None}, (401, "invalid_client")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"grant_type": None}, (400, "invalid_request")),
        ({"subject_token": ""}, (400, "invalid_request")),
        ({"subject_token": "not.a.token"}, (400, "invalid_subject_token")),
        ({"subject_token_type": "urn:x"}, (400, "invalid_request")),
        ({"requested_token_type": "urn:x"}, (400, "invalid_request")),
        ({"expiring": "0"}, (400, "invalid_request")),
    ],
)
def test_exchange_refuses(
    sandbox: Sandbox, shop: Shop, changed: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert refused(sandbox, shop, exchange(sandbox, shop, **changed)) == expected
    assert shop.installations[CLIENT_ID].tokens == []


def test_an_app_that_is_not_installed_gets_nothing(sandbox: Sandbox, shop: Shop) -> None:
    uninstall_app(shop, CLIENT_ID)
    assert refused(sandbox, shop, exchange(sandbox, shop)) == (401, "invalid_client")


def test_a_session_token_is_for_one_shop_one_app_and_one_minute(sandbox: Sandbox, shop: Shop) -> None:
    app, now = the_app(sandbox), sandbox.clock.now()
    token = mint(app, shop, owner(shop), now)
    claims = verify(token, app, shop, now + timedelta(seconds=59))
    assert claims["dest"] == f"https://{DOMAIN}"
    assert claims["iss"] == f"https://{DOMAIN}/admin"
    assert claims["aud"] == CLIENT_ID
    assert set(claims) == {"iss", "dest", "aud", "sub", "exp", "nbf", "iat", "jti", "sid", "sig"}
    with pytest.raises(SessionTokenError, match="expired"):
        verify(token, app, shop, now + timedelta(seconds=60))
    with pytest.raises(SessionTokenError, match="not yet valid"):
        verify(token, app, shop, now - timedelta(seconds=10))
    with pytest.raises(SessionTokenError, match="another shop"):
        verify(token, app, add_shop(sandbox, "other.myshopify.com"), now)
    forged = jwt.encode({**claims}, "another-secret-that-is-long-enough-too", algorithm="HS256")
    with pytest.raises(SessionTokenError, match="Signature verification failed"):
        verify(forged, app, shop, now)
    foreign = jwt.encode({**claims, "aud": "someone-else"}, CLIENT_SECRET, algorithm="HS256")
    with pytest.raises(SessionTokenError):
        verify(foreign, app, shop, now)
    unsigned = jwt.encode(claims, "", algorithm="none")
    with pytest.raises(SessionTokenError):
        verify(unsigned, app, shop, now)


def test_access_tokens_live_an_hour_refresh_tokens_ninety_days(sandbox: Sandbox, shop: Shop) -> None:
    answer = auth.grant(sandbox, shop, exchange(sandbox, shop))
    virtual(sandbox).advance(3599)
    assert auth.authenticate(shop, answer["access_token"]) is not None
    virtual(sandbox).advance(1)
    assert auth.authenticate(shop, answer["access_token"]) is None
    virtual(sandbox).advance(90 * 86_400 - 3601)
    renewed = auth.grant(sandbox, shop, refresh(answer["refresh_token"]))
    assert auth.authenticate(shop, renewed["access_token"]) is not None
    virtual(sandbox).advance(90 * 86_400)
    assert refused(sandbox, shop, refresh(renewed["refresh_token"])) == (400, "invalid_grant")


def test_a_refresh_gives_a_new_pair_and_can_be_repeated_until_that_pair_is_used(
    sandbox: Sandbox, shop: Shop
) -> None:
    first = auth.grant(sandbox, shop, exchange(sandbox, shop))
    lost = auth.grant(sandbox, shop, refresh(first["refresh_token"]))
    assert lost["refresh_token"] != first["refresh_token"]
    assert auth.authenticate(shop, first["access_token"]) is not None
    again = auth.grant(sandbox, shop, refresh(first["refresh_token"]))
    assert auth.authenticate(shop, lost["access_token"]) is None
    assert auth.authenticate(shop, again["access_token"]) is not None
    assert auth.authenticate(shop, first["access_token"]) is None
    assert refused(sandbox, shop, refresh(first["refresh_token"])) == (400, "invalid_grant")
    assert auth.authenticate(shop, again["access_token"]) is not None


def test_refreshing_with_the_new_refresh_token_counts_as_its_first_use(sandbox: Sandbox, shop: Shop) -> None:
    first = auth.grant(sandbox, shop, exchange(sandbox, shop))
    second = auth.grant(sandbox, shop, refresh(first["refresh_token"]))
    auth.grant(sandbox, shop, refresh(second["refresh_token"]))
    assert refused(sandbox, shop, refresh(first["refresh_token"])) == (400, "invalid_grant")


def test_a_used_refresh_token_can_be_tried_again_for_thirty_days_only(sandbox: Sandbox, shop: Shop) -> None:
    first = auth.grant(sandbox, shop, exchange(sandbox, shop))
    auth.grant(sandbox, shop, refresh(first["refresh_token"]))
    virtual(sandbox).advance(30 * 86_400 - 1)
    auth.grant(sandbox, shop, refresh(first["refresh_token"]))
    virtual(sandbox).advance(1)
    assert refused(sandbox, shop, refresh(first["refresh_token"])) == (400, "invalid_grant")


def test_exchanging_again_ends_the_older_pair_once_the_new_one_is_used(sandbox: Sandbox, shop: Shop) -> None:
    first = auth.grant(sandbox, shop, exchange(sandbox, shop))
    second = auth.grant(sandbox, shop, exchange(sandbox, shop))
    assert auth.authenticate(shop, first["access_token"]) is not None
    assert auth.authenticate(shop, second["access_token"]) is not None
    assert auth.authenticate(shop, first["access_token"]) is None


@pytest.mark.parametrize("text", ["shprt_unknown", "", None])
def test_unknown_refresh_tokens_are_refused(sandbox: Sandbox, shop: Shop, text: str | None) -> None:
    auth.grant(sandbox, shop, exchange(sandbox, shop))
    assert refused(sandbox, shop, refresh("x", refresh_token=text)) == (400, "invalid_grant")


def test_online_tokens_name_the_user_and_leave_the_offline_pair_alone(sandbox: Sandbox, shop: Shop) -> None:
    offline = auth.grant(sandbox, shop, exchange(sandbox, shop))
    wanted = "urn:shopify:params:oauth:token-type:online-access-token"
    online = auth.grant(sandbox, shop, exchange(sandbox, shop, requested_token_type=wanted))
    assert online["associated_user"]["email"] == shop.email
    assert online["expires_in"] == 86_399
    assert "refresh_token" not in online
    assert auth.authenticate(shop, online["access_token"]) is not None
    assert auth.authenticate(shop, offline["access_token"]) is not None


def test_client_credentials_live_a_day(sandbox: Sandbox, shop: Shop) -> None:
    asked = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "grant_type": "client_credentials",
    }
    answer = auth.grant(sandbox, shop, asked)
    assert answer["expires_in"] == 86_399
    virtual(sandbox).advance(86_399)
    assert auth.authenticate(shop, answer["access_token"]) is None


def test_tokens_can_be_ended_from_outside(sandbox: Sandbox, shop: Shop) -> None:
    installation = shop.installations[CLIENT_ID]
    first = auth.grant(sandbox, shop, exchange(sandbox, shop))
    assert auth.alive(installation, sandbox.clock.now()) == 1
    assert auth.expire_access_tokens(installation, sandbox.clock.now()) == 1
    assert auth.authenticate(shop, first["access_token"]) is None
    second = auth.grant(sandbox, shop, refresh(first["refresh_token"]))
    assert auth.authenticate(shop, second["access_token"]) is not None
    assert auth.revoke_tokens(installation) == 1
    assert auth.authenticate(shop, second["access_token"]) is None
    assert refused(sandbox, shop, refresh(second["refresh_token"])) == (400, "invalid_grant")
    assert auth.alive(installation, sandbox.clock.now()) == 0


class _ToSandbox(httpx.AsyncBaseTransport):
    """Sends https://{shop}/… to {base}/{shop}/…, as the app does by its one setting."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = f"/{request.url.host}{request.url.raw_path.decode()}"
        return await self.client.request(
            request.method, path, content=await request.aread(), headers={"Content-Type": "application/json"}
        )


async def test_the_official_library_exchanges_and_refreshes(sandbox: Sandbox, shop: Shop) -> None:
    library = ShopifyApp(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    details = {
        "exchangeable": True,
        "token": exchange(sandbox, shop)["subject_token"],
        "claims": {"dest": f"https://{DOMAIN}"},
    }
    async with serving(sandbox) as client, httpx.AsyncClient(transport=_ToSandbox(client)) as theirs:
        first = await library.exchange_using_token_exchange_async(
            access_mode="offline", id_token=details, invalid_token_response=None, http_client=theirs
        )
        assert first.ok
        assert first.access_token is not None
        assert auth.authenticate(shop, first.access_token.token) is not None
        stale = {
            "access_mode": "offline",
            "shop": "main-shop",
            "token": first.access_token.token,
            "expires": "2020-01-01T00:00:00Z",
            "scope": first.access_token.scope,
            "refresh_token": first.access_token.refresh_token,
            "refresh_token_expires": "2099-01-01T00:00:00Z",
            "user": None,
        }
        second = await library.refresh_token_exchanged_access_token_async(stale, http_client=theirs)
        assert second.ok
        assert second.access_token is not None
        assert auth.authenticate(shop, second.access_token.token) is not None
        third = await library.refresh_token_exchanged_access_token_async(stale, http_client=theirs)
        assert third.log.code == "invalid_grant"
        bad = {**details, "token": "not.a.token"}
        fourth = await library.exchange_using_token_exchange_async(
            access_mode="offline", id_token=bad, invalid_token_response=None, http_client=theirs
        )
        assert fourth.log.code == "invalid_subject_token"
        stranger = ShopifyApp(client_id=CLIENT_ID, client_secret="not-the-secret-of-this-app-at-all-x")
        fifth = await stranger.exchange_using_token_exchange_async(
            access_mode="offline", id_token=details, invalid_token_response=None, http_client=theirs
        )
        assert fifth.log.code == "invalid_client"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["exchange", "refresh", "use"]), st.integers(0, 50)), max_size=25))
def test_whoever_keeps_every_pair_is_never_locked_out_and_use_ends_what_was_before(
    steps: list[tuple[str, int]],
) -> None:
    sandbox = make_sandbox()
    shop = only_shop(sandbox)
    install_app(sandbox, shop, CLIENT_ID)
    pairs = [auth.grant(sandbox, shop, exchange(sandbox, shop))]
    used = 0
    for what, which in steps:
        index = which % len(pairs)
        if what == "exchange":
            pairs.append(auth.grant(sandbox, shop, exchange(sandbox, shop)))
        elif what == "use" and auth.authenticate(shop, pairs[index]["access_token"]) is not None:
            used = max(used, index)
        elif what == "refresh":
            renewed = _refreshed(sandbox, shop, pairs[index]["refresh_token"])
            if renewed is not None:
                pairs.append(renewed)
                used = max(used, index)
        alive = [pair for pair in pairs if _is_alive(shop, pair["access_token"])]
        assert alive
        assert all(pair not in alive for pair in pairs[:used])
    assert any(_refreshed(sandbox, shop, pair["refresh_token"]) for pair in pairs)


def _is_alive(shop: Shop, access: str) -> bool:
    """Without using it."""
    return any(token.access == access and not token.revoked for token in shop.installations[CLIENT_ID].tokens)


def _refreshed(sandbox: Sandbox, shop: Shop, token: str) -> dict[str, Any] | None:
    try:
        return auth.grant(sandbox, shop, refresh(token))
    except GrantError:
        return None
