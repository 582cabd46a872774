"""The API as a process of its own, on a port that the system chooses, which a test may kill."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from dev.child import Child
from dev.paths import VENV_PYTHON
from tests.api import APP, CLIENT_ID, CLIENT_SECRET, KEY
from tests.live.deliveries import Signed

_START_SECONDS = 60.0


@dataclass(slots=True)
class Served:
    """`answers` has the status of every delivery that was answered, by its id."""

    child: Child
    url: str
    answers: dict[str, list[int]] = field(default_factory=dict)

    async def start(self) -> None:
        self.child.start()
        async with asyncio.timeout(_START_SECONDS), httpx.AsyncClient() as http:
            while True:
                assert self.child.running, self.child.tail()
                try:
                    await http.get(f"{self.url}/health")
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
                else:
                    return

    async def send(self, deliveries: Iterable[Signed], *, at_once: int) -> None:
        """All of them, `at_once` at a time; those that are not answered leave no trace in `answers`."""
        left = iter(deliveries)
        limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
        async with httpx.AsyncClient(base_url=self.url, limits=limits, timeout=30) as http:

            async def one_by_one() -> None:
                for each in left:
                    try:
                        answer = await http.post("/webhooks", content=each.body, headers=each.headers)
                    except httpx.TransportError:
                        continue
                    self.answers.setdefault(each.id, []).append(answer.status_code)

            await asyncio.gather(*(one_by_one() for _ in range(at_once)))

    def answered(self, status: int = 200) -> set[str]:
        return {id_ for id_, statuses in self.answers.items() if status in statuses}


@asynccontextmanager
async def served(database_url: str, redis_url: str, home: Path) -> AsyncIterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = {
        "APP_URL": APP,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SHOPIFY_CLIENT_ID": CLIENT_ID,
        "SHOPIFY_CLIENT_SECRET": CLIENT_SECRET,
        "ENCRYPTION_KEYS": f"k1:{KEY}",
        "LOOKUP_KEY": KEY,
    }
    argv = ["-m", "uvicorn", "--factory", "backend.app:create_app", "--port", str(port), "--no-access-log"]
    child = Child("api", [VENV_PYTHON, *argv], home / f"api-{port}.log", env=settings)
    process = Served(child, f"http://127.0.0.1:{port}")
    try:
        await process.start()
        yield process
    finally:
        child.stop()
