"""Putting a draft into a shop."""

from sandbox.commands.product_set import set_product
from sandbox.commands.specs import (
    UNSET,
    Choice,
    FileSpec,
    ItemFields,
    MetafieldSpec,
    OptionSpec,
    ProductFields,
    ProductSpec,
    QuantitySpec,
    ValueSpec,
    VariantFields,
    VariantSpec,
)
from sandbox.draft import MetafieldDraft, ProductDraft, VariantDraft
from sandbox.store.product import DEFAULT_OPTION, DEFAULT_VALUE, Product
from sandbox.store.shop import Shop


def place(shop: Shop, draft: ProductDraft, *, settled: bool = False) -> Product:
    """Make the product of a draft. Raises RefusedError, as productSet does, and nothing is made then.

    settled makes its images ready at once, as those of a catalogue are that has long been there.
    """
    product = set_product(shop, spec_of(shop, draft))
    if draft.published:
        publish_everywhere(shop, product)
    if settled:
        for file in product.media:
            file.processing_from = file.ready_from = 0.0
    return product


def publish_everywhere(shop: Shop, product: Product) -> None:
    """On all sales channels, from now on."""
    with shop.change() as change:
        for publication in shop.publications:
            product.publications.setdefault(publication.id, change.now)
        change.touch_product(product)


def unpublish_everywhere(shop: Shop, product: Product) -> None:
    if product.publications:
        with shop.change() as change:
            product.publications.clear()
            change.touch_product(product)


def spec_of(shop: Shop, draft: ProductDraft) -> ProductSpec:
    """The draft in the shop's terms: quantities at its locations, in the order in which they were made."""
    locations = [location.id for location in shop.locations if location.is_active]
    names = draft.options or (DEFAULT_OPTION,)
    values: tuple[dict[str, None], ...] = tuple({} for _ in names)
    for variant in draft.variants:
        for seen, value in zip(values, variant.option_values or (DEFAULT_VALUE,), strict=True):
            seen[value] = None
    return ProductSpec(
        fields=fields_of(draft),
        options=tuple(
            OptionSpec(name, tuple(ValueSpec(value) for value in seen))
            for name, seen in zip(names, values, strict=True)
        ),
        variants=tuple(_variant(variant, names, locations) for variant in draft.variants),
        files=tuple(FileSpec(original_source=image.source, alt=image.alt) for image in draft.images),
        metafields=metafield_specs(draft.metafields) if draft.metafields else UNSET,
    )


def fields_of(draft: ProductDraft) -> ProductFields:
    return ProductFields(
        title=draft.title,
        handle=UNSET if draft.handle is None else draft.handle,
        description_html=draft.description_html,
        vendor=draft.vendor or UNSET,
        product_type=draft.product_type,
        status=draft.status,
        tags=draft.tags,
        seo_title=draft.seo_title,
        seo_description=draft.seo_description,
        gift_card=draft.gift_card or UNSET,
    )


def variant_fields(draft: VariantDraft) -> VariantFields:
    return VariantFields(
        price=draft.price,
        compare_at_price=draft.compare_at_price,
        barcode=draft.barcode or None,
        taxable=draft.taxable,
        tax_code=draft.tax_code,
        inventory_policy=draft.policy,
    )


def item_fields(draft: VariantDraft) -> ItemFields:
    return ItemFields(
        sku=draft.sku or None,
        tracked=draft.tracked,
        requires_shipping=draft.requires_shipping,
        cost=draft.cost,
        weight=draft.weight,
        weight_unit=draft.weight_unit,
        harmonized_system_code=draft.harmonized_system_code,
        country_code_of_origin=draft.country_code_of_origin,
    )


def _variant(draft: VariantDraft, names: tuple[str, ...], locations: list[int]) -> VariantSpec:
    chosen = zip(names, draft.option_values or (DEFAULT_VALUE,), strict=True)
    return VariantSpec(
        choices=tuple(Choice(name, value) for name, value in chosen),
        fields=variant_fields(draft),
        item=item_fields(draft),
        quantities=tuple(
            QuantitySpec(location, quantity)
            for location, quantity in zip(locations, draft.available, strict=False)
            if quantity is not None
        ),
        file=UNSET if draft.image is None else FileSpec(original_source=draft.image),
        metafields=metafield_specs(draft.metafields) if draft.metafields else UNSET,
    )


def metafield_specs(drafts: tuple[MetafieldDraft, ...]) -> tuple[MetafieldSpec, ...]:
    return tuple(MetafieldSpec(draft.key, draft.value, draft.namespace, draft.type) for draft in drafts)
