"""The page inside the Shopify admin: the app's HTML, framed by nobody but the shop's own admin."""

import html
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from backend.config import APP_BRIDGE, Settings
from backend.shopify.auth import shop_domain
from backend.web.services import Services

PATCH_PATH = "/auth/patch"
_NOT_BUILT = "<!doctype html><title>Multi-Store Sync</title><p>The page has not been built yet."
_NO_SHOP = "<!doctype html><title>Multi-Store Sync</title><p>Open this app from the admin of your shop."
_NONCE = re.compile(r"[\x00-\x1f\x7f]")


def document(request: Request) -> Response:
    """The SPA, for every path that is a page of it. A shop is named by Shopify in the query; without a
    session token in it, or with a stale one, the patch page gets a new one first."""
    services: Services = request.app.state.services
    shop = shop_domain(request.query_params.get("shop", ""))
    if shop is None:
        if "shop" in request.query_params:
            return HTMLResponse(_NO_SHOP, 400, _headers(services.settings, None))
        return _page(services, None)
    verified = services.credentials.library().verify_app_home_req(
        {"method": "GET", "url": _address(request, services.settings), "headers": {}, "body": ""}, PATCH_PATH
    )
    if verified.ok and f"{verified.shop}.myshopify.com" == shop:
        return _page(services, shop)
    if verified.response.status == 302:
        return RedirectResponse(
            verified.response.headers["Location"], 302, headers=_headers(services.settings, shop)
        )
    return HTMLResponse(_NO_SHOP, 401, _headers(services.settings, None))


def patch(request: Request) -> Response:
    """Shopify's bounce page: App Bridge on it gets a session token and goes where `shopify-reload` says."""
    services: Services = request.app.state.services
    settings = services.settings
    shop = shop_domain(request.query_params.get("shop", ""))
    reload = request.query_params.get("shopify-reload", "")
    if shop is None or not _is_own_path(reload, settings):
        return HTMLResponse(_NO_SHOP, 400, _headers(settings, None))
    rendered = services.credentials.library().app_home_patch_id_token(
        {"method": "GET", "url": _address(request, settings), "headers": {}, "body": ""}
    )
    body = rendered.response.body.replace(APP_BRIDGE, html.escape(settings.app_bridge_url, quote=True))
    return HTMLResponse(body, rendered.response.status, _headers(settings, shop))


def _page(services: Services, shop: str | None) -> Response:
    settings = services.settings
    index = settings.frontend_dist / "index.html"
    try:
        text = _filled(index, index.stat().st_mtime_ns, _told(settings))
    except FileNotFoundError:
        return HTMLResponse(_NOT_BUILT, 503, _headers(settings, shop))
    return HTMLResponse(text, headers=_headers(settings, shop))


@lru_cache(maxsize=4)
def _filled(index: Path, _changed: int, told: tuple[tuple[str, str], ...]) -> str:
    """The built page with what it has to know of this installation."""
    text = index.read_text(encoding="utf-8")
    for placeholder, value in told:
        text = text.replace(placeholder, html.escape(value, quote=True))
    return text


def _told(settings: Settings) -> tuple[tuple[str, str], ...]:
    """By placeholder. Help and contact are in the page itself, for when the API does not answer."""
    return (
        ("__SHOPIFY_API_KEY__", settings.client_id),
        ("__APP_BRIDGE_URL__", settings.app_bridge_url),
        ("__HELP_URL__", settings.help_url),
        ("__SUPPORT_CONTACT__", settings.support_contact),
    )


def _headers(settings: Settings, shop: str | None) -> dict[str, str]:
    """Who may frame the page depends on the shop, so the answer is nobody else's."""
    ancestors = "'none'" if shop is None else settings.frame_ancestors.format(shop=shop)
    parts = urlsplit(settings.app_bridge_url)
    script = f"{parts.scheme}://{parts.netloc}" if parts.netloc else "'self'"
    policy = (
        f"frame-ancestors {ancestors}; default-src 'self'; script-src 'self' {script}; "
        f"style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; font-src 'self' data: https:; "
        f"connect-src 'self' {script} {_socket(settings)} https://*.myshopify.com; frame-src 'self' https:; "
        "base-uri 'none'; object-src 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _socket(settings: Settings) -> str:
    return settings.app_url.replace("http", "ws", 1)


def _address(request: Request, settings: Settings) -> str:
    """The request as the world knows it, whatever a proxy in front made of host and scheme."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{settings.app_url}{request.url.path}{query}"


def _is_own_path(target: str, settings: Settings) -> bool:
    """Whether a page of this app is meant: the address goes to App Bridge, which would follow any."""
    if _NONCE.search(target) or "\\" in target:
        return False
    parts = urlsplit(target)
    if not parts.netloc and not parts.scheme:
        return target.startswith("/") and not target.startswith("//")
    own = urlsplit(settings.app_url)
    return (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
