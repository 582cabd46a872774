"""Opening the app: consent on the first time, then the frame, its session tokens and what App Bridge asks
for.
"""

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.commands.shops import install_app
from sandbox.ids import gid
from sandbox.session_token import mint, owner
from sandbox.store.app import App
from sandbox.store.shop import Shop
from sandbox.web.admin.layout import page
from sandbox.web.frames import frame_secret, is_frame_secret, launch_address
from sandbox.web.markup import Html, join, render, template
from sandbox.web.server import Server, handle_of, server_of, shop_of

_FRAME = template("app/frame")

_CONSENT = template("app/consent")

_MEANINGS = {
    "products": "products, variants and collections",
    "inventory": "stock",
    "locations": "locations",
    "publications": "sales channels of products",
    "files": "files and images",
    "metaobjects": "metaobjects",
}


async def app_page(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    app = _app(server)
    if not app.url:
        raise HTTPException(404, "The app has no address: start the sandbox with --app-url.")
    path = request.path_params.get("path", "")
    installation = shop.installations.get(app.client_id)
    if installation is None or not set(app.scopes) <= installation.scopes:
        return _consent(server, shop, app, path, update=installation is not None)
    body = render(
        _FRAME,
        handle=handle_of(shop),
        origin="/".join(app.url.split("/")[:3]),
        secret=frame_secret(server, shop),
        scopes=" ".join(sorted(installation.scopes)),
        title=app.title,
        address=launch_address(app, shop, request.url.netloc, path, request.url.query),
    )
    head = Html('<script src="/_sandbox/app-frame.js" defer></script>')
    return page(server, f"{app.title} · {shop.name}", body, shop=shop, section="app", head=head)


async def install(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    app = _app(server)
    async with request.form(max_files=0) as form:
        path = str(form.get("path", "")).lstrip("/")
    install_app(server.sandbox, shop, app.client_id)
    return RedirectResponse(f"/store/{handle_of(shop)}/app/{path}".rstrip("/"), 303)


async def session_token(request: Request) -> Response:
    """A fresh session token for the frame that this page opened, in exchange for the page's secret."""
    server, shop = server_of(request), shop_of(request)
    app = _app(server)
    secret = request.headers.get("X-Frame-Secret", "")
    if not is_frame_secret(server, shop, secret) or app.client_id not in shop.installations:
        return JSONResponse({"error": "Reload the page to go on."}, 403)
    token = mint(app, shop, owner(shop), shop.clock.now())
    return JSONResponse({"token": token}, headers={"Cache-Control": "no-store"})


async def search(request: Request) -> Response:
    """Products for the resource picker, in the shape of App Bridge's Product, shortened."""
    shop = shop_of(request)
    wanted = request.query_params.get("q", "").casefold()
    found = []
    for product in shop.products.descending():
        if wanted in product.title.casefold():
            found.append(
                {
                    "id": gid("Product", product.id),
                    "title": product.title,
                    "handle": product.handle,
                    "status": product.status,
                    "vendor": product.vendor,
                    "productType": product.product_type,
                    "totalVariants": len(product.variants),
                    "variants": [
                        {
                            "id": gid("ProductVariant", variant.id),
                            "title": variant.title,
                            "sku": variant.item.sku,
                            "price": str(variant.price),
                        }
                        for variant in product.variants
                    ],
                }
            )
        if len(found) == 50:
            break
    return Response(orjson.dumps(found), media_type="application/json")


def _consent(server: Server, shop: Shop, app: App, path: str, *, update: bool) -> Response:
    headline = f"{app.title} asks for more" if update else f"Install {app.title}"
    body = render(
        _CONSENT,
        headline=headline,
        handle=handle_of(shop),
        path=path,
        title=app.title,
        shop=shop.name,
        scopes=join(
            render("<li>{text} <code>{scope}</code></li>", text=_meaning(scope), scope=scope)
            for scope in app.scopes
        ),
    )
    return page(server, headline, body, shop=shop, section="consent")


def _meaning(scope: str) -> str:
    verb, _, subject = scope.partition("_")
    deed = {"read": "See", "write": "See and change"}.get(verb, verb.title())
    return f"{deed} {_MEANINGS.get(subject, subject.replace('_', ' '))}"


def _app(server: Server) -> App:
    if server.app is None:
        raise HTTPException(404, "No app is configured: start the sandbox with --app-url.")
    return server.app


routes = [
    Route("/store/{handle}/install", install, methods=["POST"]),
    Route("/store/{handle}/session-token", session_token, methods=["POST"]),
    Route("/store/{handle}/search", search, methods=["GET"]),
    Route("/store/{handle}/app", app_page, methods=["GET"]),
    Route("/store/{handle}/app/{path:path}", app_page, methods=["GET"]),
]
