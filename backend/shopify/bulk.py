"""Reads a catalogue by bulk queries: Shopify runs them by itself, for hardly any points, and serves files.

An operation bears a batch id in its name, so that whoever started it can find it again after a crash.
"""

from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from backend.shopify import bulk_operation, decode
from backend.shopify.answer import user_errors
from backend.shopify.bulk_operation import Operation, download
from backend.shopify.bulk_slices import BulkKind, IdRange
from backend.shopify.client import ShopClient
from backend.shopify.decode import decoding
from backend.shopify.documents import bulk_text, document
from backend.shopify.jsonl import Spool
from backend.shopify.outcome import complaints
from backend.shopify.pages import ItemStock, OwnedVariant
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, Product, ProductId

_DOCUMENTS = {BulkKind.PRODUCTS: "Products", BulkKind.VARIANTS: "Variants", BulkKind.ITEMS: "Items"}
_COUNTS = {BulkKind.PRODUCTS: "productsCount", BulkKind.VARIANTS: "productVariantsCount"}
_EXTREMES = {
    BulkKind.PRODUCTS: "ProductExtremes",
    BulkKind.VARIANTS: "VariantExtremes",
    BulkKind.ITEMS: "ItemExtremes",
}
# Rows of one transaction: enough that the round trip does not count, few enough to decode in a moment.
ROWS = 500
# What a line of a result is taken to have where nobody tells.
LINE_BYTES = 600


@dataclass(frozen=True, slots=True)
class ItemStockOf:
    item: InventoryItemId
    stock: ItemStock


Row: TypeAlias = Product | OwnedVariant | ItemStockOf


def kinds(wanted: Wanted) -> tuple[BulkKind, ...]:
    """What a whole read takes; all of it may run at the same time."""
    read = (BulkKind.PRODUCTS, BulkKind.VARIANTS)
    return (*read, BulkKind.ITEMS) if wanted.reads_items else read


def operation_name(kind: BulkKind, batch: str) -> str:
    """`batch` is letters, digits and underscores."""
    return f"Sync_{kind}_{batch}"


def is_flat(kind: BulkKind, wanted: Wanted) -> bool:
    """Whether every line of the result is whole by itself, with no children on lines of their own."""
    text = bulk_text(_DOCUMENTS[kind], "Sync", wanted.bulk_flags(), wanted.locations)
    return text.count("{edges{") == 1


def row_number(row: Row) -> int:
    """The numeric id that the slices go by."""
    match row:
        case Product():
            return decode.number(row.id)
        case OwnedVariant():
            return decode.number(row.variant.id)
        case ItemStockOf():
            return decode.number(row.item)


@dataclass(frozen=True, slots=True)
class BulkReader:
    """All methods raise what `ShopClient.query` raises."""

    client: ShopClient

    async def start(self, kind: BulkKind, wanted: Wanted, batch: str, search: str | None = None) -> Operation:
        """Start an operation, `search` for a slice ("id:>100 id:<=200"). Raises `BulkBusy` when five run
        already."""
        name = operation_name(kind, batch)
        text = bulk_text(_DOCUMENTS[kind], name, wanted.bulk_flags(), wanted.locations, search)
        answer = await self.client.query(document("StartBulkQuery"), {"query": text})
        with decoding():
            payload = answer.data["bulkOperationRunQuery"]
            found = complaints(user_errors(payload))
        return bulk_operation.started(payload, found)

    async def find(self, names: Collection[str]) -> dict[str, Operation]:
        """The operations that were started under these names; one that never started is missing."""
        return await bulk_operation.find(self.client, names, "QUERY")

    async def poll(self, ids: Sequence[str]) -> dict[str, Operation]:
        """One look at all of them, 1 point."""
        return await bulk_operation.poll(self.client, ids)

    async def cancel(self, operation_id: str) -> None:
        """One that is finished already stays as it is."""
        await bulk_operation.cancel(self.client, operation_id)

    async def extremes(self, kind: BulkKind) -> tuple[int, int] | None:
        """The lowest and the highest numeric id there is; None where there is nothing. Costs 6 points."""
        answer = await self.client.query(document(_EXTREMES[kind]))
        with decoding():
            first, last = answer.data["first"]["nodes"], answer.data["last"]["nodes"]
            if not first or not last:
                return None
            low, high = decode.number(first[0]["id"]), decode.number(last[0]["id"])
            return min(low, high), max(low, high)

    async def count(self, kind: BulkKind, ids: IdRange) -> int | None:
        """How many objects there are in a range; None where Shopify does not count them (ITEMS) or stopped
        counting. Costs 20 points."""
        if kind not in _COUNTS:
            return None
        answer = await self.client.query(document("Counts"), {"search": ids.search()})
        with decoding():
            found = answer.data[_COUNTS[kind]]
            return int(found["count"]) if found["precision"] == "EXACT" else None

    async def read(
        self,
        kind: BulkKind,
        url: str,
        wanted: Wanted,
        *,
        size: int = 0,
        objects: int = 0,
        rows: int = ROWS,
        skip: int = 0,
    ) -> AsyncGenerator[tuple[Row, ...]]:
        """The rows of a result, `rows` at a time, without the first `skip`: products without variants,
        variants, or stock by item. The order is the same each time.

        While the file is fetched, empty tuples come about once a megabyte, so that a caller can renew what it
        holds. `size` is the file's size in bytes; a shorter download is `Unavailable`. Where it is not known,
        `objects` tells how many lines there may be. Memory is bounded, whatever the size; the file system's
        temporary folder holds the file meanwhile.
        """
        with TemporaryDirectory(prefix="bulk-") as folder:
            expected = size or objects * LINE_BYTES
            spool = Spool(Path(folder), expected)
            try:
                async for _ in download(self.client, url, spool, size):
                    yield ()
                nodes = spool.objects()
                while batch := _decoded(kind, nodes, wanted, rows, skip):
                    skip = 0
                    yield batch
            finally:
                spool.close()


def _decoded(kind: BulkKind, nodes: Iterator[Any], wanted: Wanted, rows: int, skip: int) -> tuple[Row, ...]:
    batch: list[Row] = []
    with decoding():
        for node in nodes:
            if skip:
                skip -= 1
                continue
            batch.append(_row(kind, node, wanted))
            if len(batch) == rows:
                break
    return tuple(batch)


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
