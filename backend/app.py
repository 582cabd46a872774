"""The API's process: `uvicorn --factory backend.app:create_app`."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from backend import logs
from backend.clock import Clock
from backend.config import Settings, load
from backend.schema.endpoint import SSE_PROTOCOL, Endpoint
from backend.web.assets import Assets
from backend.web.body import BodyLimit
from backend.web.counted import Counted
from backend.web.document import PATCH_PATH, document, patch
from backend.web.health import health, metrics, ready
from backend.web.opening import open_services
from backend.web.webhooks import Webhooks
from backend.workers.broker import configure


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Starlette:
    """The application. `clock` and `transport`, the way to Shopify, are the machine's unless a test brings
    its own."""
    if settings is None:
        settings = load()
        logs.configure(settings.log_level, as_json=settings.log_json)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(configure(settings.redis_url).close)
            app.state.services = await open_services(settings, stack, clock=clock, transport=transport)
            yield

    return Starlette(
        routes=_routes(settings),
        middleware=[
            Middleware(Webhooks),
            Middleware(Counted),
            Middleware(BodyLimit),
            Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=6),
        ],
        lifespan=lifespan,
    )


def _routes(settings: Settings) -> list[BaseRoute]:
    api = Endpoint(settings, GRAPHQL_TRANSPORT_WS_PROTOCOL)
    stream = Endpoint(settings, SSE_PROTOCOL)
    return [
        Route("/health", health),
        Route("/ready", ready),
        Route("/metrics", metrics),
        Route("/graphql", api),
        WebSocketRoute("/graphql", api),
        Route("/graphql/stream", stream, methods=["POST"]),
        Route(PATCH_PATH, patch),
        Mount("/assets", Assets(directory=settings.frontend_dist / "assets", check_dir=False)),
        Route("/{path:path}", document),
    ]
