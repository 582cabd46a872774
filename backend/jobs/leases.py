"""The right to work on something alone: a row that its owner renews, and that anybody takes over once it
has expired.

Resources are texts: `job:<id>`, `shop:<id>:refresh`, `shop:<id>:install`, `look:<shop>:<round>`.
"""

import asyncio
from datetime import timedelta
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

import structlog

from backend.clock import Clock
from backend.database import connection, execute, rows
from backend.errors import LeaseLost

LEASE_SECONDS = 10.0
RENEW_SECONDS = 3.0
# Work stops this long before the lease expires by our own clock, so that a call in flight ends inside it.
MARGIN_SECONDS = 1.0

log = structlog.get_logger(__name__)

_TAKE = """
INSERT INTO lease (resource, owner, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (resource) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
WHERE lease.expires_at <= $4 OR lease.owner = excluded.owner
RETURNING resource
"""
_RENEW = """
UPDATE lease SET expires_at = greatest(expires_at, $1)
WHERE owner = $2 AND resource = ANY($3::text[]) AND expires_at > $4
RETURNING resource
"""
_RELEASE = "DELETE FROM lease WHERE owner = $1 AND resource = ANY($2::text[])"


class Leases:
    """The leases that one slice of work holds; renewed in the background for as long as the context is open.

    async with Leases(clock) as leases:
        if await leases.take("job:…"):
            leases.check()    # before every call
    """

    def __init__(self, clock: Clock, owner: UUID | None = None) -> None:
        self._clock = clock
        self.owner = owner or uuid4()
        self._held: set[str] = set()
        self._valid_until = 0.0
        self._lost: str | None = None
        self._renewer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._renewer = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._renewer is not None:
            self._renewer.cancel()
            await asyncio.gather(self._renewer, return_exceptions=True)
        await self.release(*self._held)

    async def take(self, resource: str) -> bool:
        """Whether `resource` is ours now; False when somebody else holds it."""
        started, now = self._clock.monotonic(), self._clock.now()
        expires = now + timedelta(seconds=LEASE_SECONDS)
        if not await rows(connection(), _TAKE, resource, self.owner, expires, now):
            return False
        if not self._held:
            self._valid_until = started + LEASE_SECONDS
        self._held.add(resource)
        return True

    async def release(self, *resources: str) -> None:
        self._held.difference_update(resources)
        if resources:
            await execute(connection(), _RELEASE, self.owner, list(resources))

    def check(self) -> None:
        """Raises LeaseLost when a lease was taken over, or may have been because it was not renewed in
        time."""
        if self._lost is not None:
            raise LeaseLost(f"somebody else holds {self._lost}")
        if self._held and self._clock.monotonic() > self._valid_until - MARGIN_SECONDS:
            raise LeaseLost("the lease was not renewed in time")

    async def renew(self) -> None:
        started, now = self._clock.monotonic(), self._clock.now()
        wanted = set(self._held)
        if not wanted:
            return
        expires = now + timedelta(seconds=LEASE_SECONDS)
        kept = {
            row["resource"]
            for row in await rows(connection(), _RENEW, expires, self.owner, list(wanted), now)
        }
        missing = (wanted - kept) & self._held
        if missing:
            self._lost = min(missing)
            return
        self._valid_until = started + LEASE_SECONDS

    async def _keep(self) -> None:
        while self._lost is None:
            await self._clock.sleep(RENEW_SECONDS)
            try:
                await self.renew()
            except Exception as error:  # noqa: BLE001 - a database that is away for a moment may be back in time
                log.warning("lease not renewed", reason=type(error).__name__)
