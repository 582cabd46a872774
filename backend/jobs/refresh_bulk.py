"""Reading a whole shop by bulk operations: started, looked at now and then, and stored when they are through.

Each look is a slice of its own, so that no worker waits for Shopify. A result is stored in one go, however
large: a slice that is cut short begins it again, and rows that stand already are only confirmed.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.errors import Throttled
from backend.jobs.mirror_write import put_products, put_stock, put_variants
from backend.jobs.queue import transaction
from backend.jobs.runtime import Runtime
from backend.jobs.together import together
from backend.models.mirror import Refresh
from backend.shopify.bulk import (
    BulkKind,
    BulkReader,
    Completed,
    Ended,
    ItemStockOf,
    Operation,
    Row,
    Running,
    kinds,
    poll_delay,
)
from backend.shopify.pages import OwnedVariant
from backend.shopify.wanted import Wanted
from backend.sync.catalog import Product

DONE = "done"

Save = Callable[[BaseDBAsyncClient, str, Any, int], Awaitable[None]]


class BulkFailedError(Exception):
    """An operation ended without a result: the shop is read by pages instead."""


class BulkReading:
    """`save` stores a place in the refresh's cursor, and how many objects were read, in a transaction."""

    def __init__(
        self,
        refresh: Refresh,
        reader: BulkReader,
        wanted: Wanted,
        runtime: Runtime,
        check: Callable[[], None],
        save: Save,
    ) -> None:
        self._refresh = refresh
        self._reader = reader
        self._wanted = wanted
        self._runtime = runtime
        self._check = check
        self._save = save

    async def look(self) -> bool:
        """Go on where something is to be done; True when everything is stored. Raises BulkFailedError."""
        await together(*(self._one(kind) for kind in kinds(self._wanted)))
        return all(self._refresh.cursor.get(kind) == DONE for kind in kinds(self._wanted))

    async def _one(self, kind: BulkKind) -> None:
        place: Any = self._refresh.cursor.get(kind)
        if place == DONE:
            return
        self._check()
        if place is None:
            await self._start(kind)
            return
        now = self._runtime.clock.now()
        if now < datetime.fromisoformat(place["look_at"]):
            return
        operation = await self._reader.poll(place["id"])
        match operation:
            case Running():
                await self._remember(kind, operation)
            case Completed(url=None):
                await self._put(kind, DONE, 0)
            case Completed(url=str(url)):
                await self._store(kind, operation, url)
            case Ended():
                raise BulkFailedError(str(operation.error()))

    async def _start(self, kind: BulkKind) -> None:
        """Start the operation, unless a crash has hidden that it was."""
        batch = self._refresh.id.hex
        operation = await self._reader.find(kind, batch)
        if operation is None:
            try:
                operation = await self._reader.start(kind, self._wanted, batch)
            except Throttled:
                return
        await self._remember(kind, operation)

    async def _remember(self, kind: BulkKind, operation: Operation) -> None:
        now = self._runtime.clock.now()
        began = operation.created_at if isinstance(operation, Running) else now
        wait = poll_delay(max(0.0, (now - began).total_seconds()))
        place: Mapping[str, Any] = {
            "id": operation.id,
            "look_at": (now + timedelta(seconds=wait)).isoformat(),
        }
        await self._put(kind, place, 0)

    async def _put(self, kind: BulkKind, place: Any, count: int) -> None:
        async with transaction() as client:
            await self._save(client, kind.value, place, count)
        self._refresh.cursor[kind.value] = place

    async def _store(self, kind: BulkKind, operation: Completed, url: str) -> None:
        # Shopify tells whole seconds; the operation was started after the refresh began.
        observed_at = max(operation.created_at, self._refresh.started_at)
        async for rows in self._reader.read(kind, url, self._wanted, size=operation.size):
            self._check()
            if rows:
                async with transaction() as client:
                    await self._put_rows(client, rows, observed_at)
                    place = self._refresh.cursor[kind.value]
                    await self._save(client, kind.value, place, len(rows))
        await self._put(kind, DONE, 0)

    async def _put_rows(
        self, client: BaseDBAsyncClient, found: tuple[Row, ...], observed_at: datetime
    ) -> None:
        shop = self._refresh.shop_id
        products = [each for each in found if isinstance(each, Product)]
        variants = [(each.product, each.variant) for each in found if isinstance(each, OwnedVariant)]
        levels = [
            (each.item, place, available)
            for each in found
            if isinstance(each, ItemStockOf)
            for place, available in each.stock.available.items()
        ]
        await put_products(client, shop, products, self._wanted, observed_at)
        await put_variants(client, shop, variants, self._wanted, observed_at)
        await put_stock(client, shop, levels, observed_at)
