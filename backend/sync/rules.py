"""What a dependent should say: a main product projected into the dependent's terms by the connection's
rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from backend.errors import ErrorCode
from backend.sync.catalog import Product, ShopFacts
from backend.sync.link import Ref
from backend.sync.settings import LocationMap, SyncSettings

NO_REFERENCES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Rules:
    """Everything a plan of one connection depends on, besides the products themselves.

    `location_map`: from `stock.location_map(...)`. `references`: main gid -> dependent gid, for metafields
    that refer to products, variants, files…; may hold just those that the current page of products mentions
    (`rules.references_of`).
    `repair`: a person asked for a full sync; then mirrored stock is written wherever it differs. Work that
    starts by itself leaves a dependent's own sales alone and writes only what main moved.
    """

    settings: SyncSettings
    main: ShopFacts
    dependent: ShopFacts
    location_map: LocationMap
    references: Mapping[str, str] = field(default_factory=lambda: NO_REFERENCES, hash=False)
    variant_limit: int = 2048
    repair: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that can't be carried over, and why: PRICE refs carry CURRENCY_RATE_MISSING or
    CURRENCY_CHANGED, STOCK LOCATION_MISSING, METAFIELD REFERENCE_NOT_LINKED. `ref.subject` is main's product
    or variant id."""

    ref: Ref
    code: ErrorCode


@dataclass(frozen=True, slots=True)
class Desired:
    """`product` keeps main's ids (product, variants, media, inventory items); all values are the
    dependent's."""

    product: Product
    refused: tuple[Refusal, ...] = ()


def desired(main: Product, rules: Rules) -> Desired:
    """The whole product as the dependent would have it, whatever the settings own (`diff` asks that)."""
    raise NotImplementedError


def references_of(main: Product, rules: Rules) -> frozenset[str]:
    """The gids that the product's synced metafields refer to, for `Rules.references`."""
    raise NotImplementedError
