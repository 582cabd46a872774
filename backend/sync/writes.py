"""Shopify-sized writes: what one call changes, in the dependent's terms, and which changes it carries out.

A write that refers to something another write of the same pass creates (new media, new variants) names it by
main's id; `backend.sync.batching.resolve` turns these into the dependent's ids, from the link as it stands
when the write is sent.
"""

from dataclasses import dataclass
from typing import NewType, TypeAlias

from backend.sync.catalog import (
    InventoryItemId,
    LocationId,
    Media,
    MediaId,
    Option,
    OptionValue,
    Product,
    ProductId,
    Variant,
    VariantId,
)
from backend.sync.fields import Field
from backend.sync.fingerprint import Json

ChangeId = NewType("ChangeId", int)


@dataclass(frozen=True, slots=True)
class FieldValue:
    """`value` as `Change.after` defines it for the field."""

    change: ChangeId
    field: Field
    value: Json


@dataclass(frozen=True, slots=True)
class StockEntry:
    """`change_from` None skips Shopify's comparison: the location has no level yet."""

    change: ChangeId
    inventory_item: InventoryItemId
    location: LocationId
    quantity: int
    change_from: int | None


@dataclass(frozen=True, slots=True)
class SetStock:
    """inventorySetQuantities of `available`; at most 250 entries, no pair of item and location twice."""

    entries: tuple[StockEntry, ...]


@dataclass(frozen=True, slots=True)
class AdjustEntry:
    """`inventory_item` and `location` are main's."""

    change: ChangeId
    inventory_item: InventoryItemId
    location: LocationId
    delta: int


@dataclass(frozen=True, slots=True)
class AdjustStock:
    """inventoryAdjustQuantities of `available` in MAIN, without comparison: deltas add up in any order. At
    most 250 entries, no pair of item and location twice. Sent twice it counts twice, so an unanswered one is
    sent again only under its own idempotency key."""

    entries: tuple[AdjustEntry, ...]


@dataclass(frozen=True, slots=True)
class VariantValues:
    variant: VariantId
    values: tuple[FieldValue, ...]


@dataclass(frozen=True, slots=True)
class UpdateVariants:
    """productVariantsBulkUpdate; at most 250 variants of one product."""

    product: ProductId
    variants: tuple[VariantValues, ...]


@dataclass(frozen=True, slots=True)
class UpdateProduct:
    """productUpdate of the fields named in `values`, and of no other."""

    product: ProductId
    values: tuple[FieldValue, ...]


@dataclass(frozen=True, slots=True)
class MetafieldEntry:
    change: ChangeId
    owner: ProductId | VariantId
    namespace: str
    key: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class SetMetafields:
    """metafieldsSet; at most 25 entries, of any owners."""

    entries: tuple[MetafieldEntry, ...]


@dataclass(frozen=True, slots=True)
class MetafieldKey:
    change: ChangeId
    owner: ProductId | VariantId
    namespace: str
    key: str


@dataclass(frozen=True, slots=True)
class DeleteMetafields:
    """metafieldsDelete; at most 25 entries, of any owners."""

    entries: tuple[MetafieldKey, ...]


@dataclass(frozen=True, slots=True)
class CreateProduct:
    """productSet with `identifier: {customId}` of `origin`. `product` is in the dependent's terms; its own
    id, its variants' ids, media ids and the variants' `media_id` are main's, and tie the answer back to
    main's objects by position."""

    change: ChangeId
    product: Product
    origin: str
    publish: bool


@dataclass(frozen=True, slots=True)
class NewVariant:
    """`variant.id` is main's; `variant.stock` is by the dependent's locations."""

    change: ChangeId
    variant: Variant


@dataclass(frozen=True, slots=True)
class CreateVariants:
    """productVariantsBulkCreate; at most 250 variants. Option values that the product lacks come into being
    with them."""

    product: ProductId
    variants: tuple[NewVariant, ...]


@dataclass(frozen=True, slots=True)
class VariantOptions:
    variant: VariantId
    options: tuple[OptionValue, ...]


@dataclass(frozen=True, slots=True)
class Restructure:
    """productSet of `productOptions` and `variants`. The list of variants is full replacement: it names
    every variant the dependent had when the change was planned; the writer refuses when a fresh read finds
    another one."""

    change: ChangeId
    product: ProductId
    options: tuple[Option, ...]
    variants: tuple[VariantOptions, ...]


@dataclass(frozen=True, slots=True)
class DeleteVariants:
    """productVariantsBulkDelete; at most 250 variants."""

    product: ProductId
    variants: tuple[tuple[ChangeId, VariantId], ...]


@dataclass(frozen=True, slots=True)
class DeleteProduct:
    change: ChangeId
    product: ProductId


@dataclass(frozen=True, slots=True)
class NewMedia:
    """`media.id` is main's."""

    change: ChangeId
    media: Media


@dataclass(frozen=True, slots=True)
class AddMedia:
    """productUpdate with `media`; appended in this order, at most 250."""

    product: ProductId
    media: tuple[NewMedia, ...]


@dataclass(frozen=True, slots=True)
class MediaAlt:
    change: ChangeId
    media: MediaId
    alt: str


@dataclass(frozen=True, slots=True)
class SetMedia:
    """fileUpdate of alt texts; only READY files can be updated."""

    product: ProductId
    media: tuple[MediaAlt, ...]


@dataclass(frozen=True, slots=True)
class RemoveMedia:
    """fileUpdate with `referencesToRemove`: the file itself stays, other products may use it."""

    product: ProductId
    media: tuple[tuple[ChangeId, MediaId], ...]


@dataclass(frozen=True, slots=True)
class VariantMedia:
    """The variant gets `media`, or none when both `media` and `main_media` are None; `previous` is detached
    first.
    `main_variant` and `main_media` name what has no dependent id yet; `resolve` fills in the dependent's."""

    change: ChangeId
    variant: VariantId | None
    main_variant: VariantId
    media: MediaId | None
    main_media: MediaId | None
    previous: MediaId | None


@dataclass(frozen=True, slots=True)
class AttachVariantMedia:
    """At most 250 variants of one product; the media must be READY."""

    product: ProductId
    variants: tuple[VariantMedia, ...]


@dataclass(frozen=True, slots=True)
class ReorderOptions:
    """productOptionsReorder. Names what main has; what only the dependent has goes after it, in its old
    order."""

    change: ChangeId
    product: ProductId
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ReorderVariants:
    """productVariantsBulkReorder. `main_variants` in the wanted order, `variants` the dependent's ids once
    resolved; variants that only the dependent has go after them, in their old order."""

    change: ChangeId
    product: ProductId
    main_variants: tuple[VariantId, ...]
    variants: tuple[VariantId, ...] = ()


@dataclass(frozen=True, slots=True)
class ReorderMedia:
    """productReorderMedia; as `ReorderVariants`."""

    change: ChangeId
    product: ProductId
    main_media: tuple[MediaId, ...]
    media: tuple[MediaId, ...] = ()


Write: TypeAlias = (
    SetStock
    | AdjustStock
    | UpdateVariants
    | UpdateProduct
    | SetMetafields
    | DeleteMetafields
    | CreateProduct
    | CreateVariants
    | Restructure
    | DeleteVariants
    | DeleteProduct
    | AddMedia
    | SetMedia
    | RemoveMedia
    | AttachVariantMedia
    | ReorderOptions
    | ReorderVariants
    | ReorderMedia
)


def change_ids(write: Write) -> tuple[ChangeId, ...]:
    """The changes that a write carries out."""
    match write:
        case SetStock(entries) | AdjustStock(entries) | SetMetafields(entries) | DeleteMetafields(entries):
            return tuple(entry.change for entry in entries)
        case UpdateVariants(_, variants):
            return tuple(value.change for variant in variants for value in variant.values)
        case UpdateProduct(_, values):
            return tuple(value.change for value in values)
        case CreateVariants(_, variants):
            return tuple(new.change for new in variants)
        case AttachVariantMedia(_, attachments):
            return tuple(entry.change for entry in attachments)
        case DeleteVariants(_, pairs) | RemoveMedia(_, pairs):
            return tuple(change for change, _ in pairs)
        case AddMedia(_, added):
            return tuple(new.change for new in added)
        case SetMedia(_, alts):
            return tuple(entry.change for entry in alts)
        case (
            CreateProduct()
            | Restructure()
            | DeleteProduct()
            | ReorderOptions()
            | ReorderVariants()
            | ReorderMedia()
        ):
            return (write.change,)
