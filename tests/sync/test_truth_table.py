"""All or matched × details, prices, quantities: what each row may touch, and what a product it creates
gets."""

from dataclasses import replace
from decimal import Decimal
from itertools import product as cross

import pytest

from backend.sync.catalog import Product
from backend.sync.catalog_json import load_product
from backend.sync.diff import plan_product
from backend.sync.link import ProductLink
from backend.sync.match import Candidates, CandidateVariant, Create, Linked, Unmatched, match_product
from backend.sync.settings import FieldGroup, ProductScope, SyncSettings
from tests.sync.factories import HERE, PRODUCT, THERE, TWIN, link, product, rules, twin, variant

SWITCHES = list(cross((False, True), repeat=3))
ROWS = [(scope, *switches) for scope in ProductScope for switches in SWITCHES]


def settings(scope: ProductScope, details: bool, prices: bool, quantities: bool) -> SyncSettings:
    return SyncSettings(scope, details=details, prices=prices, quantities=quantities)


def edited() -> tuple[Product, Product]:
    """A linked pair that differs in a detail, a price and a quantity."""
    main = product(variant(1, price=Decimal("12.00"), tracked=True, stock={HERE: 5}), title="New title")
    theirs = twin(main, title="Old title")
    return main, replace(
        theirs, variants=(replace(theirs.variants[0], price=Decimal("10.00"), stock={THERE: 2}),)
    )


@pytest.mark.parametrize(("scope", "details", "prices", "quantities"), ROWS)
def test_linked_product(scope: ProductScope, details: bool, prices: bool, quantities: bool) -> None:
    main, dependent = edited()
    found = plan_product(
        main, dependent, link(main, dependent), rules(settings(scope, details, prices, quantities))
    )
    expected: dict[str, tuple[object, object]] = {}
    if quantities:
        expected["STOCK"] = (2, 5)
    if prices:
        expected["PRICE"] = ("10.00", "12.00")
    if details or scope is ProductScope.ALL:
        expected["TITLE"] = ("Old title", "New title")
    assert {change.field: (change.before, change.after) for change in found.changes} == expected
    assert [change.lane for change in found.changes] == [
        {"STOCK": "STOCK", "PRICE": "PRICE", "TITLE": "DETAILS"}[name] for name in expected
    ]


@pytest.mark.parametrize(("scope", "details", "prices", "quantities"), ROWS)
def test_product_that_only_main_has(
    scope: ProductScope, details: bool, prices: bool, quantities: bool
) -> None:
    main, _ = edited()
    chosen = settings(scope, details, prices, quantities)
    match = match_product(main, link=None, candidates=Candidates(), settings=chosen)
    if scope is ProductScope.MATCHED:
        assert match == Unmatched()
        return
    assert match == Create()
    (change,) = plan_product(main, None, None, rules(chosen)).changes
    assert isinstance(change.after, dict)
    created = load_product(change.after["product"])
    (only,) = created.variants
    assert created.title == "New title"
    assert only.price == Decimal("12.00"), "a created product gets its price once, whatever is synced later"
    assert only.stock == {THERE: 5 if quantities else 0}
    assert change.after["origin"] == "main.myshopify.com/1"


@pytest.mark.parametrize(("scope", "details", "prices", "quantities"), ROWS)
def test_product_that_both_have_by_sku(
    scope: ProductScope, details: bool, prices: bool, quantities: bool
) -> None:
    main, dependent = edited()
    candidates = Candidates(by_sku={"SKU-1": (CandidateVariant(dependent.variants[0].id, TWIN, "SKU-1"),)})
    chosen = settings(scope, details, prices, quantities)
    match = match_product(main, link=None, candidates=candidates, settings=chosen)
    assert isinstance(match, Linked)
    assert (match.product, match.fresh) == (TWIN, True)


@pytest.mark.parametrize(("scope", "details", "prices", "quantities"), ROWS)
def test_variant_that_only_main_has(
    scope: ProductScope, details: bool, prices: bool, quantities: bool
) -> None:
    main = product(variant(1, "S"), variant(2, "M", price=Decimal("7.00")))
    whole = twin(main)
    dependent = replace(
        whole,
        variants=whole.variants[:1],
        options=(replace(whole.options[0], values=("S",)),),
    )
    chosen = settings(scope, details, prices, quantities)
    found = plan_product(main, dependent, ProductLink(PRODUCT, TWIN), rules(chosen))
    if details or scope is ProductScope.ALL:
        (change,) = found.changes
        assert (change.action, change.main_variant, change.product) == ("CREATE_VARIANT", "variant-2", TWIN)
        assert isinstance(change.after, dict)
        assert (change.after["price"], change.after["sku"]) == ("7.00", "SKU-2")
        assert found.conflicts == ()
    else:
        assert found.changes == ()
        (conflict,) = found.conflicts
        assert (conflict.code, conflict.skus) == ("UNEQUAL_VARIANTS", ("SKU-2",))


def test_all_implies_details() -> None:
    assert SyncSettings(ProductScope.ALL, details=False).groups >= {FieldGroup.DETAILS}
    assert FieldGroup.DETAILS not in SyncSettings(ProductScope.MATCHED, details=False).groups
