"""The API over HTTP, WebSocket and server-sent events."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import orjson
from cross_web import HTTPException
from starlette import status
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope
from starlette.websockets import WebSocket
from strawberry.asgi import ASGIWebSocketAdapter, GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

from backend.config import Settings
from backend.errors import AppError, ErrorCode, RetryError
from backend.schema.context import Context
from backend.schema.errors import with_code
from backend.schema.root import schema
from backend.web.services import Services
from backend.web.session import (
    RETRY_HEADER,
    SESSION_CODES,
    TOKEN_CODES,
    TOKEN_HEADER,
    bearer,
    identify,
    init_token,
)
from backend.web.vigil import vigil

SSE_PROTOCOL = "graphql-sse"
UNAUTHORIZED_CLOSE = 4401


class Socket(ASGIWebSocketAdapter):
    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        """Messages; of one whose parts are of the wrong kind nothing is left, which the protocol refuses."""
        async for message in super().iter_json(ignore_parsing_errors=ignore_parsing_errors):
            yield message if isinstance(message, dict) and _is_sound(message) else {}

    async def close(self, code: int, reason: str) -> None:
        """The protocol's word for a refused caller is "Forbidden"; ours is the error's code."""
        await super().close(code, getattr(self.ws.state, "refused", reason))


class Endpoint(GraphQL[Context, None]):
    """Speaks graphql-transport-ws, or server-sent events on a route of their own. On the
    main route would break clients such as urql, which accept them for plain queries and misread them."""

    websocket_adapter_class = Socket

    def __init__(self, settings: Settings, protocol: str) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql" if settings.graphiql else None,
            allow_queries_via_get=False,
            subscription_protocols=(protocol,),
            max_subscriptions_per_connection=50,
            allowed_origins=(settings.app_url,),
        )

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        scope.setdefault("state", {})
        request = Request(scope, receive)
        if request.method == "GET" and self.graphql_ide is not None:
            await super().__call__(scope, receive, send)
            return
        try:
            scope["state"]["tenant"] = await identify(
                _services(request), bearer(request.headers.get("authorization"))
            )
        except AppError as error:
            await refusal(error)(scope, receive, send)
            return
        try:
            answer = await self.run(request)
        except HTTPException as error:
            answer = refused(error.reason, ErrorCode.INVALID_INPUT, error.status_code, {})
        await answer(scope, receive, send)

    async def get_context(
        self,
        request: Request | WebSocket,
        response: Response | WebSocket,  # noqa: ARG002
    ) -> Context:
        return Context(request, _services(request), getattr(request.state, "tenant", None))

    async def on_ws_connect(self, context: Context) -> None:
        try:
            context.identified = await identify(context.services, init_token(context.connection_params))
        except AppError as error:
            context.request.state.refused = error.code.value
            raise ConnectionRejectionError({"code": error.code.value}) from error
        watch: asyncio.Event = context.request.state.identified
        context.request.state.principal = context.identified.principal
        watch.set()
        return

    async def _socket(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})
        socket = WebSocket(scope, receive, send)
        metrics = _services(socket).metrics
        socket.state.identified = asyncio.Event()
        watching = asyncio.create_task(self._watch(socket))
        metrics.sockets += 1
        try:
            await self.run(socket)
        finally:
            metrics.sockets -= 1
            watching.cancel()

    async def _watch(self, socket: WebSocket) -> None:
        """Close the socket with 4401 when its caller has to sign in again."""
        await socket.state.identified.wait()
        async with vigil(_services(socket), socket.state.principal) as guard:
            try:
                while True:
                    await guard.rest()
                    await guard.check()
            except AppError as error:
                await socket.close(UNAUTHORIZED_CLOSE, error.code.value)

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        # What cannot even be parsed never gets to the schema's extensions.
        result.errors = [with_code(error) for error in result.errors or ()] or None
        return await super().process_result(request, result)

    def decode_json(self, data: str | bytes) -> object:
        """Of a request, or of a message. Stricter than Python's own reader, which takes NaN and halves of
        characters that nothing can write again."""
        found = orjson.loads(data)
        if not isinstance(found, dict):
            raise orjson.JSONDecodeError("not an object", "", 0)
        return found

    def encode_json(self, data: object) -> str:
        """Text, because that is what frames of graphql-transport-ws are."""
        return orjson.dumps(data).decode()


def _is_sound(message: Mapping[str, Any]) -> bool:
    if not isinstance(message.get("id", ""), str):
        return False
    if message.get("type") != "subscribe":
        return True
    asked = message.get("payload")
    return (
        isinstance(asked, dict)
        and isinstance(asked.get("query"), str)
        and isinstance(asked.get("variables"), dict | None)
        and isinstance(asked.get("operationName"), str | None)
    )


def _services(connection: HTTPConnection) -> Services:
    services: Services = connection.app.state.services
    return services


def refusal(error: AppError) -> Response:
    """The whole request is refused: in the shape of a GraphQL answer, so that every client can read it."""
    match error:
        case RetryError():
            code, headers = status.HTTP_503_SERVICE_UNAVAILABLE, {"Retry-After": "2"}
        case _ if error.code in SESSION_CODES:
            code, headers = status.HTTP_401_UNAUTHORIZED, dict(RETRY_HEADER)
        case _ if error.code in TOKEN_CODES:
            code, headers = status.HTTP_401_UNAUTHORIZED, dict(TOKEN_HEADER)
        case _:
            code, headers = status.HTTP_403_FORBIDDEN, {}
    return refused(error.message, error.code, code, headers)


def refused(message: str, code: ErrorCode, status_code: int, headers: Mapping[str, str]) -> Response:
    body: GraphQLHTTPResponse = {
        "data": None,
        "errors": [{"message": message, "extensions": {"code": code.value}}],
    }
    answer: dict[str, Any] = dict(body)
    return JSONResponse(answer, status_code, headers)
