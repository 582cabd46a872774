"""Reads a whole catalogue by bulk queries: Shopify runs them by itself, for hardly any points, and serves a
file.

An operation bears a batch id in its name, so that whoever started it can find it again after a crash.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import httpx

from backend.errors import ErrorCode, InvalidRequest, RetryError, Throttled, Unavailable
from backend.shopify import decode
from backend.shopify.answer import user_errors
from backend.shopify.client import ShopClient
from backend.shopify.decode import decoding
from backend.shopify.documents import bulk_text, document
from backend.shopify.jsonl import Spool
from backend.shopify.outcome import complaints
from backend.shopify.pages import ItemStock, OwnedVariant
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, Product, ProductId

# shopify.dev: five operations of a kind may run at once. Whoever finds all taken comes back after so many
# seconds.
BUSY_SECONDS = 10.0
FIRST_POLL_SECONDS = 1.0
LAST_POLL_SECONDS = 10.0
CHUNK = 1024 * 1024
DOWNLOAD_TIMEOUT = 30.0
_NAME = re.compile(r"\s*query\s+(\w+)")


class BulkKind(StrEnum):
    """What one operation reads. ITEMS only where the stock of every location is wanted
    (`Wanted.reads_items`): the rules of bulk queries leave no room for it in VARIANTS."""

    PRODUCTS = "PRODUCTS"
    VARIANTS = "VARIANTS"
    ITEMS = "ITEMS"


_DOCUMENTS = {BulkKind.PRODUCTS: "Products", BulkKind.VARIANTS: "Variants", BulkKind.ITEMS: "Items"}


@dataclass(frozen=True, slots=True)
class Running:
    id: str
    created_at: datetime
    objects: int


@dataclass(frozen=True, slots=True)
class Completed:
    """`url` is None when nothing was found; it is signed and lives for 7 days. `created_at` is as of when the
    result is true."""

    id: str
    created_at: datetime
    objects: int
    url: str | None = field(repr=False)
    size: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """Failed, cancelled or expired. `partial_url` is what it had found until then, or None."""

    id: str
    status: str
    error_code: str | None
    partial_url: str | None = field(repr=False)

    def error(self) -> RetryError:
        return RetryError(
            f"the bulk operation ended as {self.status} ({self.error_code})",
            code=ErrorCode.SHOPIFY_UNAVAILABLE,
        )


Operation: TypeAlias = Running | Completed | Ended


@dataclass(frozen=True, slots=True)
class ItemStockOf:
    item: InventoryItemId
    stock: ItemStock


Row: TypeAlias = Product | OwnedVariant | ItemStockOf


def kinds(wanted: Wanted) -> tuple[BulkKind, ...]:
    """The operations that a whole read takes; they may run at the same time."""
    read = (BulkKind.PRODUCTS, BulkKind.VARIANTS)
    return (*read, BulkKind.ITEMS) if wanted.reads_items else read


def operation_name(kind: BulkKind, batch: str) -> str:
    """`batch` is letters and digits."""
    return f"Sync_{kind}_{batch}"


def poll_delay(running_seconds: float) -> float:
    """Seconds until the next look: a tenth of the time it runs already, between 1 and 10."""
    return min(LAST_POLL_SECONDS, max(FIRST_POLL_SECONDS, running_seconds / 10))


@dataclass(frozen=True, slots=True)
class BulkReader:
    client: ShopClient

    async def start(self, kind: BulkKind, wanted: Wanted, batch: str, search: str | None = None) -> Operation:
        """Start an operation, `search` for a slice ("id:>100 id:<=200"). Raises `Throttled` when five run
        already."""
        name = operation_name(kind, batch)
        text = bulk_text(_DOCUMENTS[kind], name, wanted.bulk_flags(), wanted.locations, search)
        answer = await self.client.query(document("StartBulkQuery"), {"query": text})
        with decoding():
            payload = answer.data["bulkOperationRunQuery"]
            found = complaints(user_errors(payload))
        if any(each.code in ("OPERATION_IN_PROGRESS", "LIMIT_REACHED") for each in found):
            raise Throttled("as many bulk operations as may run at once", after=BUSY_SECONDS)
        if found:
            raise InvalidRequest(f"the bulk query is refused: {found[0].message}")
        with decoding():
            return _operation(payload["bulkOperation"])

    async def find(self, kind: BulkKind, batch: str) -> Operation | None:
        """The operation that was started under this name, among the latest; None when it never started."""
        name = operation_name(kind, batch)
        variables = {"first": 54, "after": None, "search": "operation_type:QUERY"}
        answer = await self.client.query(document("RecentBulkOperations"), variables)
        with decoding():
            for node in answer.data["bulkOperations"]["nodes"]:
                match = _NAME.match(node["query"])
                if match and match[1] == name:
                    return _operation(node)
        return None

    async def poll(self, operation_id: str) -> Operation:
        """One look, 1 point."""
        answer = await self.client.query(document("BulkOperation"), {"id": operation_id})
        with decoding():
            node = answer.data["bulkOperation"]
            if node is None:
                return Ended(operation_id, "EXPIRED", None, None)
            return _operation(node)

    async def cancel(self, operation_id: str) -> None:
        """One that is finished already stays as it is."""
        await self.client.query(document("CancelBulkOperation"), {"id": operation_id})

    async def read(
        self, kind: BulkKind, url: str, wanted: Wanted, *, size: int = 0, rows: int = 244
    ) -> AsyncIterator[tuple[Row, ...]]:
        """The rows of a result, `rows` at a time: products without variants, variants, or stock by item.

        While the file is fetched, empty tuples come about once a megabyte, so that a caller can renew what it
        holds. `size` is the file's size in bytes; a shorter download is `Unavailable`. Memory is bounded,
        whatever the size; the file system's temporary folder holds the file meanwhile.
        """
        with TemporaryDirectory(prefix="bulk-") as folder:
            spool = await asyncio.to_thread(Spool, Path(folder), size)
            try:
                async for _ in self._download(url, spool, size):
                    yield ()
                batch: list[Row] = []
                for node in spool.objects():
                    with decoding():
                        batch.append(_row(kind, node, wanted))
                    if len(batch) == rows:
                        yield tuple(batch)
                        batch = []
                if batch:
                    yield tuple(batch)
            finally:
                spool.close()

    async def _download(self, url: str, spool: Spool, size: int) -> AsyncIterator[int]:
        try:
            async with self.client.http.stream("GET", url, timeout=DOWNLOAD_TIMEOUT) as response:
                if response.status_code != 200:
                    raise Unavailable(f"the bulk result is answered with {response.status_code}")
                async for data in response.aiter_bytes(CHUNK):
                    await asyncio.to_thread(spool.feed, data)
                    yield spool.received
        except httpx.TransportError as error:
            raise Unavailable(f"the bulk result broke off ({type(error).__name__})") from None
        if size and spool.received != size:
            raise Unavailable(f"the bulk result has {spool.received} bytes instead of {size}")
        await asyncio.to_thread(spool.finish)


def _operation(node: Any) -> Operation:
    """Counts come as text."""
    created_at = decode.moment(node["createdAt"])
    match node["status"]:
        case "CREATED" | "RUNNING" | "CANCELING":
            return Running(node["id"], created_at, int(node["objectCount"]))
        case "COMPLETED":
            size = int(node["fileSize"] or 0)
            return Completed(node["id"], created_at, int(node["objectCount"]), node["url"], size)
        case status:
            return Ended(node["id"], str(status), node["errorCode"], node["partialDataUrl"])


def _row(kind: BulkKind, node: Any, wanted: Wanted) -> Row:
    locations = wanted.locations if wanted.quantities else ()
    match kind:
        case BulkKind.PRODUCTS:
            return decode.product(node)
        case BulkKind.VARIANTS:
            return OwnedVariant(ProductId(node["product"]["id"]), decode.variant(node, locations))
        case BulkKind.ITEMS:
            stock = ItemStock(bool(node["tracked"]), decode.stock(node, ()))
            return ItemStockOf(InventoryItemId(node["id"]), stock)
