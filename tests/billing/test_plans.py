"""Plans are read from a file, and every mistake in it is told at once."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backend.billing.plans import (
    SELF_HOSTED,
    Interval,
    Plan,
    PlansError,
    Price,
    parse_plans,
    read_plans,
)
from backend.config import ConfigError, load
from dev.paths import ROOT

FREE: dict[str, Any] = {"id": "free", "name": {"en": "Free", "fr": "Gratuit"}, "productLimit": 50}
PAID: dict[str, Any] = {
    "id": "growth", "name": "Growth", "productLimit": 1000, "price": "19.5", "currency": "USD",
}  # fmt: skip


LIMIT = "plans[0].productLimit must be a whole number, or left out for no limit."
KNOWN = (
    "plans[0].products is not known; known are currency, id, interval, name, offered, price, productLimit."
)


def problems(*plans: Any) -> tuple[str, ...]:
    with pytest.raises(PlansError) as caught:
        parse_plans({"plans": list(plans)})
    return caught.value.problems


def test_a_file_says_which_plans_there_are_in_their_order(tmp_path: Path) -> None:
    file = tmp_path / "plans.json"
    annual = {"id": "scale", "name": "Scale", "price": "190.00", "currency": "EUR", "interval": "ANNUAL"}
    file.write_text(json.dumps({"plans": [FREE, PAID, annual | {"offered": False}]}), encoding="utf-8")
    plans = read_plans(file)
    free, growth, scale = plans.all
    assert (free.id, free.product_limit, free.price, free.offered) == ("free", 50, None, True)
    assert (free.name_in("fr-CA"), free.name_in("de"), free.name_in("")) == ("Gratuit", "Free", "Free")
    assert growth == Plan("growth", "Growth", 1000, Price(Decimal("19.50"), "USD", Interval.EVERY_30_DAYS))
    assert growth.price is not None
    assert str(growth.price.amount) == "19.50"
    assert (scale.price, scale.product_limit) == (Price(Decimal(190), "EUR", Interval.ANNUAL), None)
    assert not scale.offered
    assert plans.first is free
    assert plans.find("scale") is scale
    assert plans.find("none") is None
    assert plans.limited


def test_without_a_file_nothing_is_limited_and_nothing_costs() -> None:
    assert not SELF_HOSTED.limited
    assert [(each.product_limit, each.price) for each in SELF_HOSTED.all] == [(None, None)]


@pytest.mark.parametrize(
    "entry, problem",
    [
        ("free", "plans[0] must be an object."),
        (FREE | {"id": "A B"}, "plans[0].id must be up to 64 of a-z, 0-9, - and _."),
        (FREE | {"id": 7}, "plans[0].id must be up to 64 of a-z, 0-9, - and _."),
        (FREE | {"productLimit": -1}, LIMIT),
        (FREE | {"productLimit": True}, LIMIT),
        (FREE | {"productLimit": "5"}, LIMIT),
        (
            FREE | {"name": {"fr": "Gratuit"}},
            "plans[0].name must be a text, or texts by language (en, fr, de, es, it) with at least en.",
        ),
        (
            FREE | {"name": {"en": "Free", "pt": "Livre"}},
            "plans[0].name must be a text, or texts by language (en, fr, de, es, it) with at least en.",
        ),
        (FREE | {"name": " "}, "plans[0].name must be 1 to 64 characters in every language."),
        (FREE | {"name": "x" * 65}, "plans[0].name must be 1 to 64 characters in every language."),
        (FREE | {"currency": "USD"}, "plans[0].currency must be left out where there is no price."),
        (FREE | {"offered": "no"}, "plans[0].offered must be true or false."),
        (FREE | {"offered": False}, "plans[0] must be offered: shops return to it."),
        (PAID, "plans[0] must have no price: shops have it that pay for nothing."),
        (
            FREE | {"products": 5},
            KNOWN,
        ),
    ],
)  # fmt: skip
def test_mistakes_in_the_first_plan(entry: Any, problem: str) -> None:
    assert problem in problems(entry)


@pytest.mark.parametrize(
    "change, problem",
    [
        ({"price": 19.5}, 'plans[1].price must be a decimal as text, such as "19.00".'),
        ({"price": "19.999"}, 'plans[1].price must be a decimal as text, such as "19.00".'),
        ({"price": "-1"}, 'plans[1].price must be a decimal as text, such as "19.00".'),
        (
            {"price": "0.49"},
            "plans[1].price must be 0.50 or more, or left out for a plan that costs nothing.",
        ),
        ({"currency": "dollars"}, "plans[1].currency must be a currency, such as USD."),
        ({"currency": None}, "plans[1].currency must be a currency, such as USD."),
        ({"interval": "MONTHLY"}, "plans[1].interval must be one of EVERY_30_DAYS, ANNUAL."),
        ({"id": "free"}, "plans[1].id must be another than those before it."),
    ],
)
def test_mistakes_in_a_paid_plan(change: dict[str, Any], problem: str) -> None:
    assert problems(FREE, PAID | change) == (problem,)


def test_two_that_shopify_cannot_tell_apart() -> None:
    assert problems(FREE, PAID, PAID | {"id": "more", "productLimit": 5000}) == (
        "plans[2] must differ from those before it in its name or price.",
    )


@pytest.mark.parametrize("content", [[], {}, {"plans": []}, {"plans": {}}, None, 5])
def test_a_file_without_plans(content: Any) -> None:
    with pytest.raises(PlansError, match=r'it must be \{"plans": \[...\]\} with one plan or more.'):
        parse_plans(content)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "plans.json"
    with pytest.raises(PlansError, match=r"can't be read \(FileNotFoundError\)"):
        read_plans(file)
    with pytest.raises(PlansError, match=r"can't be read \(IsADirectoryError\)"):
        read_plans(tmp_path)
    file.write_text('{"plans": [', encoding="utf-8")
    with pytest.raises(PlansError, match=r"is not JSON: .* in line 1"):
        read_plans(file)
    file.write_bytes(b'{"plans": "\xff"}')
    with pytest.raises(PlansError, match="is not in UTF-8"):
        read_plans(file)


def test_a_start_names_every_mistake_with_the_setting(tmp_path: Path) -> None:
    file = tmp_path / "plans.json"
    file.write_text(json.dumps({"plans": [FREE, PAID | {"price": 5, "currency": 5}]}), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load({"PLANS_FILE": str(file)})
    told = [each for each in caught.value.problems if each.startswith("PLANS_FILE: ")]
    assert told == [
        'PLANS_FILE: plans[1].price must be a decimal as text, such as "19.00".',
        "PLANS_FILE: plans[1].currency must be a currency, such as USD.",
    ]


def test_the_demo_has_three_plans() -> None:
    plans = read_plans(ROOT / "dev" / "plans.json")
    assert [each.price is None for each in plans.all] == [True, False, False]
    for plan in plans.all:
        assert plan.names.keys() == {"fr", "de", "es", "it"}
