"""What becomes of a dependent's product or variant whose twin is gone from main: never more than the settings
own."""

from collections.abc import Collection, Mapping

from backend.sync.catalog import NO_ITEM, NO_VARIANT, Product, ProductStatus, Variant, VariantId
from backend.sync.catalog_json import dump_product, dump_variant
from backend.sync.changeset import Action, Change
from backend.sync.comparison import NO_HOLDS, Hold
from backend.sync.fields import Field, Lane
from backend.sync.fingerprint import Json
from backend.sync.link import ProductLink, Ref, VariantLink
from backend.sync.rules import Rules
from backend.sync.settings import MissingProductPolicy, MissingVariantPolicy

_STATUS = {
    MissingProductPolicy.DRAFT: ProductStatus.DRAFT,
    MissingProductPolicy.ARCHIVE: ProductStatus.ARCHIVED,
    MissingProductPolicy.DELETE: ProductStatus.DRAFT,
}


def gone_product(
    dependent: Product, link: ProductLink, rules: Rules, holds: Mapping[Ref, Hold] = NO_HOLDS
) -> tuple[Change, ...]:
    """The policy's changes for a product that is confirmed gone from main (asked for by id, after the grace).

    DELETE deletes what this app created and drafts what it did not. Statuses and products belong to the
    details: where the settings don't own those, the product stays as it is.
    """
    policy = rules.settings.missing_product
    if not rules.settings.owns_details:
        return ()
    if policy is MissingProductPolicy.DELETE and link.created_by_us:
        if Ref(dependent.id, Field.PRODUCT) in holds:
            return ()
        before = dump_product(dependent)
        delete = _change(
            dependent, link, None, None, action=Action.DELETE_PRODUCT, field=Field.PRODUCT, before=before
        )
        return (delete,)
    status = _STATUS.get(policy)
    hidden = dependent.status in (ProductStatus.DRAFT, ProductStatus.ARCHIVED)
    if (
        status is None
        or hidden
        or Field.STATUS not in rules.written
        or Ref(dependent.id, Field.STATUS) in holds
    ):
        return ()
    hide = _change(
        dependent,
        link,
        None,
        None,
        action=Action.SET,
        field=Field.STATUS,
        before=dependent.status.value,
        after=status.value,
    )
    return (hide,)


def gone_variants(
    dependent: Product,
    link: ProductLink,
    gone: Collection[VariantId],
    rules: Rules,
    holds: Mapping[Ref, Hold] = NO_HOLDS,
) -> tuple[Change, ...]:
    """The policy's changes for linked variants (main ids in `gone`) that are confirmed gone from main.

    DELETE deletes what this app created, as long as a variant remains (Shopify keeps no product without one);
    what it may not delete goes out of stock.
    """
    policy = rules.settings.missing_variant
    if policy is MissingVariantPolicy.KEEP:
        return ()
    variants = {variant.id: variant for variant in dependent.variants}
    ties = [tie for tie in link.variants.values() if tie.main in gone and tie.dependent in variants]
    deletable = [
        tie
        for tie in ties
        if policy is MissingVariantPolicy.DELETE
        and tie.created_by_us
        and Field.VARIANT in rules.written
        and Ref(tie.dependent, Field.VARIANT) not in holds
    ]
    if len(deletable) == len(variants):
        deletable = deletable[1:]
    changes = [
        _change(
            dependent,
            link,
            tie,
            variants[tie.dependent],
            action=Action.DELETE_VARIANT,
            field=Field.VARIANT,
            before=dump_variant(variants[tie.dependent]),
        )
        for tie in deletable
    ]
    if Field.STOCK in rules.written:
        for tie in ties:
            if tie not in deletable:
                changes += _zeroed(dependent, link, tie, variants[tie.dependent], rules)
    return tuple(sorted(changes, key=lambda change: change.sort_key))


def _zeroed(
    dependent: Product, link: ProductLink, tie: VariantLink, variant: Variant, rules: Rules
) -> list[Change]:
    """At the locations that main feeds; stock elsewhere is the dependent's own."""
    if not variant.tracked:
        return []
    return [
        _change(
            dependent,
            link,
            tie,
            variant,
            action=Action.SET,
            field=Field.STOCK,
            lane=Lane.STOCK,
            key=location,
            before=variant.stock[location],
            after=0,
        )
        for location in rules.location_map.sources
        if variant.stock.get(location, 0) > 0
    ]


def _change(
    dependent: Product,
    link: ProductLink,
    tie: VariantLink | None,
    variant: Variant | None,
    *,
    action: Action,
    field: Field,
    lane: Lane = Lane.DETAILS,
    key: str = "",
    before: Json = None,
    after: Json = None,
) -> Change:
    return Change(
        lane=lane,
        action=action,
        field=field,
        key=key,
        main_product=link.main,
        main_variant=NO_VARIANT if tie is None else tie.main,
        product=dependent.id,
        variant=NO_VARIANT if variant is None else variant.id,
        inventory_item=NO_ITEM if variant is None else variant.inventory_item_id,
        title=dependent.title,
        sku="" if variant is None else variant.sku,
        before=before,
        after=after,
    )
