"""Creates products by bulk mutations, which Shopify runs by itself and for hardly any points.

Lines are worked off late and in any order, so they only create and publish what they created: an update would
overwrite what is newer. Each creation is addressed by its origin, as a single one is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
import orjson

from backend.errors import InvalidRequest, Unavailable
from backend.shopify import bulk_operation, inputs, json_text
from backend.shopify.answer import user_errors
from backend.shopify.bulk_operation import Operation, download
from backend.shopify.client import ShopClient
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.outcome import Complaint, complaints
from backend.shopify.write_creation import ShopMemory, ensure_definition, publication_of
from backend.sync.catalog import ProductId
from backend.sync.origin import KEY, NAMESPACE
from backend.sync.writes import CreateProduct

# shopify.dev, bulk mutations: the file of variables may have 100 MB; a fifth of that is held in memory here.
MOST_BYTES = 20 * 1024 * 1024
UPLOAD_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Line:
    """The answer to one line. `product` is what it created, `origin` by what; `failed` when it has no answer
    to build on: then nobody knows whether it took effect."""

    product: ProductId | None = None
    origin: str | None = None
    complaints: tuple[Complaint, ...] = ()
    failed: bool = False


class _Memory:
    """A result of a few hundred lines."""

    def __init__(self) -> None:
        self.received = 0
        self.content = bytearray()

    def feed(self, data: bytes) -> None:
        self.received += len(data)
        self.content += data

    def finish(self) -> None:
        pass


def creation_line(write: CreateProduct) -> bytes:
    """The variables of one creation, with its line end."""
    return (
        orjson.dumps(
            {
                "identifier": {"customId": {"namespace": NAMESPACE, "key": KEY, "value": write.origin}},
                "input": inputs.product_set(write.product, write.origin),
            }
        )
        + b"\n"
    )


# The mutation that starts an operation.
START = "bulkOperationRunMutation"


def creation_name(batch: str) -> str:
    return f"SyncCreate_{batch}"


def publishing_name(batch: str) -> str:
    return f"SyncPublish_{batch}"


@dataclass(frozen=True, slots=True)
class BulkCreator:
    """`memory` is shared with the writer of single products. All methods raise what `ShopClient.query`
    raises."""

    client: ShopClient
    memory: ShopMemory = field(default_factory=ShopMemory, repr=False)

    async def publication(self) -> str:
        """Where new products are published; "" where they can't be."""
        return await publication_of(self.client, self.memory)

    async def stage_creations(self, batch: str, lines: Sequence[bytes]) -> str:
        """Upload the lines; what they are started with. Costs 11 points and has no effect yet."""
        await ensure_definition(self.client, self.memory)
        return await self._stage(creation_name(batch), b"".join(lines))

    async def start_creations(self, batch: str, path: str) -> Operation:
        """Raises `BulkBusy` when five run already."""
        return await self._start("BulkCreateProduct", creation_name(batch), path)

    async def publish(self, batch: str, products: Iterable[ProductId], publication: str) -> Operation:
        """Publish them, in their order, at line numbers from 0. Once more is without effect. Raises
        `BulkBusy`."""
        lines = [
            orjson.dumps({"id": each, "input": [{"publicationId": publication}]}) + b"\n" for each in products
        ]
        name = publishing_name(batch)
        return await self._start("BulkPublish", name, await self._stage(name, b"".join(lines)))

    async def find(self, names: Collection[str]) -> dict[str, Operation]:
        """The operations that were started under these names; one that never started is missing."""
        return await bulk_operation.find(self.client, names, "MUTATION")

    async def poll(self, ids: Sequence[str]) -> dict[str, Operation]:
        """One look at all of them, 1 point."""
        return await bulk_operation.poll(self.client, ids)

    async def cancel(self, operation_id: str) -> None:
        """What is done stays done; one that is finished already stays as it is."""
        await bulk_operation.cancel(self.client, operation_id)

    async def lines(self, url: str, *, size: int = 0) -> dict[int, Line]:
        """The answers by line number; lines that were not worked off are missing."""
        sink = _Memory()
        async for _ in download(self.client, url, sink, size):
            pass
        found: dict[int, Line] = {}
        for text in bytes(sink.content).splitlines():
            if text.strip():
                try:
                    number, line = _line(json_text.loads(text))
                except orjson.JSONDecodeError:
                    # The end of a partial result may be cut off: its line is one without an answer.
                    continue
                found[number] = line
        return found

    async def _stage(self, name: str, content: bytes) -> str:
        upload = {
            "resource": "BULK_MUTATION_VARIABLES",
            "filename": f"{name}.jsonl",
            "mimeType": "text/jsonl",
            "httpMethod": "POST",
        }
        answer = await self.client.query(document("StageUpload"), {"input": [upload]})
        with decoding():
            payload = answer.data["stagedUploadsCreate"]
            found = complaints(user_errors(payload))
            if found:
                raise InvalidRequest(f"the upload is refused: {found[0].message}")
            (target,) = payload["stagedTargets"]
            url, form = target["url"], {each["name"]: each["value"] for each in target["parameters"]}
            path = str(form["key"])
        # Storage takes the form's fields first, in their order, and the file last.
        file = {"file": (upload["filename"], content, upload["mimeType"])}
        try:
            http = self.client.http
            request = http.build_request("POST", url, data=form, files=file, timeout=UPLOAD_TIMEOUT)
            # It is in memory anyway: with its length known it is sent in one piece.
            await request.aread()
            response = await http.send(request)
        except httpx.TransportError as error:
            raise Unavailable(f"the upload broke off ({type(error).__name__})", sent=False) from None
        if response.status_code not in (200, 201, 204):
            raise Unavailable(f"the upload is answered with {response.status_code}", sent=False)
        return path

    async def _start(self, name: str, operation_name: str, path: str) -> Operation:
        text = document(name).text.replace(f"mutation {name}", f"mutation {operation_name}", 1)
        answer = await self.client.query(document("StartBulkMutation"), {"mutation": text, "path": path})
        with decoding():
            payload = answer.data[START]
            found = complaints(user_errors(payload))
        return bulk_operation.started(payload, found)


def _line(value: Mapping[str, object]) -> tuple[int, Line]:
    with decoding():
        number = value["__lineNumber"]
        data = value.get("data")
        if not isinstance(number, int):
            raise TypeError("a line without its number")
        if value.get("errors") or not isinstance(data, dict):
            return number, Line(failed=True)
        (payload,) = data.values()
        if payload is None:
            return number, Line(failed=True)
        found = complaints(user_errors(payload))
        product = payload.get("product")
        if product is None:
            return number, Line(complaints=found, failed=not found and "product" in payload)
        origin = (product.get("origin") or {}).get("value")
        return number, Line(ProductId(product["id"]), origin, found)
