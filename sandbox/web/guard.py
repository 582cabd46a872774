"""Keeping other sites' pages from pressing the admin's buttons through a visitor's browser."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_READING = {"GET", "HEAD", "OPTIONS"}


def from_elsewhere(request: Request) -> bool:
    """Whether a browser says that another site's page sent this. Programs send neither header."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.url.netloc


class SameSiteGuard:
    """Refuses writing requests from other sites, except below a shop's own addresses, which ask for a
    secret each.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _READING:
            first = scope["path"].split("/")[1]
            if "." not in first and from_elsewhere(Request(scope)):
                response = JSONResponse({"error": "This request came from another site's page."}, 403)
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)
