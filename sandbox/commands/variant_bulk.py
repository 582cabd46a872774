"""productVariantsBulkCreate, -Update, -Delete and -Reorder: many variants of one product, all or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sandbox.commands import files, inventory, variants
from sandbox.commands.errors import Path, RefusedError, UserError, refuse_if
from sandbox.commands.product_create import media_faults
from sandbox.commands.product_set import metafield_faults
from sandbox.commands.specs import UNSET, Choice, FileSpec, Unset, VariantSpec
from sandbox.store.change import Change
from sandbox.store.media import File
from sandbox.store.product import Option, OptionValue, Product, Variant
from sandbox.store.shop import Shop

Names = tuple[str, ...]
"""A variant's option values by name, in the order of the product's options."""

_CREATE_CODES = {"TOO_LONG": "INVALID_INPUT", "OPTION_DOES_NOT_EXIST": "INVALID_INPUT"}


@dataclass(slots=True)
class Adjustment:
    """quantityAdjustments of productVariantsBulkUpdate. expected UNSET: not compared."""

    location_id: int
    delta: int | None
    expected: int | Unset | None = UNSET


def create_variants(
    shop: Shop,
    product: Product,
    specs: Sequence[VariantSpec],
    strategy: str = "DEFAULT",
    media: Sequence[FileSpec] = (),
) -> list[Variant]:
    """New variants at the end; new option values come into being. RefusedError like
    productVariantsBulkCreate.
    """
    standalone = _standalone(product, strategy) if specs else []
    errors = [*media_faults(product, media)]
    taken = {} if standalone else {_key(_names(variant)): variant.id for variant in product.variants}
    chosen: list[Names] = []
    for index, spec in enumerate(specs):
        at = ("variants", str(index))
        if spec.id is not None:
            errors.append(UserError((*at, "id"), "The id cannot be set during creation", "NO_KEY_ON_CREATE"))
        names, found = _choose(product, () if spec.choices is UNSET else spec.choices, at, None)
        errors.extend(found)
        if not found:
            errors.extend(_taken_fault(taken, names, at, None, "VARIANT_ALREADY_EXISTS"))
            taken[_key(names)] = 0
        chosen.append(names)
        errors.extend(_field_faults(shop, product, None, spec, at, media))
        errors.extend(_location_faults(shop, spec, " / ".join(names), at))
    total = len(specs) + len(product.variants) - len(standalone)
    if total > variants.MAX_VARIANTS:
        message = "The number of created variants would exceed the 2048 variants per product limit"
        errors.append(UserError(("variants",), message, "INVALID"))
    refuse_if(replace(error, code=_CREATE_CODES.get(error.code or "", error.code)) for error in errors)
    with shop.change() as change:
        added = _add_media(shop, change, product, media)
        for variant in standalone:
            variants.delete_variant(shop, change, variant)
        made = []
        for spec, names in zip(specs, chosen, strict=True):
            variant = variants.create_variant(shop, change, product, spec, _values(shop, product, names))
            _show(change, variant, spec, added)
            made.append(variant)
        if standalone:
            _drop_unused(shop, product)
        variants.number(change, product, product.variants)
    return made


def update_variants(
    shop: Shop,
    product: Product,
    specs: Sequence[VariantSpec],
    adjustments: Sequence[Sequence[Adjustment]] = (),
    media: Sequence[FileSpec] = (),
    *,
    partial: bool = False,
) -> tuple[list[Variant], list[UserError]]:
    """Variants changed, and the errors of those that were not: none were, if there is any, unless partial."""
    errors = list(media_faults(product, media))
    present = {variant.id: variant for variant in product.variants}
    taken = {_key(_names(variant)): variant.id for variant in product.variants}
    good: list[tuple[VariantSpec, Variant, Names, Sequence[Adjustment]]] = []
    for index, spec in enumerate(specs):
        at = ("variants", str(index))
        variant = present.get(spec.id) if spec.id is not None else None
        if variant is None:
            missing = spec.id is None
            code = "PRODUCT_VARIANT_ID_MISSING" if missing else "PRODUCT_VARIANT_DOES_NOT_EXIST"
            message = (
                "Product variant is missing ID attribute" if missing else "Product variant does not exist"
            )
            errors.append(UserError((*at, "id"), message, code))
            continue
        names, found = _choose(product, () if spec.choices is UNSET else spec.choices, at, variant)
        if not found:
            found.extend(_taken_fault(taken, names, at, variant.id, "VARIANT_ALREADY_EXISTS"))
        found.extend(_field_faults(shop, product, variant, spec, at, media))
        if spec.quantities:
            message = (
                "Inventory quantities can only be provided during create. "
                "To update inventory for existing variants, use inventoryAdjustQuantities."
            )
            code = "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE"
            found.append(UserError((*at, "inventoryQuantities"), message, code))
        moved = adjustments[index] if index < len(adjustments) else ()
        found.extend(_adjustment_faults(shop, variant, moved, at))
        errors.extend(found)
        if not found:
            taken.pop(_key(_names(variant)), None)
            taken[_key(names)] = variant.id
            good.append((spec, variant, names, moved))
    if errors and not partial:
        return [], errors
    with shop.change() as change:
        added = _add_media(shop, change, product, media)
        for spec, variant, names, moved in good:
            if names != _names(variant):
                variant.options = _values(shop, product, names)
                change.touch_variant(variant)
            variants.apply_spec(shop, change, variant, spec)
            _show(change, variant, spec, added)
            for adjustment in moved:
                level = inventory.activate(change, variant.item, shop.locations[adjustment.location_id])
                if adjustment.delta is None:
                    inventory.deactivate(change, level)
                else:
                    inventory.adjust_quantity(change, level, "available", adjustment.delta)
    return [variant for _, variant, _, _ in good], errors


def delete_variants(shop: Shop, product: Product, numbers: Sequence[int]) -> None:
    """RefusedError like productVariantsBulkDelete."""
    present = {variant.id: variant for variant in product.variants}
    message = "At least one variant does not belong to the product"
    code = "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT"
    refuse_if(
        UserError(("variantsIds", str(index)), message, code)
        for index, number in enumerate(numbers)
        if number not in present
    )
    if len(set(numbers)) == len(present):
        raise RefusedError(
            UserError(
                ("variantsIds",), "Cannot delete the last variant of a product", "CANNOT_DELETE_LAST_VARIANT"
            )
        )
    with shop.change() as change:
        for number in dict.fromkeys(numbers):
            variants.delete_variant(shop, change, present[number])
        variants.number(change, product, product.variants)


def reorder_variants(shop: Shop, product: Product, places: Sequence[tuple[int, int]]) -> None:
    """Each variant named goes to its position, the others fill up in their order."""
    present = {variant.id: variant for variant in product.variants}
    errors: list[UserError] = []
    seen: set[int] = set()
    for index, (number, position) in enumerate(places):
        at = ("positions", str(index))
        if number not in present:
            errors.append(UserError((*at, "id"), "Variant does not exist", "MISSING_VARIANT"))
        elif number in seen:
            errors.append(UserError((*at, "id"), "Duplicated variant id", "DUPLICATED_VARIANT_ID"))
        if position < 1:
            errors.append(UserError((*at, "position"), "Position must be 1 or more", "INVALID_POSITION"))
        seen.add(number)
    refuse_if(errors)
    order = [variant for variant in product.variants if variant.id not in seen]
    for number, position in sorted(places, key=lambda place: place[1]):
        order.insert(position - 1, present[number])
    with shop.change() as change:
        variants.number(change, product, order)


def _names(variant: Variant) -> Names:
    return tuple(value.name for value in variant.options)


def _key(names: Names) -> Names:
    """Values that differ in case only are the same value."""
    return tuple(name.lower() for name in names)


def _standalone(product: Product, strategy: str) -> list[Variant]:
    """The lone variant that gives way to created ones."""
    if len(product.variants) != 1 or strategy == "PRESERVE_STANDALONE_VARIANT":
        return []
    if strategy == "REMOVE_STANDALONE_VARIANT" or product.has_only_default_variant:
        return list(product.variants)
    return []


def _choose(
    product: Product, choices: Sequence[Choice], at: Path, present: Variant | None
) -> tuple[Names, list[UserError]]:
    errors: list[UserError] = []
    chosen: dict[int, str] = {}
    for index, choice in enumerate(choices):
        here = (*at, "optionValues", str(index))
        place = _option_index(product, choice)
        if place is None:
            errors.append(UserError(here, "Option does not exist", "OPTION_DOES_NOT_EXIST"))
            continue
        option = product.options[place]
        if place in chosen:
            message = f"Duplicated option name '{option.name}'"
            errors.append(UserError((*at, "optionValues"), message, "INVALID_INPUT"))
            continue
        name, fault = _value_name(option, choice, here)
        if fault is not None:
            errors.append(fault)
        chosen[place] = name
    missing = [option.name for index, option in enumerate(product.options) if index not in chosen]
    if present is None and missing and not errors:
        message = f"You need to add option values for {', '.join(missing)}"
        errors.append(UserError(at, message, "NEED_TO_ADD_OPTION_VALUES"))
    kept = _names(present) if present is not None else ("",) * len(product.options)
    return tuple(chosen.get(index, kept[index]) for index in range(len(product.options))), errors


def _option_index(product: Product, choice: Choice) -> int | None:
    for index, option in enumerate(product.options):
        if choice.option_id is not None:
            if option.id == choice.option_id:
                return index
        elif option.name == (choice.option_name or "").strip():
            return index
    return None


def _value_name(option: Option, choice: Choice, at: Path) -> tuple[str, UserError | None]:
    if choice.value_id is not None:
        for value in option.values:
            if value.id == choice.value_id:
                return value.name, None
        return "", UserError(at, "Option value does not exist", "OPTION_VALUE_DOES_NOT_EXIST")
    name = (choice.value_name or "").strip()
    if not name:
        return "", UserError(at, "Option value name can't be blank", "INVALID_INPUT")
    for value in option.values:
        if value.name.lower() == name.lower():
            return value.name, None
    if len(name) > 255:
        return name, UserError(at, "Option value name is too long.", "OPTION_VALUE_NAME_TOO_LONG")
    return name, None


def _taken_fault(
    taken: dict[Names, int], names: Names, at: Path, own: int | None, code: str
) -> Iterator[UserError]:
    if taken.get(_key(names), own) != own:
        title = " / ".join(names)
        message = f"The variant '{title}' already exists. Please change at least one option value."
        yield UserError(at, message, code)


def _field_faults(
    shop: Shop,
    product: Product,
    variant: Variant | None,
    spec: VariantSpec,
    at: Path,
    media: Sequence[FileSpec],
) -> Iterator[UserError]:
    for fault in variants.field_faults(spec):
        yield UserError((*at, *(fault.field or ())), fault.message, fault.code)
    if spec.metafields is not UNSET:
        here = (*at, "metafields")
        for fault in metafield_faults(shop, variant, "PRODUCTVARIANT", spec.metafields, here):
            yield replace(fault, code="INVALID_INPUT")
    file = spec.file
    if file is UNSET or file is None:
        return
    if file.id is None:
        if not any(entry.original_source == file.original_source for entry in media):
            message = "The media to attach must also be among the media to create"
            yield UserError((*at, "mediaSrc"), message, "INVALID_INPUT")
        return
    shown = next((entry for entry in product.media if entry.id == file.id), None)
    if shown is None:
        message = "Media does not exist on the specified product"
        yield UserError((*at, "mediaId"), message, "INVALID_INPUT")
    elif files.status(shop, shown) != "READY":
        yield UserError((*at, "mediaId"), "Non-ready media cannot be attached to variants.", "INVALID_INPUT")


def _location_faults(shop: Shop, spec: VariantSpec, title: str, at: Path) -> Iterator[UserError]:
    for quantity in spec.quantities:
        location = shop.locations.get(quantity.location_id)
        if location is None or not location.is_active:
            message = f"Quantity for {title} couldn't be set because the location was deleted."
            yield UserError((*at, "inventoryQuantities"), message, "TRACKED_VARIANT_LOCATION_NOT_FOUND")
        elif abs(quantity.quantity) > inventory.MAX_QUANTITY:
            message = "The quantity needs to be between -1 billion and 1 billion."
            yield UserError((*at, "inventoryQuantities"), message, "INVALID_INPUT")


def _adjustment_faults(
    shop: Shop, variant: Variant, moved: Sequence[Adjustment], at: Path
) -> Iterator[UserError]:
    for index, adjustment in enumerate(moved):
        here = (*at, "quantityAdjustments", str(index))
        if shop.locations.get(adjustment.location_id) is None:
            yield UserError(
                (*here, "locationId"), "The specified location could not be found.", "INVALID_INPUT"
            )
            continue
        level = variant.item.levels.get(adjustment.location_id)
        now = level.available if level is not None else 0
        if adjustment.expected not in (UNSET, None, now):
            message = "The changeFromQuantity value does not match persisted value."
            yield UserError((*here, "changeFromQuantity"), message, "INVALID_INPUT")
        elif abs(now + (adjustment.delta or 0)) > inventory.MAX_QUANTITY:
            message = "The quantity needs to be between -1 billion and 1 billion."
            yield UserError((*here, "adjustment"), message, "INVALID_INPUT")


def _values(shop: Shop, product: Product, names: Names) -> tuple[OptionValue, ...]:
    """The option values of these names; those that are missing are made."""
    values = []
    for option, name in zip(product.options, names, strict=True):
        value = next((known for known in option.values if known.name.lower() == name.lower()), None)
        if value is None:
            value = OptionValue(shop.ids.next(), name)
            option.values.append(value)
            shop.options[value.id] = product
        values.append(value)
    return tuple(values)


def _drop_unused(shop: Shop, product: Product) -> None:
    """The standalone variant's values go with it."""
    for index, option in enumerate(product.options):
        used = {variant.options[index].id for variant in product.variants}
        for value in [value for value in option.values if value.id not in used]:
            option.values.remove(value)
            shop.options.pop(value.id, None)


def _add_media(shop: Shop, change: Change, product: Product, media: Sequence[FileSpec]) -> dict[str, File]:
    added = {}
    for spec in media:
        file = files.create_file(shop, change, spec)
        files.attach(change, product, file)
        added[spec.original_source or ""] = file
    return added


def _show(change: Change, variant: Variant, spec: VariantSpec, added: dict[str, File]) -> None:
    if spec.file is UNSET:
        return
    file: File | None = None
    if spec.file is not None:
        known = {shown.id: shown for shown in variant.product.media}
        file = added.get(spec.file.original_source or "") if spec.file.id is None else known[spec.file.id]
    if variant.media is not file:
        variant.media = file
        change.touch_variant(variant)
