"""What becomes of the dependent's product or variant when main's is confirmed gone."""

from dataclasses import replace
from typing import Any

import pytest

from backend.sync.catalog import LocationId, Product, ProductStatus, VariantId
from backend.sync.changeset import Change
from backend.sync.comparison import Hold
from backend.sync.gone import gone_product, gone_variants
from backend.sync.link import LinkOrigin, Ref
from backend.sync.settings import (
    DetailField,
    MissingProductPolicy,
    MissingVariantPolicy,
    SyncSettings,
)
from tests.sync.factories import (
    EVERYTHING,
    HERE,
    ONLY_PRICES,
    ONLY_STOCK,
    THERE,
    TWIN,
    link,
    product,
    rules,
    twin,
    variant,
)

MAIN = product(variant(1, "S", tracked=True, stock={HERE: 4}), variant(2, "M", tracked=True, stock={HERE: 0}))
DEPENDENT = twin(MAIN)
GONE = {VariantId("variant-1"), VariantId("variant-2")}


def product_changes(
    policy: MissingProductPolicy,
    origin: LinkOrigin = LinkOrigin.SKU,
    settings: SyncSettings = EVERYTHING,
    dependent: Product = DEPENDENT,
    **fields: Any,
) -> list[tuple[str, object, object]]:
    chosen = replace(settings, missing_product=policy)
    found = gone_product(dependent, link(MAIN, dependent, origin), rules(chosen), **fields)
    return [(change.action.value, change.field.value, change.after) for change in found]


@pytest.mark.parametrize(
    ("policy", "origin", "expected"),
    [
        (MissingProductPolicy.KEEP, LinkOrigin.CREATED, []),
        (MissingProductPolicy.DRAFT, LinkOrigin.SKU, [("SET", "STATUS", "DRAFT")]),
        (MissingProductPolicy.ARCHIVE, LinkOrigin.SKU, [("SET", "STATUS", "ARCHIVED")]),
        (MissingProductPolicy.DELETE, LinkOrigin.CREATED, [("DELETE_PRODUCT", "PRODUCT", None)]),
        (MissingProductPolicy.DELETE, LinkOrigin.ORIGIN, [("DELETE_PRODUCT", "PRODUCT", None)]),
        (MissingProductPolicy.DELETE, LinkOrigin.SKU, [("SET", "STATUS", "DRAFT")]),
        (MissingProductPolicy.DELETE, LinkOrigin.MANUAL, [("SET", "STATUS", "DRAFT")]),
    ],
)
def test_product(policy: MissingProductPolicy, origin: LinkOrigin, expected: list[object]) -> None:
    assert product_changes(policy, origin) == expected


@pytest.mark.parametrize("status", [ProductStatus.DRAFT, ProductStatus.ARCHIVED])
def test_hidden_product_stays_as_it_is(status: ProductStatus) -> None:
    hidden = replace(DEPENDENT, status=status)
    assert product_changes(MissingProductPolicy.DRAFT, dependent=hidden) == []


def test_product_that_the_settings_do_not_own() -> None:
    masked = replace(EVERYTHING, fields=EVERYTHING.fields - {DetailField.STATUS})
    for settings in (ONLY_PRICES, ONLY_STOCK, masked):
        assert product_changes(MissingProductPolicy.DRAFT, settings=settings) == []
    assert product_changes(MissingProductPolicy.DELETE, LinkOrigin.CREATED, ONLY_STOCK) == []


def test_undone_draft_stays_undone() -> None:
    assert product_changes(MissingProductPolicy.DRAFT, holds={Ref(TWIN, "STATUS"): Hold()}) == []


def variant_changes(
    policy: MissingVariantPolicy,
    origin: LinkOrigin = LinkOrigin.SKU,
    settings: SyncSettings = EVERYTHING,
    dependent: Product = DEPENDENT,
    gone: set[VariantId] = GONE,
) -> tuple[Change, ...]:
    chosen = replace(settings, missing_variant=policy)
    return gone_variants(dependent, link(MAIN, dependent, origin), gone, rules(chosen))


def told(changes: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.action.value, change.variant) for change in changes]


def test_variant_goes_out_of_stock_where_main_feeds_it() -> None:
    elsewhere = LocationId("elsewhere")
    first, second = DEPENDENT.variants
    stocked = replace(DEPENDENT, variants=(replace(first, stock={THERE: 4, elsewhere: 9}), second))
    (change,) = variant_changes(MissingVariantPolicy.ZERO_STOCK, dependent=stocked)
    assert (change.lane, change.field, change.key, change.before, change.after) == (
        "STOCK",
        "STOCK",
        THERE,
        4,
        0,
    )
    assert change.inventory_item == first.inventory_item_id
    assert change.main_hash is None


def test_variant_policies() -> None:
    assert variant_changes(MissingVariantPolicy.KEEP, LinkOrigin.CREATED) == ()
    assert variant_changes(MissingVariantPolicy.ZERO_STOCK, settings=ONLY_PRICES) == ()
    assert told(variant_changes(MissingVariantPolicy.DELETE)) == [("SET", "d-variant-1")]
    only_second = {VariantId("variant-2")}
    assert told(variant_changes(MissingVariantPolicy.DELETE, LinkOrigin.CREATED, gone=only_second)) == [
        ("DELETE_VARIANT", "d-variant-2")
    ]
    assert told(variant_changes(MissingVariantPolicy.DELETE, LinkOrigin.CREATED, settings=ONLY_STOCK)) == [
        ("SET", "d-variant-1")
    ]


def test_last_variant_is_never_deleted() -> None:
    assert told(variant_changes(MissingVariantPolicy.DELETE, LinkOrigin.CREATED)) == [
        ("SET", "d-variant-1"),
        ("DELETE_VARIANT", "d-variant-2"),
    ]


def test_untracked_variant_has_no_stock_to_take() -> None:
    first, second = DEPENDENT.variants
    untracked = replace(DEPENDENT, variants=(replace(first, tracked=False), second))
    assert variant_changes(MissingVariantPolicy.ZERO_STOCK, dependent=untracked) == ()
