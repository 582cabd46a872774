"""Adding, changing, ordering and deleting a product's options, and what that does to its variants."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.commands import products, variants
from sandbox.commands.errors import RefusedError, UserError, refuse_if
from sandbox.commands.option_plan import MAX_OPTIONS, MAX_VALUES, plan_options
from sandbox.commands.specs import ItemFields, OptionSpec, ValueSpec, VariantFields, VariantSpec
from sandbox.store.change import Change
from sandbox.store.product import Option, OptionValue, Product, Variant
from sandbox.store.shop import Shop

_TOO_MANY = "The number of created variants would exceed the 2048 variants per product limit"
_PLAN_CODES = {
    "Option name is too long.": ("OPTION_NAME_TOO_LONG", 2),
    "Option name can't be blank": ("OPTION_NAME_MISSING", 2),
    "The name contains unsupported sequence ' / '": ("INVALID_NAME", 3),
    "Option value name is too long.": ("OPTION_VALUE_NAME_TOO_LONG", 4),
}
"""The code that productOptionsCreate gives to a fault of the names, and how long its path is."""


def create_options(
    shop: Shop, product: Product, specs: Sequence[OptionSpec], *, create_variants: bool
) -> None:
    """Existing variants take each new option's first value; create_variants makes all other combinations
    too.
    """
    present = [] if product.has_only_default_variant else product.options
    plan, found = plan_options(None, specs, ("options",))
    errors = [_recoded(error) for error in found if error.code != "OPTIONS_OVER_LIMIT"]
    if len(present) + len(specs) > MAX_OPTIONS:
        errors.append(
            UserError(("options",), "Can only specify a maximum of 3 options", "OPTIONS_OVER_LIMIT")
        )
    names = {option.name.lower() for option in present}
    for index, spec in enumerate(specs):
        name = (spec.name or "").strip()
        if name.lower() in names:
            message = f"Option '{name}' already exists."
            errors.append(UserError(("options", str(index)), message, "OPTION_ALREADY_EXISTS"))
        if spec.position is not None and not 1 <= spec.position <= len(present) + len(specs):
            message = "Position is out of bounds"
            errors.append(UserError(("options", str(index), "position"), message, "POSITION_OUT_OF_BOUNDS"))
    total = len(product.variants)
    for planned in plan:
        total *= max(1, len(planned.values))
    if create_variants and total > variants.MAX_VARIANTS:
        errors.append(UserError(("options",), _TOO_MANY, "TOO_MANY_VARIANTS_CREATED"))
    refuse_if(errors)
    with shop.change() as change:
        if product.has_only_default_variant:
            products.drop_options(shop, product)
            for variant in product.variants:
                variant.options = ()
        for planned in plan:
            values = [OptionValue(shop.ids.next(), value.name) for value in planned.values]
            option = Option(shop.ids.next(), planned.name, values)
            product.options.append(option)
            shop.options[option.id] = product
            shop.options.update((value.id, product) for value in values)
            for variant in product.variants:
                variant.options = (*variant.options, values[0])
                change.touch_variant(variant)
        change.touch_product(product)
        if create_variants:
            for index in range(len(product.options) - len(plan), len(product.options)):
                multiply(shop, change, product, index, product.options[index].values[1:])
        _place(change, product, specs, len(product.options) - len(plan))


def _recoded(error: UserError) -> UserError:
    code, depth = _PLAN_CODES.get(error.message, (error.code, len(error.field or ())))
    return UserError((error.field or ())[:depth], error.message, code)


def _place(change: Change, product: Product, specs: Sequence[OptionSpec], first: int) -> None:
    """Move the added options, which stand from index first on, to the positions that were asked for."""
    order = list(range(first))
    wanted = sorted(range(len(specs)), key=lambda index: specs[index].position or MAX_OPTIONS + index)
    for index in wanted:
        position = specs[index].position
        order.insert(len(order) if position is None else position - 1, first + index)
    _permute(change, product, order)


def _permute(change: Change, product: Product, order: Sequence[int]) -> None:
    if list(order) == list(range(len(product.options))):
        return
    product.options = [product.options[index] for index in order]
    for variant in product.variants:
        variant.options = tuple(variant.options[index] for index in order)
        change.touch_variant(variant)
    change.touch_product(product)


def multiply(shop: Shop, change: Change, product: Product, index: int, values: Sequence[OptionValue]) -> None:
    """For each of an option's new values a variant of every combination that the product has without it."""
    taken = {variant.options for variant in product.variants}
    for value in values:
        for pattern in list(product.variants):
            options = (*pattern.options[:index], value, *pattern.options[index + 1 :])
            if options not in taken:
                taken.add(options)
                variants.create_variant(shop, change, product, _like(pattern), options)


def _like(pattern: Variant) -> VariantSpec:
    fields = VariantFields(
        price=pattern.price,
        compare_at_price=pattern.compare_at_price,
        taxable=pattern.taxable,
        inventory_policy=pattern.inventory_policy,
    )
    item = ItemFields(tracked=pattern.item.tracked, requires_shipping=pattern.item.requires_shipping)
    return VariantSpec(fields=fields, item=item)


@dataclass(slots=True)
class OptionChange:
    """What productOptionUpdate asks for."""

    option_id: int
    name: str | None = None
    position: int | None = None
    add: Sequence[ValueSpec] = ()
    update: Sequence[ValueSpec] = ()
    delete: Sequence[int] = ()
    manage_variants: bool = False


def update_option(shop: Shop, product: Product, wanted: OptionChange) -> None:
    """RefusedError like productOptionUpdate."""
    index = next((i for i, option in enumerate(product.options) if option.id == wanted.option_id), None)
    if index is None:
        raise RefusedError(UserError(("option",), "Option does not exist", "OPTION_DOES_NOT_EXIST"))
    option = product.options[index]
    refuse_if(_update_faults(product, index, wanted))
    gone = set(wanted.delete)
    with shop.change() as change:
        if wanted.name is not None and wanted.name.strip() != option.name:
            option.name = wanted.name.strip()
            change.touch_product(product)
        names = {value.id: value for value in option.values}
        for spec in wanted.update:
            value = names[spec.id or 0]
            if spec.name and value.name != spec.name.strip():
                value.name = spec.name.strip()
                for variant in product.variants:
                    if value in variant.options:
                        change.touch_variant(variant)
                change.touch_product(product)
        added = [OptionValue(shop.ids.next(), (spec.name or "").strip()) for spec in wanted.add]
        option.values.extend(added)
        shop.options.update((value.id, product) for value in added)
        if wanted.manage_variants:
            multiply(shop, change, product, index, added)
        for variant in [v for v in reversed(product.variants) if v.options[index].id in gone]:
            variants.delete_variant(shop, change, variant)
        for value in [value for value in option.values if value.id in gone]:
            option.values.remove(value)
            shop.options.pop(value.id, None)
        if added or gone:
            change.touch_product(product)
            variants.number(change, product, product.variants)
        if wanted.position is not None:
            order = [i for i in range(len(product.options)) if i != index]
            order.insert(wanted.position - 1, index)
            _permute(change, product, order)


def _update_faults(product: Product, index: int, wanted: OptionChange) -> list[UserError]:
    option = product.options[index]
    errors: list[UserError] = []
    if wanted.name is not None:
        name = wanted.name.strip()
        others = {other.name.lower() for other in product.options if other is not option}
        if " / " in name:
            message = "The name contains unsupported sequence ' / '"
            errors.append(UserError(("option", "name"), message, "INVALID_NAME"))
        elif not name:
            errors.append(UserError(("option", "name"), "Option name can't be blank", "INVALID_NAME"))
        elif len(name) > 255:
            errors.append(UserError(("option", "name"), "Option name is too long.", "OPTION_NAME_TOO_LONG"))
        elif name.lower() in others:
            errors.append(
                UserError(("option", "name"), f"Option '{name}' already exists.", "OPTION_ALREADY_EXISTS")
            )
    if wanted.position is not None and not 1 <= wanted.position <= len(product.options):
        errors.append(UserError(("option", "position"), "Position is out of bounds", "INVALID_POSITION"))
    known = {value.id: value for value in option.values}
    names = {value.id: value.name.lower() for value in option.values}
    for place, spec in enumerate(wanted.update):
        at = ("optionValuesToUpdate", str(place))
        if spec.id not in known:
            errors.append(UserError(at, "Option value does not exist.", "OPTION_VALUE_DOES_NOT_EXIST"))
        elif spec.id in wanted.delete:
            message = "Cannot update and delete the same option value."
            errors.append(UserError(at, message, "OPTION_VALUE_CONFLICTING_OPERATION"))
        elif spec.name:
            names[spec.id or 0] = spec.name.strip().lower()
    for place, number in enumerate(wanted.delete):
        at = ("optionValuesToDelete", str(place))
        if number not in known:
            errors.append(UserError(at, "Option value does not exist.", "OPTION_VALUE_DOES_NOT_EXIST"))
        elif not wanted.manage_variants and any(v.options[index].id == number for v in product.variants):
            message = "Option value with variants linked cannot be deleted."
            errors.append(UserError(at, message, "OPTION_VALUE_HAS_VARIANTS"))
        names.pop(number, None)
    if wanted.delete and not names and not wanted.add:
        message = "Deleting all option values of an option is not allowed."
        code = "CANNOT_DELETE_ALL_OPTION_VALUES_IN_OPTION"
        errors.append(UserError(("optionValuesToDelete",), message, code))
    taken = list(names.values())
    for place, spec in enumerate(wanted.add):
        at = ("optionValuesToAdd", str(place))
        text = (spec.name or "").strip()
        if not text:
            errors.append(UserError(at, "Option value name can't be blank", "INVALID_NAME"))
        elif len(text) > 255:
            errors.append(UserError(at, "Option value name is too long.", "OPTION_VALUE_NAME_TOO_LONG"))
        elif text.lower() in taken:
            errors.append(
                UserError(at, f"Option value '{text}' already exists.", "OPTION_VALUE_ALREADY_EXISTS")
            )
        taken.append(text.lower())
    if len(set(names.values())) < len(names):
        errors.append(
            UserError(("optionValuesToUpdate",), "Duplicated option value.", "DUPLICATED_OPTION_VALUE")
        )
    if len(taken) > MAX_VALUES:
        errors.append(
            UserError(("option",), "Option values count is over the limit.", "OPTION_VALUES_OVER_LIMIT")
        )
    if wanted.manage_variants and wanted.add:
        combinations = {(*v.options[:index], *v.options[index + 1 :]) for v in product.variants}
        if len(product.variants) + len(wanted.add) * len(combinations) > variants.MAX_VARIANTS:
            errors.append(UserError(("optionValuesToAdd",), _TOO_MANY, "TOO_MANY_VARIANTS_CREATED"))
    return errors


def delete_options(shop: Shop, product: Product, numbers: Sequence[int], strategy: str) -> None:
    """strategy is DEFAULT, NON_DESTRUCTIVE or POSITION. RefusedError like productOptionsDelete."""
    known = {option.id: option for option in product.options}
    errors = [
        UserError(("options", str(place)), "Option does not exist", "OPTION_DOES_NOT_EXIST")
        for place, number in enumerate(numbers)
        if number not in known
    ]
    refuse_if(errors)
    for place, number in enumerate(numbers):
        if strategy == "DEFAULT" and len(known[number].values) > 1:
            message = "Can't delete option with multiple values."
            code = "CANNOT_DELETE_OPTION_WITH_MULTIPLE_VALUES"
            errors.append(UserError(("options", str(place)), message, code))
    kept = [index for index, option in enumerate(product.options) if option.id not in numbers]
    survivors: dict[tuple[int, ...], Variant] = {}
    for variant in product.variants:
        survivors.setdefault(tuple(variant.options[index].id for index in kept), variant)
    if strategy == "NON_DESTRUCTIVE" and len(survivors) < len(product.variants):
        message = "Cannot delete options without deleting variants."
        errors.append(UserError(("options",), message, "CANNOT_USE_NON_DESTRUCTIVE_STRATEGY"))
    refuse_if(errors)
    with shop.change() as change:
        stay = set(survivors.values())
        for variant in [variant for variant in reversed(product.variants) if variant not in stay]:
            variants.delete_variant(shop, change, variant)
        for number in dict.fromkeys(numbers):
            option = known[number]
            shop.options.pop(option.id, None)
            for value in option.values:
                shop.options.pop(value.id, None)
        product.options = [product.options[index] for index in kept]
        for variant in product.variants:
            variant.options = tuple(variant.options[index] for index in kept)
            change.touch_variant(variant)
        if not product.options:
            products.name_default(shop, product)
        variants.number(change, product, product.variants)
        change.touch_product(product)


def reorder_options(shop: Shop, product: Product, specs: Sequence[OptionSpec]) -> None:
    """Options, and the values of each that names any, in this order. RefusedError like
    productOptionsReorder.
    """
    errors: list[UserError] = []
    order: list[int] = []
    values: dict[int, list[OptionValue]] = {}
    for place, spec in enumerate(specs):
        at = ("options", str(place))
        if spec.id is None and spec.name is None:
            errors.append(UserError(at, "Either id or name must be given", "NO_KEY_ON_REORDER"))
            continue
        index = next(
            (i for i, o in enumerate(product.options) if spec.id in (o.id,) or spec.name == o.name), None
        )
        if index is None:
            code = "OPTION_NAME_DOES_NOT_EXIST" if spec.id is None else "OPTION_ID_DOES_NOT_EXIST"
            errors.append(UserError(at, "Option does not exist", code))
            continue
        if index in order:
            errors.append(UserError(at, "Duplicated option name.", "DUPLICATED_OPTION_NAME"))
        order.append(index)
        if spec.values:
            ordered, found = _reordered(product.options[index], spec.values, at)
            errors.extend(found)
            values[index] = ordered
    if not errors and len(order) < len(product.options):
        errors.append(UserError(("options",), "All options must be given", "MISSING_OPTION_NAME"))
    refuse_if(errors)
    with shop.change() as change:
        for index, ordered in values.items():
            if product.options[index].values != ordered:
                product.options[index].values = ordered
                change.touch_product(product)
        _permute(change, product, order)
        places = [
            {value.id: place for place, value in enumerate(option.values)} for option in product.options
        ]

        def rank(variant: Variant) -> tuple[int, ...]:
            return tuple(place[value.id] for place, value in zip(places, variant.options, strict=True))

        variants.number(change, product, sorted(product.variants, key=rank))


def _reordered(
    option: Option, specs: Sequence[ValueSpec], at: tuple[str, ...]
) -> tuple[list[OptionValue], list[UserError]]:
    errors: list[UserError] = []
    ordered: list[OptionValue] = []
    for place, spec in enumerate(specs):
        here = (*at, "values", str(place))
        value = next((v for v in option.values if v.id == spec.id or v.name == spec.name), None)
        if value is None:
            code = "OPTION_VALUE_DOES_NOT_EXIST" if spec.id is None else "OPTION_VALUE_ID_DOES_NOT_EXIST"
            errors.append(UserError(here, "Option value does not exist", code))
        elif value in ordered:
            errors.append(UserError(here, "Duplicated option value.", "DUPLICATED_OPTION_VALUE"))
        else:
            ordered.append(value)
    if not errors and len(ordered) < len(option.values):
        errors.append(UserError(at, "All option values must be given", "MISSING_OPTION_VALUE"))
    return ordered, errors
