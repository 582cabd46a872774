"""A dependent shop in memory: carries out writes by Shopify's rules, so that the engine's laws can be tried
on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count
from typing import Any

from backend.sync.batching import batch, resolve
from backend.sync.catalog import (
    InventoryItemId,
    InventoryPolicy,
    MediaId,
    Metafield,
    Option,
    OptionValue,
    Product,
    ProductId,
    ProductStatus,
    Variant,
    VariantId,
    Weight,
)
from backend.sync.changeset import Change, Changeset
from backend.sync.diff import Diff
from backend.sync.fields import Field, Lane
from backend.sync.link import LinkOrigin, ProductLink, VariantLink
from backend.sync.settle import settled
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
    RemoveMedia,
    ReorderMedia,
    ReorderOptions,
    ReorderVariants,
    Restructure,
    SetMedia,
    SetMetafields,
    SetStock,
    UpdateProduct,
    UpdateVariants,
    Write,
    change_ids,
)

_PRODUCT = {
    Field.TITLE: "title",
    Field.DESCRIPTION: "description_html",
    Field.VENDOR: "vendor",
    Field.PRODUCT_TYPE: "product_type",
    Field.CATEGORY: "category_id",
    Field.SEO_TITLE: "seo_title",
    Field.SEO_DESCRIPTION: "seo_description",
    Field.TEMPLATE_SUFFIX: "template_suffix",
    Field.HANDLE: "handle",
}
_VARIANT = {
    Field.SKU: "sku",
    Field.BARCODE: "barcode",
    Field.TAXABLE: "taxable",
    Field.REQUIRES_SHIPPING: "requires_shipping",
    Field.TRACKED: "tracked",
    Field.HS_CODE: "hs_code",
    Field.COUNTRY_OF_ORIGIN: "country_of_origin",
}
_MONEY: dict[Field, str] = {
    Field.PRICE: "price",
    Field.COMPARE_AT_PRICE: "compare_at_price",
    Field.COST: "cost",
}


@dataclass
class Shop:
    """One product of the shop, and the link to its main product; `main` is what bookings are made on."""

    product: Product | None = None
    link: ProductLink | None = None
    main: Product | None = None
    numbers: Iterable[int] = field(default_factory=lambda: count(1000))
    writes: list[Write] = field(default_factory=list)

    def remember(self, diff: Diff) -> None:
        """Stores what a plan found out about the link."""
        if self.link is None:
            return
        base = {ref: mark for ref, mark in self.link.base.items() if ref not in diff.forgotten}
        variants = dict(self.link.variants) | {tie.main: tie for tie in diff.variants}
        self.link = replace(
            self.link,
            base=base | dict(diff.agreed),
            variants=variants,
            media=dict(self.link.media) | dict(diff.media),
        )

    def apply(self, changes: Iterable[Change]) -> None:
        """Every lane's changes, batched, resolved, executed and settled."""
        numbered = {ChangeId(index): change for index, change in enumerate(Changeset.of(changes), 1)}
        done: list[ChangeId] = []
        for lane in Lane:
            for write in batch(item for item in numbered.items() if item[1].lane is lane):
                resolved = resolve(write, self.link)
                if resolved is not None:
                    self.execute(resolved)
                    self.writes.append(resolved)
                done += change_ids(write)
        assert sorted(done) == sorted(numbered), "every change is carried out by exactly one write"
        if self.link is not None:
            base = dict(self.link.base)
            for change in numbered.values():
                settlement = settled(change, change.after)
                base |= settlement.agreed
                for ref in settlement.forgotten:
                    base.pop(ref, None)
            self.link = replace(self.link, base=base)

    def execute(self, write: Write) -> None:
        match write:
            case CreateProduct():
                self._create(write)
                return
            case DeleteProduct():
                self.product = None
                return
        product = self.product
        assert product is not None
        match write:
            case AdjustStock(bookings):
                for booking in bookings:
                    self._book(booking)
            case SetStock(entries):
                for entry in entries:
                    item = self._variant(inventory_item=entry.inventory_item)
                    assert item.stock.get(entry.location) == entry.change_from, "compare-and-set"
                    self._put(replace(item, stock={**item.stock, entry.location: entry.quantity}))
            case UpdateVariants(_, variants):
                assert len(variants) <= 250
                for values in variants:
                    self._put(_with_values(self._variant(values.variant), values.values))
            case UpdateProduct(_, values):
                self.product = _with_product_values(product, values)
            case SetMetafields(entries):
                assert len(entries) <= 25
                for new in entries:
                    self._put_metafield(new.owner, Metafield(new.namespace, new.key, new.type, new.value))
            case DeleteMetafields(entries):
                for old in entries:
                    self._put_metafield(old.owner, None, (old.namespace, old.key))
            case CreateVariants(_, created):
                for new_variant in created:
                    self._add_variant(new_variant.variant)
            case Restructure(_, _, options, variants):
                assert {item.variant for item in variants} == {item.id for item in product.variants}
                new_options = {item.variant: item.options for item in variants}
                self.product = replace(
                    product,
                    options=options,
                    variants=tuple(replace(item, options=new_options[item.id]) for item in product.variants),
                )
                self._check()
            case DeleteVariants(_, pairs):
                gone = {variant for _, variant in pairs}
                self.product = replace(
                    product, variants=tuple(item for item in product.variants if item.id not in gone)
                )
                assert self.product.variants, "Shopify keeps no product without a variant"
            case AddMedia(_, media):
                for added in media:
                    new_id = MediaId(f"media-{next(iter(self.numbers))}")
                    self.product = replace(
                        self.product or product,
                        media=(*(self.product or product).media, replace(added.media, id=new_id)),
                    )
                    if self.link is not None:
                        self.link = replace(self.link, media={**self.link.media, added.media.id: new_id})
            case SetMedia(_, alts):
                texts = {item.media: item.alt for item in alts}
                self.product = replace(
                    product,
                    media=tuple(replace(item, alt=texts.get(item.id, item.alt)) for item in product.media),
                )
            case RemoveMedia(_, pairs):
                removed = {media for _, media in pairs}
                self.product = replace(
                    product,
                    media=tuple(item for item in product.media if item.id not in removed),
                    variants=tuple(
                        replace(item, media_id=None) if item.media_id in removed else item
                        for item in product.variants
                    ),
                )
            case AttachVariantMedia(_, attachments):
                present = {item.id for item in product.media}
                for attachment in attachments:
                    assert attachment.media is None or attachment.media in present
                    self._put(replace(self._variant(attachment.variant), media_id=attachment.media))
            case ReorderOptions(_, _, options):
                self._reorder_options(options)
            case ReorderVariants():
                order = _ordered([item.id for item in product.variants], write.variants)
                by_id = {item.id: item for item in product.variants}
                self.product = replace(product, variants=tuple(by_id[gid] for gid in order))
            case ReorderMedia():
                positions = _ordered([item.id for item in product.media], write.media)
                media_by_id = {item.id: item for item in product.media}
                self.product = replace(product, media=tuple(media_by_id[gid] for gid in positions))
        self._number()

    def _create(self, write: CreateProduct) -> None:
        main = write.product
        gid = ProductId(f"created-{next(iter(self.numbers))}")
        variants = {item.id: VariantId(f"created-{next(iter(self.numbers))}") for item in main.variants}
        media = {item.id: MediaId(f"created-{next(iter(self.numbers))}") for item in main.media}
        self.product = replace(
            main,
            id=gid,
            origin=write.origin,
            variants=tuple(
                replace(
                    item,
                    id=variants[item.id],
                    inventory_item_id=InventoryItemId(f"item-of-{variants[item.id]}"),
                    media_id=None if item.media_id is None else media[item.media_id],
                )
                for item in main.variants
            ),
            media=tuple(replace(item, id=media[item.id]) for item in main.media),
        )
        ties = {mine: VariantLink(mine, theirs, True) for mine, theirs in variants.items()}
        self.link = ProductLink(main.id, gid, LinkOrigin.CREATED, ties, media)

    def _variant(
        self, gid: VariantId | None = None, *, inventory_item: InventoryItemId | None = None
    ) -> Variant:
        assert self.product is not None
        return next(
            item
            for item in self.product.variants
            if item.id == gid or item.inventory_item_id == inventory_item
        )

    def _book(self, booking: AdjustEntry) -> None:
        assert self.main is not None
        variants = list(self.main.variants)
        index = [item.inventory_item_id for item in variants].index(booking.inventory_item)
        levels = variants[index].stock
        quantity = levels.get(booking.location, 0) + booking.delta
        variants[index] = replace(variants[index], stock={**levels, booking.location: quantity})
        self.main = replace(self.main, variants=tuple(variants))

    def _put(self, variant: Variant) -> None:
        assert self.product is not None
        self.product = replace(
            self.product,
            variants=tuple(variant if item.id == variant.id else item for item in self.product.variants),
        )

    def _put_metafield(self, owner: str, value: Metafield | None, key: tuple[str, str] | None = None) -> None:
        assert self.product is not None
        key = key or (value.namespace, value.key) if value is not None else key

        def merged(values: tuple[Metafield, ...]) -> tuple[Metafield, ...]:
            rest = tuple(item for item in values if (item.namespace, item.key) != key)
            return rest if value is None else (*rest, value)

        if owner == self.product.id:
            self.product = replace(self.product, metafields=merged(self.product.metafields))
        else:
            item = self._variant(VariantId(owner))
            self._put(replace(item, metafields=merged(item.metafields)))

    def _add_variant(self, new: Variant) -> None:
        assert self.product is not None
        gid = VariantId(f"created-{next(iter(self.numbers))}")
        created = replace(new, id=gid, inventory_item_id=InventoryItemId(f"item-of-{gid}"))
        options = []
        assert {item.option for item in new.options} == {item.name for item in self.product.options}
        chosen = {item.option: item.value for item in new.options}
        for option in self.product.options:
            value = chosen[option.name]
            known = option.values if value in option.values else (*option.values, value)
            options.append(Option(option.name, known))
        self.product = replace(
            self.product, options=tuple(options), variants=(*self.product.variants, created)
        )
        self._check()
        if self.link is not None:
            ties = {**self.link.variants, new.id: VariantLink(new.id, gid, True)}
            self.link = replace(self.link, variants=ties)

    def _reorder_options(self, wanted: tuple[Option, ...]) -> None:
        assert self.product is not None
        present = {option.name: option.values for option in self.product.options}
        orders = {option.name: option.values for option in wanted}
        names = _ordered(list(present), list(orders))
        options = tuple(
            Option(name, tuple(_ordered(list(present[name]), orders.get(name, ())))) for name in names
        )
        variants = tuple(
            replace(item, options=_sorted_options(item.options, names)) for item in self.product.variants
        )
        self.product = replace(self.product, options=options, variants=variants)

    def _check(self) -> None:
        assert self.product is not None
        combinations = [frozenset(item.options) for item in self.product.variants]
        assert len(set(combinations)) == len(combinations), "variants must differ in their options"

    def _number(self) -> None:
        if self.product is not None:
            self.product = replace(
                self.product,
                variants=tuple(
                    replace(item, position=place) for place, item in enumerate(self.product.variants, 1)
                ),
            )


def _ordered(present: list[Any], wanted: Iterable[Any]) -> list[Any]:
    first = [item for item in wanted if item in present]
    return first + [item for item in present if item not in first]


def _sorted_options(options: tuple[OptionValue, ...], names: list[str]) -> tuple[OptionValue, ...]:
    return tuple(sorted(options, key=lambda item: names.index(item.option)))


def _with_product_values(product: Product, values: Iterable[Any]) -> Product:
    for item in values:
        match item.field:
            case Field.TAGS:
                product = replace(product, tags=tuple(item.value))
            case Field.STATUS:
                product = replace(product, status=ProductStatus(item.value))
            case name:
                product = replace(product, **{_PRODUCT[name]: item.value})
    return product


def _with_values(variant: Variant, values: Iterable[Any]) -> Variant:
    for item in values:
        match item.field:
            case Field.PRICE | Field.COMPARE_AT_PRICE | Field.COST:
                amount = None if item.value is None else Decimal(item.value)
                money: dict[str, Any] = {_MONEY[item.field]: amount}
                variant = replace(variant, **money)
            case Field.WEIGHT:
                variant = replace(variant, weight=_weight(item.value))
            case Field.INVENTORY_POLICY:
                variant = replace(variant, inventory_policy=InventoryPolicy(item.value))
            case name:
                variant = replace(variant, **{_VARIANT[name]: item.value})
    return variant


def _weight(value: Mapping[str, str] | None) -> Weight | None:
    return None if value is None else Weight(Decimal(value["value"]), value["unit"])
