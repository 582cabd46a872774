"""Many requests over a few connections to one server, each timed; as little work as possible of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast


@dataclass(slots=True)
class Answers:
    """`seconds` from request to answer, in the order of the answers; `elapsed` for all of them."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.elapsed

    def percentile(self, share: float) -> float:
        """In seconds; `share` from 0 to 1."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Connection(asyncio.Protocol):
    """Sends the next request when the last one was answered, until there are none left."""

    def __init__(self, requests: Iterator[bytes], answers: Answers, done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._answers = answers
        self._done = done
        self._transport: asyncio.Transport
        self._began = 0.0
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._seen += data
        # Answers have no body here.
        if self._seen.endswith(b"\r\n\r\n"):
            self._answers.seconds.append(time.perf_counter() - self._began)
            self._answers.refused += not self._seen.startswith(b"HTTP/1.1 200 ")
            self._seen = b""
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None or not self._transport.is_closing():
            self._done.set_exception(exc or ConnectionError("the server hung up"))
        else:
            self._done.set_result(None)


def request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """As it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: app.test", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def post(socket: Path, requests: Sequence[bytes], connections: int) -> Answers:
    """Send all of them to the server at this socket, as many at a time as there are connections."""
    answers, left = Answers(), iter(requests)
    loop = asyncio.get_running_loop()
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(connections)]
    began = time.perf_counter()
    for end in ends:
        await loop.create_unix_connection(partial(_Connection, left, answers, end), str(socket))
    await asyncio.gather(*ends)
    answers.elapsed = time.perf_counter() - began
    return answers
