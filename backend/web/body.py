"""The size of a request, limited before anybody reads it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import ErrorCode
from backend.schema.endpoint import refused

# Room for a text of two million characters, which its field then refuses by name; nothing needs more.
MOST_BYTES = 4_000_000


class TooLargeError(Exception):
    pass


class BodyLimit:
    """Answers 413 in the shape of a GraphQL answer to a body beyond `most` bytes, told or not."""

    def __init__(self, app: ASGIApp, most: int = MOST_BYTES) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or len(told) > 12 or int(told) > self._most:
            await self._refuse(scope, receive, send)
            return
        seen, started = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most:
                raise TooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except TooLargeError:
            if started:
                raise
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = refused("The request is too large.", ErrorCode.TOO_LONG, 413, {"Connection": "close"})
        await answer(scope, receive, send)
