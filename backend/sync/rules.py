"""What a dependent should say: a main product projected into the dependent's terms by the connection's
rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from backend.errors import ErrorCode
from backend.sync.catalog import NO_STOCK, LocationId, Metafield, Product, ShopFacts, Variant
from backend.sync.fields import PRODUCT_FIELDS, VARIANT_FIELDS, Field
from backend.sync.link import Ref
from backend.sync.pricing import PriceRefusal, Pricing, conversion, pricing
from backend.sync.references import is_synced, references, translate
from backend.sync.settings import DetailField, LocationMap, StockMode, SyncSettings
from backend.sync.stock import desired_stock
from backend.sync.values import metafield_key

NO_REFERENCES: Mapping[str, str] = MappingProxyType({})

_PRICES = frozenset({Field.PRICE, Field.COMPARE_AT_PRICE, Field.COST})


@dataclass(frozen=True)
class Rules:
    """Everything a plan of one connection depends on, besides the products themselves.

    `location_map`: from `stock.location_map(...)`. `references`: main gid -> dependent gid, for metafields
    that refer to products, variants, files…; may hold just those that the current page of products mentions
    (`references_of`). `repair`: a person asked for a full sync; then mirrored stock is written wherever it
    differs. Work that starts by itself leaves a dependent's own sales alone and writes only what main moved.
    """

    settings: SyncSettings
    main: ShopFacts
    dependent: ShopFacts
    location_map: LocationMap
    references: Mapping[str, str] = field(default_factory=lambda: NO_REFERENCES, hash=False)
    variant_limit: int = 2048
    repair: bool = False

    @cached_property
    def pricing(self) -> Pricing | PriceRefusal:
        return pricing(self.settings.price_rules, self.main.currency, self.dependent.currency)

    @cached_property
    def conversion(self) -> Pricing | PriceRefusal:
        return conversion(self.settings.price_rules, self.main.currency, self.dependent.currency)

    @cached_property
    def owned(self) -> frozenset[Field]:
        """The fields that the settings own; nothing else is ever in a change of a linked product."""
        settings = self.settings
        owned = set()
        if settings.owns_details:
            owned.add(Field.VARIANT)
            owned |= {name for name, detail in PRODUCT_FIELDS.items() if settings.owns(detail)}
            owned |= {name for name, detail in VARIANT_FIELDS.items() if settings.owns(detail)}
            if settings.owns(DetailField.OPTIONS):
                owned |= {Field.OPTIONS, Field.OPTION_ORDER, Field.VARIANT_ORDER}
            if settings.owns(DetailField.MEDIA):
                owned |= {Field.MEDIA, Field.MEDIA_ORDER}
            if settings.owns(DetailField.VARIANT_MEDIA):
                owned.add(Field.VARIANT_MEDIA)
            if settings.owns(DetailField.METAFIELDS):
                owned.add(Field.METAFIELD)
        if settings.prices:
            owned.add(Field.PRICE)
            if settings.price_rules.compare_at:
                owned.add(Field.COMPARE_AT_PRICE)
        if settings.quantities:
            owned.add(Field.STOCK)
        return frozenset(owned)

    @cached_property
    def paused(self) -> Mapping[Field, ErrorCode]:
        """Owned fields that can't be written at the moment, and why; what was agreed on them is kept."""
        paused: dict[Field, ErrorCode] = {}
        if isinstance(self.pricing, PriceRefusal):
            paused |= dict.fromkeys(self.owned & _PRICES, self.pricing.code)
        locations = self.location_map
        if Field.STOCK in self.owned and not locations.sources:
            missing = ErrorCode.LOCATION_INACTIVE if locations.inactive else ErrorCode.LOCATION_MISSING
            paused[Field.STOCK] = missing
        return MappingProxyType(paused)

    @cached_property
    def agreeable(self) -> frozenset[LocationId] | None:
        """The dependent's locations whose quantities stay agreed on: those that main feeds, or will feed
        again once they are active. None: all, as long as nobody knows which.

        What becomes of shared stock at a location while that is deactivated are no sales.
        """
        locations = self.location_map
        if not (locations.sources or locations.inactive):
            return None
        shared = self.settings.stock_mode is StockMode.SHARED
        lost = self.dependent.inactive_locations if shared else ()
        return frozenset({*locations.sources, *locations.inactive}).difference(lost)

    @cached_property
    def written(self) -> frozenset[Field]:
        return self.owned - self.paused.keys()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that can't be carried over, and why: PRICE, COMPARE_AT_PRICE and COST carry
    CURRENCY_RATE_MISSING or CURRENCY_CHANGED; STOCK LOCATION_MISSING or LOCATION_INACTIVE (where other
    locations go on, `ref.key` is the dependent's that waits); METAFIELD REFERENCE_NOT_LINKED; MEDIA TOO_MANY.
    PRODUCT and VARIANT are not created for the code's reason. `ref.subject` is main's product or variant
    id."""

    ref: Ref
    code: ErrorCode


@dataclass(frozen=True, slots=True)
class Desired:
    """`product` keeps main's ids (product, variants, media, inventory items); the values that are written
    (`Rules.written`) are the dependent's, all others are main's. Metafields are those that flow. `main` is
    the product as main has it."""

    product: Product
    main: Product
    refused: tuple[Refusal, ...] = ()


def desired(main: Product, rules: Rules) -> Desired:
    """What the dependent's product should say by the rules, as far as the settings own it."""
    refused: list[Refusal] = []
    variants = tuple(_variant(variant, rules, refused) for variant in main.variants)
    metafields = _metafields(main.id, main.metafields, rules, refused)
    return Desired(_with(main, variants, metafields), main, tuple(refused))


def _with(main: Product, variants: tuple[Variant, ...], metafields: tuple[Metafield, ...]) -> Product:
    # Spelled out, as in `_variant`: this runs for every product of every sync.
    return Product(
        main.id,
        main.title,
        main.handle,
        main.description_html,
        main.vendor,
        main.product_type,
        main.category_id,
        main.tags,
        main.status,
        main.seo_title,
        main.seo_description,
        main.template_suffix,
        main.origin,
        main.options,
        variants,
        main.media,
        metafields,
        main.updated_at,
    )


def references_of(main: Product, rules: Rules) -> frozenset[str]:
    """The gids that the product's synced metafields refer to, for `Rules.references`."""
    if Field.METAFIELD not in rules.written:
        return frozenset()
    owners = (main.metafields, *(variant.metafields for variant in main.variants))
    namespaces = rules.settings.metafield_namespaces
    return frozenset(
        gid for values in owners for item in values if is_synced(item, namespaces) for gid in references(item)
    )


def project_prices(variant: Variant, convert: Pricing, *, compare_at: bool) -> tuple[Decimal, Decimal | None]:
    """Price and compare-at price; the latter is None unless it is above the price."""
    amount = convert(variant.price)
    if not compare_at or variant.compare_at_price is None:
        return amount, None
    before = convert(variant.compare_at_price)
    return amount, before if before > amount else None


def _variant(variant: Variant, rules: Rules, refused: list[Refusal]) -> Variant:
    written = rules.written
    price, compare_at, cost = variant.price, variant.compare_at_price, variant.cost
    stock = variant.stock if not variant.stock else NO_STOCK
    if Field.PRICE in written and not isinstance(rules.pricing, PriceRefusal):
        price, compare_at = project_prices(
            variant, rules.pricing, compare_at=rules.settings.price_rules.compare_at
        )
    if Field.COST in written and cost is not None and not isinstance(rules.conversion, PriceRefusal):
        cost = rules.conversion(cost)
    if Field.STOCK in written and variant.tracked:
        stock = desired_stock(variant.stock, rules.location_map, rules.settings)
    metafields = _metafields(variant.id, variant.metafields, rules, refused) if variant.metafields else ()
    if (
        stock is variant.stock
        and price == variant.price
        and compare_at == variant.compare_at_price
        and cost == variant.cost
        and metafields == variant.metafields
    ):
        return variant
    # Spelled out: `replace` costs three times as much, and this runs for every variant of every sync.
    return Variant(
        variant.id,
        variant.inventory_item_id,
        variant.options,
        variant.position,
        variant.sku,
        variant.barcode,
        price,
        compare_at,
        cost,
        variant.taxable,
        variant.inventory_policy,
        variant.tracked,
        variant.requires_shipping,
        variant.weight,
        variant.hs_code,
        variant.country_of_origin,
        variant.media_id,
        metafields,
        stock,
    )


def _metafields(
    owner: str, values: tuple[Metafield, ...], rules: Rules, refused: list[Refusal]
) -> tuple[Metafield, ...]:
    if not values or Field.METAFIELD not in rules.written:
        return ()
    kept = []
    for item in values:
        if not is_synced(item, rules.settings.metafield_namespaces):
            continue
        match translate(item, rules.references, rules.conversion, rules.dependent.currency):
            case Metafield() as translated:
                kept.append(translated)
            case code:
                refused.append(Refusal(Ref(owner, Field.METAFIELD, metafield_key(item)), code))
    return tuple(kept)
