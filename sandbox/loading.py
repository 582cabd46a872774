"""Filling a shop with a whole catalogue at once.

What place() does product by product, several times as fast: for catalogues of a hundred thousand products,
whose drafts need no checking. Nobody is told by events, and every image is ready.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sandbox.commands import files, metafields, normalise
from sandbox.commands.specs import FileSpec
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.place import metafield_specs
from sandbox.store.change import Change
from sandbox.store.inventory import InventoryItem, InventoryLevel
from sandbox.store.location import Location
from sandbox.store.media import File
from sandbox.store.product import DEFAULT_OPTION, DEFAULT_VALUE, Option, OptionValue, Product, Variant
from sandbox.store.shop import Shop


def load(shop: Shop, drafts: Iterable[ProductDraft]) -> int:
    """Put the drafts into the shop; answers how many.

    They must be such as place() would accept, their prices rounded to two decimals.
    """
    count = 0
    with shop.change() as change, _uncollected():
        change.keep_quiet()
        locations = [location for location in shop.locations if location.is_active]
        for draft in drafts:
            _product(shop, change, draft, locations)
            count += 1
    return count


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection, which would look through millions of objects again and again, and find
    none to collect.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _product(shop: Shop, change: Change, draft: ProductDraft, locations: list[Location]) -> None:
    now = change.now
    wanted = draft.handle if draft.handle is not None else draft.title
    product = Product(
        id=shop.ids.next(),
        title=draft.title,
        handle=normalise.free_handle(wanted, shop.handles.__contains__),
        created_at=now,
        updated_at=now,
        description_html=draft.description_html,
        vendor=draft.vendor or shop.name,
        product_type=draft.product_type,
        status=draft.status,
        tags=normalise.tags(draft.tags),
        seo_title=draft.seo_title,
        seo_description=draft.seo_description,
        gift_card=draft.gift_card,
    )
    shop.handles[product.handle] = product
    shop.products.add(product)
    if draft.published:
        product.publications = {publication.id: now for publication in shop.publications}
    pictures: dict[str, File] = {}
    for image in draft.images:
        file = files.create_file(shop, change, FileSpec(original_source=image.source, alt=image.alt))
        file.processing_from = file.ready_from = 0.0
        file.products[product.id] = None
        product.media.append(file)
        pictures[image.source] = file
    names = draft.options or (DEFAULT_OPTION,)
    values: list[dict[str, OptionValue]] = [{} for _ in names]
    for each in draft.variants:
        _variant(shop, change, product, each, values, pictures, locations)
    for name, seen in zip(names, values, strict=True):
        option = Option(shop.ids.next(), name, list(seen.values()))
        product.options.append(option)
        shop.options[option.id] = product
        for value in option.values:
            shop.options[value.id] = product
    if draft.metafields:
        metafields.apply(shop, change, product, "PRODUCT", metafield_specs(draft.metafields))


def _variant(
    shop: Shop,
    change: Change,
    product: Product,
    draft: VariantDraft,
    values: list[dict[str, OptionValue]],
    pictures: dict[str, File],
    locations: list[Location],
) -> None:
    now, ids = change.now, shop.ids
    chosen = []
    for seen, name in zip(values, draft.option_values or (DEFAULT_VALUE,), strict=True):
        value = seen.get(name)
        if value is None:
            value = seen[name] = OptionValue(ids.next(), name)
        chosen.append(value)
    item = InventoryItem(
        id=ids.next(),
        created_at=now,
        updated_at=now,
        sku=draft.sku or None,
        tracked=draft.tracked,
        requires_shipping=draft.requires_shipping,
        cost=draft.cost,
        weight=draft.weight,
        weight_unit=draft.weight_unit,
        harmonized_system_code=draft.harmonized_system_code,
        country_code_of_origin=draft.country_code_of_origin,
    )
    variant = Variant(
        id=ids.next(),
        product=product,
        item=item,
        options=tuple(chosen),
        position=len(product.variants) + 1,
        price=draft.price,
        created_at=now,
        updated_at=now,
        compare_at_price=draft.compare_at_price,
        barcode=draft.barcode or None,
        taxable=draft.taxable,
        tax_code=draft.tax_code,
        inventory_policy=draft.policy,
        media=None if draft.image is None else pictures[draft.image],
    )
    item.variant = variant
    product.variants.append(variant)
    shop.items.add(item)
    shop.variants.add(variant)
    shop.index_sku(variant)
    for location, available in zip(locations, draft.available or (0,), strict=False):
        if available is not None:
            level = InventoryLevel(item, location, now, now, available=available)
            item.levels[location.id] = level
            location.levels[item.id] = level
    if draft.metafields:
        metafields.apply(shop, change, variant, "PRODUCTVARIANT", metafield_specs(draft.metafields))
