"""Groups the changes of one lane into writes, pure: same changes, same writes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, TypeVar, cast

from backend.sync.catalog import InventoryItemId, LocationId, MediaId, OptionValue, VariantId
from backend.sync.catalog_json import load_media, load_options, load_product, load_variant
from backend.sync.changeset import Action, Change
from backend.sync.fields import PRODUCT_FIELDS, Field
from backend.sync.link import ProductLink
from backend.sync.writes import (
    AddMedia,
    AdjustEntry,
    AdjustStock,
    AttachVariantMedia,
    ChangeId,
    CreateProduct,
    CreateVariants,
    DeleteMetafields,
    DeleteProduct,
    DeleteVariants,
    FieldValue,
    MediaAlt,
    MetafieldEntry,
    MetafieldKey,
    NewMedia,
    NewVariant,
    RemoveMedia,
    ReorderMedia,
    ReorderOptions,
    ReorderVariants,
    Restructure,
    SetMedia,
    SetMetafields,
    SetStock,
    StockEntry,
    UpdateProduct,
    UpdateVariants,
    VariantMedia,
    VariantOptions,
    VariantValues,
    Write,
)

# The most an input array of Shopify takes, and metafieldsSet's own limit.
ARRAY_LIMIT = 250
METAFIELD_LIMIT = 25

T = TypeVar("T")
Item = tuple[ChangeId, Change]


def batch(changes: Iterable[Item]) -> Iterator[Write]:
    """Writes for the changes of ONE lane, in the order of the changeset (a product's changes stand together).

    Stock and metafields of many products share a call; everything else is one product's own. A product's
    TRACKED comes before its stock. Streams: it holds the changes of one product, one batch of bookings, of
    stock and of metafields at a time.
    """
    booked: dict[tuple[InventoryItemId, LocationId], AdjustEntry] = {}
    stock: list[StockEntry] = []
    metafields: list[MetafieldEntry] = []
    removed: list[MetafieldKey] = []
    for _, group in groupby(changes, key=lambda item: (item[1].product, item[1].main_product)):
        items = list(group)
        yield from _product_writes([item for item in items if item[1].field is not Field.STOCK])
        for change_id, change in items:
            if change.action is Action.BOOK:
                place = change.inventory_item, change.location
                if len(booked) == ARRAY_LIMIT or place in booked:
                    yield AdjustStock(tuple(booked.values()))
                    booked.clear()
                booked[place] = _adjust_entry(change_id, change)
            elif change.field is Field.STOCK:
                stock.append(_stock_entry(change_id, change))
            elif change.field is Field.METAFIELD and change.after is None:
                removed.append(_metafield_key(change_id, change))
            elif change.field is Field.METAFIELD:
                metafields.append(_metafield_entry(change_id, change))
        while len(stock) >= ARRAY_LIMIT:
            yield SetStock(tuple(stock[:ARRAY_LIMIT]))
            del stock[:ARRAY_LIMIT]
        while len(metafields) >= METAFIELD_LIMIT:
            yield SetMetafields(tuple(metafields[:METAFIELD_LIMIT]))
            del metafields[:METAFIELD_LIMIT]
        while len(removed) >= METAFIELD_LIMIT:
            yield DeleteMetafields(tuple(removed[:METAFIELD_LIMIT]))
            del removed[:METAFIELD_LIMIT]
    if booked:
        yield AdjustStock(tuple(booked.values()))
    if stock:
        yield SetStock(tuple(stock))
    if metafields:
        yield SetMetafields(tuple(metafields))
    if removed:
        yield DeleteMetafields(tuple(removed))


def _product_writes(items: Sequence[Item]) -> Iterator[Write]:
    """Structure, then values, then media, then what refers to media and order, then what goes away."""
    by_action: dict[Action, list[Item]] = defaultdict(list)
    for item in items:
        by_action[item[1].action].append(item)
    for change_id, change in by_action[Action.CREATE_PRODUCT]:
        yield _create_product(change_id, change)
    for change_id, change in by_action[Action.RESTRUCTURE]:
        yield _restructure(change_id, change)
    for created in _chunks(by_action[Action.CREATE_VARIANT], ARRAY_LIMIT):
        yield CreateVariants(
            created[0][1].product,
            tuple(
                NewVariant(change_id, load_variant(_object(change.after))) for change_id, change in created
            ),
        )
    yield from _value_writes(by_action[Action.SET])
    for added in _chunks(by_action[Action.ADD_MEDIA], ARRAY_LIMIT):
        new = tuple(NewMedia(change_id, load_media(_object(change.after))) for change_id, change in added)
        yield AddMedia(added[0][1].product, new)
    for alts in _chunks(by_action[Action.SET_MEDIA], ARRAY_LIMIT):
        texts = tuple(
            MediaAlt(change_id, MediaId(change.key), str(change.after)) for change_id, change in alts
        )
        yield SetMedia(alts[0][1].product, texts)
    attached = [item for item in by_action[Action.SET] if item[1].field is Field.VARIANT_MEDIA]
    for chunk in _chunks(attached, ARRAY_LIMIT):
        yield AttachVariantMedia(chunk[0][1].product, tuple(_variant_media(*item) for item in chunk))
    for change_id, change in by_action[Action.REORDER]:
        yield _reorder(change_id, change)
    for gone in _chunks(by_action[Action.REMOVE_MEDIA], ARRAY_LIMIT):
        media = tuple((change_id, MediaId(change.key)) for change_id, change in gone)
        yield RemoveMedia(gone[0][1].product, media)
    for deleted in _chunks(by_action[Action.DELETE_VARIANT], ARRAY_LIMIT):
        variants = tuple((change_id, change.variant) for change_id, change in deleted)
        yield DeleteVariants(deleted[0][1].product, variants)
    for change_id, change in by_action[Action.DELETE_PRODUCT]:
        yield DeleteProduct(change_id, change.product)


def _value_writes(items: Sequence[Item]) -> Iterator[Write]:
    product_values = [item for item in items if item[1].field in PRODUCT_FIELDS]
    if product_values:
        yield UpdateProduct(
            product_values[0][1].product, tuple(_field_value(*item) for item in product_values)
        )
    by_variant: dict[VariantId, list[FieldValue]] = defaultdict(list)
    for change_id, change in items:
        if change.field not in PRODUCT_FIELDS and change.field not in (Field.METAFIELD, Field.VARIANT_MEDIA):
            by_variant[change.variant].append(_field_value(change_id, change))
    for chunk in _chunks(list(by_variant.items()), ARRAY_LIMIT):
        yield UpdateVariants(
            items[0][1].product, tuple(VariantValues(variant, tuple(values)) for variant, values in chunk)
        )


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _object(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value)


def _list(value: object) -> Sequence[Any]:
    return cast("Sequence[Any]", value)


def _field_value(change_id: ChangeId, change: Change) -> FieldValue:
    return FieldValue(change_id, change.field, change.after)


def _stock_entry(change_id: ChangeId, change: Change) -> StockEntry:
    return StockEntry(
        change=change_id,
        inventory_item=change.inventory_item,
        location=LocationId(change.key),
        quantity=cast("int", change.after),
        change_from=cast("int | None", change.before),
    )


def _adjust_entry(change_id: ChangeId, change: Change) -> AdjustEntry:
    delta = cast("int", change.after) - cast("int", change.before)
    return AdjustEntry(change_id, change.inventory_item, change.location, delta)


def _metafield_entry(change_id: ChangeId, change: Change) -> MetafieldEntry:
    namespace, _, key = change.key.rpartition(".")
    value = _object(change.after)
    owner = change.variant or change.product
    return MetafieldEntry(change_id, owner, namespace, key, value["type"], value["value"])


def _metafield_key(change_id: ChangeId, change: Change) -> MetafieldKey:
    namespace, _, key = change.key.rpartition(".")
    return MetafieldKey(change_id, change.variant or change.product, namespace, key)


def _create_product(change_id: ChangeId, change: Change) -> CreateProduct:
    value = _object(change.after)
    return CreateProduct(
        change=change_id,
        product=load_product(value["product"]),
        origin=value["origin"],
        publish=value["publish"],
    )


def _restructure(change_id: ChangeId, change: Change) -> Restructure:
    value = _object(change.after)
    return Restructure(
        change=change_id,
        product=change.product,
        options=load_options(value["options"]),
        variants=tuple(
            VariantOptions(VariantId(variant), tuple(OptionValue(name, text) for name, text in options))
            for variant, options in value["variants"].items()
        ),
    )


def _variant_media(change_id: ChangeId, change: Change) -> VariantMedia:
    after = _object(change.after or {})
    before = _object(change.before or {})
    return VariantMedia(
        change=change_id,
        variant=change.variant or None,
        main_variant=change.main_variant,
        media=after.get("media"),
        main_media=after.get("main_media"),
        previous=before.get("media"),
    )


def _reorder(change_id: ChangeId, change: Change) -> Write:
    match change.field:
        case Field.OPTION_ORDER:
            return ReorderOptions(change_id, change.product, load_options(change.after))
        case Field.VARIANT_ORDER:
            variants = tuple(VariantId(gid) for gid in _list(change.after))
            return ReorderVariants(change_id, change.product, variants)
        case Field.MEDIA_ORDER:
            return ReorderMedia(change_id, change.product, tuple(MediaId(gid) for gid in _list(change.after)))
        case _:
            raise ValueError(f"{change.field} has no order")


def resolve(write: Write, link: ProductLink | None) -> Write | None:
    """`write` with main's ids replaced by the dependent's, as the link stands now; None when nothing of it is
    left.

    Only AttachVariantMedia, ReorderVariants and ReorderMedia change. What has no counterpart (its creation
    failed, or the media is not there yet) is left out: `change_ids` of the result tells which changes remain.
    """
    variants = {} if link is None else {main: item.dependent for main, item in link.variants.items()}
    media = {} if link is None else link.media
    match write:
        case AttachVariantMedia():
            entries = tuple(
                entry
                for entry in (_resolved(entry, variants.get, media.get) for entry in write.variants)
                if entry is not None
            )
            return replace(write, variants=entries) if entries else None
        case ReorderVariants():
            order = tuple(variants[main] for main in write.main_variants if main in variants)
            return replace(write, variants=order) if order else None
        case ReorderMedia():
            images = tuple(media[main] for main in write.main_media if main in media)
            return replace(write, media=images) if images else None
        case _:
            return write


def _resolved(
    entry: VariantMedia,
    variant_of: Callable[[VariantId], VariantId | None],
    media_of: Callable[[MediaId], MediaId | None],
) -> VariantMedia | None:
    variant = entry.variant or variant_of(entry.main_variant)
    media = entry.media or (media_of(entry.main_media) if entry.main_media else None)
    if variant is None or (entry.main_media and media is None):
        return None
    return replace(entry, variant=variant, media=media)
