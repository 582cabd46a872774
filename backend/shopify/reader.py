"""Reads a shop's catalogue into values: page by page, by ids, or the stock of some items.

Products and variants are read as two flat lists and not nested, which costs about half: 50 products with 5
variants each are 79 points as `products { variants }`, against 33 for the 250 variants and 5 for the
products. By the cost formula, 10,000 products with 5 variants, prices and one location's stock owned, are 41
pages of 22 points and 205 pages of 52.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backend.shopify import changes, decode
from backend.shopify.answer import Answer, TooCostly
from backend.shopify.client import ShopClient
from backend.shopify.connections import Sizes, complete
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.pages import Found, ItemStock, OwnedVariant, PageCursor, ProductPage, VariantPage
from backend.shopify.wanted import Wanted
from backend.sync.catalog import InventoryItemId, LocationId, Product, ProductId, VariantId
from backend.sync.settings import FieldGroup

# shopify.dev, limits: an input array holds 250 items at most.
MOST_IDS = 250
# Whole products with their variants: few enough that an answer stays well below the request's time limit.
PRODUCTS_BY_IDS = 50


@dataclass(frozen=True, slots=True)
class CatalogReader:
    """All methods raise what `ShopClient.query` raises; an answer of an unexpected shape is `Unavailable`."""

    client: ShopClient

    async def products_page(self, cursor: PageCursor, wanted: Wanted) -> ProductPage:
        """The products after `cursor`, by ascending id, without their variants, with all media and
        metafields."""
        nodes, following, observed_at = await self._page("Products", "products", cursor, wanted)
        with decoding():
            return ProductPage(tuple(decode.product(node) for node in nodes), following, observed_at)

    async def variants_page(self, cursor: PageCursor, wanted: Wanted) -> VariantPage:
        """The variants of all products after `cursor`, by ascending id."""
        nodes, following, observed_at = await self._page("Variants", "productVariants", cursor, wanted)
        with decoding():
            variants = tuple(
                OwnedVariant(ProductId(node["product"]["id"]), decode.variant(node, wanted.named_locations))
                for node in nodes
            )
        return VariantPage(variants, following, observed_at)

    async def by_ids(self, ids: Iterable[ProductId], wanted: Wanted) -> Found:
        """Products with all their variants. An id that Shopify answers null for is in `missing`: the product
        is gone."""
        observed_at = self.client.clock.now()
        found: list[Product] = []
        missing: set[ProductId] = set()
        async for gid, node in self._nodes("ProductsByIds", ids, wanted, PRODUCTS_BY_IDS):
            if node is None:
                missing.add(ProductId(gid))
                continue
            with decoding():
                variants = [
                    decode.variant(each, wanted.named_locations) for each in node["variants"]["nodes"]
                ]
                found.append(decode.product(node, tuple(variants)))
        return Found(tuple(found), frozenset(missing), observed_at)

    async def exists(self, gids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that Shopify does not answer null for."""
        nodes = self._nodes("Existing", gids, Wanted(), MOST_IDS)
        return frozenset([gid async for gid, node in nodes if node is not None])

    async def levels(
        self, items: Iterable[InventoryItemId], locations: Sequence[LocationId] = ()
    ) -> Mapping[InventoryItemId, ItemStock]:
        """The stock of inventory items at `locations`, or everywhere. Items that are gone are left out."""
        wanted = Wanted(frozenset({FieldGroup.QUANTITIES}), locations=tuple(locations))
        name = "LevelsByItemsAtLocations" if wanted.names_locations else "LevelsByItems"
        stock: dict[InventoryItemId, ItemStock] = {}
        async for gid, node in self._nodes(name, items, wanted, MOST_IDS):
            if node is None:
                continue
            with decoding():
                available = decode.stock(node, wanted.named_locations)
                stock[InventoryItemId(gid)] = ItemStock(
                    tracked=bool(node["tracked"]),
                    available={
                        place: each
                        for place, each in available.items()
                        if not locations or place in locations
                    },
                )
        return stock

    async def products_of_items(
        self, items: Iterable[InventoryItemId]
    ) -> Mapping[InventoryItemId, tuple[ProductId, VariantId]]:
        """The product and the variant that an inventory item is of. Items that are gone are left out."""
        owners: dict[InventoryItemId, tuple[ProductId, VariantId]] = {}
        async for gid, node in self._nodes("ProductsOfItems", items, Wanted(), MOST_IDS):
            if node is None:
                continue
            with decoding():
                for variant in node["variants"]["nodes"]:
                    owners[InventoryItemId(gid)] = (
                        ProductId(variant["product"]["id"]),
                        VariantId(variant["id"]),
                    )
        return owners

    def changed_since(self, since: datetime) -> AsyncIterator[dict[str, datetime]]:
        """Pages of the products that changed at `since` or later, their stock included, with the times of
        their last change, the earliest first."""
        return changes.changed_products(self.client, since)

    def changed_items_since(self, since: datetime) -> AsyncIterator[dict[str, datetime]]:
        """The same of inventory items, by ascending id."""
        return changes.changed_items(self.client, since)

    async def _page(
        self, name: str, root: str, cursor: PageCursor, wanted: Wanted
    ) -> tuple[list[Any], PageCursor | None, datetime]:
        """A page of a root connection, with everything nested in it; asked for again in other sizes where it
        costs too much or cuts much short."""
        while True:
            try:
                answer = await self._ask(name, wanted, cursor.variables())
            except TooCostly:
                if cursor.sizes.page == 1:
                    raise
                cursor = replace(cursor, sizes=cursor.sizes.halved())
                continue
            with decoding():
                connection = answer.data[root]
                nodes, info = list(connection["nodes"]), connection["pageInfo"]
                grown = cursor.sizes.grown(nodes)
            if grown == cursor.sizes:
                break
            cursor = replace(cursor, sizes=grown)
        await complete(self.client, nodes, wanted, cursor.sizes)
        with decoding():
            following = None
            if info["hasNextPage"]:
                following = cursor.onward(info["endCursor"], decode.number(nodes[-1]["id"]), len(nodes))
        return nodes, following, answer.observed_at

    async def _nodes(
        self, name: str, ids: Iterable[str], wanted: Wanted, most: int
    ) -> AsyncIterator[tuple[str, Any]]:
        """Every id once with its node, complete, or None; `most` ids a query, fewer where that costs too
        much."""
        pending = list(dict.fromkeys(ids))
        sizes = Sizes(page=most)
        while pending:
            chunk = pending[: sizes.page]
            try:
                answer = await self._ask(name, wanted, {**sizes.variables(), "ids": chunk})
            except TooCostly:
                if sizes.page == 1:
                    raise
                sizes = sizes.halved()
                continue
            with decoding():
                found = by_id(chunk, answer.data["nodes"])
                present = [node for node in found.values() if node is not None]
                grown = sizes.grown(present)
            if grown != sizes:
                sizes = grown
                continue
            pending = pending[len(chunk) :]
            await complete(self.client, present, wanted, sizes)
            for each in found.items():
                yield each

    async def _ask(self, name: str, wanted: Wanted, variables: Mapping[str, Any]) -> Answer:
        rendered = document(name, wanted.flags(), len(wanted.named_locations))
        places = {f"location{index}": gid for index, gid in enumerate(wanted.named_locations)}
        values = {**variables, **places}
        return await self.client.query(rendered, {key: values[key] for key in rendered.variables})


def by_id(ids: Sequence[str], nodes: Any) -> dict[str, Any]:
    """`nodes(ids:)` answers in the order of the ids. An answer of another length, or with an object that was
    not asked for, would make products seem gone that are not. Raises ValueError."""
    if not isinstance(nodes, list) or len(nodes) != len(ids):
        raise ValueError("another number of nodes than ids")
    for gid, node in zip(ids, nodes, strict=True):
        if node is not None and node["id"] != gid:
            raise ValueError("another object than asked for")
    return dict(zip(ids, nodes, strict=True))
