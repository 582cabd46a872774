"""Metafields by namespace, references and money in the dependent's terms."""

from dataclasses import replace
from decimal import Decimal

import pytest

from backend.sync.catalog import (
    Metafield,
)
from backend.sync.changeset import Change
from backend.sync.diff import Diff, plan_product
from backend.sync.fingerprint import value_hash
from backend.sync.link import Ref
from backend.sync.settings import (
    PriceRules,
    ProductScope,
)
from backend.sync.settle import settled
from tests.sync.factories import (
    DEPENDENT,
    ONLY_DETAILS,
    TWIN,
    link,
    product,
    rules,
    text,
    twin,
)
from tests.sync.plans import KEEP, plan


def meta(diff: Diff) -> list[tuple[str, object, object]]:
    return [(change.key, change.before, change.after) for change in diff.changes]


def fit(value: str) -> dict[str, str]:
    return {"type": "single_line_text_field", "value": value}


def test_metafields_by_namespace() -> None:
    mine = (
        text("fit", "slim"),
        text("fit", "x", "app--9--reviews"),
        text("fit", "y", "$app"),
        text("a", "b", "specs"),
    )
    main = product(metafields=mine)
    dependent = twin(main, metafields=(text("fit", "wide"), text("own", "1")))
    assert meta(plan(main, dependent)) == [
        ("custom.fit", fit("wide"), fit("slim")),
        ("specs.a", None, fit("b")),
    ]
    only = replace(ONLY_DETAILS, metafield_namespaces=frozenset({"specs", "app--9--reviews"}))
    assert meta(plan(main, dependent, only)) == [("specs.a", None, fit("b"))]


def test_metafield_that_main_removed() -> None:
    main = product()
    dependent = twin(main, metafields=(text("fit", "slim"),))
    ref = Ref(TWIN, "METAFIELD", "custom.fit")
    assert meta(plan(main, dependent)) == []
    agreed = {ref: value_hash(fit("slim"))}
    removal = plan(main, dependent, base=agreed)
    assert meta(removal) == [("custom.fit", fit("slim"), None)]
    assert settled(removal.changes[0], None).forgotten == (ref,)
    edited = {ref: value_hash(fit("before"))}
    assert meta(plan(main, dependent, KEEP, base=edited)) == []
    assert plan(main, twin(main), base=agreed).forgotten == (ref,)
    excluded = replace(ONLY_DETAILS, metafield_namespaces=frozenset({"specs"}))
    assert (meta(plan(main, dependent, excluded, base=agreed))) == []
    assert plan(main, dependent, excluded, base=agreed).forgotten == (ref,)


def reference(value: str, kind: str = "product_reference") -> Metafield:
    return Metafield("custom", "see", kind, value)


@pytest.mark.parametrize(
    ("mine", "known", "expected"),
    [
        (reference("gid://shopify/Product/7"), True, "gid://shopify/Product/507"),
        (reference("gid://shopify/Product/7"), False, None),
        (
            reference('["gid://shopify/Product/7","gid://shopify/Product/8"]', "list.product_reference"),
            True,
            '["gid://shopify/Product/507","gid://shopify/Product/508"]',
        ),
        (
            reference("gid://shopify/TaxonomyValue/17", "product_taxonomy_value_reference"),
            False,
            "gid://shopify/TaxonomyValue/17",
        ),
        (reference("gid://shopify/Product/7", "single_line_text_field"), False, "gid://shopify/Product/7"),
    ],
)
def test_references_translate_through_links(mine: Metafield, known: bool, expected: str | None) -> None:
    main = product(metafields=(mine,))
    dependent = twin(product())
    table = {f"gid://shopify/Product/{number}": f"gid://shopify/Product/50{number}" for number in (7, 8)}
    found = plan_product(
        main, dependent, link(main, dependent), rules(ONLY_DETAILS, references=table if known else {})
    )
    if expected is None:
        assert found.changes == ()
        assert [(item.ref, item.code.value) for item in found.refused] == [
            (Ref(main.id, "METAFIELD", "custom.see"), "REFERENCE_NOT_LINKED")
        ]
    else:
        assert meta(found) == [("custom.see", None, {"type": mine.type, "value": expected})]


def test_refused_reference_is_not_taken_for_removed() -> None:
    main = product(metafields=(reference("gid://shopify/Product/7"),))
    dependent = twin(product(), metafields=(reference("gid://shopify/Product/999"),))
    ref = Ref(TWIN, "METAFIELD", "custom.see")
    mark = value_hash({"type": "product_reference", "value": "gid://shopify/Product/999"})
    found = plan(main, dependent, base={ref: mark})
    assert (found.changes, found.forgotten) == ((), ())


def test_money_metafield_is_converted() -> None:
    main = product(
        metafields=(Metafield("custom", "fee", "money", '{"amount":"10.00","currency_code":"EUR"}'),)
    )
    dependent = twin(product())
    settings = replace(
        ONLY_DETAILS, price_rules=PriceRules(Decimal("1.5"), "EUR", "USD"), products=ProductScope.MATCHED
    )
    found = plan_product(
        main, dependent, link(main, dependent), rules(settings, dependent=replace(DEPENDENT, currency="USD"))
    )
    change: Change = found.changes[0]
    assert change.after == {"type": "money", "value": '{"amount":"15.00","currency_code":"USD"}'}
