"""Control addresses: JSON in, JSON out, mistakes as `{"error": …}`."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import edits

Handler = Callable[[Request, dict[str, Any]], Awaitable[Any]]


def control_route(path: str, **handlers: Handler) -> Route:
    """An address below `/_control`; the handlers by their HTTP method in lower case.

    A handler gets the request and its body. EditError becomes 422, a KeyError (something missing from the
    body) 400.
    """

    async def endpoint(request: Request) -> Response:
        body: dict[str, Any] = {}
        if request.method not in ("GET", "DELETE") and request.headers.get("Content-Type", "") != "text/csv":
            raw = await request.body()
            try:
                body = orjson.loads(raw) if raw else {}
            except orjson.JSONDecodeError as error:
                raise HTTPException(400, "The body is not JSON.") from error
            if not isinstance(body, dict):
                raise HTTPException(400, "The body must be a JSON object.")
        try:
            answer = await handlers[request.method.lower()](request, body)
        except edits.EditError as error:
            return Response(orjson.dumps({"error": str(error)}), 422, media_type="application/json")
        except KeyError as error:
            raise HTTPException(400, f"The body lacks {error}.") from error
        return Response(orjson.dumps(answer), media_type="application/json")

    return Route(f"/_control{path}", endpoint, methods=[method.upper() for method in handlers])
