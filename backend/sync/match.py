"""Which dependent product belongs to a main product: certain, to be created, or a person's decision. Never a
guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from backend.sync.catalog import NO_VARIANT, Product, ProductId, VariantId
from backend.sync.link import LinkOrigin, ProductLink
from backend.sync.settings import SyncSettings


class ConflictCode(StrEnum):
    DUPLICATE_SKU_IN_MAIN = "DUPLICATE_SKU_IN_MAIN"
    DUPLICATE_SKU_IN_DEPENDENT = "DUPLICATE_SKU_IN_DEPENDENT"
    MISSING_SKU = "MISSING_SKU"
    SPLIT_PRODUCT = "SPLIT_PRODUCT"
    MERGED_PRODUCT = "MERGED_PRODUCT"
    UNEQUAL_OPTIONS = "UNEQUAL_OPTIONS"
    UNEQUAL_VARIANTS = "UNEQUAL_VARIANTS"
    TOO_MANY_VARIANTS = "TOO_MANY_VARIANTS"


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

    `link` must be None when the dependent's product is confirmed gone.
    """
    raise NotImplementedError
