"""The server: Shopify's addresses, the admin page, App Bridge and the control addresses over one sandbox."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from sandbox import bulk
from sandbox.store.app import App
from sandbox.store.sandbox import Sandbox
from sandbox.web import control, control_billing, control_faults, control_journal, deliveries, shopify
from sandbox.web.admin import (
    actions,
    charges,
    embedded,
    faults,
    importing,
    places,
    products,
    settings,
    shops,
    webhooks,
)
from sandbox.web.guard import SameSiteGuard
from sandbox.web.markup import render
from sandbox.web.server import Server

_STATIC = Path(__file__).parent / "web" / "static"


def create_app(sandbox: Sandbox, app: App | None = None) -> Starlette:
    """The server over a sandbox. app is what the admin page opens; without it, the first registered one.

    sandbox.base_url must be the address by which clients reach this server: uploads, results and media lie
    below it.
    """
    presented = app or next(iter(sandbox.apps.values()), None)
    server = Server(sandbox, presented)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        server.webhooks.start()
        server.media.start()
        yield
        await server.media.stop()
        await server.webhooks.stop()
        await bulk.stop(sandbox)

    application = Starlette(
        routes=[
            *shops.routes,
            *control.routes,
            *deliveries.routes,
            *control_faults.routes,
            *control_billing.routes,
            *control_journal.routes,
            *products.routes,
            *actions.routes,
            *places.routes,
            *importing.routes,
            *settings.routes,
            *faults.routes,
            *webhooks.routes,
            *embedded.routes,
            *charges.routes,
            Mount("/_sandbox", StaticFiles(directory=_STATIC)),
            *shopify.routes,
        ],
        middleware=[Middleware(SameSiteGuard)],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )
    application.state.server = server
    return application


async def _refused(request: Request, error: Exception) -> Response:
    """A page for people, JSON for programs."""
    if not isinstance(error, HTTPException):
        raise error
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        page = render(
            "<!doctype html><html lang='en'><title>{status} · Sandbox</title>"
            "<link rel='stylesheet' href='/_sandbox/admin.css'><main class='main'><div class='page narrow'>"
            "<div class='card empty'><h1>{text}</h1><p><a href='/'>All shops</a></p></div></div></main>",
            status=str(error.status_code),
            text=error.detail,
        )
        return HTMLResponse(page, error.status_code)
    return JSONResponse({"errors": error.detail, "error": error.detail}, error.status_code, error.headers)
