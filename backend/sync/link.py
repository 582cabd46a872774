"""The durable tie of a main product to a dependent product, by ids, with what was last agreed on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from backend.sync.catalog import MediaId, ProductId, VariantId


class Ref(NamedTuple):
    """Names one value. `subject` is the dependent's product or variant id; main's, for what is yet to be
    created."""

    subject: str
    field: str
    key: str = ""


class LinkOrigin(StrEnum):
    """How a link came about. CREATED and ORIGIN are products that this app made; MANUAL is a person's
    decision."""

    SKU = "SKU"
    CREATED = "CREATED"
    ORIGIN = "ORIGIN"
    MANUAL = "MANUAL"


@dataclass(frozen=True, slots=True)
class VariantLink:
    main: VariantId
    dependent: VariantId
    created_by_us: bool = False


NO_VARIANTS: Mapping[VariantId, VariantLink] = MappingProxyType({})
NO_MEDIA: Mapping[MediaId, MediaId] = MappingProxyType({})
NO_BASE: Mapping[Ref, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ProductLink:
    """`variants` by main variant id; `media` main media id -> dependent media id; `base` the agreement per
    value of the product and of its variants (see `agreement`)."""

    main: ProductId
    dependent: ProductId
    origin: LinkOrigin = LinkOrigin.SKU
    variants: Mapping[VariantId, VariantLink] = field(default_factory=lambda: NO_VARIANTS, hash=False)
    media: Mapping[MediaId, MediaId] = field(default_factory=lambda: NO_MEDIA, hash=False)
    base: Mapping[Ref, str] = field(default_factory=lambda: NO_BASE, hash=False)

    @property
    def created_by_us(self) -> bool:
        return self.origin in (LinkOrigin.CREATED, LinkOrigin.ORIGIN)


def agreement(desired_hash: str, actual_hash: str) -> str:
    """What `base` stores for a value: "h" when the dependent says exactly what main wants, "d/a" when
    Shopify stored the written value in a form of its own (sanitised HTML, a normalised handle). Without the
    second part such a value would be written again by every sync."""
    return desired_hash if desired_hash == actual_hash else f"{desired_hash}/{actual_hash}"


def agreed_hashes(mark: str) -> tuple[str, str]:
    """The hashes (desired, actual) of an agreement."""
    desired, _, actual = mark.partition("/")
    return desired, actual or desired
