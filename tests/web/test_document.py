from pathlib import Path

import pytest

from tests.api import Api, an_api

PAGE = '<meta name="shopify-api-key" content="__SHOPIFY_API_KEY__"><script src="__APP_BRIDGE_URL__"></script>'
BRIDGE = "http://sandbox.test/_sandbox/app-bridge.js"


@pytest.fixture
async def built(database_url: str, redis_url: str, tmp_path: Path):  # type: ignore[no-untyped-def]
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main-1a2b.js").write_text("x" * 5000)
    async with an_api(database_url, redis_url, FRONTEND_DIST=str(tmp_path), APP_BRIDGE_URL=BRIDGE) as opened:
        yield opened


async def test_the_page_knows_its_app_and_is_framed_by_the_shop_alone(built: Api) -> None:
    shop = built.new_shop("first")
    answer = await built.http.get("/jobs/1", params={"shop": shop, "id_token": built.token(shop)})
    assert answer.status_code == 200
    assert answer.text == (
        f'<meta name="shopify-api-key" content="client-of-the-tests"><script src="{BRIDGE}"></script>'
    )
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(f"frame-ancestors https://{shop} https://admin.shopify.com;")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "contact, written",
    [
        ("", ""),
        ("help@example.com", "help@example.com"),
        ('"><script>', "&quot;&gt;&lt;script&gt;"),
    ],
)
async def test_the_page_knows_whom_to_write_to_before_it_asks_anybody(
    database_url: str, redis_url: str, tmp_path: Path, contact: str, written: str
) -> None:
    (tmp_path / "index.html").write_text("<p>__SUPPORT_CONTACT__|__HELP_URL__</p>")
    help_url = "https://help.example.com/?a=1&b=2"
    environ = {"FRONTEND_DIST": str(tmp_path), "SUPPORT_CONTACT": contact, "HELP_URL": help_url}
    async with an_api(database_url, redis_url, **environ) as api:
        assert (await api.http.get("/")).text == f"<p>{written}|https://help.example.com/?a=1&amp;b=2</p>"


@pytest.mark.parametrize("token", [None, "stale"])
async def test_without_a_fresh_token_the_patch_page_gets_one(built: Api, token: str | None) -> None:
    shop = built.new_shop("first")
    parameters = {"shop": shop, "host": "abc"} | ({"id_token": token} if token else {})
    answer = await built.http.get("/", params=parameters)
    assert answer.status_code == 302
    target = answer.headers["location"]
    assert target.startswith("http://app.test/auth/patch?")
    assert "stale" not in target
    page = await built.http.get(target)
    assert page.status_code == 200
    assert BRIDGE in page.text
    assert "cdn.shopify.com" not in page.text
    assert f"https://{shop}" in page.headers["content-security-policy"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil", "javascript:x", ""])
async def test_the_patch_page_leads_nowhere_else(built: Api, target: str) -> None:
    answer = await built.http.get(
        "/auth/patch", params={"shop": built.new_shop("first"), "shopify-reload": target}
    )
    assert answer.status_code == 400
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_a_shop_that_is_none_gets_no_page(built: Api) -> None:
    answer = await built.http.get("/", params={"shop": "evil.example/<script>"})
    assert answer.status_code == 400
    assert "evil" not in answer.text + answer.headers["content-security-policy"]


async def test_a_token_of_another_shop_opens_no_page(built: Api) -> None:
    first, second = built.new_shop("first"), built.new_shop("second")
    answer = await built.http.get("/", params={"shop": first, "id_token": built.token(second)})
    assert answer.status_code == 401


async def test_assets_stay_for_ever_and_travel_compressed(built: Api) -> None:
    answer = await built.http.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip"})
    assert answer.text == "x" * 5000
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert (await built.http.get("/assets/../index.html")).status_code in (200, 404)
    assert (await built.http.get("/assets/none.js")).status_code == 404


async def test_health_ready_and_metrics(built: Api) -> None:
    assert (await built.http.get("/health")).json() == {"status": "ok"}
    ready = await built.http.get("/ready")
    assert (ready.status_code, ready.json()) == (200, {"database": "ok", "redis": "ok"})
    assert 'http_requests_total{path="/ready",status="200"} 1' in (await built.http.get("/metrics")).text
