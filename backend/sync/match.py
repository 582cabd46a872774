"""Which dependent product belongs to a main product: certain, to be created, or a person's decision. Never a
guess."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from backend.sync.catalog import NO_VARIANT, Product, ProductId, VariantId
from backend.sync.link import LinkOrigin, ProductLink
from backend.sync.selection import is_selected
from backend.sync.settings import ProductScope, SyncSettings


class ConflictCode(StrEnum):
    """BY_HAND: none that the matching finds, but a person's word on a product that had none."""

    DUPLICATE_SKU_IN_MAIN = "DUPLICATE_SKU_IN_MAIN"
    DUPLICATE_SKU_IN_DEPENDENT = "DUPLICATE_SKU_IN_DEPENDENT"
    MISSING_SKU = "MISSING_SKU"
    SPLIT_PRODUCT = "SPLIT_PRODUCT"
    MERGED_PRODUCT = "MERGED_PRODUCT"
    UNEQUAL_OPTIONS = "UNEQUAL_OPTIONS"
    UNEQUAL_VARIANTS = "UNEQUAL_VARIANTS"
    TOO_MANY_VARIANTS = "TOO_MANY_VARIANTS"
    BY_HAND = "BY_HAND"


class ConflictAction(StrEnum):
    LINK_TO = "LINK_TO"
    CREATE_AS_NEW = "CREATE_AS_NEW"
    IGNORE = "IGNORE"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A dependent product (and variant, "" when the product as a whole) that a conflict is about."""

    product: ProductId
    variant: VariantId = NO_VARIANT
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A person has to look. A conflict of a linked product (UNEQUAL_*, TOO_MANY_VARIANTS) stops only the
    variants it names; the rest of the product goes on."""

    code: ConflictCode
    main_product: ProductId
    title: str = ""
    skus: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    actions: tuple[ConflictAction, ...] = ()


class DecisionKind(StrEnum):
    LINK_TO = "LINK_TO"
    CREATE_AS_NEW = "CREATE_AS_NEW"
    IGNORE = "IGNORE"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person chose for a main product; `product` is the dependent's, for LINK_TO."""

    kind: DecisionKind
    product: ProductId | None = None


@dataclass(frozen=True, slots=True)
class CandidateVariant:
    variant_id: VariantId
    product_id: ProductId
    sku: str


NO_CANDIDATES: Mapping[str, tuple[CandidateVariant, ...]] = MappingProxyType({})
NOT_TAKEN: Mapping[ProductId, ProductId] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is known about ONE main product.

    `by_origin`: the dependent product whose origin metafield names this main product.
    `by_sku`: trimmed SKU of the main product -> dependent variants that carry it.
    `duplicated_in_main`: those of its trimmed SKUs that more than one variant of the main shop carries.
    `rivals`: other main products that carry a SKU of a product in `by_sku`, and are not linked elsewhere.
    `taken`: dependent product -> main product it is linked to (for those in `by_sku`, `by_origin` and
    `decision`).
    """

    by_origin: ProductId | None = None
    by_sku: Mapping[str, tuple[CandidateVariant, ...]] = field(
        default_factory=lambda: NO_CANDIDATES, hash=False
    )
    duplicated_in_main: frozenset[str] = frozenset()
    rivals: frozenset[ProductId] = frozenset()
    taken: Mapping[ProductId, ProductId] = field(default_factory=lambda: NOT_TAKEN, hash=False)
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """`fresh`: there was no such link before; it is to be stored (and an older one of this main product
    dropped)."""

    product: ProductId
    origin: LinkOrigin
    fresh: bool


@dataclass(frozen=True, slots=True)
class Create:
    pass


@dataclass(frozen=True, slots=True)
class Unselected:
    """Outside the selection: a link it has is dropped, the dependent's product stays as it is."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Nothing to do: only main has it and only matched products are synced, or a person chose to ignore
    it."""

    ignored: bool = False


Match: TypeAlias = Linked | Create | Conflict | Unselected | Unmatched


ALL_ACTIONS = tuple(ConflictAction)


def match_product(
    main: Product,
    *,
    link: ProductLink | None,
    candidates: Candidates,
    settings: SyncSettings,
    variant_limit: int = 2048,
) -> Match:
    """Decides in this order: selection, a person's LINK_TO, the link by id, a person's IGNORE, the origin
    metafield, a person's CREATE_AS_NEW, SKU (trimmed, case-sensitive; an empty one never matches).

    `link` must be None when the dependent's product is confirmed gone. `variant_limit` is the dependent's
    (`shop.resourceLimits.maxProductVariants`).
    """
    if not is_selected(main, settings.selection):
        return Unselected()
    decision = candidates.decision
    if decision is not None and decision.kind is DecisionKind.LINK_TO and decision.product is not None:
        return _link_by_decision(main, decision.product, link, candidates)
    if link is not None:
        return Linked(link.dependent, link.origin, fresh=False)
    if decision is not None and decision.kind is DecisionKind.IGNORE:
        return Unmatched(ignored=True)
    twin = candidates.by_origin
    if twin is not None and candidates.taken.get(twin, main.id) == main.id:
        return Linked(twin, LinkOrigin.ORIGIN, fresh=True)
    if decision is not None and decision.kind is DecisionKind.CREATE_AS_NEW:
        return _create(main, variant_limit)
    return _match_by_sku(main, candidates, settings, variant_limit)


def _link_by_decision(
    main: Product, product: ProductId, link: ProductLink | None, candidates: Candidates
) -> Match:
    if link is not None and link.dependent == product:
        return Linked(product, link.origin, fresh=False)
    if candidates.taken.get(product, main.id) != main.id:
        return _conflict(ConflictCode.MERGED_PRODUCT, main, candidates=(Candidate(product),))
    return Linked(product, LinkOrigin.MANUAL, fresh=True)


def _match_by_sku(main: Product, candidates: Candidates, settings: SyncSettings, variant_limit: int) -> Match:
    skus = trimmed_skus(main)
    create = settings.products is ProductScope.ALL
    if not skus and not create:
        return _conflict(ConflictCode.MISSING_SKU, main)
    found = {
        sku: tuple(item for item in candidates.by_sku[sku] if item.sku.strip() == sku)
        for sku in skus
        if sku in candidates.by_sku
    }
    found = {sku: items for sku, items in found.items() if items}
    if not found:
        return _create(main, variant_limit) if create else Unmatched()

    def conflict(code: ConflictCode, skus: Iterable[str]) -> Conflict:
        everything = {
            Candidate(item.product_id, item.variant_id, sku) for sku, items in found.items() for item in items
        }
        ordered = tuple(sorted(everything, key=lambda item: (item.product, item.variant)))
        return _conflict(code, main, skus=tuple(sorted(skus)), candidates=ordered)

    twice_here = found.keys() & (candidates.duplicated_in_main | repeated_skus(main))
    if twice_here:
        return conflict(ConflictCode.DUPLICATE_SKU_IN_MAIN, twice_here)
    twice_there = {sku for sku, items in found.items() if len(items) > 1}
    if twice_there:
        return conflict(ConflictCode.DUPLICATE_SKU_IN_DEPENDENT, twice_there)
    products = {items[0].product_id for items in found.values()}
    if len(products) > 1:
        return conflict(ConflictCode.SPLIT_PRODUCT, found)
    product = products.pop()
    if candidates.taken.get(product, main.id) != main.id or candidates.rivals - {main.id}:
        return conflict(ConflictCode.MERGED_PRODUCT, found)
    return Linked(product, LinkOrigin.SKU, fresh=True)


def trimmed_skus(product: Product) -> tuple[str, ...]:
    """Each SKU once, in the order of the variants; empty ones don't count."""
    return tuple(dict.fromkeys(sku for variant in product.variants if (sku := variant.sku.strip())))


def repeated_skus(product: Product) -> frozenset[str]:
    counts = Counter(variant.sku.strip() for variant in product.variants)
    return frozenset(sku for sku, count in counts.items() if count > 1 and sku)


def _create(main: Product, variant_limit: int) -> Create | Conflict:
    if len(main.variants) > variant_limit:
        actions = (ConflictAction.LINK_TO, ConflictAction.IGNORE)
        return _conflict(ConflictCode.TOO_MANY_VARIANTS, main, actions=actions)
    return Create()


def _conflict(
    code: ConflictCode,
    main: Product,
    *,
    skus: tuple[str, ...] = (),
    candidates: tuple[Candidate, ...] = (),
    actions: tuple[ConflictAction, ...] = ALL_ACTIONS,
) -> Conflict:
    return Conflict(code, main.id, main.title, skus, candidates, actions)
