"""What of a linked product differs and why, for a report; and that reporting changes nothing."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given

from backend.sync.catalog import LocationId, Product
from backend.sync.comparison import Hold
from backend.sync.diff import Diff, Difference, plan_product
from backend.sync.fingerprint import value_hash
from backend.sync.link import Ref
from backend.sync.rules import Rules
from backend.sync.settings import LocationMap, StockMode
from tests.sync.factories import (
    DEPENDENT,
    EVERYTHING,
    HERE,
    ONLY_PRICES,
    ONLY_STOCK,
    THERE,
    TWIN,
    image,
    link,
    product,
    rules,
    text,
    twin,
    variant,
)
from tests.sync.plans import KEEP
from tests.sync.shop import Shop
from tests.sync.states import State, states
from tests.sync.test_laws import laws

TITLE, PRICE = Ref(TWIN, "TITLE"), Ref("d-variant-1", "PRICE")
LEVEL = Ref("d-variant-1", "STOCK", THERE)
MAIN = product(
    variant(1, "S", tracked=True, stock={HERE: 5}),
    variant(2, "M", tracked=True, stock={HERE: 6}),
    media=(image("front"),),
    metafields=(text("fit", "slim"),),
)


def agreed(main: Product, own: Rules) -> dict[Ref, str]:
    return dict(plan_product(main, twin(main), link(main, twin(main)), own).agreed)


def report(
    dependent: Product,
    own: Rules | None = None,
    main: Product = MAIN,
    holds: dict[Ref, Hold] | None = None,
    base: dict[Ref, str] | None = None,
) -> Diff:
    """Of products that were equal, and agreed on by the same settings."""
    own = own or rules(EVERYTHING)
    tied = link(MAIN, twin(MAIN), base=agreed(MAIN, own) if base is None else base)
    return plan_product(main, dependent, tied, own, holds or {}, report=True)


def told(diff: Diff) -> list[tuple[Ref, object, object, str]]:
    return [(each.ref, each.main, each.dependent, each.reason.value) for each in diff.different]


def edited(**fields: Any) -> Product:
    theirs = twin(MAIN)
    first, *rest = theirs.variants
    return replace(theirs, variants=(replace(first, **fields), *rest))


def test_equal_products() -> None:
    found = report(twin(MAIN))
    assert found.different == ()
    only_prices = report(twin(MAIN), rules(ONLY_PRICES))
    only_stock = report(twin(MAIN), rules(ONLY_STOCK))
    assert (only_prices.compared, only_stock.compared) == (4, 2)
    # ten texts, a metafield, a picture's alt text and the order of pictures; of each variant ten details, its
    # picture, two prices, a quantity
    assert found.compared == 10 + 3 + 2 * (10 + 1 + 2 + 1)


def test_drift() -> None:
    found = report(twin(MAIN), main=replace(MAIN, title="New"))
    assert found.different == (Difference(TITLE, "New", "Shirt", found.different[0].reason, None, "New", ""),)
    assert told(found) == [(TITLE, "New", "Shirt", "DRIFT")]
    assert [(each.title, each.sku) for each in report(edited(price=Decimal(8))).different] == [
        ("Shirt", "SKU-1")
    ]


def test_held() -> None:
    theirs = edited(price=Decimal("8.00"))
    for hold in (Hold(None), Hold(value_hash("10.00"))):
        assert told(report(theirs, holds={PRICE: hold})) == [(PRICE, "10.00", "8.00", "HELD")]
    assert told(report(twin(MAIN), holds={PRICE: Hold(None)})) == []
    assert told(report(theirs, holds={PRICE: Hold("moved on")})) == [(PRICE, "10.00", "8.00", "DRIFT")]


def test_local_edit() -> None:
    theirs = edited(price=Decimal("8.00"))
    assert told(report(theirs, rules(KEEP))) == [(PRICE, "10.00", "8.00", "LOCAL_EDIT")]
    assert told(report(theirs)) == [(PRICE, "10.00", "8.00", "DRIFT")]
    without = replace(twin(MAIN), media=())
    key = Ref(TWIN, "MEDIA", "d-front")
    assert [(each.ref, each.reason) for each in report(without, rules(KEEP)).different] == [
        (key, "LOCAL_EDIT")
    ]


def test_local_stock() -> None:
    sold = edited(stock={THERE: 3})
    assert told(report(sold, rules(ONLY_STOCK))) == [(LEVEL, 5, 3, "LOCAL_STOCK")]
    assert told(report(sold, rules(ONLY_STOCK, repair=True))) == [(LEVEL, 5, 3, "DRIFT")]
    assert told(report(sold, rules(ONLY_STOCK), base={})) == [(LEVEL, 5, 3, "DRIFT")]
    gone = edited(stock={})
    assert told(report(gone, rules(ONLY_STOCK))) == [(LEVEL, 5, None, "LOCAL_STOCK")]


def test_shared_stock_shows_what_should_be_there_while_it_is_booked() -> None:
    shared = rules(replace(ONLY_STOCK, stock_mode=StockMode.SHARED))
    found = report(edited(stock={THERE: 3}), shared)
    assert [change.action for change in found.changes] == ["BOOK"]
    assert (told(found), found.compared) == ([(LEVEL, 5, 3, "DRIFT")], 2)
    held = report(edited(stock={THERE: 3}), shared, holds={LEVEL: Hold(None)})
    assert told(held) == [(LEVEL, 5, 3, "HELD")]


def test_refused() -> None:
    dollars = rules(ONLY_PRICES, dependent=replace(DEPENDENT, currency="USD"))
    found = report(edited(price=Decimal(8)), dollars)
    assert [(each.ref, each.main, each.reason, each.code) for each in found.different] == [
        (Ref(MAIN.id, "COMPARE_AT_PRICE"), None, "REFUSED", "CURRENCY_RATE_MISSING"),
        (Ref(MAIN.id, "PRICE"), None, "REFUSED", "CURRENCY_RATE_MISSING"),
    ]
    annex = LocationId("annex")
    closed = rules(ONLY_STOCK, location_map=LocationMap({THERE: (HERE,)}, inactive=(annex,)))
    assert [(each.ref, each.code) for each in report(twin(MAIN), closed).different] == [
        (Ref(MAIN.id, "STOCK", annex), "LOCATION_INACTIVE")
    ]


def test_structure_and_removed_metafield() -> None:
    smaller = replace(twin(MAIN), variants=twin(MAIN).variants[:1])
    found = report(smaller)
    assert [(each.ref.subject, each.ref.field, each.reason) for each in found.different] == [
        ("variant-2", "VARIANT", "DRIFT")
    ]
    key = Ref(TWIN, "METAFIELD", "custom.fit")
    base = agreed(MAIN, rules(EVERYTHING))
    held = report(twin(MAIN), main=replace(MAIN, metafields=()), holds={key: Hold(None)}, base=base)
    assert [(each.ref, each.reason) for each in held.different] == [(key, "HELD")]


@laws
@given(states())
def test_report_changes_nothing_and_leaves_nothing_out(state: State) -> None:
    plain = plan_product(state.main, state.dependent, state.link, state.rules, state.holds)
    told = plan_product(state.main, state.dependent, state.link, state.rules, state.holds, report=True)
    assert replace(told, compared=0, different=()) == plain
    assert (plain.compared, plain.different) == (0, ())
    reasons = {each.ref: each.reason for each in told.different}
    assert len(reasons) == len(told.different) <= told.compared
    assert {change.ref for change in told.changes} <= reasons.keys()
    assert {ref for ref, reason in reasons.items() if reason == "DRIFT"} == {
        change.ref for change in told.changes
    }
    assert {ref for ref, reason in reasons.items() if reason == "HELD"} >= set(told.held) - {
        change.ref for change in told.changes
    }
    assert {each.ref for each in told.local_edits if each.kept} <= reasons.keys()


@laws
@given(states())
def test_nothing_drifts_after_it_is_applied(state: State) -> None:
    shop = Shop(state.dependent, state.link, state.main)
    holds = dict(state.holds)
    found = plan_product(state.main, state.dependent, state.link, state.rules, holds, report=True)
    for _ in range(6):
        shop.remember(found)
        shop.apply(found.changes)
        holds = {ref: hold for ref, hold in holds.items() if ref not in found.released}
        assert shop.main is not None
        found = plan_product(shop.main, shop.product, shop.link, state.rules, holds, report=True)
    assert [each for each in found.different if each.reason == "DRIFT"] == []
    assert (found.agreed, found.forgotten) == ({}, ())
