"""productSet: say what a product should be, and it is made or changed to that.

Lists that are given replace what is there, lists that are not given stay; everything is checked before
anything is done. A variant without an id is a new one: variants that are not named by their ids go.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sandbox.commands import files, metafields, option_plan, product_fields, products, variants
from sandbox.commands.errors import Path, RefusedError, UserError
from sandbox.commands.option_plan import PlannedOption
from sandbox.commands.specs import (
    UNSET,
    FileSpec,
    MetafieldSpec,
    OptionSpec,
    ProductSpec,
    QuantitySpec,
    VariantSpec,
)
from sandbox.store.change import Change
from sandbox.store.media import File
from sandbox.store.product import Product, Variant
from sandbox.store.shop import Shop

MAX_QUANTITIES = 50_000
MAX_QUANTITIES_PER_VARIANT = 250
INPUT: Path = ("input",)
_UNCODED_TITLE = "is too long (maximum is 255 characters)"


@dataclass(slots=True)
class _Plan:
    options: list[PlannedOption]
    values: list[tuple[int, ...]]
    """By variant, then by option: which value."""


def set_product(shop: Shop, spec: ProductSpec, product: Product | None = None) -> Product:
    """Make a product, or change this one. RefusedError as productSet words it, and nothing is done then."""
    errors = list(_field_faults(shop, spec, product))
    plan: _Plan | None = None
    if spec.variants is not UNSET and spec.variants and spec.options is not UNSET and spec.options:
        plan, found = _plan(product, spec.options, spec.variants)
        errors.extend(found)
    else:
        errors.extend(_coupling_faults(spec))
    errors.extend(_variant_faults(shop, product, spec))
    errors.extend(_file_faults(shop, spec))
    errors.extend(_metafield_faults(shop, product, spec))
    if errors:
        raise RefusedError(*errors)
    with shop.change() as change:
        if product is None:
            product = products.new_product(shop, change, spec.fields)
        else:
            product_fields.apply(shop, change, product, spec.fields)
        fetched: dict[int, File] = {}
        if spec.files is not UNSET:
            fetched = files.replace_media(shop, change, product, spec.files)
        if plan is not None and spec.variants is not UNSET:
            _apply_variants(shop, change, product, plan, spec.variants, spec.files, fetched)
        elif spec.variants is not UNSET or not product.variants:
            products.reset_to_default(shop, change, product)
        if spec.metafields is not UNSET:
            metafields.apply(shop, change, product, "PRODUCT", spec.metafields, replace=True)
    return product


def _coupling_faults(spec: ProductSpec) -> Iterator[UserError]:
    if spec.variants is not UNSET and spec.variants and (spec.options is UNSET or not spec.options):
        message = "Product options input is required when updating variants"
        yield UserError((*INPUT, "productOptions"), message, "PRODUCT_OPTIONS_INPUT_MISSING")
    if spec.options is not UNSET and spec.options and (spec.variants is UNSET or not spec.variants):
        yield UserError((*INPUT, "variants"), "Variants input is required when updating product options")
    if spec.options is not UNSET and not spec.options and spec.variants is UNSET:
        yield UserError((*INPUT, "variants"), "Variants input is required when updating product options")


def _field_faults(shop: Shop, spec: ProductSpec, product: Product | None) -> Iterator[UserError]:
    for fault in product_fields.faults(shop, spec.fields, product):
        match fault.field:
            case ("title",) if "too long" in fault.message:
                yield UserError((*INPUT, "title"), _UNCODED_TITLE)
            case ("title",):
                yield UserError((*INPUT, "title"), fault.message, "INVALID_PRODUCT")
            case ("input", "handle"):
                yield fault
            case _:
                yield UserError(INPUT, fault.message)
    if product is not None and spec.fields.gift_card not in (UNSET, product.gift_card):
        message = "The product gift_card attribute cannot be changed after creation."
        yield UserError((*INPUT, "giftCard"), message, "GIFT_CARD_ATTRIBUTE_CANNOT_BE_CHANGED")


def _plan(
    product: Product | None, wanted: Sequence[OptionSpec], specs: Sequence[VariantSpec]
) -> tuple[_Plan, list[UserError]]:
    options, errors = option_plan.plan_options(product, wanted, (*INPUT, "productOptions"))
    if errors:
        return _Plan(options, []), errors
    values: list[tuple[int, ...]] = []
    seen: set[tuple[int, ...]] = set()
    for index, variant in enumerate(specs):
        at = (*INPUT, "variants", str(index))
        chosen, found = option_plan.choose(options, () if variant.choices is UNSET else variant.choices, at)
        errors.extend(found)
        if not found and chosen in seen:
            title = " / ".join(
                option.values[value].name for option, value in zip(options, chosen, strict=True)
            )
            message = f"The variant '{title}' already exists. Please change at least one option value."
            errors.append(UserError(at, message))
        seen.add(chosen)
        values.append(chosen)
    return _Plan(options, values), errors


def _variant_faults(shop: Shop, product: Product | None, spec: ProductSpec) -> Iterator[UserError]:
    if spec.variants is UNSET:
        return
    if len(spec.variants) > variants.MAX_VARIANTS:
        message = f"Number of product variants exceeds shop limit of {variants.MAX_VARIANTS}"
        yield UserError((*INPUT, "variants"), message, "VARIANTS_OVER_LIMIT")
    if sum(len(variant.quantities) for variant in spec.variants) > MAX_QUANTITIES:
        message = (
            f"Inventory quantity input exceeds the limit of {MAX_QUANTITIES}. "
            "Consider using separate `inventorySetQuantities` mutations."
        )
        yield UserError((*INPUT, "variants"), message, "INVENTORY_QUANTITIES_LIMIT_EXCEEDED")
    present = {} if product is None else {variant.id: variant for variant in product.variants}
    named: set[int] = set()
    for index, wanted in enumerate(spec.variants):
        at = (*INPUT, "variants", str(index))
        existing = present.get(wanted.id) if wanted.id is not None else None
        if wanted.id is not None and (existing is None or wanted.id in named):
            yield UserError((*at, "id"), "Product variant does not exist", "PRODUCT_VARIANT_DOES_NOT_EXIST")
        if wanted.id is not None:
            named.add(wanted.id)
        for fault in variants.field_faults(wanted):
            yield UserError((*at, *(fault.field or ())), fault.message, "INVALID_VARIANT")
        yield from quantity_faults(shop, existing, wanted.quantities, (*at, "inventoryQuantities"))
        if wanted.file is not UNSET and wanted.file is not None:
            listed = () if spec.files is UNSET else spec.files
            if not any(files.same_source(wanted.file, file) for file in listed):
                message = "Variant file must also be specified in the files input for the product"
                yield UserError((*at, "file"), message, "INVALID_INPUT")


def quantity_faults(
    shop: Shop, existing: Variant | None, quantities: Sequence[QuantitySpec], at: Path
) -> Iterator[UserError]:
    """Names, bounds and locations; an existing variant takes quantities only where it is stocked."""
    if len(quantities) > MAX_QUANTITIES_PER_VARIANT:
        yield UserError(at, "Too many inventory locations", "INVENTORY_QUANTITIES_LIMIT_EXCEEDED")
    for index, quantity in enumerate(quantities):
        here = (*at, str(index))
        if quantity.name not in ("available", "on_hand"):
            message = "The quantity name must be either 'available' or 'on_hand'."
            yield UserError((*here, "name"), message, "INVALID_INPUT")
        if abs(quantity.quantity) > 1_000_000_000:
            message = "The quantity needs to be between -1 billion and 1 billion."
            yield UserError((*here, "quantity"), message, "INVALID_INPUT")
        location = shop.locations.get(quantity.location_id)
        if location is None or not location.is_active:
            yield UserError((*here, "locationId"), "Location does not exist", "INVALID_INPUT")
        elif existing is not None:
            level = existing.item.levels.get(location.id)
            if level is None or not level.is_active:
                message = f"Quantity couldn't be set because the variant isn't stocked at {location.name}."
                yield UserError((*here, "locationId"), message, "INVALID_INPUT")


def _file_faults(shop: Shop, spec: ProductSpec) -> Iterator[UserError]:
    if spec.files is UNSET:
        return
    at = (*INPUT, "files")
    if len(spec.files) > files.MAX_PRODUCT_MEDIA:
        message = f"Product cannot have more than {files.MAX_PRODUCT_MEDIA} media"
        yield UserError(at, message, "INVALID_INPUT")
    for index, file in enumerate(spec.files):
        here = (*at, str(index))
        if file.id is not None:
            if shop.files.get(file.id) is None:
                yield UserError((*here, "id"), "File does not exist", "INVALID_INPUT")
        elif not files.is_fetchable(file.original_source or ""):
            yield UserError((*here, "originalSource"), "Image URL is invalid", "INVALID_INPUT")
        if files.alt_too_long(file):
            message = f"The alt value exceeds the maximum limit of {files.MAX_ALT} characters."
            yield UserError((*here, "alt"), message, "INVALID_INPUT")


def _metafield_faults(shop: Shop, product: Product | None, spec: ProductSpec) -> Iterator[UserError]:
    claimed: dict[tuple[str, str, str], int] = {}
    if spec.metafields is not UNSET:
        at = (*INPUT, "metafields")
        yield from _recoded(metafield_faults(shop, product, "PRODUCT", spec.metafields, at, claimed))
    if spec.variants is UNSET:
        return
    present = {} if product is None else {variant.id: variant for variant in product.variants}
    for index, variant in enumerate(spec.variants):
        if variant.metafields is not UNSET:
            at = (*INPUT, "variants", str(index), "metafields")
            owner = present.get(variant.id) if variant.id is not None else None
            yield from _recoded(
                metafield_faults(shop, owner, "PRODUCTVARIANT", variant.metafields, at, claimed)
            )


def _recoded(faults: Iterable[UserError]) -> Iterator[UserError]:
    for fault in faults:
        kept = fault.code is None or fault.code == "CAPABILITY_VIOLATION"
        yield fault if kept else replace(fault, code="INVALID_METAFIELD")


def metafield_faults(
    shop: Shop,
    owner: metafields.Owner | None,
    owner_type: str,
    specs: Sequence[MetafieldSpec],
    at: Path,
    claimed: dict[tuple[str, str, str], int] | None = None,
) -> Iterator[UserError]:
    claims = {} if claimed is None else claimed
    for index, spec in enumerate(specs):
        for fault in metafields.faults(shop, owner, owner_type, spec, claims):
            yield UserError((*at, str(index), *(fault.field or ())), fault.message, fault.code)


def _apply_variants(
    shop: Shop,
    change: Change,
    product: Product,
    plan: _Plan,
    specs: Sequence[VariantSpec],
    listed: object,
    fetched: dict[int, File],
) -> None:
    kept = {spec.id for spec in specs if spec.id is not None}
    for variant in reversed([variant for variant in product.variants if variant.id not in kept]):
        variants.delete_variant(shop, change, variant)
    product.options, changed = option_plan.realise(shop, product, plan.options)
    if changed:
        change.touch_product(product)
    present = {variant.id: variant for variant in product.variants}
    order: list[tuple[int, int, Variant]] = []
    for index, (spec, chosen) in enumerate(zip(specs, plan.values, strict=True)):
        values = tuple(option.values[value] for option, value in zip(product.options, chosen, strict=True))
        if spec.id is None:
            variant = variants.create_variant(shop, change, product, spec, values)
        else:
            variant = present[spec.id]
            if variant.options != values:
                variant.options = values
                change.touch_variant(variant)
            variants.apply_spec(shop, change, variant, spec, replace=True)
        if spec.file is not UNSET:
            _show(change, variant, spec.file, listed, fetched)
        order.append((spec.position or index + 1, index, variant))
    order.sort(key=lambda place: place[:2])
    variants.number(change, product, [variant for _, _, variant in order])


def _show(
    change: Change, variant: Variant, wanted: FileSpec | None, listed: object, fetched: dict[int, File]
) -> None:
    """Give the variant the file that stands in the product's list; None takes its picture away."""
    file: File | None = None
    if wanted is not None and isinstance(listed, tuple):
        file = next(fetched[index] for index, spec in enumerate(listed) if files.same_source(wanted, spec))
    if variant.media is not file:
        variant.media = file
        change.touch_variant(variant)
