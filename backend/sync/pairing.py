"""Pairs the variants of a linked product: by id, then SKU, then option values. What stays ambiguous is left
to a person."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from backend.sync.catalog import Product, Variant, VariantId
from backend.sync.link import LinkOrigin, ProductLink, VariantLink


@dataclass(slots=True)
class Pairs:
    """`linked` in main's order. `missing`: main's, to be created. `ambiguous`: main's, several or
    contradictory counterparts. `extra`: only the dependent has them. `fresh`: links found just now. `absent`:
    links whose main variant main's product no longer has, though the dependent still has its own."""

    linked: list[tuple[Variant, Variant]] = field(default_factory=list)
    missing: list[Variant] = field(default_factory=list)
    ambiguous: list[Variant] = field(default_factory=list)
    extra: list[Variant] = field(default_factory=list)
    fresh: list[VariantLink] = field(default_factory=list)
    absent: list[VariantLink] = field(default_factory=list)


def pair_variants(main: Product, dependent: Product, link: ProductLink) -> Pairs:
    pairs = Pairs()
    known = link.variants
    free = {variant.id: variant for variant in dependent.variants}
    partner: dict[VariantId, Variant] = {}
    left: list[Variant] = []
    for variant in main.variants:
        tie = known.get(variant.id)
        counterpart = free.pop(tie.dependent, None) if tie is not None else None
        if counterpart is None:
            left.append(variant)
        else:
            partner[variant.id] = counterpart
    if left and free:
        _pair_left(left, free, partner, _trusted(main, free, link))
    created = link.created_by_us
    taken_skus = {variant.sku.strip() for variant in free.values()} - {""}
    combinations = {key(variant) for variant in free.values() for key in (_by_name, _by_value)} - {None}
    for variant in main.variants:
        found = partner.get(variant.id)
        if found is not None:
            pairs.linked.append((variant, found))
            tie = known.get(variant.id)
            if tie is None or tie.dependent != found.id:
                pairs.fresh.append(VariantLink(variant.id, found.id, created))
        elif (
            variant.sku.strip() in taken_skus
            or _by_name(variant) in combinations
            or _by_value(variant) in combinations
        ):
            pairs.ambiguous.append(variant)
        else:
            pairs.missing.append(variant)
    pairs.extra = list(free.values())
    if len(known) > len(pairs.linked) - len(pairs.fresh):
        pairs.absent = _absent(main, known, free)
    return pairs


def _absent(
    main: Product, known: Mapping[VariantId, VariantLink], free: Mapping[VariantId, Variant]
) -> list[VariantLink]:
    present = {variant.id for variant in main.variants}
    return [tie for tie in known.values() if tie.main not in present and tie.dependent in free]


def _trusted(main: Product, free: Mapping[VariantId, Variant], link: ProductLink) -> frozenset[VariantId]:
    """The dependent's variants whose options outweigh an unequal SKU: all, where the products belong together
    for another reason than a SKU; else those whose main variant was deleted, perhaps to be made anew."""
    if link.origin is not LinkOrigin.SKU:
        return frozenset(free)
    present = {variant.id for variant in main.variants}
    return frozenset(tie.dependent for tie in link.variants.values() if tie.main not in present)


def _pair_left(
    left: list[Variant],
    free: dict[VariantId, Variant],
    partner: dict[VariantId, Variant],
    trusted: frozenset[VariantId],
) -> None:
    def tie(
        key: Callable[[Variant], Hashable], agree: Callable[[Variant, Variant], bool] = lambda *_: True
    ) -> None:
        """Pairs those whose key (None: not usable) is unique on both sides."""
        if not left or not free:
            return
        mine, theirs = _index(left, key), _index(free.values(), key)
        for value, variants in mine.items():
            counterparts = theirs.get(value, ())
            if len(variants) == 1 and len(counterparts) == 1 and agree(variants[0], counterparts[0]):
                partner[variants[0].id] = free.pop(counterparts[0].id)
        left[:] = [variant for variant in left if variant.id not in partner]

    def compatible(mine: Variant, theirs: Variant) -> bool:
        return theirs.id in trusted or not (mine.sku.strip() and theirs.sku.strip())

    tie(lambda variant: variant.sku.strip() or None)
    tie(lambda variant: (variant.sku.strip(), variant.options) if variant.options else None)
    tie(_by_name, compatible)
    tie(_by_value, compatible)
    if len(left) == len(free) == 1 and not partner and trusted >= free.keys():
        partner[left[0].id] = free.popitem()[1]
        left.clear()


def _index(variants: Iterable[Variant], key: Callable[[Variant], Hashable]) -> dict[Hashable, list[Variant]]:
    index: dict[Hashable, list[Variant]] = defaultdict(list)
    for variant in variants:
        value = key(variant)
        if value is not None:
            index[value].append(variant)
    return index


def _by_name(variant: Variant) -> Hashable:
    return frozenset((option.option, option.value) for option in variant.options) or None


def _by_value(variant: Variant) -> Hashable:
    """Option values in order, for products whose options bear other names: "Taille: S" is "Size: S"."""
    return tuple(option.value for option in variant.options) or None
