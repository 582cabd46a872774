from decimal import Decimal

import pytest

from backend.sync.brake import BrakeReason, Tally, brake, brake_class, confirm, price_holds, tally
from backend.sync.catalog import ProductId, VariantId
from backend.sync.changeset import Action, Change
from backend.sync.fields import Field, Lane
from backend.sync.fingerprint import Json
from backend.sync.link import Ref
from backend.sync.settings import BrakeLimits

LIMITS = BrakeLimits()


def change(
    field: Field,
    before: Json,
    after: Json,
    *,
    action: Action = Action.SET,
    product: str = "p",
    variant: str = "",
    lane: Lane = Lane.PRICE,
) -> Change:
    return Change(
        lane,
        action,
        field,
        product=ProductId(product),
        variant=VariantId(variant),
        before=before,
        after=after,
    )


@pytest.mark.parametrize(
    ("risky", "expected"),
    [
        (change(Field.PRODUCT, {}, None, action=Action.DELETE_PRODUCT), "TOO_MANY_DELETES"),
        (change(Field.VARIANT, {}, None, action=Action.DELETE_VARIANT), "TOO_MANY_DELETES"),
        (change(Field.STATUS, "ACTIVE", "DRAFT"), "TOO_MANY_UNPUBLISHED"),
        (change(Field.STATUS, "ACTIVE", "ARCHIVED"), "TOO_MANY_UNPUBLISHED"),
        (change(Field.STATUS, "ACTIVE", "UNLISTED"), "TOO_MANY_UNPUBLISHED"),
        (change(Field.STOCK, 3, 0), "TOO_MANY_ZEROED"),
        (change(Field.STATUS, "DRAFT", "ACTIVE"), None),
        (change(Field.STATUS, "DRAFT", "ARCHIVED"), None),
        (change(Field.STOCK, 3, 1), None),
        (change(Field.STOCK, None, 0), None),
        (change(Field.STOCK, 0, 5), None),
        (change(Field.PRICE, "3.00", "0.00"), None),
        (change(Field.MEDIA, {}, None, action=Action.REMOVE_MEDIA), None),
    ],
)
def test_class(risky: Change, expected: str | None) -> None:
    assert brake_class(risky) == expected


def test_tally_counts_products_once() -> None:
    changes = [
        change(Field.STOCK, 3, 0, product="a", variant="1"),
        change(Field.STOCK, 3, 0, product="a", variant="2"),
        change(Field.STOCK, 3, 0, product="b"),
        change(Field.STATUS, "ACTIVE", "DRAFT", product="a"),
        change(Field.VARIANT, {}, None, action=Action.DELETE_VARIANT, product="c"),
        change(Field.TITLE, "a", "b", product="d"),
    ]
    assert tally(changes) == Tally(deletes=1, unpublished=1, zeroed=2)


@pytest.mark.parametrize(
    ("planned", "last_hour", "linked", "held"),
    [
        (Tally(deletes=20), Tally(), 20, set()),
        (Tally(deletes=21), Tally(), 209, {"TOO_MANY_DELETES"}),
        (Tally(deletes=21), Tally(), 210, set()),
        (Tally(deletes=11), Tally(deletes=10), 100, {"TOO_MANY_DELETES"}),
        (Tally(), Tally(deletes=50), 100, set()),
        (Tally(unpublished=30, zeroed=30), Tally(), 100, {"TOO_MANY_UNPUBLISHED", "TOO_MANY_ZEROED"}),
        (Tally(deletes=15, unpublished=15, zeroed=15), Tally(), 15, set()),
    ],
)
def test_more_than_percent_and_count(planned: Tally, last_hour: Tally, linked: int, held: set[str]) -> None:
    assert brake(planned, last_hour, linked, LIMITS) == held


def test_own_limits() -> None:
    strict = BrakeLimits(percent=Decimal(0), count=0)
    assert brake(Tally(zeroed=1), Tally(), 1000, strict) == {BrakeReason.TOO_MANY_ZEROED}


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("10.00", "15.00", None),
        ("10.00", "15.01", "PRICE_JUMP"),
        ("10.00", "5.00", None),
        ("10.00", "4.99", "PRICE_JUMP"),
        ("10.00", "0.00", "PRICE_ZERO"),
        ("0.00", "10.00", None),
        ("0.00", "0.00", None),
    ],
)
def test_price(before: str, after: str, reason: str | None) -> None:
    held = price_holds([change(Field.PRICE, before, after, variant="v")], LIMITS)
    assert held == ({} if reason is None else {Ref("v", "PRICE"): reason})


def test_price_zero_can_be_allowed() -> None:
    free = change(Field.PRICE, "10.00", "0.00", variant="v")
    assert price_holds([free], BrakeLimits(price_zero=False)) == {}


def test_compare_at_waits_with_its_price() -> None:
    changes = [
        change(Field.PRICE, "10.00", "100.00", variant="v"),
        change(Field.COMPARE_AT_PRICE, None, "150.00", variant="v"),
        change(Field.PRICE, "10.00", "11.00", variant="w"),
        change(Field.COMPARE_AT_PRICE, None, "900.00", variant="w"),
    ]
    assert price_holds(changes, LIMITS) == {
        Ref("v", "PRICE"): "PRICE_JUMP",
        Ref("v", "COMPARE_AT_PRICE"): "PRICE_JUMP",
    }


def test_confirming_lets_through_what_was_seen() -> None:
    seen = change(Field.PRICE, "10.00", "100.00", variant="v")
    moved_before = change(Field.PRICE, "12.00", "100.00", variant="v")
    other_after = change(Field.PRICE, "10.00", "120.00", variant="v")
    surplus = change(Field.PRICE, "10.00", "100.00", variant="w")
    answer = confirm({seen.identity}, [moved_before, surplus])
    assert (answer.proceed, answer.ask_again) == ((moved_before,), (surplus,))
    answer = confirm({seen.identity}, [other_after])
    assert (answer.proceed, answer.ask_again) == ((), (other_after,))
