"""Shopify's product import: a CSV file into a shop, with a report of what came in and what did not.

A product whose handle the shop has already is left alone, unless the import overwrites; then the columns
that the file has replace what is there, columns that it lacks stay, and variants are found by their option
values. Quantities are taken only in a shop with one location, and only for tracked variants.
"""

from dataclasses import dataclass, field, replace

from sandbox.commands import normalise
from sandbox.commands.errors import RefusedError, UserError
from sandbox.commands.product_set import set_product
from sandbox.commands.specs import (
    UNSET,
    Choice,
    FileSpec,
    OptionSpec,
    ProductFields,
    ProductSpec,
    QuantitySpec,
    ValueSpec,
    VariantSpec,
)
from sandbox.csv_rows import ReadProduct, Refusal, read
from sandbox.draft import VariantDraft
from sandbox.place import (
    fields_of,
    item_fields,
    place,
    publish_everywhere,
    unpublish_everywhere,
    variant_fields,
)
from sandbox.store.product import DEFAULT_VALUE, Product
from sandbox.store.shop import Shop

_PRODUCT_COLUMNS = {
    "title": "title",
    "description_html": "description",
    "vendor": "vendor",
    "product_type": "type",
    "status": "status",
    "tags": "tags",
    "seo_title": "seo_title",
    "seo_description": "seo_description",
}
_VARIANT_COLUMNS = {
    "price": "price",
    "compare_at_price": "compare_at",
    "barcode": "barcode",
    "taxable": "taxable",
    "tax_code": "tax_code",
    "inventory_policy": "policy",
}
_ITEM_COLUMNS = {
    "sku": "sku",
    "tracked": "tracker",
    "requires_shipping": "requires_shipping",
    "cost": "cost",
    "weight": "grams",
    "weight_unit": "weight_unit",
}


@dataclass(slots=True)
class Report:
    """Of one import: how many rows the file has, which products were made, changed and left alone, what
    was refused.
    """

    rows: int = 0
    created: list[Product] = field(default_factory=list)
    updated: list[Product] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """Handles that the shop had already."""
    refusals: list[Refusal] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()
    warnings: list[str] = field(default_factory=list)


def import_products(shop: Shop, content: bytes, *, overwrite: bool = False, settled: bool = False) -> Report:
    """Import a product CSV. Raises UnreadableFileError; a product that is refused does not stop the
    others.
    """
    file = read(content)
    report = Report(rows=file.rows, refusals=list(file.refusals), ignored_columns=file.ignored)
    counted = sum(location.is_active for location in shop.locations) == 1
    tracked = any(variant.tracked for product in file.products for variant in product.draft.variants)
    if tracked and not counted and "quantity" in file.columns:
        report.warnings.append("Quantities were not taken over: this shop has more than one location.")
    for product in file.products:
        handle = normalise.handle(product.draft.handle or "")
        existing = shop.handles.get(handle) if handle else None
        try:
            if existing is None:
                report.created.append(_create(shop, product, counted=counted, settled=settled))
            elif not overwrite:
                report.skipped.append(handle)
            else:
                _overwrite(shop, existing, product, file.columns, counted=counted)
                report.updated.append(existing)
        except RefusedError as refused:
            refusal = Refusal(
                product.row, product.draft.handle or "", refused.errors[0].message, product.rows
            )
            report.refusals.append(refusal)
    report.refusals.sort(key=lambda refusal: refusal.row)
    return report


def _create(shop: Shop, product: ReadProduct, *, counted: bool, settled: bool) -> Product:
    variants = tuple(
        replace(variant, available=(quantity or 0,)) if counted and variant.tracked else variant
        for variant, quantity in zip(product.draft.variants, product.quantities, strict=True)
    )
    return place(shop, replace(product.draft, variants=variants), settled=settled)


def _overwrite(
    shop: Shop, existing: Product, product: ReadProduct, columns: frozenset[str], *, counted: bool
) -> None:
    draft = product.draft
    fields = fields_of(draft)
    chosen = ProductFields()
    for name, column in _PRODUCT_COLUMNS.items():
        if column in columns:
            value = getattr(fields, name)
            setattr(chosen, name, draft.vendor if name == "vendor" else value)
    spec = ProductSpec(chosen)
    if "option1_value" in columns:
        names = draft.options or (existing.options[0].name,)
        if [name.casefold() for name in names] != [option.name.casefold() for option in existing.options]:
            message = "The options differ from those of the product that is there."
            raise RefusedError(UserError(None, message))
        spec.variants = _variants(shop, existing, product, columns, counted=counted)
        spec.options = _with_values(existing, spec.variants)
    if "image" in columns:
        sources = {file.original_source for file in existing.media}
        new = (image for image in draft.images if image.source not in sources)
        spec.files = (
            *(FileSpec(id=file.id) for file in existing.media),
            *(FileSpec(original_source=image.source, alt=image.alt) for image in new),
        )
    set_product(shop, spec, existing)
    if "published" in columns:
        (publish_everywhere if draft.published else unpublish_everywhere)(shop, existing)


def _variants(
    shop: Shop, existing: Product, product: ReadProduct, columns: frozenset[str], *, counted: bool
) -> tuple[VariantSpec, ...]:
    """The variants that are there, changed where the file names them, then the file's new ones."""
    rows = {
        variant.option_values or (DEFAULT_VALUE,): (variant, quantity)
        for variant, quantity in zip(product.draft.variants, product.quantities, strict=True)
    }
    names = [option.name for option in existing.options]
    specs: list[VariantSpec] = []
    for present in existing.variants:
        values = tuple(value.name for value in present.options)
        spec = VariantSpec(choices=tuple(map(Choice, names, values)), id=present.id)
        if (row := rows.pop(values, None)) is not None:
            _fill(shop, spec, row[0], row[1], columns, counted=counted)
        specs.append(spec)
    for values, (variant, quantity) in rows.items():
        spec = VariantSpec(choices=tuple(map(Choice, names, values)))
        _fill(shop, spec, variant, quantity, columns, counted=counted)
        specs.append(spec)
    return tuple(specs)


def _fill(
    shop: Shop,
    spec: VariantSpec,
    draft: VariantDraft,
    quantity: int | None,
    columns: frozenset[str],
    *,
    counted: bool,
) -> None:
    fields, item = variant_fields(draft), item_fields(draft)
    for target, source in ((fields, _VARIANT_COLUMNS), (item, _ITEM_COLUMNS)):
        for name, column in source.items():
            if column not in columns:
                setattr(target, name, UNSET)
    item.harmonized_system_code = item.country_code_of_origin = UNSET
    spec.fields, spec.item = fields, item
    if counted and draft.tracked and quantity is not None:
        spec.quantities = (QuantitySpec(shop.primary_location.id, quantity),)


def _with_values(existing: Product, specs: tuple[VariantSpec, ...]) -> tuple[OptionSpec, ...]:
    options = []
    for index, option in enumerate(existing.options):
        values: dict[str, None] = {}
        for spec in specs:
            if isinstance(spec.choices, tuple):
                values[spec.choices[index].value_name or ""] = None
        known = {value.name: value.id for value in option.values}
        options.append(
            OptionSpec(option.name, tuple(ValueSpec(name, known.get(name)) for name in values), id=option.id)
        )
    return tuple(options)
