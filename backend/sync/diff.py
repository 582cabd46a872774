"""Compares what a dependent should say with what it says, and with what was last agreed on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from backend.sync.catalog import MediaId, Product, VariantId
from backend.sync.changeset import Change
from backend.sync.fingerprint import Json
from backend.sync.link import NO_BASE, NO_MEDIA, ProductLink, Ref, VariantLink
from backend.sync.match import Conflict
from backend.sync.rules import Desired, Refusal, Rules


@dataclass(frozen=True, slots=True)
class Hold:
    """A dependent's value that stays as it is until main's value hashes to something else than `main_hash`;
    for good when that is None."""

    main_hash: str | None = None


@dataclass(frozen=True, slots=True)
class LocalEdit:
    """The dependent changed a value that was agreed on. `kept`: the settings keep it; else main's value is
    in the changes."""

    ref: Ref
    main: Json
    dependent: Json
    kept: bool


NO_HOLDS: Mapping[Ref, Hold] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Diff:
    """What is to be done and to be remembered about one product. All mappings hold only what is new.

    `agreed`: base entries to store. `forgotten`: base entries to drop (the settings stopped owning them, or
    their hold was released). `variants`, `media`: links found by this comparison. `released`: holds to drop,
    main's value moved on.
    `held`: values that differ and are held, for parity. `absent`: linked variants that main's product no
    longer has; once confirmed, `gone_variants` says what becomes of them. `conflicts`: what of this product
    a person must decide.
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


def plan_product(
    main: Product,
    dependent: Product | None,
    link: ProductLink | None,
    rules: Rules,
    holds: Mapping[Ref, Hold] = NO_HOLDS,
) -> Diff:
    """`desired` and `diff_product` in one: the plan for a matched product, or (no dependent, no link) for a
    new one.

    `link` of a product matched just now is `ProductLink(main.id, dependent.id, origin)`, without variants.
    """
    raise NotImplementedError


def diff_product(
    desired: Desired,
    dependent: Product | None,
    link: ProductLink | None,
    rules: Rules,
    holds: Mapping[Ref, Hold] = NO_HOLDS,
) -> Diff:
    raise NotImplementedError


def gone_product(
    dependent: Product, link: ProductLink, rules: Rules, holds: Mapping[Ref, Hold] = NO_HOLDS
) -> tuple[Change, ...]:
    """The policy's changes for a product that is confirmed gone from main (asked for by id, after the
    grace)."""
    raise NotImplementedError


def gone_variants(
    dependent: Product,
    link: ProductLink,
    gone: Collection[VariantId],
    rules: Rules,
    holds: Mapping[Ref, Hold] = NO_HOLDS,
) -> tuple[Change, ...]:
    """The policy's changes for linked variants (main ids in `gone`) that are confirmed gone from main."""
    raise NotImplementedError
