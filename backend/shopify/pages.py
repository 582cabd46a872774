"""Where a read of a whole catalogue stands, and what a page of it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from backend.shopify.connections import Sizes
from backend.sync.catalog import LocationId, Product, ProductId, Variant

# shopify.dev, pagination: a connection ends after this many objects, however many there are.
DEEPEST = 25_000


@dataclass(frozen=True, slots=True)
class PageCursor:
    """A catalogue is read by ascending id in slices of 25,000 objects at most: `above` is the numeric id
    below the slice, `after` Shopify's cursor in it, `depth` how many objects of it are read. `upto` is the
    last id to read, None for all."""

    above: int = 0
    after: str | None = None
    depth: int = 0
    upto: int | None = None
    sizes: Sizes = field(default_factory=Sizes)

    def variables(self) -> dict[str, Any]:
        return {
            **self.sizes.variables(),
            "first": min(self.sizes.page, DEEPEST - self.depth),
            "after": self.after,
            "search": self._search(),
        }

    def onward(self, after: str, last: int, count: int) -> "PageCursor":
        """The place after a page of `count` objects that ended with the numeric id `last`."""
        depth = self.depth + count
        if depth >= DEEPEST:
            return PageCursor(above=last, upto=self.upto, sizes=self.sizes)
        return replace(self, after=after, depth=depth)

    def _search(self) -> str | None:
        above = f"id:>{self.above}" if self.above else None
        upto = f"id:<={self.upto}" if self.upto is not None else None
        return " ".join(each for each in (above, upto) if each) or None

    def to_json(self) -> dict[str, Any]:
        return {
            "above": self.above,
            "after": self.after,
            "depth": self.depth,
            "upto": self.upto,
            "sizes": self.sizes.to_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Of `to_json`; an empty mapping is the start."""
        after = value.get("after")
        return cls(
            above=int(value.get("above", 0)),
            after=None if after is None else str(after),
            depth=int(value.get("depth", 0)),
            upto=None if (upto := value.get("upto")) is None else int(upto),
            sizes=Sizes.from_json(value.get("sizes", {})),
        )


START = PageCursor()


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Products without their variants. `next` is None after the last page; `observed_at` is when the read of
    the page began."""

    products: tuple[Product, ...]
    next: PageCursor | None
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class OwnedVariant:
    product: ProductId
    variant: Variant


@dataclass(frozen=True, slots=True)
class VariantPage:
    variants: tuple[OwnedVariant, ...]
    next: PageCursor | None
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """Products by id, complete with variants. `missing` are the ids that Shopify answers null for."""

    products: tuple[Product, ...]
    missing: frozenset[ProductId]
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class ItemStock:
    """Available quantities of one inventory item; a location without a level is absent."""

    tracked: bool
    available: Mapping[LocationId, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """`exact` is False where Shopify stopped counting."""

    products: int
    variants: int
    exact: bool
