"""Compares options, the variants' option values and their order; decides which missing variants can be
created."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.sync.catalog import Option, OptionValue, Product, Variant, VariantId
from backend.sync.catalog_json import dump_option_values, dump_options
from backend.sync.changeset import Action
from backend.sync.comparison import Comparison
from backend.sync.fields import Field
from backend.sync.fingerprint import value_hash
from backend.sync.link import Ref
from backend.sync.match import Candidate, Conflict, ConflictAction, ConflictCode
from backend.sync.pairing import Pairs
from backend.sync.values import structure

Values = tuple[OptionValue, ...]
_DEFAULT: Values = (OptionValue("Title", "Default Title"),)
LINKED_ACTIONS = (ConflictAction.LINK_TO, ConflictAction.IGNORE)


@dataclass(frozen=True, slots=True)
class Structure:
    """The dependent's options, and the combinations of values that its variants take, as they are or will
    be."""

    options: tuple[Option, ...]
    combinations: frozenset[frozenset[OptionValue]]

    def has_room_for(self, variant: Variant) -> bool:
        return frozenset(variant.options) not in self.combinations


def compare_options(comparison: Comparison, pairs: Pairs) -> Structure | None:
    """Compares names and values. None when the dependent's options are not main's, so that missing variants
    can't be made.

    A main product without options has nothing to say about those of a dependent's product that has further
    variants: they tell these apart.
    """
    wanted, actual = comparison.wanted, comparison.dependent
    same_names = _names(wanted) == _names(actual)
    taken = (item.options for item in actual.variants if pairs.missing)
    present = _structure(actual.options, taken) if same_names else None
    if Field.OPTIONS not in comparison.rules.written:
        return present
    if _has_no_options(wanted) and len(actual.variants) > len(pairs.linked):
        return present
    ref = Ref(actual.id, Field.OPTIONS)
    if _is_settled(comparison, pairs):
        return present
    moved = {theirs.id for mine, theirs in pairs.linked if _moves(comparison, mine, theirs)}
    names_move = comparison.moves(Field.OPTIONS, _names(wanted), _names(actual), key="names")
    if ref in comparison.holds and comparison.holds_back(
        ref, _fingerprint(wanted), differs=bool(moved or names_move)
    ):
        return present
    if not names_move and not (moved and same_names):
        return present
    kept = {edit.ref.subject for edit in comparison.local_edits if edit.kept and edit.ref.field == ref.field}
    if names_move:
        moved = {theirs.id for _, theirs in pairs.linked if theirs.id not in kept}
    variants = _restructured(wanted, actual, pairs, moved)
    if variants is None:
        comparison.conflicts.append(unequal(ConflictCode.UNEQUAL_OPTIONS, wanted, actual, ()))
        return None
    options = _options(wanted, variants)
    _add_restructure(comparison, options, variants)
    return _structure(options, variants.values())


def _has_no_options(product: Product) -> bool:
    """Whether Shopify's stand-in is its one variant."""
    return [variant.options for variant in product.variants] == [_DEFAULT]


def _structure(options: tuple[Option, ...], combinations: Iterable[Values]) -> Structure:
    return Structure(options, frozenset(frozenset(values) for values in combinations))


def compare_order(
    comparison: Comparison, pairs: Pairs, options: tuple[Option, ...], created: Sequence[Variant]
) -> None:
    """Compares the order of options, of their values and of variants. `options` from `compare_options`; the
    `created` variants come last and append their option values."""
    if created or comparison.wanted.options != options or comparison.keeps_local(Field.OPTION_ORDER):
        _compare_option_order(comparison, options, created)
    _compare_variant_order(comparison, pairs, created)


def _is_settled(comparison: Comparison, pairs: Pairs) -> bool:
    """Equal, and nothing to remember of it: only where local edits are kept must one know what was agreed
    on."""
    wanted, actual = comparison.wanted.options, comparison.dependent.options
    return (
        not comparison.holds
        and not comparison.keeps_local(Field.OPTIONS)
        and len(wanted) == len(actual)
        and all(mine.name == theirs.name for mine, theirs in zip(wanted, actual, strict=True))
        and all(mine.options == theirs.options for mine, theirs in pairs.linked)
    )


def _moves(comparison: Comparison, mine: Variant, theirs: Variant) -> bool:
    return comparison.moves(Field.OPTIONS, _values(mine), _values(theirs), theirs)


def _add_restructure(
    comparison: Comparison, options: tuple[Option, ...], variants: Mapping[VariantId, Values]
) -> None:
    comparison.add(
        Action.RESTRUCTURE,
        Field.OPTIONS,
        structure(comparison.dependent),
        {
            "options": dump_options(options),
            "variants": {gid: dump_option_values(values) for gid, values in variants.items()},
        },
        main_hash=_fingerprint(comparison.wanted),
        local_edit=any(ref.field == Field.OPTIONS for ref in comparison.overwritten),
    )


def unequal(code: ConflictCode, main: Product, dependent: Product, variants: Sequence[Variant]) -> Conflict:
    """A conflict of a product that is linked already, about some of main's variants."""
    skus = tuple(sorted({sku for variant in variants if (sku := variant.sku.strip())}))
    return Conflict(code, main.id, main.title, skus, (Candidate(dependent.id),), LINKED_ACTIONS)


def _fingerprint(wanted: Product) -> str:
    """Of main's whole structure: what an undone restructuring is held against."""
    return value_hash([_names(wanted), {variant.id: _values(variant) for variant in wanted.variants}])


def _names(product: Product) -> list[str]:
    return sorted(option.name for option in product.options)


def _values(variant: Variant) -> list[list[str]]:
    return sorted([option.option, option.value] for option in variant.options)


def _restructured(
    wanted: Product, actual: Product, pairs: Pairs, moved: set[VariantId]
) -> dict[VariantId, Values] | None:
    """Option values of every variant of the dependent, in its order, once it has main's options.

    A variant that only the dependent has, or whose values are kept local, keeps its values under main's
    names: options of the same name belong together, the others by position. None where that would be a guess:
    other number of options, or two variants would be equal.
    """
    values = {
        theirs.id: _ordered(mine.options, wanted)
        for mine, theirs in pairs.linked
        if theirs.id in moved or _values(mine) == _values(theirs)
    }
    others = [variant for variant in actual.variants if variant.id not in values]
    if others and len(wanted.options) != len(actual.options):
        return None
    renamed = _renaming(wanted, actual) if others else {}
    for variant in others:
        renamed_values = tuple(
            OptionValue(renamed[value.option], value.value)
            for value in variant.options
            if value.option in renamed
        )
        values[variant.id] = _ordered(renamed_values, wanted)
    combinations = Counter(values.values())
    combinations.update(_ordered(variant.options, wanted) for variant in pairs.missing)
    if any(count > 1 for count in combinations.values()):
        return None
    return {variant.id: values[variant.id] for variant in actual.variants}


def _renaming(wanted: Product, actual: Product) -> dict[str, str]:
    mine = [option.name for option in wanted.options]
    theirs = [option.name for option in actual.options]
    new = [name for name in mine if name not in theirs]
    old = [name for name in theirs if name not in mine]
    return {name: name for name in theirs if name in mine} | dict(zip(old, new, strict=True))


def _ordered(values: Values, product: Product) -> Values:
    """A variant's option values in the order of the product's options."""
    by_name = {value.option: value for value in values}
    return tuple(by_name[option.name] for option in product.options if option.name in by_name)


def _options(wanted: Product, variants: Mapping[VariantId, Values]) -> tuple[Option, ...]:
    """Main's options with the values that the dependent's variants use: main's order, then what only the
    dependent has."""
    result = []
    for index, option in enumerate(wanted.options):
        used = list(dict.fromkeys(values[index].value for values in variants.values() if index < len(values)))
        known = [value for value in option.values if value in used]
        result.append(Option(option.name, (*known, *(value for value in used if value not in known))))
    return tuple(result)


def _compare_option_order(
    comparison: Comparison, options: tuple[Option, ...], created: Sequence[Variant]
) -> None:
    used = {value for variant in comparison.wanted.variants for value in variant.options}
    wanted = {
        option.name: [value for value in option.values if OptionValue(option.name, value) in used]
        for option in comparison.wanted.options
    }
    actual = {
        option.name: [value for value in option.values if value in wanted.get(option.name, ())]
        for option in options
    }
    for variant in created:
        for name, value in ((item.option, item.value) for item in variant.options):
            if value not in actual.setdefault(name, []):
                actual[name].append(value)
    present = {name: set(values) for name, values in actual.items()}
    comparison.value(
        Field.OPTION_ORDER,
        [[name, [value for value in values if value in present[name]]] for name, values in wanted.items()],
        [[name, values] for name, values in actual.items()],
        action=Action.REORDER,
    )


def _compare_variant_order(comparison: Comparison, pairs: Pairs, created: Sequence[Variant]) -> None:
    """Told in main's ids."""
    main_of = {theirs.id: mine.id for mine, theirs in pairs.linked}
    actual = [main_of[item.id] for item in comparison.dependent.variants if item.id in main_of]
    actual += [variant.id for variant in created]
    there = set(actual)
    wanted = [variant.id for variant in comparison.wanted.variants if variant.id in there]
    if wanted != actual or comparison.keeps_local(Field.VARIANT_ORDER):
        comparison.value(Field.VARIANT_ORDER, wanted, actual, action=Action.REORDER)
