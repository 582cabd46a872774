"""One shop with everything in it, and the indexes that keep it quick at 100,000 products."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sandbox.bucket import Bucket, Tier
from sandbox.clock import Clock
from sandbox.ids import IdSequence
from sandbox.store.app import Installation, RememberedAnswer
from sandbox.store.change import Change, Event
from sandbox.store.inventory import InventoryItem
from sandbox.store.location import Address, Location
from sandbox.store.media import File
from sandbox.store.metafield import Metafield, MetafieldDefinition
from sandbox.store.operation import BulkOperation, ProductOperation, StagedUpload
from sandbox.store.product import Product, Variant
from sandbox.store.publication import Publication
from sandbox.store.table import Table

Listener = Callable[[Event], None]


class Scribe(Protocol):
    """Writes down what becomes of a shop."""

    def changed(self, change: Change, author: str | None) -> None:
        """A change has come to its end, also one that nobody hears of. `author` is the mutation of the app
        that made it, None for people."""

    def ran(self, author: str, *, refused: bool) -> None:
        """A mutation has been run, whether or not anything has changed."""


@dataclass(slots=True, eq=False)
class Shop:
    id: int
    domain: str
    name: str
    currency: str
    tier: Tier
    clock: Clock
    ids: IdSequence
    created_at: datetime
    email: str = "owner@example.com"
    contact_email: str = "hello@example.com"
    owner: str = "Shop Owner"
    timezone: str = "Europe/Berlin"
    locale: str = "en"
    weight_unit: str = "KILOGRAMS"
    address: Address = field(default_factory=Address)
    partner_development: bool = False
    media_base: str = "https://cdn.shopify.com"
    """Where the shop's own copies of files are served from; the server sets it to an address of its own."""
    updated_at: datetime = field(init=False)

    products: Table[Product] = field(default_factory=Table, repr=False)
    variants: Table[Variant] = field(default_factory=Table, repr=False)
    items: Table[InventoryItem] = field(default_factory=Table, repr=False)
    locations: Table[Location] = field(default_factory=Table, repr=False)
    publications: Table[Publication] = field(default_factory=Table, repr=False)
    files: Table[File] = field(default_factory=Table, repr=False)
    definitions: dict[int, MetafieldDefinition] = field(default_factory=dict, repr=False)
    product_operations: dict[int, ProductOperation] = field(default_factory=dict, repr=False)
    deletions: list[ProductOperation] = field(default_factory=list, repr=False)
    """Asynchronous deletions that have not taken effect yet."""
    bulk_operations: dict[int, BulkOperation] = field(default_factory=dict, repr=False)
    staged_uploads: dict[str, StagedUpload] = field(default_factory=dict, repr=False)
    installations: dict[str, Installation] = field(default_factory=dict, repr=False)
    """By the app's client id."""
    buckets: dict[str, Bucket] = field(default_factory=dict, repr=False)
    """By the app's client id."""
    answers: dict[tuple[str, str, str], RememberedAnswer] = field(default_factory=dict, repr=False)
    """By the app's client id, mutation and idempotency key. Nothing is published of what becomes of them when
    the app is uninstalled; they are kept, as all that belongs to the app is."""
    metafields: dict[tuple[str, str], Metafield] = field(default_factory=dict, repr=False)

    handles: dict[str, Product] = field(default_factory=dict, repr=False)
    skus: dict[str, dict[int, Variant]] = field(default_factory=dict, repr=False)
    """Variants by the lower-case SKU, by variant."""
    options: dict[int, Product] = field(default_factory=dict, repr=False)
    """Which product an option or an option value belongs to."""
    definition_keys: dict[tuple[str, str, str], MetafieldDefinition] = field(default_factory=dict, repr=False)
    metafield_ids: dict[int, Metafield] = field(default_factory=dict, repr=False)

    listeners: list[Listener] = field(default_factory=list, repr=False)
    scribe: Scribe | None = field(default=None, repr=False)
    revision: int = 0
    """Moves with every change: what is computed from the shop holds as long as it stands."""
    _open: Change | None = field(default=None, repr=False)
    _author: str | None = field(default=None, repr=False)
    _cache: dict[Any, tuple[int, Any]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.updated_at = self.created_at

    def now(self) -> datetime:
        """Shopify's time stamps are whole seconds."""
        return self.clock.now().replace(microsecond=0)

    @property
    def primary_location(self) -> Location:
        return next(location for location in self.locations if location.is_active)

    @contextmanager
    def change(self) -> Iterator[Change]:
        """One atomic change; those within join it. At its end time stamps move and events go out."""
        if self._open is not None:
            yield self._open
            return
        change = self._open = Change(self)
        try:
            yield change
        finally:
            self._open = None
            change.close()
            if self.scribe is not None:
                self.scribe.changed(change, self._author)

    @contextmanager
    def written_by(self, author: str) -> Iterator[None]:
        """What changes in here is the doing of this mutation."""
        self._author = author
        try:
            yield
        finally:
            self._author = None

    def cached(self, key: Any, compute: Callable[[], Any]) -> Any:
        """compute(), again only after the shop has changed."""
        known = self._cache.get(key)
        if known is not None and known[0] == self.revision:
            return known[1]
        value = compute()
        if len(self._cache) > 32:
            self._cache.clear()
        self._cache[key] = (self.revision, value)
        return value

    def index_sku(self, variant: Variant) -> None:
        if variant.item.sku:
            self.skus.setdefault(variant.item.sku.lower(), {})[variant.id] = variant

    def unindex_sku(self, variant: Variant) -> None:
        if variant.item.sku:
            same = self.skus[variant.item.sku.lower()]
            del same[variant.id]
            if not same:
                del self.skus[variant.item.sku.lower()]
