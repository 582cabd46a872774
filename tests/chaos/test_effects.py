"""The judge of effects, judged: what happened as it should, and each thing that should not have."""

from itertools import count
from typing import Any

import pytest

from tests.chaos.effects import (
    BOOKING,
    CALL,
    EXISTS,
    Entry,
    created_twice,
    idle_calls,
    set_again,
    stock_that_came_back,
    written,
)

UPDATE, SET, CREATE = "productVariantsBulkUpdate", "inventorySetQuantities", "productSet"
HERE, THERE = "gid://shopify/Location/1", "gid://shopify/Location/2"
MAINS, OTHERS = "gid://shopify/ProductVariant/10", "gid://shopify/ProductVariant/20"
Event = tuple[str | None, str, str, Any, Any]


def entries(*events: Event, shop: str = "a.myshopify.com") -> list[Entry]:
    numbers = count(1)
    return [Entry(next(numbers), shop, by, subject, name, old, new) for by, subject, name, old, new in events]


def priced(by: str | None, old: str, new: str) -> Event:
    return by, OTHERS, "price", old, new


def test_a_value_that_somebody_changed_meanwhile_may_be_written_again() -> None:
    events = [priced(UPDATE, "1", "2"), priced(None, "2", "7"), priced(UPDATE, "7", "2")]
    assert list(set_again(entries(*events))) == []
    assert written(entries(*events)) == 2


def test_an_older_value_over_a_newer_one_is_seen_when_it_is_put_right() -> None:
    events = [priced(UPDATE, "1", "2"), priced(UPDATE, "2", "1"), priced(UPDATE, "1", "2")]
    [line] = set_again(entries(*events))
    assert line.startswith("3 a.myshopify.com productVariantsBulkUpdate")
    assert list(set_again(entries(*events), {("a.myshopify.com", "price")})) == []


def made(by: str | None, number: int, origin: str) -> list[Event]:
    gid = f"gid://shopify/Product/{number}"
    metafields = [{"namespace": "app--1", "key": "origin", "type": "id", "value": origin}] if origin else []
    return [(by, gid, EXISTS, None, True), (by, gid, "metafields", None, metafields)]


def gone(number: int) -> Event:
    return None, f"gid://shopify/Product/{number}", EXISTS, True, None


@pytest.mark.parametrize(
    ("events", "lines"),
    [
        ([*made(CREATE, 1, "main/1"), *made(CREATE, 2, "main/2")], 0),
        ([*made(CREATE, 1, "main/1"), *made(CREATE, 2, "main/1")], 1),
        ([*made(CREATE, 1, "main/1"), gone(1), *made(CREATE, 2, "main/1")], 0),
        ([*made(CREATE, 1, "main/9")], 1),
        ([*made(CREATE, 1, "")], 1),
        ([*made(None, 1, "")], 0),
    ],
)
def test_of_an_origin_there_is_one_product_at_a_time(events: list[Event], lines: int) -> None:
    _, (_, _, _, _, metafields) = made(CREATE, 9, "main/9")
    start = {"products": [{"id": "gid://shopify/Product/9", "metafields": metafields}]}
    assert len(list(created_twice(entries(*events), start))) == lines


def in_main(by: str | None, old: int, new: int) -> Event:
    return by, MAINS, f"available at {HERE}", old, new


def there(by: str | None, old: int, new: int) -> Event:
    return by, OTHERS, f"available at {THERE}", old, new


@pytest.mark.parametrize(
    ("events", "wrong"),
    [
        # A sale in the dependent, booked; a delivery in main, which flows on.
        ([there(None, 7, 5), in_main(BOOKING, 7, 5), in_main(None, 5, 9), there(SET, 5, 9)], None),
        # Two sales, booked as one.
        ([there(None, 7, 6), there(None, 6, 5), in_main(BOOKING, 7, 5)], None),
        # Main's number of before the booking: what was sold is given back.
        ([there(None, 7, 5), in_main(BOOKING, 7, 5), there(SET, 5, 7), there(SET, 7, 5)], "last booking"),
        ([there(None, 7, 5), there(SET, 5, 7)], "before -2 were booked"),
        ([there(None, 7, 5), in_main(BOOKING, 7, 5), in_main(BOOKING, 5, 3)], "2 bookings of 1 sales"),
        ([there(None, 7, 5)], "-2 were not booked"),
        # Below nothing there is nothing.
        ([in_main(None, 7, -2), there(SET, 7, 0)], None),
    ],
)
def test_nothing_flows_back_before_it_is_booked_once(events: list[Event], wrong: str | None) -> None:
    start = {"products": [{"variants": [{"id": MAINS, "levels": {HERE: {"available": 7}}}]}]}
    lines = list(stock_that_came_back(entries(*events), start, {OTHERS: MAINS}, HERE, THERE))
    assert bool(lines) == bool(wrong)
    assert wrong is None or any(wrong in line for line in lines)


def test_mutations_that_changed_nothing_are_counted() -> None:
    shop = "gid://shopify/Shop/1"
    calls = [
        (UPDATE, 0, False),
        (UPDATE, 1, False),
        (SET, 0, True),
        ("bulkOperationRunQuery", 0, False),
        ("stagedUploadsCreate", 0, False),
    ]
    told = entries(
        *((by, shop, CALL, None, {"effects": effects, "refused": no}) for by, effects, no in calls)
    )
    assert idle_calls(told) == {UPDATE: 1}
