"""Breaking off a connection instead of answering, on a socket as in one process.

ASGI gives an application no hold on its connection. Behind a real socket the server is run with `Protocol`,
which hands it on as an extension of the scope; where there is no socket (httpx.ASGITransport) the client is
given the very exception that a broken socket would have given it.
"""

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.clock import Clock

_EXTENSION = "sandbox.connection"
_ABORTIVE = struct.pack("ii", 1, 0)
"""SO_LINGER on, zero seconds: closing sends RST and forgets what was not sent."""


class Protocol(HttpToolsProtocol):
    """uvicorn's HTTP for applications that break connections off: `uvicorn.Config(…, http=Protocol)`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _Connected(self.app, transport)


@dataclass(frozen=True, slots=True)
class _Connected:
    app: Any
    transport: asyncio.Transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[_EXTENSION] = self.transport
        await self.app(scope, receive, send)


class Reset(Response):
    """The peer resets the connection. What `inner` would have answered goes out by half, if it is given."""

    def __init__(self, inner: Response | None = None) -> None:
        super().__init__()
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.inner is not None:
            await _half(self.inner, scope, receive, send)
        transport = _transport(scope)
        if transport is None:
            raise httpx.ReadError("the connection was reset")
        held = transport.get_extra_info("socket")
        if held is not None:
            with socket.socket(fileno=socket.dup(held.fileno())) as own:
                own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORTIVE)
        transport.abort()
        await _gone(receive)


class Silence(Response):
    """Nothing for so many seconds, or until the client has had enough; then the connection is closed."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        super().__init__()
        self.clock, self.seconds = clock, seconds

    async def __call__(self, scope: Scope, receive: Receive, _: Send) -> None:
        transport = _transport(scope)
        if transport is None:
            await self.clock.sleep(self.seconds)
            raise httpx.ReadTimeout("no answer came in time")
        leaving = asyncio.ensure_future(_gone(receive))
        waiting = asyncio.ensure_future(self.clock.sleep(self.seconds))
        try:
            await asyncio.wait((leaving, waiting), return_when=asyncio.FIRST_COMPLETED)
            transport.close()
            await leaving
        finally:
            leaving.cancel()
            waiting.cancel()


def _transport(scope: Scope) -> asyncio.Transport | None:
    found: asyncio.Transport | None = scope.get("extensions", {}).get(_EXTENSION)
    return found


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _half(inner: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let an answer of known length go out up to its middle."""
    left = 0

    async def pass_on(message: Message) -> None:
        nonlocal left
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            left = int(headers.get(b"content-length", b"0")) // 2
            await send(message)
            return
        part = message.get("body", b"")[:left]
        left -= len(part)
        if part:
            await send({"type": "http.response.body", "body": part, "more_body": True})

    await inner(scope, receive, pass_on)
