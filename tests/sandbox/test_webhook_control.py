"""Webhooks by the control addresses, on the admin page, and between two real servers."""

import asyncio
import base64
import hashlib
import hmac
import json
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.app import create_app
from sandbox.commands.shops import install_app
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from sandbox.webhook_config import configure
from tests.sandbox.edges import (
    APP_URL,
    BASE,
    CLIENT_ID,
    CLIENT_SECRET,
    DOMAIN,
    make_sandbox,
    only_shop,
    the_app,
    virtual,
)
from tests.sandbox.listening import listener_and_url, listening
from tests.sandbox.receiver import COMPLIANCE, TOPICS, configuration

SHOP = f"/_control/shops/{DOMAIN}"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = make_sandbox()
    configure(sandbox, the_app(sandbox), configuration(*TOPICS, compliance=COMPLIANCE), APP_URL)
    return sandbox


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    shop = only_shop(sandbox)
    install_app(sandbox, shop, CLIENT_ID)
    return shop


class Answering:
    """An app: what it got, and the status that it answers with."""

    def __init__(self) -> None:
        self.got: list[httpx.Request] = []
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        return httpx.Response(self.status)

    @property
    def topics(self) -> list[str]:
        return sorted(request.headers["X-Shopify-Topic"] for request in self.got)


@pytest.fixture
def app() -> Answering:
    return Answering()


@pytest.fixture
async def client(sandbox: Sandbox, shop: Shop, app: Answering) -> AsyncIterator[httpx.AsyncClient]:
    application = create_app(sandbox)
    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(app)) as outward,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url=BASE) as made,
    ):
        application.state.server.webhooks.start(outward)
        yield made
        await application.state.server.webhooks.stop()


async def ask(client: httpx.AsyncClient, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = await client.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def idle(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/_control/deliveries/idle", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def add(client: httpx.AsyncClient, title: str = "Cup") -> dict[str, Any]:
    made: dict[str, Any] = await ask(client, "POST", f"{SHOP}/products", {"title": title, "price": "9.50"})
    return made


async def test_deliveries_are_listed_with_their_tries(client: httpx.AsyncClient, app: Answering) -> None:
    app.status = 500
    await add(client)
    assert (await idle(client, retries="false"))["idle"] is True
    listed = await ask(client, "GET", f"{SHOP}/deliveries?topic=products/create")
    (created,) = listed
    request = next(each for each in app.got if each.headers["X-Shopify-Topic"] == "products/create")
    (attempt,) = created.pop("attempts")
    assert created == {
        "webhookId": request.headers["X-Shopify-Webhook-Id"],
        "eventId": request.headers["X-Shopify-Event-Id"],
        "topic": "products/create",
        "uri": f"{APP_URL}/webhooks",
        "state": "retrying",
        "triggeredAt": "2026-11-02T09:00:00+00:00",
        "bytes": len(request.content),
        "nextAttemptAt": "2026-11-02T09:00:56+00:00",
    }
    assert (attempt["at"], attempt["status"], attempt["error"]) == ("2026-11-02T09:00:00+00:00", 500, None)
    assert 0 <= attempt["seconds"] < 5
    assert await ask(client, "GET", f"{SHOP}/deliveries?state=delivered") == []
    assert len(await ask(client, "GET", f"{SHOP}/deliveries")) == len(app.got)


async def test_waiting_for_quiet_includes_what_is_to_be_tried_again(
    sandbox: Sandbox, client: httpx.AsyncClient, app: Answering
) -> None:
    assert await idle(client, timeout=0.01) == {
        "idle": True,
        "paused": False,
        "counts": dict.fromkeys(
            ("waiting", "sending", "retrying", "delivered", "failed", "dropped", "canceled"), 0
        ),
    }
    app.status = 503
    await add(client)
    await idle(client, retries="false")
    waiting = await idle(client, timeout=0.01)
    assert (waiting["idle"], waiting["counts"]["retrying"]) == (False, len(app.got))
    app.status = 200
    first = len(app.got)
    await ask(client, "POST", "/_control/clock/advance", {"seconds": 56})
    assert await virtual(sandbox).run_until(idle(client)) == {
        "idle": True,
        "paused": False,
        "counts": waiting["counts"] | {"retrying": 0, "delivered": first},
    }
    assert len(app.got) == 2 * first
    await ask(client, "GET", "/_control/deliveries/idle?timeout=soon", status=422)


async def test_hours_of_retries_can_be_made_minutes(
    sandbox: Sandbox, client: httpx.AsyncClient, app: Answering
) -> None:
    assert await ask(client, "GET", "/_control/webhooks") == {"paused": False, "retryFactor": 1.0}
    changed = await ask(client, "PATCH", "/_control/webhooks", {"retryFactor": 0.01})
    assert changed == {"paused": False, "retryFactor": 0.01}
    for wrong in (-1, 2, "fast", True, None):
        await ask(client, "PATCH", "/_control/webhooks", {"retryFactor": wrong}, status=422)
    app.status = 500
    await add(client)
    counts = (await virtual(sandbox).run_until(idle(client, timeout=30)))["counts"]
    assert virtual(sandbox).monotonic() == pytest.approx(144)
    assert (counts["failed"], len(app.got)) == (len(app.got) // 9, 9 * counts["failed"])


async def test_holding_back_and_letting_go(client: httpx.AsyncClient, app: Answering) -> None:
    assert await ask(client, "POST", "/_control/webhooks/pause") == {"paused": True}
    await add(client)
    held = await idle(client, timeout=0.01)
    assert (held["idle"], held["paused"], app.got) == (False, True, [])
    assert await ask(client, "POST", "/_control/webhooks/resume") == {"paused": False}
    assert (await idle(client))["idle"] is True
    assert "products/create" in app.topics


def ids(requests: list[httpx.Request]) -> list[str]:
    return sorted(request.headers["X-Shopify-Webhook-Id"] for request in requests)


async def test_sending_again(client: httpx.AsyncClient, app: Answering) -> None:
    await add(client)
    await idle(client)
    first, app.got = app.got, []
    wanted = first[0].headers["X-Shopify-Webhook-Id"]
    assert await ask(client, "POST", f"{SHOP}/deliveries/redeliver", {"webhookId": wanted}) == {
        "redelivered": 1
    }
    await idle(client)
    (again,) = app.got
    assert (again.content, again.headers) == (first[0].content, first[0].headers)
    app.got.clear()
    answer = await ask(client, "POST", f"{SHOP}/deliveries/redeliver")
    await idle(client)
    assert answer == {"redelivered": len(first)}
    assert ids(app.got) == ids(first)
    assert await ask(client, "POST", f"{SHOP}/deliveries/redeliver", {"topic": "shop/update"}) == {
        "redelivered": 0
    }


async def test_what_people_and_the_law_ask_for(shop: Shop, client: httpx.AsyncClient, app: Answering) -> None:
    for topic in COMPLIANCE:
        assert await ask(
            client, "POST", f"{SHOP}/compliance", {"topic": topic, "customer": 7, "orders": [8]}
        ) == {"topic": topic}
    await ask(client, "POST", f"{SHOP}/compliance", {"topic": "products/update"}, status=422)
    await ask(client, "POST", f"{SHOP}/compliance", {}, status=400)
    await idle(client)
    bodies = {each.headers["X-Shopify-Topic"]: json.loads(each.content) for each in app.got}
    where = {"shop_id": shop.id, "shop_domain": DOMAIN}
    who = {"id": 7, "email": "customer@example.com", "phone": None}
    request = bodies["customers/data_request"].pop("data_request")
    assert bodies == {
        "customers/data_request": {**where, "orders_requested": [8], "customer": who},
        "customers/redact": {**where, "customer": who, "orders_to_redact": [8]},
        "shop/redact": where,
    }
    assert list(request) == ["id"]


async def test_edits_by_control_are_told(client: httpx.AsyncClient, shop: Shop, app: Answering) -> None:
    summary = await ask(client, "PATCH", SHOP, {"currency": "CHF", "tier": "plus", "name": "Alpha"})
    assert (summary["currency"], summary["tier"], summary["name"]) == ("CHF", "PLUS", "Alpha")
    await ask(client, "PATCH", SHOP, {"tier": "golden"}, status=422)
    await ask(client, "PATCH", SHOP, {"timezone": "Europe/Nowhere"}, status=422)
    await idle(client)
    assert app.topics == ["shop/update"]
    app.got.clear()

    place = (await ask(client, "POST", f"{SHOP}/locations", {"name": "Annex"}))["id"].rpartition("/")[2]
    where = f"{SHOP}/locations/{place}"
    await ask(client, "DELETE", where, status=422)
    locations = await ask(client, "PATCH", where, {"name": "Annexe", "active": False})
    assert [(each["name"], each["isActive"]) for each in locations][1:] == [("Annexe", False)]
    assert len(await ask(client, "DELETE", where)) == 1
    await ask(client, "DELETE", where, status=404)
    await idle(client)
    assert app.topics == [
        "locations/create",
        "locations/deactivate",
        "locations/delete",
        "locations/update",
        "locations/update",
    ]
    app.got.clear()

    answer = await ask(client, "POST", f"{SHOP}/install", {"scopes": ["read_products"]})
    assert answer == {"scopes": ["read_products"]}
    await idle(client)
    await ask(client, "POST", f"{SHOP}/uninstall")
    await idle(client)
    assert app.topics == ["app/scopes_update", "app/uninstalled"]


async def test_the_page_shows_what_was_sent_and_asked_for(
    client: httpx.AsyncClient, shop: Shop, app: Answering
) -> None:
    empty = (await client.get("/store/main-shop/webhooks")).text
    assert "Nothing was sent yet." in empty
    assert empty.count("<td>Sync, its file</td>") == len(TOPICS) + len(COMPLIANCE)
    app.status = 502
    await add(client)
    await idle(client, retries="false")
    for number in range(12):
        app.status = 200
        await add(client, f"Plate {number}")
    await idle(client, retries="false")
    page = (await client.get("/store/main-shop/webhooks")).text
    assert page.count('<span class="badge good">Delivered</span>') == 20
    assert "<strong>products/create</strong>" in page
    assert re.search(r'<time datetime="2026-11-02T09:00:00\+00:00">10:00:00</time>', page)
    shop.installations.clear()
    assert "No app that is installed here" in (await client.get("/store/main-shop/webhooks")).text


async def test_a_language_that_is_changed_on_the_page_is_told(
    client: httpx.AsyncClient, app: Answering
) -> None:
    for _ in range(2):
        await client.post("/store/main-shop/settings/locale", data={"locale": "de"})
    await idle(client)
    assert app.topics == ["shop/update"]


async def test_from_one_server_to_another(tmp_path: Path) -> None:
    """The sandbox as a process of its own, and an app that listens on a socket."""
    got: list[tuple[dict[str, str], bytes]] = []

    async def receive(request: Request) -> Response:
        got.append((dict(request.headers), await request.body()))
        return Response(status_code=200)

    listener, url = listener_and_url()
    file = tmp_path / "shopify.app.toml"
    file.write_text(configuration("products/create", "orders/create"), "utf-8")
    command = (sys.executable, "-m", "sandbox", "--port", "0", "--scenario", "empty")
    identity = ("--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET)
    where = ("--app-toml", str(file), "--app-url", "http://127.0.0.1:9", "--webhook-url", url)
    async with listening(Starlette(routes=[Route("/webhooks", receive, methods=["POST"])]), listener):
        process = await asyncio.create_subprocess_exec(
            *command,
            *identity,
            *where,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            line = (await process.stdout.readline()).decode()
            assert line.startswith("The sandbox is at http://127.0.0.1:"), line
            warning = (await process.stderr.readline()).decode()
            assert warning == f"{file}: Webhooks of orders/create are not simulated.\n"
            transport = httpx.AsyncHTTPTransport(retries=20)
            async with httpx.AsyncClient(
                transport=transport, base_url=line.split()[-1], timeout=30
            ) as control:
                await ask(control, "POST", f"{SHOP}/install")
                await add(control)
                assert (await idle(control))["counts"]["delivered"] == 1
        finally:
            process.terminate()
            await process.communicate()
    ((headers, body),) = got
    digest = hmac.digest(CLIENT_SECRET.encode(), body, hashlib.sha256)
    assert headers["x-shopify-hmac-sha256"] == base64.b64encode(digest).decode()
    assert (headers["x-shopify-topic"], headers["x-shopify-shop-domain"]) == ("products/create", DOMAIN)
    assert b'"title":"Cup"' in body


async def test_a_file_that_cannot_be_used_ends_the_sandbox(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "sandbox", "--port", "0", "--scenario", "empty", "--app-toml")
    process = await asyncio.create_subprocess_exec(
        *command, str(tmp_path / "none.toml"), cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert errors.decode().startswith(f"{tmp_path / 'none.toml'} cannot be used: ")
