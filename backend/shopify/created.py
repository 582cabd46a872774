"""Reading what creations have made, one query for many: a query by ids costs the same for one product as for
fifty, and as part of each creation it would cost half as much again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from backend.errors import AppError, Unavailable
from backend.shopify.client import ShopClient
from backend.shopify.connections import Sizes, complete
from backend.shopify.cost import PAGE
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.reader import by_id
from backend.shopify.wanted import Wanted
from backend.sync.catalog import Product, ProductId

# The first waits no longer for others that are still being created.
GATHER_SECONDS = 3.0
MOST = 50
_NOTHING_ELSE = Wanted(frozenset(), origin=False)

Node: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class _Waiting:
    product: ProductId
    variants: int
    media: int
    answer: asyncio.Future[Node | AppError] = field(repr=False)


@dataclass(slots=True)
class CreatedReader:
    """One per shop: creations side by side meet here."""

    _creating: int = 0
    _waiting: list[_Waiting] = field(default_factory=list)
    _quiet: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def creating(self) -> Iterator[None]:
        """While a product is made that others may wait for."""
        self._creating += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._creating -= 1
            if not self._creating:
                self._quiet.set()

    async def read(self, client: ShopClient, made: ProductId, wanted: Product) -> Node:
        """The product `made` as it is now, complete with variants and media, None where it is gone; as many
        of them as `wanted` has come with the first answer. Raises what `ShopClient.query` raises."""
        answer: asyncio.Future[Node | AppError] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(made, len(wanted.variants), len(wanted.media), answer))
        if self._creating and len(self._waiting) < MOST:
            await self._gather(client, answer)
        while not answer.done() and any(each.answer is answer for each in self._waiting):
            await self._read_waiting(client)
        found = await answer
        if isinstance(found, AppError):
            raise found
        return found

    async def _gather(self, client: ShopClient, answer: asyncio.Future[Node | AppError]) -> None:
        """Until somebody has read this one too, nothing more is being created, or it takes too long."""
        quiet = asyncio.ensure_future(self._quiet.wait())
        over = asyncio.ensure_future(client.clock.sleep(GATHER_SECONDS))
        try:
            waits: set[asyncio.Future[Any]] = {answer, quiet, over}
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            quiet.cancel()
            over.cancel()

    async def _read_waiting(self, client: ShopClient) -> None:
        taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        error: AppError = Unavailable("whoever read what was created was stopped")
        found: list[Node] = []
        try:
            found = await _read(client, taken)
        except AppError as failure:
            error = failure
        finally:
            for index, each in enumerate(taken):
                if not each.answer.done():
                    each.answer.set_result(found[index] if found else error)


async def _read(client: ShopClient, taken: list[_Waiting]) -> list[Node]:
    ids = [each.product for each in taken]
    variables = {
        "ids": ids,
        "variantsFirst": min(PAGE, max(each.variants for each in taken)),
        "mediaFirst": min(PAGE, max(each.media for each in taken)),
    }
    answer = await client.query(document("CreatedProducts"), variables)
    with decoding():
        found = by_id(ids, answer.data["nodes"])
    await complete(client, [node for node in found.values() if node is not None], _NOTHING_ELSE, Sizes())
    return [found[each] for each in ids]
