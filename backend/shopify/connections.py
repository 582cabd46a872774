"""Reads on where a nested connection has more than the page held: any number of variants, media, metafields
and levels.

What a page asks for at first grows with what the shop turns out to have, since one query per product is
dearer than a larger page for all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.shopify.client import ShopClient
from backend.shopify.cost import PAGE, next_step
from backend.shopify.decode import Json, decoding
from backend.shopify.documents import Document, document
from backend.shopify.wanted import Wanted

# With so many nodes of a page cut short, asking for more at once is cheaper.
MANY_CUT_SHORT = 3


@dataclass(slots=True)
class Completion:
    """`sizes` are the variables of the documents by which a page is sized."""

    client: ShopClient
    sizes: dict[str, int] = field(
        default_factory=lambda: {
            "variantsFirst": 54,
            "mediaFirst": 12,
            "metafieldsFirst": 12,
            "variantMetafieldsFirst": 2,
            "levelsFirst": 2,
        }
    )

    async def products(self, nodes: Sequence[Json]) -> None:
        """Media and metafields of `ProductFields` nodes, completed in place."""
        await self._all(nodes, "media", "RestOfMedia", "mediaFirst")
        await self._all(nodes, "metafields", "RestOfMetafields", "metafieldsFirst")

    async def variants(self, nodes: Sequence[Json]) -> None:
        """Metafields and stock levels of `VariantFields` nodes, completed in place."""
        await self._all(nodes, "metafields", "RestOfVariantMetafields", "variantMetafieldsFirst")
        with decoding():
            items = [node["inventoryItem"] for node in nodes]
        await self._all(items, "inventoryLevels", "RestOfLevels", "levelsFirst")

    async def levels(self, item: Json) -> None:
        await self._all([item], "inventoryLevels", "RestOfLevels", "levelsFirst")

    async def variants_of(self, node: Json, wanted: Wanted) -> None:
        """The variants of a product, and their metafields and levels."""
        named = wanted.locations if wanted.names_locations else ()
        rendered = document("RestOfVariants", wanted.flags(), len(named))
        values = {**self.sizes, **{f"location{index}": gid for index, gid in enumerate(named)}}
        await self._rest(node, "variants", rendered, values)
        with decoding():
            variants = node["variants"]["nodes"]
        await self.variants(variants)

    async def _all(self, nodes: Sequence[Json], name: str, rest: str, size: str) -> None:
        with decoding():
            short = [node for node in nodes if name in node and node[name]["pageInfo"]["hasNextPage"]]
        for node in short:
            await self._rest(node, name, document(rest), {})
        if len(short) >= MANY_CUT_SHORT:
            self.sizes[size] = next_step(self.sizes[size])

    async def _rest(self, node: Json, name: str, rest: Document, values: Json) -> None:
        """Append the nodes of the following pages of `node[name]`."""
        with decoding():
            connection = node[name]
            after = _after(connection)
        while after is not None:
            variables: dict[str, Any] = {**values, "id": node["id"], "first": PAGE, "after": after}
            answer = await self.client.query(
                rest, {key: value for key, value in variables.items() if key in rest.variables}
            )
            with decoding():
                (parent,) = answer.data.values()
                if parent is None:
                    return  # deleted between two pages
                page = parent[name]
                connection["nodes"].extend(page["nodes"])
                after = _after(page)


def _after(connection: Json) -> str | None:
    """Where the next page begins. Raises ValueError for a page that promises more and does not say where."""
    info = connection["pageInfo"]
    if not info["hasNextPage"]:
        return None
    if not isinstance(info["endCursor"], str):
        raise ValueError("no cursor")
    return info["endCursor"]
