"""PostgreSQL and Redis together, as the stack and the benchmark use them."""

from __future__ import annotations

from pathlib import Path

from dev import postgres, valkey
from dev.child import Child
from dev.postgres import Databases, Postgres
from dev.valkey import Valkey


class Services:
    """Servers of one's own below `home`, each replaced by the one that its variable names.

    `durable` makes PostgreSQL wait for the disk at every commit, as in production.
    """

    def __init__(self, home: Path, *, durable: bool = False) -> None:
        self._database_url = postgres.external_url()
        self._redis_url = valkey.external_url()
        self.postgres = None if self._database_url else Postgres(home, durable=durable)
        self.valkey = None if self._redis_url else Valkey(home)

    @property
    def children(self) -> dict[str, Child]:
        """The servers that are one's own."""
        return {server.child.name: server.child for server in (self.postgres, self.valkey) if server}

    @property
    def databases(self) -> Databases:
        return Databases(self.postgres.url() if self.postgres else str(self._database_url))

    @property
    def redis_url(self) -> str:
        return self.valkey.url if self.valkey else str(self._redis_url)

    def start(self) -> None:
        """Raises DevError with the server's own words when one does not come up."""
        for server in (self.postgres, self.valkey):
            if server:
                server.start()

    def start_one(self, name: str) -> None:
        """Start the server of that name again, at the same address."""
        for server in (self.postgres, self.valkey):
            if server and server.child.name == name:
                server.start()

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()
