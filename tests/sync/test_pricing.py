from decimal import Decimal

import pytest

from backend.errors import ErrorCode
from backend.sync.pricing import PriceRefusal, conversion, minor_unit, price
from backend.sync.settings import PriceRules

D = Decimal


def rated(rate: str, source: str, target: str, **fields: object) -> PriceRules:
    return PriceRules(D(rate), source, target, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "rules", "expected"),
    [
        ("19.99", PriceRules(), "19.99"),
        ("19.995", PriceRules(), "20.00"),
        ("19.9949", PriceRules(), "19.99"),
        ("10.00", PriceRules(percent=D("10")), "11.00"),
        ("10.05", PriceRules(percent=D("-10")), "9.05"),  # 9.045, half up
        ("10.00", PriceRules(percent=D("-100")), "0.00"),
        ("10.00", PriceRules(amount=D("2.5")), "12.50"),
        ("2.00", PriceRules(amount=D("-5")), "0.00"),
        ("10.00", PriceRules(percent=D("10"), amount=D("1")), "12.00"),  # percent first
        ("10.30", PriceRules(ending=D("0.99")), "9.99"),
        ("10.50", PriceRules(ending=D("0.99")), "10.99"),
        ("10.49", PriceRules(ending=D("0.99")), "10.99"),  # equally near: the higher one
        ("10.99", PriceRules(ending=D("0.99")), "10.99"),
        ("0.20", PriceRules(ending=D("0.99")), "0.99"),
        ("10.40", PriceRules(ending=D("0.95")), "9.95"),
        ("10.46", PriceRules(ending=D("0.95")), "10.95"),
        ("10.49", PriceRules(ending=D("0")), "10.00"),
        ("10.50", PriceRules(ending=D("0")), "11.00"),
        ("0.30", PriceRules(ending=D("0")), "1.00"),  # never rounded to a gift
        ("0", PriceRules(percent=D("10"), amount=D("5"), ending=D("0.99")), "0.00"),  # free stays free
        ("100", PriceRules(percent=D("7"), amount=D("0.5"), ending=D("0.99")), "107.99"),
    ],
)
def test_same_currency(amount: str, rules: PriceRules, expected: str) -> None:
    found = price(D(amount), rules, "EUR", "EUR")
    assert isinstance(found, Decimal)
    assert str(found) == expected


@pytest.mark.parametrize(
    ("amount", "rate", "source", "target", "extra", "expected"),
    [
        ("10.00", "1.1", "EUR", "USD", {}, "11.00"),
        ("10.00", "161.25", "EUR", "JPY", {}, "1613"),  # 1612.5, half up, no cents
        ("10.00", "161.24", "EUR", "JPY", {}, "1612"),
        ("10.00", "0.3335", "EUR", "KWD", {}, "3.335"),
        ("1.00", "0.33345", "EUR", "KWD", {}, "0.333"),
        ("1.00", "0.3335", "EUR", "KWD", {"percent": D("1")}, "0.337"),  # 0.336835
        ("1000", "0.0062", "JPY", "EUR", {"ending": D("0.99")}, "5.99"),
        ("10.00", "160", "EUR", "JPY", {"ending": D("0.99")}, "1600"),  # 1599.99 in whole yen
        ("10.00", "1.2", "EUR", "USD", {"percent": D("10"), "amount": D("1"), "ending": D("0.95")}, "13.95"),
    ],
)
def test_conversion(
    amount: str, rate: str, source: str, target: str, extra: dict[str, Decimal], expected: str
) -> None:
    found = price(D(amount), rated(rate, source, target, **extra), source, target)
    assert isinstance(found, Decimal)
    assert str(found) == expected


def test_cost_is_only_converted() -> None:
    convert = conversion(rated("2", "EUR", "USD", percent=D("50"), ending=D("0.99")), "EUR", "USD")
    assert not isinstance(convert, PriceRefusal)
    assert str(convert(D("3.10"))) == "6.20"


@pytest.mark.parametrize(
    ("rules", "source", "target", "code"),
    [
        (PriceRules(), "EUR", "USD", ErrorCode.CURRENCY_RATE_MISSING),
        (PriceRules(percent=D("10")), "EUR", "JPY", ErrorCode.CURRENCY_RATE_MISSING),
        (rated("1.1", "EUR", "USD"), "EUR", "CAD", ErrorCode.CURRENCY_CHANGED),
        (rated("1.1", "EUR", "USD"), "GBP", "USD", ErrorCode.CURRENCY_CHANGED),
        (rated("1.1", "EUR", "USD"), "USD", "USD", ErrorCode.CURRENCY_CHANGED),
        (rated("1.1", "USD", "EUR"), "EUR", "USD", ErrorCode.CURRENCY_CHANGED),
    ],
)
def test_refusal(rules: PriceRules, source: str, target: str, code: ErrorCode) -> None:
    assert price(D("10"), rules, source, target) == PriceRefusal(code)
    assert conversion(rules, source, target) == PriceRefusal(code)


@pytest.mark.parametrize(
    ("currency", "unit"),
    [("EUR", "0.01"), ("JPY", "1"), ("KRW", "1"), ("KWD", "0.001"), ("TND", "0.001"), ("CLF", "0.0001")],
)
def test_minor_unit(currency: str, unit: str) -> None:
    assert minor_unit(currency) == D(unit)
