"""What can be subscribed to: plans are configuration, read once at the start from a JSON file.

    {"plans": [
        {"id": "free", "name": {"en": "Free", "fr": "Gratuit"}, "productLimit": 50},
        {"id": "growth", "name": "Growth", "productLimit": 1000,
         "price": "19.00", "currency": "USD", "interval": "EVERY_30_DAYS"},
        {"id": "scale", "name": "Scale", "price": "190.00", "currency": "USD", "interval": "ANNUAL"}
    ]}

They are shown in this order. Without `productLimit` nothing is limited, without `price` nothing is charged. A
shop that pays for nothing has the first plan, which therefore has no price. A plan that nobody shall choose
any more stays in the file with `"offered": false`, for the shops that have it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES = ("en", "fr", "de", "es", "it")
# The words of an id, a name and a price that fit wherever they are kept, here and at Shopify.
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LONGEST_NAME = 64
_MOST_PRODUCTS = 2**31 - 1
# shopify.dev, appSubscriptionCreate: nothing less can be charged.
_LEAST_PRICE = Decimal("0.50")
_KEYS = frozenset({"id", "name", "productLimit", "price", "currency", "interval", "offered"})


class Interval(StrEnum):
    """How often a plan is paid, as Shopify names it."""

    EVERY_30_DAYS = "EVERY_30_DAYS"
    ANNUAL = "ANNUAL"


@dataclass(frozen=True, slots=True)
class Price:
    """`amount` in units of `currency`, for each interval."""

    amount: Decimal
    currency: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Plan:
    """`product_limit` is how many products may be linked, None for any number. `price` is None where nothing
    is charged. `names` has the name in other languages than English, where it is another there."""

    id: str
    name: str
    product_limit: int | None = None
    price: Price | None = None
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    offered: bool = True

    def name_in(self, language: str) -> str:
        """`language` as browsers and Shopify write it: "fr", "pt-BR"."""
        return self.names.get(language.partition("-")[0].lower(), self.name)


@dataclass(frozen=True, slots=True)
class Plans:
    """In the order in which they are shown; never empty."""

    all: tuple[Plan, ...]

    @property
    def first(self) -> Plan:
        return self.all[0]

    @property
    def limited(self) -> bool:
        """Whether any of them limits anything."""
        return any(each.product_limit is not None for each in self.all)

    def find(self, plan_id: str) -> Plan | None:
        return next((each for each in self.all if each.id == plan_id), None)


# Whoever hosts the app for themselves limits nothing and charges nothing.
SELF_HOSTED = Plans(
    (
        Plan(
            "self-hosted",
            "Self-hosted",
            names={"fr": "Auto-hébergé", "de": "Selbst betrieben", "es": "Autoalojado", "it": "Self-hosted"},
        ),
    )
)


class PlansError(Exception):
    """`problems` says for everything that is wrong with the file where it stands and what is expected."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_plans(path: Path) -> Plans:
    """The plans of a file; raises PlansError naming every mistake at once."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PlansError((f"the file {path} can't be read ({type(error).__name__}).",)) from None
    except UnicodeDecodeError:
        raise PlansError((f"the file {path} is not in UTF-8.",)) from None
    try:
        content = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise PlansError((f"the file {path} is not JSON: {error.msg} in line {error.lineno}.",)) from None
    return parse_plans(content)


def parse_plans(content: Any) -> Plans:
    """The plans of a file's content; raises PlansError."""
    entries = content.get("plans") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not entries:
        raise PlansError(('it must be {"plans": [...]} with one plan or more.',))
    problems: list[str] = []
    plans = [_Entry(entry, f"plans[{index}]", problems).plan() for index, entry in enumerate(entries)]
    for index, plan in enumerate(plans):
        if plan.id and any(other.id == plan.id for other in plans[:index]):
            problems.append(f"plans[{index}].id must be another than those before it.")
    if plans[0].price is not None:
        problems.append("plans[0] must have no price: shops have it that pay for nothing.")
    if not plans[0].offered:
        problems.append("plans[0] must be offered: shops return to it.")
    problems.extend(_twins(plans))
    if problems:
        raise PlansError(tuple(problems))
    return Plans(tuple(plans))


def _twins(plans: list[Plan]) -> Iterator[str]:
    """Shopify tells a subscription by its name and price alone."""
    for index, plan in enumerate(plans):
        if plan.price is not None and any(
            (other.name, other.price) == (plan.name, plan.price) for other in plans[:index]
        ):
            yield f"plans[{index}] must differ from those before it in its name or price."


class _Entry:
    """Reads one plan field by field; what is wrong is added to `problems`, and something harmless read."""

    def __init__(self, entry: Any, place: str, problems: list[str]) -> None:
        self._entry: dict[str, Any] = entry if isinstance(entry, dict) else {}
        self._place = place
        self._problems = problems
        if not isinstance(entry, dict):
            self._problems.append(f"{place} must be an object.")
        for name in sorted(self._entry.keys() - _KEYS):
            self._problems.append(f"{place}.{name} is not known; known are {', '.join(sorted(_KEYS))}.")

    def plan(self) -> Plan:
        names = self._names()
        return Plan(
            id=self._matching("id", _ID, "up to 64 of a-z, 0-9, - and _"),
            name=names.pop("en", ""),
            product_limit=self._limit(),
            price=self._price(),
            names=MappingProxyType(names),
            offered=self._switch("offered", default=True),
        )

    def _wrong(self, name: str, expected: str) -> None:
        self._problems.append(f"{self._place}.{name} must be {expected}.")

    def _matching(self, name: str, pattern: re.Pattern[str], expected: str) -> str:
        value = self._entry.get(name)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self._wrong(name, expected)
        return ""

    def _names(self) -> dict[str, str]:
        value = self._entry.get("name")
        names = {"en": value} if isinstance(value, str) else value
        expected = f"a text, or texts by language ({', '.join(LANGUAGES)}) with at least en"
        if not isinstance(names, dict) or "en" not in names or names.keys() - set(LANGUAGES):
            self._wrong("name", expected)
            return {}
        for text in names.values():
            if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST_NAME:
                self._wrong("name", f"1 to {_LONGEST_NAME} characters in every language")
                return {}
        return {language: text.strip() for language, text in names.items()}

    def _limit(self) -> int | None:
        value = self._entry.get("productLimit")
        if value is None or (type(value) is int and 0 <= value <= _MOST_PRODUCTS):
            return value
        self._wrong("productLimit", "a whole number, or left out for no limit")
        return None

    def _price(self) -> Price | None:
        if self._entry.get("price") is None:
            for name in ("currency", "interval"):
                if self._entry.get(name) is not None:
                    self._wrong(name, "left out where there is no price")
            return None
        amount = self._matching("price", _PRICE, 'a decimal as text, such as "19.00"')
        currency = self._matching("currency", _CURRENCY, "a currency, such as USD")
        interval = self._entry.get("interval", Interval.EVERY_30_DAYS.value)
        if interval not in list(Interval):
            self._wrong("interval", f"one of {', '.join(Interval)}")
            return None
        if not amount or not currency:
            return None
        if Decimal(amount) < _LEAST_PRICE:
            self._wrong("price", f"{_LEAST_PRICE} or more, or left out for a plan that costs nothing")
        return Price(Decimal(amount).quantize(Decimal("0.01")), currency, Interval(interval))

    def _switch(self, name: str, *, default: bool) -> bool:
        value = self._entry.get(name, default)
        if isinstance(value, bool):
            return value
        self._wrong(name, "true or false")
        return default
