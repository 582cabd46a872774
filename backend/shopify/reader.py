"""Reads a shop's catalogue into values: page by page, by ids, or the stock of some items.

Products and variants are read as two flat lists and not nested, which costs about half: 50 products with 5
variants each are 79 points as `products { variants }`, against 33 for the 250 variants and 5 for the
products. By the cost formula, 10,000 products with 5 variants, prices and one location's stock owned, are 41
pages of 22 points and 205 pages of 52.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from backend.shopify import decode
from backend.shopify.answer import Answer, TooCostly
from backend.shopify.client import ShopClient
from backend.shopify.connections import Completion
from backend.shopify.cost import PAGE
from backend.shopify.decode import Json, decoding
from backend.shopify.documents import document
from backend.shopify.pages import (
    START,
    Found,
    ItemStock,
    OwnedVariant,
    PageCursor,
    ProductPage,
    VariantPage,
)
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, LocationId, Product, ProductId

T = TypeVar("T")

# shopify.dev, limits: an input array holds 250 items at most.
MOST_IDS = 250
# Whole products with their variants: few enough that an answer stays well below the request's time limit.
PRODUCTS_BY_IDS = 50


@dataclass(slots=True)
class CatalogReader:
    """All methods raise what `ShopClient.query` raises; an answer of an unexpected shape is `Unavailable`."""

    client: ShopClient
    _completion: Completion = field(init=False, repr=False)
    _page: int = field(default=PAGE, repr=False)

    def __post_init__(self) -> None:
        self._completion = Completion(self.client)

    async def products_page(self, cursor: PageCursor, wanted: Wanted) -> ProductPage:
        """The products after `cursor`, by ascending id, without their variants, with all media and
        metafields."""
        answer, connection = await self._connection_page("Products", "products", cursor, wanted)
        await self._completion.products(connection["nodes"])
        with decoding():
            return ProductPage(
                products=tuple(decode.product(node) for node in connection["nodes"]),
                next=_next(cursor, connection),
                observed_at=answer.observed_at,
            )

    async def variants_page(self, cursor: PageCursor, wanted: Wanted) -> VariantPage:
        """The variants of all products after `cursor`, by ascending id."""
        answer, connection = await self._connection_page("Variants", "productVariants", cursor, wanted)
        await self._completion.variants(connection["nodes"])
        locations = wanted.locations if wanted.names_locations else ()
        with decoding():
            return VariantPage(
                variants=tuple(
                    OwnedVariant(ProductId(node["product"]["id"]), decode.variant(node, locations))
                    for node in connection["nodes"]
                ),
                next=_next(cursor, connection),
                observed_at=answer.observed_at,
            )

    async def by_ids(self, ids: Sequence[ProductId], wanted: Wanted) -> Found:
        """Products with all their variants. An id that Shopify answers null for is in `missing`: the product
        is gone."""
        found: list[Product] = []
        missing: set[ProductId] = set()
        observed_at = self.client.clock.now()
        pending = list(dict.fromkeys(ids))
        most = PRODUCTS_BY_IDS
        locations = wanted.locations if wanted.names_locations else ()
        while pending:
            chunk = pending[:most]
            try:
                answer = await self._ask("ProductsByIds", wanted, {"ids": chunk})
            except TooCostly:
                if most == 1:
                    raise
                most = max(1, most // 2)
                continue
            pending = pending[most:]
            with decoding():
                nodes = _by_id(chunk, answer.data["nodes"])
            present = [node for node in nodes.values() if node is not None]
            missing.update(ProductId(gid) for gid, node in nodes.items() if node is None)
            await self._completion.products(present)
            for node in present:
                await self._completion.variants_of(node, wanted)
            with decoding():
                found += [
                    decode.product(
                        node,
                        tuple(decode.variant(each, locations) for each in decode.nodes(node, "variants")),
                    )
                    for node in present
                ]
        return Found(tuple(found), frozenset(missing), observed_at)

    async def exists(self, gids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that Shopify does not answer null for."""
        existing: set[str] = set()
        for chunk in chunks(list(dict.fromkeys(gids)), MOST_IDS):
            answer = await self.client.query(document("Existing"), {"ids": chunk})
            with decoding():
                existing.update(gid for gid, node in _by_id(chunk, answer.data["nodes"]).items() if node)
        return frozenset(existing)

    async def levels(
        self, items: Sequence[InventoryItemId], locations: Sequence[LocationId] = ()
    ) -> Mapping[InventoryItemId, ItemStock]:
        """The stock of inventory items at `locations`, or everywhere. Items that are gone are left out."""
        wanted = Wanted(locations=tuple(locations))
        name = "LevelsByItemsAtLocations" if wanted.names_locations else "LevelsByItems"
        named = wanted.locations if wanted.names_locations else ()
        stock: dict[InventoryItemId, ItemStock] = {}
        for chunk in chunks(list(dict.fromkeys(items)), MOST_IDS):
            answer = await self._ask(name, wanted, {"ids": chunk})
            with decoding():
                present = [node for node in _by_id(chunk, answer.data["nodes"]).values() if node]
            for node in present:
                await self._completion.levels(node)
            with decoding():
                for node in present:
                    available = decode.stock(node, named)
                    if locations:
                        available = {key: each for key, each in available.items() if key in locations}
                    stock[InventoryItemId(node["id"])] = ItemStock(bool(node["tracked"]), available)
        return stock

    async def _connection_page(
        self, name: str, field_name: str, cursor: PageCursor, wanted: Wanted
    ) -> tuple[Answer, Json]:
        """One page of a root connection. A page that costs too much is halved, for this reader's life."""
        while True:
            page = {"first": cursor.first(self._page), "after": cursor.after, "search": cursor.search}
            try:
                answer = await self._ask(name, wanted, page)
            except TooCostly:
                if self._page == 1:
                    raise
                self._page = max(1, self._page // 2)
                continue
            with decoding():
                connection: Json = answer.data[field_name]
                _checked(connection)
            return answer, connection

    async def _ask(self, name: str, wanted: Wanted, variables: Mapping[str, Any]) -> Answer:
        named = wanted.locations if wanted.names_locations else ()
        rendered = document(name, wanted.flags(), len(named))
        values = {
            **self._completion.sizes,
            **{f"location{index}": gid for index, gid in enumerate(named)},
            **variables,
        }
        return await self.client.query(
            rendered, {key: value for key, value in values.items() if key in rendered.variables}
        )


def chunks(values: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), most):
        yield values[start : start + most]


def _next(cursor: PageCursor, connection: Json) -> PageCursor | None:
    info, nodes = connection["pageInfo"], connection["nodes"]
    if not info["hasNextPage"] or not nodes:
        return None
    return cursor.onward(info["endCursor"], decode.number(nodes[-1]["id"]), len(nodes))


def _checked(connection: Json) -> None:
    if not isinstance(connection["nodes"], list) or not isinstance(
        connection["pageInfo"]["hasNextPage"], bool
    ):
        raise TypeError("no connection")


def _by_id(ids: Sequence[str], nodes: Any) -> dict[str, Any]:
    """`nodes(ids:)` answers in the order of the ids. An answer of another length, or with an object that was
    not asked for, would make products seem gone that are not."""
    if not isinstance(nodes, list) or len(nodes) != len(ids):
        raise ValueError("another number of nodes than ids")
    for gid, node in zip(ids, nodes, strict=True):
        if node is not None and node["id"] != gid:
            raise ValueError("another object than asked for")
    return dict(zip(ids, nodes, strict=True))


__all__ = ["START", "CatalogReader", "chunks"]
