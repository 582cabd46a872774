"""Compares what a dependent should say with what it says, and with what was last agreed on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from backend.errors import ErrorCode
from backend.sync.catalog import MediaId, Product, ProductStatus, Variant
from backend.sync.changeset import Change
from backend.sync.comparison import NO_HOLDS, Comparison, Hold, LocalEdit
from backend.sync.creation import create_product, create_variants
from backend.sync.fields import PRODUCT_FIELDS, VARIANT_FIELDS, Field, Lane
from backend.sync.fingerprint import value_hash
from backend.sync.link import NO_BASE, NO_MEDIA, ProductLink, Ref, VariantLink, agreement
from backend.sync.match import Conflict, ConflictCode
from backend.sync.media import compare_media, compare_variant_media
from backend.sync.metafields import compare_metafields
from backend.sync.options import compare_options, compare_order, unequal
from backend.sync.pairing import Pairs, pair_variants
from backend.sync.pool import compare_pool
from backend.sync.rules import Desired, Refusal, Rules
from backend.sync.rules import desired as project
from backend.sync.settings import NewProductStatus, StockMode
from backend.sync.survey import Difference, DifferenceReason, Survey
from backend.sync.values import PRODUCT_VALUES, VARIANT_VALUES, money, money_hash, weight_hash
from backend.sync.values import weight as weight_value

__all__ = [
    "NO_HOLDS",
    "Diff",
    "Difference",
    "DifferenceReason",
    "Hold",
    "LocalEdit",
    "diff_product",
    "plan_product",
]


@dataclass(frozen=True, slots=True)
class Diff:
    """What is to be done and to be remembered about one product. All mappings hold only what is new.

    `agreed`: base entries to store. `forgotten`: base entries to drop (the settings stopped owning them, or
    their hold was released). `variants`, `media`: links found by this comparison. `released`: holds to drop,
    main's value moved on. `held`: values that differ and are held, for parity. `absent`: linked variants that
    main's product no longer has; once confirmed, `gone.gone_variants` says what becomes of them. `conflicts`:
    what of this product a person must decide. `compared`, how many values were, and `different`, all that
    differ, with the reason, are for reports, and told only to who asks.
    """

    changes: tuple[Change, ...] = ()
    agreed: Mapping[Ref, str] = field(default_factory=lambda: NO_BASE, hash=False)
    forgotten: tuple[Ref, ...] = ()
    variants: tuple[VariantLink, ...] = ()
    media: Mapping[MediaId, MediaId] = field(default_factory=lambda: NO_MEDIA, hash=False)
    local_edits: tuple[LocalEdit, ...] = ()
    released: tuple[Ref, ...] = ()
    held: tuple[Ref, ...] = ()
    absent: tuple[VariantLink, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    refused: tuple[Refusal, ...] = ()
    compared: int = 0
    different: tuple[Difference, ...] = ()


# TRACKED goes with the quantities, and weights are dear to put into words.
_OWN_WAY = frozenset({Field.TRACKED, Field.WEIGHT})


def plan_product(
    main: Product,
    dependent: Product | None,
    link: ProductLink | None,
    rules: Rules,
    holds: Mapping[Ref, Hold] = NO_HOLDS,
    *,
    report: bool = False,
) -> Diff:
    """`desired` and `diff_product` in one: the plan for a matched product, or (no dependent, no link) for a
    new one.

    `link` of a product matched just now is `ProductLink(main.id, dependent.id, origin)`, without variants.
    """
    return diff_product(project(main, rules), dependent, link, rules, holds, report=report)


def diff_product(
    desired: Desired,
    dependent: Product | None,
    link: ProductLink | None,
    rules: Rules,
    holds: Mapping[Ref, Hold] = NO_HOLDS,
    *,
    report: bool = False,
) -> Diff:
    """The changes are sorted; equal input gives an equal Diff. `report` adds `compared` and `different`."""
    if dependent is None or link is None:
        changes, refused = create_product(desired.product, rules)
        return Diff(changes=changes, refused=(*desired.refused, *refused))
    pairs = pair_variants(desired.product, dependent, link)
    survey = Survey(desired.product, dependent, link, rules, holds) if report else None
    comparison = survey or Comparison(desired.product, dependent, link, rules, holds)
    _compare_values(comparison, pairs, desired.main)
    if rules.settings.owns_details:
        _compare_details(comparison, pairs, {refusal.ref for refusal in desired.refused})
    elif pairs.missing:
        _report(comparison, ConflictCode.UNEQUAL_VARIANTS, pairs.missing)
    _report_ambiguous(comparison, pairs)
    subject = desired.product.id
    paused = [Refusal(Ref(subject, name), code) for name, code in rules.paused.items()]
    if Field.STOCK in rules.written:
        paused += [
            Refusal(Ref(subject, Field.STOCK, location), ErrorCode.LOCATION_INACTIVE)
            for location in rules.location_map.inactive
        ]
    refused = (*desired.refused, *paused, *comparison.refused)
    compared, different = survey.report(refused) if survey else (0, ())
    if link.base:
        comparison.forgotten += _disowned(link.base, rules)
    return Diff(
        changes=tuple(sorted(comparison.changes, key=lambda change: change.sort_key)),
        agreed=comparison.agreed,
        forgotten=tuple(ref for ref in dict.fromkeys(comparison.forgotten) if ref not in comparison.agreed),
        variants=tuple(pairs.fresh),
        media=comparison.media,
        local_edits=tuple(comparison.local_edits),
        released=tuple(comparison.released),
        held=tuple(comparison.held),
        absent=tuple(pairs.absent),
        conflicts=tuple(comparison.conflicts),
        refused=refused,
        compared=compared,
        different=different,
    )


def _disowned(base: Mapping[Ref, str], rules: Rules) -> list[Ref]:
    """What was agreed on and the settings own no more, or main feeds no more."""
    owned, levels = rules.owned, rules.agreeable
    return [
        ref
        for ref in base
        if ref.field not in owned
        or (ref.key and levels is not None and ref.field == Field.STOCK and ref.key not in levels)
    ]


def _compare_values(comparison: Comparison, pairs: Pairs, main: Product) -> None:
    """Stock and prices, the two that most connections own."""
    written, free = comparison.rules.written, not comparison.holds
    price, compare_at = Field.PRICE in written, Field.COMPARE_AT_PRICE in written
    stock, tracking = Field.STOCK in written, Field.TRACKED in written
    shared = comparison.rules.settings.stock_mode is StockMode.SHARED
    for mine, theirs in pairs.linked:
        tracked = theirs.tracked
        if tracking:
            lane = Lane.STOCK if stock and mine.tracked else Lane.DETAILS
            if comparison.value(Field.TRACKED, mine.tracked, tracked, mine, theirs, lane=lane):
                tracked = mine.tracked
        if stock and shared:
            compare_pool(comparison, main, mine, theirs, tracked=tracked)
        elif stock and tracked and mine.tracked:
            for location, quantity in mine.stock.items():
                comparison.stock(location, quantity, mine, theirs)
        if price:
            _compare_money(comparison, Field.PRICE, mine.price, theirs.price, mine, theirs, free)
        if compare_at:
            _compare_money(
                comparison,
                Field.COMPARE_AT_PRICE,
                mine.compare_at_price,
                theirs.compare_at_price,
                mine,
                theirs,
                free,
            )


def _compare_money(
    comparison: Comparison,
    name: Field,
    wanted: Decimal | None,
    actual: Decimal | None,
    mine: Variant,
    theirs: Variant,
    free: bool,
) -> None:
    if free and wanted == actual:
        comparison.equal(theirs.id, name, money_hash(wanted))
    else:
        comparison.value(name, money(wanted), money(actual), mine, theirs)


def _compare_weight(comparison: Comparison, mine: Variant, theirs: Variant, free: bool) -> None:
    if free and mine.weight == theirs.weight:
        comparison.equal(theirs.id, Field.WEIGHT, weight_hash(mine.weight))
    else:
        comparison.value(Field.WEIGHT, weight_value(mine.weight), weight_value(theirs.weight), mine, theirs)


def _compare_details(comparison: Comparison, pairs: Pairs, refused: set[Ref]) -> None:
    wanted, actual, rules = comparison.wanted, comparison.dependent, comparison.rules
    written = rules.written
    free = not comparison.holds
    for name in PRODUCT_FIELDS:
        if name in written and not (name is Field.STATUS and _is_new_draft(comparison)):
            read = PRODUCT_VALUES[name]
            value, there = read(wanted), read(actual)
            if free and value == there:
                comparison.equal(actual.id, name, value_hash(value))
            else:
                comparison.value(name, value, there)
    variant_fields = [
        (name, VARIANT_VALUES[name]) for name in VARIANT_FIELDS if name in written and name not in _OWN_WAY
    ]
    weight = Field.WEIGHT in written
    for mine, theirs in pairs.linked:
        if weight:
            _compare_weight(comparison, mine, theirs, free)
        for name, of in variant_fields:
            value, there = of(mine), of(theirs)
            if free and value == there:
                comparison.equal(theirs.id, name, value_hash(value))
            else:
                comparison.value(name, value, there, mine, theirs)
    if Field.METAFIELD in written:
        compare_metafields(comparison, pairs, refused)
    structure = compare_options(comparison, pairs)
    created = create_variants(comparison, pairs, structure) if pairs.missing else []
    if Field.OPTION_ORDER in written and structure is not None:
        compare_order(comparison, pairs, structure.options, created)
    if Field.MEDIA in written or Field.VARIANT_MEDIA in written:
        table, added = compare_media(comparison)
        if Field.VARIANT_MEDIA in written:
            compare_variant_media(comparison, pairs, table, added, created)


def _is_new_draft(comparison: Comparison) -> bool:
    """Created as a draft, by the settings, and not agreed on since: its publication is for the dependent to
    decide."""
    wanted, actual = comparison.wanted.status, comparison.dependent.status
    new = (
        actual is ProductStatus.DRAFT
        and wanted is not ProductStatus.DRAFT
        and comparison.rules.settings.new_product_status is NewProductStatus.DRAFT
        and comparison.link.created_by_us
    )
    ref = Ref(comparison.dependent.id, Field.STATUS)
    if not new or ref in comparison.base:
        return False
    comparison.agreed[ref] = agreement(value_hash(wanted.value), value_hash(actual.value))
    return True


def _report_ambiguous(comparison: Comparison, pairs: Pairs) -> None:
    if not pairs.ambiguous:
        return
    skus = [variant.sku.strip() for variant in comparison.wanted.variants]
    theirs = [variant.sku.strip() for variant in comparison.dependent.variants]
    of_code: dict[ConflictCode, list[Variant]] = {}
    for variant in pairs.ambiguous:
        sku = variant.sku.strip()
        if sku and skus.count(sku) > 1:
            code = ConflictCode.DUPLICATE_SKU_IN_MAIN
        elif sku and theirs.count(sku) > 1:
            code = ConflictCode.DUPLICATE_SKU_IN_DEPENDENT
        else:
            code = ConflictCode.UNEQUAL_VARIANTS
        of_code.setdefault(code, []).append(variant)
    for code, variants in of_code.items():
        _report(comparison, code, variants)


def _report(comparison: Comparison, code: ConflictCode, variants: list[Variant]) -> None:
    comparison.conflicts.append(unequal(code, comparison.wanted, comparison.dependent, variants))
