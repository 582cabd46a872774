"""Details of linked products: the mask, local edits, prices that pause."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from backend.sync.catalog import (
    InventoryPolicy,
    ProductStatus,
    Weight,
)
from backend.sync.diff import Diff, plan_product
from backend.sync.fingerprint import value_hash
from backend.sync.link import LinkOrigin, Ref, agreement
from backend.sync.settings import (
    DetailField,
    NewProductStatus,
    PriceRules,
    SyncSettings,
)
from tests.sync.factories import (
    DEPENDENT,
    EVERYTHING,
    ONLY_DETAILS,
    ONLY_PRICES,
    TWIN,
    link,
    product,
    rules,
    twin,
    variant,
)
from tests.sync.plans import KEEP, masked, plan, values

DETAILS = [
    (DetailField.TITLE, "TITLE", {"title": "Hat"}, "Shirt", "Hat"),
    (DetailField.DESCRIPTION, "DESCRIPTION", {"description_html": "<p>a</p>"}, "", "<p>a</p>"),
    (DetailField.VENDOR, "VENDOR", {"vendor": "Acme"}, "", "Acme"),
    (DetailField.PRODUCT_TYPE, "PRODUCT_TYPE", {"product_type": "Hats"}, "", "Hats"),
    (DetailField.CATEGORY, "CATEGORY", {"category_id": "gid://c"}, "", "gid://c"),
    (DetailField.TAGS, "TAGS", {"tags": ("b", "a")}, [], ["a", "b"]),
    (DetailField.STATUS, "STATUS", {"status": ProductStatus.ARCHIVED}, "ACTIVE", "ARCHIVED"),
    (DetailField.SEO, "SEO_TITLE", {"seo_title": "t"}, "", "t"),
    (DetailField.SEO, "SEO_DESCRIPTION", {"seo_description": "d"}, "", "d"),
    (DetailField.TEMPLATE_SUFFIX, "TEMPLATE_SUFFIX", {"template_suffix": "wide"}, "", "wide"),
    (DetailField.HANDLE, "HANDLE", {"handle": "hat"}, "", "hat"),
]
VARIANT_DETAILS = [
    (DetailField.SKU, "SKU", {"sku": "NEW"}, "SKU-1", "NEW"),
    (DetailField.BARCODE, "BARCODE", {"barcode": "4006"}, "", "4006"),
    (
        DetailField.WEIGHT,
        "WEIGHT",
        {"weight": Weight(Decimal("1.50"), "KILOGRAMS")},
        None,
        {"value": "1.5", "unit": "KILOGRAMS"},
    ),
    (DetailField.TAXABLE, "TAXABLE", {"taxable": False}, True, False),
    (DetailField.REQUIRES_SHIPPING, "REQUIRES_SHIPPING", {"requires_shipping": False}, True, False),
    (DetailField.TRACKED, "TRACKED", {"tracked": True}, False, True),
    (
        DetailField.INVENTORY_POLICY,
        "INVENTORY_POLICY",
        {"inventory_policy": InventoryPolicy.CONTINUE},
        "DENY",
        "CONTINUE",
    ),
    (DetailField.HS_CODE, "HS_CODE", {"hs_code": "610910"}, "", "610910"),
    (DetailField.COUNTRY_OF_ORIGIN, "COUNTRY_OF_ORIGIN", {"country_of_origin": "PT"}, "", "PT"),
    (DetailField.COST, "COST", {"cost": Decimal("3")}, None, "3.00"),
]


@pytest.mark.parametrize(("detail", "name", "fields", "before", "after"), DETAILS)
def test_product_detail(
    detail: DetailField, name: str, fields: dict[str, Any], before: object, after: object
) -> None:
    dependent = twin(product())
    main = replace(product(), **fields)
    assert values(plan(main, dependent, masked())) == [(name, before, after)]
    assert values(plan(main, dependent, masked(detail))) == []


@pytest.mark.parametrize(("detail", "name", "fields", "before", "after"), VARIANT_DETAILS)
def test_variant_detail(
    detail: DetailField, name: str, fields: dict[str, Any], before: object, after: object
) -> None:
    dependent = twin(product())
    main = product(replace(variant(), **fields))
    found = plan(main, dependent, masked())
    assert values(found) == [(name, before, after)]
    assert found.changes[0].variant == "d-variant-1"
    assert values(plan(main, dependent, masked(detail))) == []


def test_handle_is_opt_in() -> None:
    main = product(handle="hat")
    assert values(plan(main, twin(main, handle="cap"))) == []


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"handle": "A Hat!"}, {"handle": "a-hat"}),
        ({"tags": ("b", "a ", "a")}, {"tags": ("a", "b")}),
    ],
)
def test_values_that_mean_the_same(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert values(plan(product(**mine), twin(product(), **theirs), masked())) == []


def test_no_weight_and_zero_are_equal() -> None:
    main = product(variant(weight=Weight(Decimal(0), "POUNDS")))
    dependent = twin(product(variant()))
    assert values(plan(main, dependent)) == []


def title_case(main: str, dependent: str, base: tuple[str, str] | None, settings: SyncSettings) -> Diff:
    mark = {} if base is None else {Ref(TWIN, "TITLE"): agreement(value_hash(base[0]), value_hash(base[1]))}
    mine = product(title=main)
    return plan(mine, twin(mine, title=dependent), settings, base=mark)


@pytest.mark.parametrize(
    ("main", "dependent", "base", "changes", "changes_when_kept", "edited"),
    [
        ("A", "B", None, True, True, False),
        ("B", "A", ("A", "A"), True, True, False),
        ("A", "B", ("A", "A"), True, False, True),
        ("C", "B", ("A", "A"), True, False, True),
        ("A", "a", ("A", "a"), False, False, False),
        ("B", "a", ("A", "a"), True, True, False),
        ("A", "b", ("A", "a"), True, False, True),
        ("A", "A", ("A", "A"), False, False, False),
    ],
)
def test_three_ways(
    main: str,
    dependent: str,
    base: tuple[str, str] | None,
    changes: bool,
    changes_when_kept: bool,
    edited: bool,
) -> None:
    main_wins = title_case(main, dependent, base, EVERYTHING)
    keep = title_case(main, dependent, base, KEEP)
    assert values(main_wins) == ([("TITLE", dependent, main)] if changes else [])
    assert values(keep) == ([("TITLE", dependent, main)] if changes_when_kept else [])
    assert [edit.kept for edit in main_wins.local_edits] == ([False] if edited else [])
    assert [edit.kept for edit in keep.local_edits] == ([True] if edited else [])


def test_base_of_what_is_no_longer_owned_is_forgotten() -> None:
    main = product()
    price = Ref("d-variant-1", "PRICE")
    found = plan(main, twin(main), ONLY_DETAILS, base={price: value_hash("10.00")})
    assert found.forgotten == (price,)
    kept = plan(main, twin(main), ONLY_PRICES, base={price: value_hash("10.00")})
    assert kept.forgotten == ()


def test_paused_prices_let_the_rest_go_on() -> None:
    main = product(variant(price=Decimal("12")), title="New")
    dependent = twin(product())
    dollars = replace(DEPENDENT, currency="USD")
    mark = {Ref("d-variant-1", "PRICE"): value_hash("10.00")}
    found = plan_product(main, dependent, link(main, dependent, base=mark), rules(dependent=dollars))
    assert values(found) == [("TITLE", "Shirt", "New")]
    assert {(refusal.ref.field, refusal.code.value) for refusal in found.refused} == {
        ("PRICE", "CURRENCY_RATE_MISSING"),
        ("COMPARE_AT_PRICE", "CURRENCY_RATE_MISSING"),
        ("COST", "CURRENCY_RATE_MISSING"),
    }
    assert found.forgotten == ()
    created = plan_product(main, None, None, rules(dependent=dollars))
    assert created.changes == ()
    assert [(item.ref.field, item.code.value) for item in created.refused] == [
        ("PRODUCT", "CURRENCY_RATE_MISSING")
    ]


@pytest.mark.parametrize(
    ("price", "compare_at", "expected"),
    [("10", "12", "12.00"), ("10", "10", None), ("10", "8", None), ("10", None, None)],
)
def test_compare_at_price(price: str, compare_at: str | None, expected: str | None) -> None:
    main = product(
        variant(price=Decimal(price), compare_at_price=None if compare_at is None else Decimal(compare_at))
    )
    dependent = twin(product(variant(price=Decimal(price), compare_at_price=Decimal("99"))))
    assert values(plan(main, dependent, ONLY_PRICES)) == [("COMPARE_AT_PRICE", "99.00", expected)]
    without = replace(ONLY_PRICES, price_rules=PriceRules(compare_at=False))
    assert values(plan(main, dependent, without)) == []


def test_new_product_as_draft_is_not_published_by_the_next_sync() -> None:
    main = product()
    settings = replace(EVERYTHING, new_product_status=NewProductStatus.DRAFT)
    (change,) = plan_product(main, None, None, rules(settings)).changes
    assert isinstance(change.after, dict)
    assert change.after["product"]["status"] == "DRAFT"
    draft = twin(main, status=ProductStatus.DRAFT)
    first = plan(main, draft, settings, origin=LinkOrigin.CREATED)
    assert values(first) == []
    later = plan(
        replace(main, status=ProductStatus.ARCHIVED),
        draft,
        settings,
        origin=LinkOrigin.CREATED,
        base=first.agreed,
    )
    assert values(later) == [("STATUS", "DRAFT", "ARCHIVED")]
