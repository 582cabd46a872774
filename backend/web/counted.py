"""Counts what was answered, by route and status."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.web.services import Services

_OWN = frozenset({"/graphql", "/graphql/stream", "/webhooks", "/auth/patch", "/health", "/ready", "/metrics"})


class Counted:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        # Any path is a page of the app: they are counted as one, or a crawler would fill the memory.
        name = path if path in _OWN else "/assets" if path.startswith("/assets/") else "/"

        services: Services = scope["app"].state.services

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                services.metrics.requests[name, message["status"]] += 1
            await send(message)

        await self._app(scope, receive, noted)
