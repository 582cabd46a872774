"""Bulk operations of either type: what became of one, found again by the name that it was started under, and
its result fetched."""

import re
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

import httpx

from backend.errors import ErrorCode, InvalidRequest, RetryError, Throttled, Unavailable
from backend.shopify import decode
from backend.shopify.client import ShopClient
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.outcome import Complaint

# Whoever finds all places taken comes back after so many seconds.
BUSY_SECONDS = 10.0
FIRST_POLL_SECONDS = 1.0
LAST_POLL_SECONDS = 10.0
# Parsed in a moment.
CHUNK = 1024 * 1024
DOWNLOAD_TIMEOUT = 30.0
ACCESS_DENIED = "ACCESS_DENIED"
_RECENT = 54
_NAME = re.compile(r"\s*(?:query|mutation)\s+(\w+)")


class BulkBusy(Throttled):
    """As many operations of the type run already as the app may have in the shop."""


@dataclass(frozen=True, slots=True)
class Running:
    id: str
    created_at: datetime
    objects: int


@dataclass(frozen=True, slots=True)
class Completed:
    """`url` is None when nothing was found; it is signed and lives for 7 days. `created_at` is as of when the
    result is true. `seconds` is how long Shopify took, by its own clock."""

    id: str
    created_at: datetime
    objects: int
    url: str | None = field(repr=False)
    size: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """Failed, cancelled or expired. `partial_url` is what it had found until then, or None."""

    id: str
    status: str
    error_code: str | None
    partial_url: str | None = field(repr=False)
    created_at: datetime | None = None
    objects: int = 0

    def error(self) -> RetryError:
        return RetryError(
            f"the bulk operation ended as {self.status} ({self.error_code})",
            code=ErrorCode.SHOPIFY_UNAVAILABLE,
        )


Operation: TypeAlias = Running | Completed | Ended


class Sink(Protocol):
    """Takes a download piece by piece."""

    received: int

    def feed(self, data: bytes) -> None: ...

    def finish(self) -> None: ...


def poll_delay(running_seconds: float, expected_seconds: float = 0.0) -> float:
    """Seconds until the next look, between 1 and 10: half of what is left of the expected time, and once that
    is over a tenth of the time that it runs already."""
    left = (expected_seconds - running_seconds) / 2
    return min(LAST_POLL_SECONDS, max(FIRST_POLL_SECONDS, running_seconds / 10, left))


async def find(client: ShopClient, names: Collection[str], kind: str) -> dict[str, Operation]:
    """Of the latest operations of a type (QUERY, MUTATION) those with these names; one that is missing never
    started."""
    variables = {"first": _RECENT, "after": None, "search": f"operation_type:{kind}"}
    answer = await client.query(document("RecentBulkOperations"), variables)
    found: dict[str, Operation] = {}
    with decoding():
        for node in answer.data["bulkOperations"]["nodes"]:
            match = _NAME.match(node["query"])
            if match and match[1] in names:
                found.setdefault(match[1], operation_of(node))
    return found


async def poll(client: ShopClient, ids: Sequence[str]) -> dict[str, Operation]:
    """One look at any number of operations, 1 point. One that Shopify does not know any more is EXPIRED."""
    answer = await client.query(document("BulkOperations"), {"ids": list(ids)})
    with decoding():
        nodes = answer.data["nodes"]
        if len(nodes) != len(ids):
            raise ValueError("another number of nodes than ids")
        return {
            gid: Ended(gid, "EXPIRED", None, None) if node is None else operation_of(node)
            for gid, node in zip(ids, nodes, strict=True)
        }


async def cancel(client: ShopClient, operation_id: str) -> None:
    """One that is finished already stays as it is."""
    await client.query(document("CancelBulkOperation"), {"id": operation_id})


def started(payload: Any, found: Sequence[Complaint]) -> Operation:
    """Of the payload of a start. Raises `BulkBusy`, or `InvalidRequest` for one that is refused."""
    if any(each.code in ("OPERATION_IN_PROGRESS", "LIMIT_REACHED") for each in found):
        raise BulkBusy("as many bulk operations as may run at once", after=BUSY_SECONDS)
    if found:
        raise InvalidRequest(f"the bulk operation is refused: {found[0].message}")
    with decoding():
        return operation_of(payload["bulkOperation"])


def operation_of(node: Any) -> Operation:
    """Counts come as text."""
    created_at, objects = decode.moment(node["createdAt"]), int(node["objectCount"])
    match node["status"]:
        case "CREATED" | "RUNNING" | "CANCELING":
            return Running(node["id"], created_at, objects)
        case "COMPLETED":
            ended_at = decode.moment(node["completedAt"]) if node["completedAt"] else created_at
            seconds = max(0.0, (ended_at - created_at).total_seconds())
            return Completed(
                node["id"], created_at, objects, node["url"], int(node["fileSize"] or 0), seconds
            )
        case status:
            return Ended(
                node["id"], str(status), node["errorCode"], node["partialDataUrl"], created_at, objects
            )


async def download(client: ShopClient, url: str, sink: Sink, size: int) -> AsyncIterator[int]:
    """Feed a result to `sink`; what has come so far is told about once a megabyte. `size` is the file's size
    in bytes, 0 where it is not known: a shorter download is `Unavailable`."""
    try:
        async with client.http.stream("GET", url, timeout=DOWNLOAD_TIMEOUT) as response:
            if response.status_code != 200:
                raise Unavailable(f"the bulk result is answered with {response.status_code}")
            async for data in response.aiter_bytes(CHUNK):
                sink.feed(data)
                yield sink.received
    except httpx.TransportError as error:
        raise Unavailable(f"the bulk result broke off ({type(error).__name__})") from None
    if size and sink.received != size:
        raise Unavailable(f"the bulk result has {sink.received} bytes instead of {size}")
    sink.finish()
