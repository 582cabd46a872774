"""Prices of a dependent from prices of main: conversion, percent, fixed amount, ending, minor unit; always
half up."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TypeAlias

from backend.errors import ErrorCode
from backend.sync.settings import PriceRules

# ISO 4217 (list one), where it is not 2.
_WHOLE = [
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
]
_THOUSANDTHS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_EXPONENTS = dict.fromkeys(_WHOLE, 0) | dict.fromkeys(_THOUSANDTHS, 3) | dict.fromkeys(("CLF", "UYW"), 4)
ONE = Decimal(1)
HUNDRED = Decimal(100)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PriceRefusal:
    """Prices pause: CURRENCY_RATE_MISSING or CURRENCY_CHANGED. Never a silent copy of the number."""

    code: ErrorCode


Pricing: TypeAlias = Callable[[Decimal], Decimal]


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of an ISO 4217 currency: Decimal("0.01") for EUR, 1 for JPY, Decimal("0.001") for
    KWD."""
    return ONE.scaleb(-_EXPONENTS.get(currency, 2))


def pricing(rules: PriceRules, main: str, dependent: str) -> Pricing | PriceRefusal:
    """A function from main's amount to the dependent's; fast for amounts that repeat."""
    rate = _rate(rules, main, dependent)
    if isinstance(rate, PriceRefusal):
        return rate
    unit = minor_unit(dependent)
    factor = rate * (ONE + rules.percent / HUNDRED)
    if factor == ONE and not rules.amount and rules.ending is None:
        return lru_cache(maxsize=1 << 16)(lambda amount: _half_up(amount, unit))

    def convert(amount: Decimal) -> Decimal:
        value = max(amount * factor + rules.amount, ZERO) if amount else ZERO
        if rules.ending is not None and value:
            value = with_ending(value, rules.ending)
        return _half_up(value, unit)

    return lru_cache(maxsize=1 << 16)(convert)


def conversion(rules: PriceRules, main: str, dependent: str) -> Pricing | PriceRefusal:
    """As `pricing`, but only converted: for costs."""
    return pricing(
        PriceRules(conversion_rate=rules.conversion_rate, rate_from=rules.rate_from, rate_to=rules.rate_to),
        main,
        dependent,
    )


def price(amount: Decimal, rules: PriceRules, main: str, dependent: str) -> Decimal | PriceRefusal:
    """One amount, e.g. for a live example next to the form. A product that is free in main stays free."""
    convert = pricing(rules, main, dependent)
    return convert if isinstance(convert, PriceRefusal) else convert(amount)


def _rate(rules: PriceRules, main: str, dependent: str) -> Decimal | PriceRefusal:
    if rules.conversion_rate is None:
        return ONE if main == dependent else PriceRefusal(ErrorCode.CURRENCY_RATE_MISSING)
    if (rules.rate_from, rules.rate_to) != (main, dependent):
        return PriceRefusal(ErrorCode.CURRENCY_CHANGED)
    return rules.conversion_rate


def _half_up(amount: Decimal, unit: Decimal) -> Decimal:
    return amount.quantize(unit, ROUND_HALF_UP)


def with_ending(amount: Decimal, ending: Decimal) -> Decimal:
    """The nearest amount that ends so, the higher of two equally near; never 0, which would give the product
    away."""
    below = (amount - ending).to_integral_value(ROUND_FLOOR) + ending
    above = below + ONE
    return above if below <= ZERO or above - amount <= amount - below else below
