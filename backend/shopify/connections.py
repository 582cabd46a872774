"""Nested connections: how much of them a page asks for, and reading on where one has more.

One more query per product is dearer than a larger page for all of them. So a page that cuts many connections
short is asked for again with larger sizes, which the cursor carries on; a few are completed one by one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple, Self

from backend.errors import Unavailable
from backend.shopify.client import ShopClient
from backend.shopify.cost import PAGE, next_step
from backend.shopify.decode import Json, decoding
from backend.shopify.documents import Document, document
from backend.shopify.wanted import Wanted

# With so many connections of a page cut short, asking for more at once is cheaper.
MANY = 3


@dataclass(frozen=True, slots=True)
class Sizes:
    """Page sizes: of the root connection and of those nested in its nodes."""

    page: int = PAGE
    variants: int = 54
    media: int = 12
    metafields: int = 12
    variant_metafields: int = 2
    levels: int = 2

    def variables(self) -> dict[str, int]:
        return {
            "first": self.page,
            "variantsFirst": self.variants,
            "mediaFirst": self.media,
            "metafieldsFirst": self.metafields,
            "variantMetafieldsFirst": self.variant_metafields,
            "levelsFirst": self.levels,
        }

    def halved(self) -> "Sizes":
        return replace(self, page=max(1, self.page // 2))

    def grown(self, nodes: Iterable[Json]) -> "Sizes":
        """Larger by a step wherever many of the nodes' connections were cut short."""
        short = Counter(each.size for each in cut_short(nodes))
        now = asdict(self)
        return replace(self, **{size: next_step(now[size]) for size, count in short.items() if count >= MANY})

    def to_json(self) -> dict[str, int]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**{name: int(value[name]) for name in asdict(cls()) if name in value})


class Cut(NamedTuple):
    """A connection `parent[name]` that has more than its page held."""

    parent: dict[str, Any]
    name: str

    @property
    def size(self) -> str:
        match self.name, _kind(self.parent):
            case "metafields", "ProductVariant":
                return "variant_metafields"
            case "inventoryLevels", _:
                return "levels"
            case _:
                return self.name


def cut_short(nodes: Iterable[Any]) -> Iterator[Cut]:
    """Connections with more pages, at any depth, parents before children."""
    for node in nodes:
        for name, value in node.items():
            if not isinstance(value, dict):
                continue
            if "nodes" not in value:
                yield from cut_short([value])
                continue
            if value.get("pageInfo", {}).get("hasNextPage"):
                yield Cut(node, name)
            yield from cut_short(value["nodes"])


async def complete(client: ShopClient, nodes: list[Any], wanted: Wanted, sizes: Sizes) -> None:
    """Read what was cut short, however much it is, into the nodes themselves."""
    while True:
        with decoding():
            short = list(cut_short(nodes))
        if not short:
            return
        for each in short:
            await _read_on(client, each, wanted, sizes)


async def _read_on(client: ShopClient, cut: Cut, wanted: Wanted, sizes: Sizes) -> None:
    named = wanted.named_locations
    rest = _rest(cut, wanted, len(named))
    with decoding():
        connection = cut.parent[cut.name]
        info, parent_id = connection["pageInfo"], cut.parent["id"]
    while info["hasNextPage"]:
        with decoding():
            after = info["endCursor"] or _no_cursor()
        values: dict[str, Any] = {
            **sizes.variables(),
            **{f"location{index}": gid for index, gid in enumerate(named)},
            "id": parent_id,
            "first": PAGE,
            "after": after,
        }
        answer = await client.query(rest, {key: values[key] for key in rest.variables})
        with decoding():
            (parent,) = answer.data.values()
            if parent is None:
                # Half of its variants must not pass for all of them: the next read will not find it at all.
                raise Unavailable("deleted while it was read")
            page = parent[cut.name]
            connection["nodes"].extend(page["nodes"])
            info = connection["pageInfo"] = page["pageInfo"]


def _rest(cut: Cut, wanted: Wanted, locations: int) -> Document:
    match cut.name, _kind(cut.parent):
        case "variants", "Product":
            return document("RestOfVariants", wanted.flags(), locations)
        case "media", "Product":
            return document("RestOfMedia")
        case "metafields", "Product":
            return document("RestOfMetafields")
        case "metafields", "ProductVariant":
            return document("RestOfVariantMetafields")
        case "inventoryLevels", "InventoryItem":
            return document("RestOfLevels")
        case name, kind:
            raise Unavailable(f"Shopify's answer has an unexpected connection {kind}.{name}")


def _kind(node: Json) -> str:
    """The type of a node by its gid: "gid://shopify/Product/1" -> "Product"."""
    return str(node["id"]).split("/")[3]


def _no_cursor() -> str:
    raise ValueError("a page that promises more and does not say where")
