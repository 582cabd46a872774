"""The ordered list of changes that would make a dependent say what it should."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Self

from backend.sync.catalog import (
    NO_ITEM,
    NO_LOCATION,
    NO_PRODUCT,
    NO_VARIANT,
    InventoryItemId,
    LocationId,
    ProductId,
    VariantId,
)
from backend.sync.fields import Field, Lane, rank
from backend.sync.fingerprint import Json, canonical, value_hash
from backend.sync.link import Ref


class Action(StrEnum):
    """SET writes one value. BOOK takes what a dependent sold off main's stock. RESTRUCTURE replaces option
    names and values of all variants at once. REORDER moves options, variants or media (by `field`:
    OPTION_ORDER, VARIANT_ORDER, MEDIA_ORDER)."""

    CREATE_PRODUCT = "CREATE_PRODUCT"
    RESTRUCTURE = "RESTRUCTURE"
    CREATE_VARIANT = "CREATE_VARIANT"
    BOOK = "BOOK"
    SET = "SET"
    ADD_MEDIA = "ADD_MEDIA"
    SET_MEDIA = "SET_MEDIA"
    REMOVE_MEDIA = "REMOVE_MEDIA"
    REORDER = "REORDER"
    DELETE_VARIANT = "DELETE_VARIANT"
    DELETE_PRODUCT = "DELETE_PRODUCT"


_LANES = {lane: rank for rank, lane in enumerate(Lane)}
_ACTIONS = {action: rank for rank, action in enumerate(Action)}
SortKey = tuple[int, str, str, str, str, int, int, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that a dependent should have. Ids are "" where they don't apply or don't exist yet.

    `before` and `after` are JSON values; money is text ("19.90"). By action and field:

    - SET: TITLE, DESCRIPTION, VENDOR, PRODUCT_TYPE, CATEGORY, STATUS, SEO_*, TEMPLATE_SUFFIX, HANDLE, SKU,
      BARCODE, INVENTORY_POLICY, HS_CODE, COUNTRY_OF_ORIGIN text, "" for none; TAGS list of text; TAXABLE,
      REQUIRES_SHIPPING, TRACKED bool; PRICE money; COMPARE_AT_PRICE, COST money or null; WEIGHT
      {"value", "unit"} or null (no weight); STOCK int, `before` null where the location has no level;
      METAFIELD {"type", "value"}, `after` null removes it; VARIANT_MEDIA {"media": dependent id},
      {"main_media": main id} for what this changeset adds, null to detach
    - BOOK: the dependent's quantities, as agreed on and now; main's stock changes by the difference.
      `inventory_item` is main's, `location` main's location that it is booked to
    - CREATE_PRODUCT: {"product": catalogue JSON in the dependent's terms, media and variant media by main's
      ids, "origin": text, "publish": bool}
    - CREATE_VARIANT: catalogue JSON of the variant, without its media
    - RESTRUCTURE: {"options": [[name, [values]]], "variants": {dependent variant id: [[option, value]]}},
      every variant the dependent has
    - REORDER: a list; OPTION_ORDER [[name, [values]]], VARIANT_ORDER main variant ids, MEDIA_ORDER main media
      ids
    - ADD_MEDIA: catalogue JSON of main's media; SET_MEDIA: alt text; REMOVE_MEDIA: `before` catalogue JSON
    - DELETE_*: `before` catalogue JSON, `after` null

    `main_hash` is the hash of main's projected value, None where main has none (it is gone from there); of
    shared stock it is the mark that the agreement gets (`stock.pool_mark`). `local_edit`: somebody changed
    the value in the dependent after it was agreed on, and this overwrites it.
    """

    lane: Lane
    action: Action
    field: Field
    key: str = ""
    main_product: ProductId = NO_PRODUCT
    main_variant: VariantId = NO_VARIANT
    product: ProductId = NO_PRODUCT
    variant: VariantId = NO_VARIANT
    inventory_item: InventoryItemId = NO_ITEM
    title: str = ""
    sku: str = ""
    before: Json = None
    after: Json = None
    main_hash: str | None = None
    location: LocationId = NO_LOCATION
    local_edit: bool = False

    @property
    def ref(self) -> Ref:
        if self.field is Field.VARIANT or self.main_variant or self.variant:
            return Ref(self.variant or self.main_variant, self.field, self.key)
        return Ref(self.product or self.main_product, self.field, self.key)

    @property
    def identity(self) -> tuple[Ref, Action, str]:
        """What a person confirms: this value of this field, whatever it replaces."""
        return self.ref, self.action, value_hash(self.after)

    @property
    def sort_key(self) -> SortKey:
        return (
            _LANES[self.lane],
            self.product,
            self.main_product,
            self.variant,
            self.main_variant,
            _ACTIONS[self.action],
            rank(self.field),
            self.key,
        )

    def to_json(self) -> dict[str, Json]:
        return {
            "lane": self.lane.value,
            "action": self.action.value,
            "field": self.field.value,
            "key": self.key,
            "main_product": self.main_product,
            "main_variant": self.main_variant,
            "product": self.product,
            "variant": self.variant,
            "inventory_item": self.inventory_item,
            "title": self.title,
            "sku": self.sku,
            "before": self.before,
            "after": self.after,
            "main_hash": self.main_hash,
            "location": self.location,
            "local_edit": self.local_edit,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        text = {
            name: str(data.get(name) or "")
            for name in (
                "main_product",
                "main_variant",
                "product",
                "variant",
                "inventory_item",
                "title",
                "sku",
                "key",
                "location",
            )
        }
        main_hash = data.get("main_hash")
        return cls(
            lane=Lane(str(data["lane"])),
            action=Action(str(data["action"])),
            field=Field(str(data["field"])),
            key=text["key"],
            main_product=ProductId(text["main_product"]),
            main_variant=VariantId(text["main_variant"]),
            product=ProductId(text["product"]),
            variant=VariantId(text["variant"]),
            inventory_item=InventoryItemId(text["inventory_item"]),
            title=text["title"],
            sku=text["sku"],
            before=data.get("before"),
            after=data.get("after"),
            main_hash=None if main_hash is None else str(main_hash),
            location=LocationId(text["location"]),
            local_edit=bool(data.get("local_edit")),
        )


class ChecksumBuilder:
    """Checksum of a set of changes, whatever the order they come in; `state` can be stored and taken up
    again.

    Digests are added up modulo 2**128, so a plan that is written page by page and one that is held and
    sorted agree.
    """

    __slots__ = ("_count", "_total")

    def __init__(self, state: str = "") -> None:
        count, _, total = state.partition(":")
        self._count = int(count or "0")
        self._total = int(total or "0", 16)

    def add(self, change: Change) -> None:
        digest = blake2b(canonical(change.to_json()).encode(), digest_size=16).digest()
        self._total = (self._total + int.from_bytes(digest, "big")) % (1 << 128)
        self._count += 1

    @property
    def state(self) -> str:
        return f"{self._count}:{self._total:032x}"

    @property
    def checksum(self) -> str:
        """32 hexadecimal digits."""
        return blake2b(self.state.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Changeset:
    """Changes in the order they are applied: by lane, then product by product, structure before values."""

    changes: tuple[Change, ...] = ()

    @classmethod
    def of(cls, changes: Iterable[Change]) -> Self:
        return cls(tuple(sorted(changes, key=lambda change: change.sort_key)))

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def counts(self) -> dict[str, int]:
        """Number of changes by "ACTION" for whole objects and "ACTION.FIELD" for values."""
        return dict(sorted(Counter(count_key(change) for change in self.changes).items()))

    def checksum(self) -> str:
        builder = ChecksumBuilder()
        for change in self.changes:
            builder.add(change)
        return builder.checksum

    def to_json(self) -> list[dict[str, Json]]:
        return [change.to_json() for change in self.changes]

    @classmethod
    def from_json(cls, data: Iterable[Mapping[str, Json]]) -> Self:
        return cls.of(Change.from_json(item) for item in data)


def count_key(change: Change) -> str:
    match change.action:
        case Action.SET | Action.REORDER:
            return f"{change.action}.{change.field}"
        case _:
            return change.action.value
