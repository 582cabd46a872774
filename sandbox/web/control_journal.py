"""Control addresses of the journal of a shop."""

from typing import Any

from starlette.requests import Request

from sandbox import edits
from sandbox.web.control_route import control_route
from sandbox.web.server import server_of, shop_of


async def begin(request: Request, _: dict[str, Any]) -> Any:
    server_of(request).journal.begin(shop_of(request))
    return {"written": True}


async def show(request: Request, _: dict[str, Any]) -> Any:
    """The entries behind the number `after`, all of them without it."""
    after = request.query_params.get("after", "0")
    if not after.isdecimal():
        raise edits.EditError("after must be a whole number.")
    journal = server_of(request).journal
    return [entry.as_json() for entry in journal.of(shop_of(request), int(after))]


async def end(request: Request, _: dict[str, Any]) -> Any:
    server_of(request).journal.end(shop_of(request))
    return {"written": False}


routes = [control_route("/shops/{shop}/journal", put=begin, get=show, delete=end)]
