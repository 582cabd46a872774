"""A product's options as an order wants them, and the variants' values chosen from them: before anything
is made.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sandbox.commands.errors import Path, UserError
from sandbox.commands.specs import Choice, OptionSpec
from sandbox.store.product import Option, OptionValue, Product
from sandbox.store.shop import Shop

MAX_OPTIONS = 3
MAX_VALUES = 2048
MAX_NAME = 255
SEPARATOR = " / "


@dataclass(slots=True)
class PlannedValue:
    name: str
    existing: OptionValue | None = None


@dataclass(slots=True)
class PlannedOption:
    name: str
    values: list[PlannedValue]
    existing: Option | None = None


def plan_options(
    product: Product | None, specs: Sequence[OptionSpec], path: Path
) -> tuple[list[PlannedOption], list[UserError]]:
    """The options wanted, those that exist matched by id or name; with productSet's errors, paths below
    path.
    """
    errors: list[UserError] = []
    if len(specs) > MAX_OPTIONS:
        errors.append(UserError(path, "Can only specify a maximum of 3 options", "OPTIONS_OVER_LIMIT"))
    present = {} if product is None else {option.id: option for option in product.options}
    by_name = {option.name: option for option in present.values()}
    plan: list[tuple[int, PlannedOption]] = []
    seen: set[str] = set()
    for index, spec in enumerate(specs):
        at = (*path, str(index))
        existing = present.get(spec.id) if spec.id is not None else by_name.get((spec.name or "").strip())
        if spec.id is not None and existing is None:
            errors.append(UserError(at, "Option does not exist", "OPTION_DOES_NOT_EXIST"))
            continue
        name = (spec.name or "").strip() or (existing.name if existing else "")
        errors.extend(_name_faults(name, at))
        if name.lower() in seen:
            errors.append(UserError(at, "Duplicated option name.", "DUPLICATED_OPTION_NAME"))
        seen.add(name.lower())
        values, found = _plan_values(existing, spec, name, at)
        errors.extend(found)
        plan.append((spec.position or index + 1, PlannedOption(name, values, existing)))
    plan.sort(key=lambda item: item[0])
    return [option for _, option in plan], errors


def _name_faults(name: str, at: Path) -> Iterator[UserError]:
    if not name:
        yield UserError((*at, "name"), "Option name can't be blank", "INVALID_INPUT")
    elif len(name) > MAX_NAME:
        yield UserError((*at, "name"), "Option name is too long.", "INVALID_INPUT")
    elif SEPARATOR in name:
        yield UserError((*at, "name"), "The name contains unsupported sequence ' / '", "INVALID_INPUT")


def _plan_values(
    existing: Option | None, spec: OptionSpec, name: str, at: Path
) -> tuple[list[PlannedValue], list[UserError]]:
    errors: list[UserError] = []
    if not spec.values:
        message = f"Option '{name}' must specify at least one option value."
        errors.append(UserError(at, message, "OPTION_VALUES_MISSING"))
    if len(spec.values) > MAX_VALUES:
        message = f"Option '{name}' has more than {MAX_VALUES} values"
        errors.append(UserError(at, message, "OPTION_VALUES_OVER_LIMIT"))
    by_id = {} if existing is None else {value.id: value for value in existing.values}
    by_name = {value.name.lower(): value for value in by_id.values()}
    values: list[PlannedValue] = []
    seen: set[str] = set()
    for index, wanted in enumerate(spec.values):
        value_at = (*at, "values", str(index))
        text = (wanted.name or "").strip()
        known = by_id.get(wanted.id) if wanted.id is not None else by_name.get(text.lower())
        if wanted.id is not None and known is None:
            errors.append(UserError(value_at, "Option value does not exist", "OPTION_VALUE_DOES_NOT_EXIST"))
            continue
        text = text or (known.name if known else "")
        if not text:
            errors.append(UserError(value_at, "Option value name can't be blank", "INVALID_INPUT"))
        elif len(text) > MAX_NAME:
            errors.append(UserError(value_at, "Option value name is too long.", "INVALID_INPUT"))
        if text.lower() in seen:
            errors.append(
                UserError(value_at, f"Duplicated option value '{text}'.", "DUPLICATED_OPTION_VALUE")
            )
        seen.add(text.lower())
        values.append(PlannedValue(text, known))
    return values, errors


def choose(
    options: Sequence[PlannedOption], choices: Iterable[Choice], at: Path
) -> tuple[tuple[int, ...], list[UserError]]:
    """Which value of each option a variant takes, by index; with productSet's errors."""
    errors: list[UserError] = []
    taken: dict[int, int] = {}
    for index, choice in enumerate(choices):
        choice_at = (*at, "optionValues", str(index))
        option = _find_option(options, choice)
        if option is None:
            errors.append(UserError(choice_at, "Option does not exist", "OPTION_DOES_NOT_EXIST"))
            continue
        if option in taken:
            message = f"Duplicated option name '{options[option].name}'"
            errors.append(UserError((*at, "optionValues"), message, "INVALID_VARIANT"))
            continue
        value = _find_value(options[option], choice)
        if value is None:
            errors.append(UserError(choice_at, "Option value does not exist", "OPTION_VALUE_DOES_NOT_EXIST"))
            value = 0
        taken[option] = value
    if not errors and len(taken) < len(options):
        missing = ", ".join(option.name for index, option in enumerate(options) if index not in taken)
        errors.append(UserError(at, f"You need to add option values for {missing}", "INVALID_VARIANT"))
    return tuple(taken.get(index, 0) for index in range(len(options))), errors


def _find_option(options: Sequence[PlannedOption], choice: Choice) -> int | None:
    for index, option in enumerate(options):
        if choice.option_id is not None:
            if option.existing is not None and option.existing.id == choice.option_id:
                return index
        elif option.name == (choice.option_name or "").strip():
            return index
    return None


def _find_value(option: PlannedOption, choice: Choice) -> int | None:
    name = (choice.value_name or "").strip().lower()
    for index, value in enumerate(option.values):
        if choice.value_id is not None:
            if value.existing is not None and value.existing.id == choice.value_id:
                return index
        elif value.name.lower() == name:
            return index
    return None


def realise(shop: Shop, product: Product, plan: Sequence[PlannedOption]) -> tuple[list[Option], bool]:
    """The planned options as objects, names set and new ones made; and whether anything differs from
    before.
    """
    options: list[Option] = []
    changed = False
    for planned in plan:
        option = planned.existing
        if option is None:
            option = Option(shop.ids.next(), planned.name, [])
            changed = True
        changed |= option.name != planned.name
        option.name = planned.name
        values: list[OptionValue] = []
        for wanted in planned.values:
            value = wanted.existing
            if value is None:
                value = OptionValue(shop.ids.next(), wanted.name)
                changed = True
            changed |= value.name != wanted.name
            value.name = wanted.name
            values.append(value)
        changed |= option.values != values
        for gone in option.values:
            shop.options.pop(gone.id, None)
        option.values = values
        options.append(option)
    changed |= product.options != options
    for dropped in product.options:
        shop.options.pop(dropped.id, None)
        if dropped not in options:
            for value in dropped.values:
                shop.options.pop(value.id, None)
    for option in options:
        shop.options[option.id] = product
        for value in option.values:
            shop.options[value.id] = product
    return options, changed
