"""What is told about a rule is what the rule does."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import ErrorCode
from backend.sync.catalog import LocationId
from backend.sync.comparison import Hold
from backend.sync.explain import (
    Standing,
    Step,
    StepKind,
    explain_money,
    explain_price,
    explain_stock,
    standing,
)
from backend.sync.fields import Field
from backend.sync.pricing import price
from backend.sync.rules import desired
from backend.sync.settings import (
    DetailField,
    FieldGroup,
    LocalEditPolicy,
    LocationMap,
    PriceRules,
    ProductScope,
    SyncSettings,
)
from backend.sync.stock import desired_stock
from tests.sync.factories import HERE, THERE, product, rules, variant

D = Decimal
AMOUNTS = st.decimals(0, 100_000, places=2)
RULES = st.builds(
    PriceRules,
    conversion_rate=st.none() | st.decimals("0.0001", 200, places=4),
    rate_from=st.just("EUR"),
    rate_to=st.sampled_from(["EUR", "JPY", "KWD"]),
    percent=st.just(D(0)) | st.decimals(-100, 300, places=2),
    amount=st.just(D(0)) | st.decimals(-50, 50, places=2),
    ending=st.none() | st.sampled_from([D(0), D("0.5"), D("0.95"), D("0.99")]),
)
A, B, C, X, Y = (LocationId(name) for name in "ABCXY")
PLACES = LocationMap({X: (A, B), Y: (C,)})


@given(AMOUNTS, RULES)
def test_the_steps_of_a_price_end_with_the_price(amount: Decimal, given: PriceRules) -> None:
    to = given.rate_to if given.conversion_rate is not None else "EUR"
    steps = explain_price(amount, given, "EUR", to)
    assert steps[0] == Step(StepKind.MAIN, amount)
    assert steps[-1].result == price(amount, given, "EUR", to)
    kinds = [step.kind for step in steps]
    assert kinds == sorted(kinds, key=list(StepKind).index)


def test_every_step_of_a_price_names_its_setting() -> None:
    given = PriceRules(D("1.2"), "EUR", "USD", percent=D(10), amount=D(1), ending=D("0.95"))
    assert explain_price(D("10.00"), given, "EUR", "USD") == (
        Step(StepKind.MAIN, D("10.00")),
        Step(StepKind.CONVERSION, D("12"), D("1.2")),
        Step(StepKind.PERCENT, D("13.2"), D(10)),
        Step(StepKind.AMOUNT, D("14.2"), D(1)),
        Step(StepKind.ENDING, D("13.95"), D("0.95")),
    )
    yen = PriceRules(D("161.25"), "EUR", "JPY")
    assert explain_price(D("10.00"), yen, "EUR", "JPY")[-1] == Step(StepKind.ROUNDED, D(1613))
    assert explain_price(D(0), given, "EUR", "USD") == (Step(StepKind.MAIN, D(0)),)
    assert explain_price(D(1), PriceRules(), "EUR", "USD") == ()


@given(AMOUNTS, st.none() | AMOUNTS, st.none() | AMOUNTS, RULES)
def test_the_steps_of_money_end_with_what_the_rules_want(
    amount: Decimal, before: Decimal | None, cost: Decimal | None, given: PriceRules
) -> None:
    mine = variant(price=amount, compare_at_price=before, cost=cost)
    settings = SyncSettings(products=ProductScope.ALL, price_rules=given)
    own = rules(settings)
    own = replace(own, dependent=replace(own.dependent, currency=given.rate_to))
    own = replace(own, main=replace(own.main, currency="EUR"))
    wanted = desired(product(mine), own).product.variants[0]
    values = {
        Field.PRICE: wanted.price,
        Field.COMPARE_AT_PRICE: wanted.compare_at_price,
        Field.COST: wanted.cost,
    }
    for field, value in values.items():
        steps = explain_money(field, mine, own)
        if field in own.written and steps:
            assert steps[-1].result == value


@given(
    st.dictionaries(st.sampled_from([A, B, C]), st.integers(-20, 1_500_000_000)),
    st.integers(0, 30),
    st.none() | st.integers(0, 30),
)
def test_the_steps_of_stock_end_with_the_quantity(
    stock: dict[LocationId, int], buffer: int, cap: int | None
) -> None:
    settings = SyncSettings(stock_buffer=buffer, stock_cap=cap)
    wanted = desired_stock(stock, PLACES, settings)
    for target, sources in PLACES.sources.items():
        found = explain_stock(stock, PLACES, settings, target)
        assert found is not None
        assert dict(found.sources) == {place: stock.get(place, 0) for place in sources}
        assert found.steps[0].result == sum(quantity for _, quantity in found.sources)
        assert found.steps[-1].result == wanted[target]
    assert explain_stock(stock, PLACES, settings, A) is None


OWN = rules(SyncSettings(products=ProductScope.ALL))
PRICES = rules(SyncSettings(prices=True, quantities=False))
MASKED = rules(SyncSettings(products=ProductScope.ALL, fields=frozenset({DetailField.TITLE})))
KEEPING = rules(
    SyncSettings(products=ProductScope.ALL, local_edits={FieldGroup.DETAILS: LocalEditPolicy.KEEP_LOCAL})
)
ELSEWHERE = replace(OWN, dependent=replace(OWN.dependent, currency="JPY"))
CLOSED = replace(OWN, location_map=LocationMap({THERE: (HERE,)}, (X,)))


@pytest.mark.parametrize(
    ("field", "key", "own", "facts", "expected"),
    [
        (Field.TITLE, "", OWN, {}, (Standing.MAIN, None)),
        (Field.TITLE, "", PRICES, {}, (Standing.GROUP_OFF, None)),
        (Field.STOCK, THERE, PRICES, {}, (Standing.GROUP_OFF, None)),
        (Field.VENDOR, "", MASKED, {}, (Standing.FIELD_OFF, None)),
        (Field.HANDLE, "", OWN, {}, (Standing.FIELD_OFF, None)),
        (Field.METAFIELD, "app--1.note", OWN, {}, (Standing.FIELD_OFF, None)),
        (Field.METAFIELD, "custom.note", OWN, {}, (Standing.MAIN, None)),
        (Field.TITLE, "", OWN, {"hold": Hold(None)}, (Standing.KEPT_LOCAL, None)),
        (
            Field.PRICE, "", OWN, {"hold": Hold("1"), "undone": True, "wanted_hash": "1"},
            (Standing.UNDONE, None),
        ),
        (
            Field.PRICE, "", OWN, {"hold": Hold("1"), "undone": True, "wanted_hash": "2"},
            (Standing.MAIN, None),
        ),
        (Field.TITLE, "", KEEPING, {"kept_edit": True}, (Standing.EDIT_KEPT, None)),
        (Field.TITLE, "", OWN, {"kept_edit": True}, (Standing.MAIN, None)),
        (Field.PRICE, "", ELSEWHERE, {}, (Standing.PAUSED, ErrorCode.CURRENCY_RATE_MISSING)),
        (Field.STOCK, THERE, OWN, {}, (Standing.MAIN, None)),
        (Field.STOCK, THERE, OWN, {"tracked": False}, (Standing.UNTRACKED, None)),
        (Field.STOCK, Y, OWN, {}, (Standing.NOT_FED, None)),
        (Field.STOCK, X, CLOSED, {}, (Standing.PAUSED, ErrorCode.LOCATION_INACTIVE)),
    ],
)  # fmt: skip
def test_whose_word_counts(
    field: Field, key: str, own: object, facts: dict[str, object], expected: object
) -> None:
    assert standing(field, key, own, **facts) == expected  # type: ignore[arg-type]
