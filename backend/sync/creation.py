"""Products and variants that a dependent lacks."""

from collections.abc import Mapping

from backend.sync.catalog import (
    NO_STOCK,
    InventoryPolicy,
    LocationId,
    Media,
    MediaId,
    Product,
    ProductStatus,
    Variant,
)
from backend.sync.catalog_json import dump_product, dump_variant
from backend.sync.changeset import Action, Change
from backend.sync.comparison import Comparison
from backend.sync.fields import Field, Lane
from backend.sync.fingerprint import value_hash
from backend.sync.link import Ref
from backend.sync.match import ConflictCode
from backend.sync.media import MEDIA_LIMIT
from backend.sync.options import Structure, unequal
from backend.sync.origin import origin_value
from backend.sync.pairing import Pairs
from backend.sync.pricing import PriceRefusal
from backend.sync.rules import Refusal, Rules, project_prices
from backend.sync.settings import NewProductStatus

NO_PICTURES: frozenset[MediaId] = frozenset()


def create_product(wanted: Product, rules: Rules) -> tuple[tuple[Change, ...], tuple[Refusal, ...]]:
    """The change that creates a product, or why it waits: without a rate it would get a wrong price.

    Carries what the settings own, and what a product can't be without: title, options, status, and the price,
    once.
    """
    settings = rules.settings
    if isinstance(rules.pricing, PriceRefusal):
        return (), (Refusal(Ref(wanted.id, Field.PRODUCT), rules.pricing.code),)
    owned = rules.owned
    origin = origin_value(rules.main.domain, wanted.id)
    draft = settings.new_product_status is NewProductStatus.DRAFT
    media: tuple[Media, ...] = ()
    if Field.MEDIA in owned:
        media = tuple(item for item in wanted.media if item.ready and item.url)[:MEDIA_LIMIT]
    pictures = frozenset(item.id for item in media) if Field.VARIANT_MEDIA in owned else NO_PICTURES
    product = Product(
        id=wanted.id,
        title=wanted.title,
        handle=wanted.handle if Field.HANDLE in owned else "",
        description_html=wanted.description_html if Field.DESCRIPTION in owned else "",
        vendor=wanted.vendor if Field.VENDOR in owned else "",
        product_type=wanted.product_type if Field.PRODUCT_TYPE in owned else "",
        category_id=wanted.category_id if Field.CATEGORY in owned else "",
        tags=wanted.tags if Field.TAGS in owned else (),
        status=ProductStatus.DRAFT if draft else wanted.status,
        seo_title=wanted.seo_title if Field.SEO_TITLE in owned else "",
        seo_description=wanted.seo_description if Field.SEO_DESCRIPTION in owned else "",
        template_suffix=wanted.template_suffix if Field.TEMPLATE_SUFFIX in owned else "",
        origin=origin,
        options=wanted.options,
        variants=tuple(_created(variant, rules, pictures) for variant in wanted.variants),
        media=media,
        metafields=wanted.metafields,
    )
    value = dump_product(product)
    change = Change(
        lane=Lane.DETAILS,
        action=Action.CREATE_PRODUCT,
        field=Field.PRODUCT,
        main_product=wanted.id,
        title=wanted.title,
        sku=next((variant.sku for variant in wanted.variants if variant.sku), ""),
        after={"product": value, "origin": origin, "publish": settings.publish_new_products},
        main_hash=value_hash(value),
    )
    return (change,), ()


def create_variants(comparison: Comparison, pairs: Pairs, structure: Structure | None) -> list[Variant]:
    """Adds a change for each of main's variants that the dependent lacks and can have; answers those."""
    rules, wanted, actual = comparison.rules, comparison.wanted, comparison.dependent
    if structure is None:
        if not comparison.conflicts:
            comparison.conflicts.append(unequal(ConflictCode.UNEQUAL_OPTIONS, wanted, actual, pairs.missing))
        return []
    missing = [variant for variant in pairs.missing if structure.has_room_for(variant)]
    if len(missing) < len(pairs.missing):
        crowded = [variant for variant in pairs.missing if variant not in missing]
        comparison.conflicts.append(unequal(ConflictCode.UNEQUAL_VARIANTS, wanted, actual, crowded))
    if len(actual.variants) + len(missing) > rules.variant_limit:
        comparison.conflicts.append(unequal(ConflictCode.TOO_MANY_VARIANTS, wanted, actual, missing))
        return []
    if isinstance(rules.pricing, PriceRefusal):
        comparison.refused += [
            Refusal(Ref(variant.id, Field.VARIANT), rules.pricing.code) for variant in missing
        ]
        return []
    for variant in missing:
        after = dump_variant(_created(variant, rules, NO_PICTURES))
        comparison.add(
            Action.CREATE_VARIANT, Field.VARIANT, None, after, variant, main_hash=value_hash(after)
        )
    return missing


def _created(variant: Variant, rules: Rules, pictures: frozenset[MediaId]) -> Variant:
    """`variant` as projected by the rules, less what the settings don't own, plus what a new one needs."""
    owned = rules.owned
    price, compare_at = variant.price, variant.compare_at_price
    if Field.PRICE not in owned and not isinstance(rules.pricing, PriceRefusal):
        price, compare_at = project_prices(
            variant, rules.pricing, compare_at=rules.settings.price_rules.compare_at
        )
    # Without tracking there is no stock to sync.
    tracked = variant.tracked and not owned.isdisjoint({Field.TRACKED, Field.STOCK})
    return Variant(
        id=variant.id,
        inventory_item_id=variant.inventory_item_id,
        options=variant.options,
        position=variant.position,
        sku=variant.sku if Field.SKU in owned else "",
        barcode=variant.barcode if Field.BARCODE in owned else "",
        price=price,
        compare_at_price=compare_at,
        cost=variant.cost if Field.COST in rules.written else None,
        taxable=variant.taxable if Field.TAXABLE in owned else True,
        inventory_policy=(
            variant.inventory_policy if Field.INVENTORY_POLICY in owned else InventoryPolicy.DENY
        ),
        tracked=tracked,
        requires_shipping=variant.requires_shipping if Field.REQUIRES_SHIPPING in owned else True,
        weight=variant.weight if Field.WEIGHT in owned else None,
        hs_code=variant.hs_code if Field.HS_CODE in owned else "",
        country_of_origin=variant.country_of_origin if Field.COUNTRY_OF_ORIGIN in owned else "",
        media_id=variant.media_id if variant.media_id in pictures else None,
        metafields=variant.metafields,
        stock=_opening_stock(variant, rules) if tracked else NO_STOCK,
    )


def _opening_stock(variant: Variant, rules: Rules) -> Mapping[LocationId, int]:
    """The synced quantities; 0 at the mapped locations where the settings leave stock to the dependent."""
    if Field.STOCK in rules.owned:
        return variant.stock
    return dict.fromkeys(rules.location_map.sources, 0)
