"""What changed since a moment: ids and times alone, 244 for 12 points.

Shopify's search index lags behind by seconds and counts in whole ones: whoever asks takes a moment a little
before the last one.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from backend.shopify import decode
from backend.shopify.client import ShopClient
from backend.shopify.cost import PAGE
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.pages import DEEPEST

Sort = Literal["UPDATED_AT", "ID"]


@dataclass(frozen=True, slots=True)
class _Slice:
    """Objects changed at or after `since`, in the order of `sort`; with ids above `above` where that is by
    id."""

    since: datetime
    sort: Sort
    above: int = 0
    after: str | None = None
    depth: int = 0

    def variables(self) -> dict[str, Any]:
        search = f"updated_at:>='{self.since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
        if self.above:
            search += f" id:>{self.above}"
        return {"first": min(PAGE, DEEPEST - self.depth), "after": self.after, "search": search}

    def onward(self, cursor: str, last: str, at: datetime, count: int) -> "_Slice":
        """The place after a page that ended with the object `last`, changed at `at`. A connection ends after
        25,000 objects: then a new one begins there. Where all of them changed within one second, the time
        leads no further, and the ids do."""
        depth = self.depth + count
        if depth < DEEPEST:
            return replace(self, after=cursor, depth=depth)
        if self.sort == "ID":
            return _Slice(self.since, "ID", above=decode.number(last))
        at = at.replace(microsecond=0)
        return _Slice(at, "UPDATED_AT" if at > self.since else "ID")


async def changed_products(client: ShopClient, since: datetime) -> AsyncIterator[dict[str, datetime]]:
    """Pages of product ids with their times, the earliest change first: once a page is dealt with, only what
    changed at its last time or later is left. A product that changes meanwhile comes again."""
    async for page in _pages(client, "ChangedProducts", "products", _Slice(since, "UPDATED_AT")):
        yield page


async def changed_items(client: ShopClient, since: datetime) -> AsyncIterator[dict[str, datetime]]:
    """Pages of inventory item ids with their times, by ascending id: Shopify has no other order for them."""
    async for page in _pages(client, "ChangedItems", "inventoryItems", _Slice(since, "ID")):
        yield page


async def _pages(
    client: ShopClient, name: str, root: str, start: _Slice
) -> AsyncIterator[dict[str, datetime]]:
    rendered, place = document(name), start
    while True:
        variables: Mapping[str, Any] = {**place.variables(), "sort": place.sort}
        answer = await client.query(rendered, {key: variables[key] for key in rendered.variables})
        with decoding():
            connection = answer.data[root]
            info = connection["pageInfo"]
            page = {str(node["id"]): decode.moment(node["updatedAt"]) for node in connection["nodes"]}
        if page:
            yield page
        if not info["hasNextPage"] or not page:
            return
        last, at = next(reversed(page.items()))
        with decoding():
            place = place.onward(str(info["endCursor"]), last, at, len(page))
