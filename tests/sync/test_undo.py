from dataclasses import replace
from decimal import Decimal

import pytest

from backend.sync.catalog import Product, VariantId
from backend.sync.changeset import Action, Change
from backend.sync.comparison import Hold
from backend.sync.diff import plan_product
from backend.sync.fields import Field, Lane
from backend.sync.fingerprint import value_hash
from backend.sync.link import Ref, agreement
from backend.sync.undo import AppliedChange, Undo, undo_changes
from backend.sync.writes import ChangeId
from tests.sync.factories import (
    EVERYTHING,
    HERE,
    TWIN,
    image,
    link,
    product,
    rules,
    text,
    twin,
    variant,
)
from tests.sync.shop import Shop


def undo(*changes: Change, now: Product | None, base: dict[Ref, str] | None = None) -> Undo:
    applied = [AppliedChange(ChangeId(number), change) for number, change in enumerate(changes, 1)]
    return undo_changes(applied, {} if now is None else {now.id: now}, base or {})


def titled(before: str, after: str, main: str | None = None) -> Change:
    return Change(
        Lane.DETAILS,
        Action.SET,
        Field.TITLE,
        product=TWIN,
        before=before,
        after=after,
        main_hash=value_hash(main or after),
    )


def shirt(title: str) -> Product:
    return product(gid=TWIN, title=title)


def test_one_value() -> None:
    found = undo(titled("Old", "New"), now=shirt("New"))
    (undone,) = found.changes
    assert (undone.change.before, undone.change.after) == ("New", "Old")
    assert undone.of == (1,)
    assert undone.hold == Hold(value_hash("New"))
    assert found.refused == ()


def test_edited_since() -> None:
    found = undo(titled("Old", "New"), now=shirt("Mine"))
    assert found.changes == ()
    assert [(item.of, item.code) for item in found.refused] == [(1, "CHANGED_MEANWHILE")]


def test_value_that_shopify_stored_in_its_own_form() -> None:
    base = {Ref(TWIN, "TITLE"): agreement(value_hash("New "), value_hash("New"))}
    (undone,) = undo(titled("Old", "New "), now=shirt("New"), base=base).changes
    assert (undone.change.before, undone.change.after) == ("New", "Old")
    stale = {Ref(TWIN, "TITLE"): agreement(value_hash("Newer"), value_hash("New"))}
    assert undo(titled("Old", "New "), now=shirt("New"), base=stale).changes == ()


def test_several_changes_of_one_value_go_back_to_the_oldest() -> None:
    (undone,) = undo(titled("A", "B"), titled("B", "C"), now=shirt("C")).changes
    assert (undone.of, undone.change.after) == ((1, 2), "A")
    broken = undo(titled("A", "B"), titled("X", "C"), now=shirt("C"))
    assert [(item.of, item.change.after) for item in broken.changes] == [((2,), "X")]
    assert [(item.of, item.code) for item in broken.refused] == [(1, "CHANGED_MEANWHILE")]


def test_gone() -> None:
    assert [item.code for item in undo(titled("A", "B"), now=None).refused] == ["GONE"]
    price = Change(
        Lane.PRICE,
        Action.SET,
        Field.PRICE,
        product=TWIN,
        variant=VariantId("deleted"),
        before="1.00",
        after="2.00",
    )
    assert [item.code for item in undo(price, now=shirt("A")).refused] == ["GONE"]


@pytest.mark.parametrize(
    ("action", "field"),
    [
        (Action.SET, Field.STOCK),
        (Action.CREATE_PRODUCT, Field.PRODUCT),
        (Action.CREATE_VARIANT, Field.VARIANT),
        (Action.DELETE_PRODUCT, Field.PRODUCT),
        (Action.DELETE_VARIANT, Field.VARIANT),
        (Action.ADD_MEDIA, Field.MEDIA),
        (Action.REMOVE_MEDIA, Field.MEDIA),
        (Action.REORDER, Field.VARIANT_ORDER),
    ],
)
def test_not_undoable(action: Action, field: Field) -> None:
    change = Change(Lane.DETAILS, action, field, product=TWIN, before=1, after=2)
    found = undo(change, now=shirt("A"))
    assert found.changes == ()
    assert [item.code for item in found.refused] == ["NOT_UNDOABLE"]


def pair() -> tuple[Product, Product]:
    """Differs in everything that can be undone."""
    main = product(
        variant(1, "S", price=Decimal("20.00"), barcode="1", tracked=True, stock={HERE: 3}),
        variant(2, "M", media_id=None),
        title="New",
        tags=("a", "b"),
        media=(image("front", alt="New alt"),),
        metafields=(text("fit", "slim"), text("care", "wash")),
    )
    whole = twin(main)
    first, second = whole.variants
    renamed = [replace(first.options[0], option="Taille"), replace(second.options[0], option="Taille")]
    dependent = replace(
        whole,
        title="Old",
        tags=("c",),
        media=(replace(whole.media[0], alt="Old alt"),),
        metafields=(text("fit", "wide"),),
        options=(replace(whole.options[0], name="Taille"),),
        variants=(
            replace(first, price=Decimal("15.00"), barcode="2", options=(renamed[0],)),
            replace(second, options=(renamed[1],), media_id=whole.media[0].id),
        ),
    )
    return main, dependent


def test_undo_of_a_whole_job_restores_the_product_and_stays() -> None:
    main, before = pair()
    shop = Shop(before, link(main, before))
    found = plan_product(main, before, shop.link, rules())
    shop.remember(found)
    shop.apply(found.changes)
    assert {change.field.value for change in found.changes} == {
        *("TITLE", "TAGS", "PRICE", "BARCODE", "MEDIA", "METAFIELD", "OPTIONS", "VARIANT_MEDIA"),
    }
    assert shop.product is not None
    assert shop.link is not None
    assert plan_product(main, shop.product, shop.link, rules()).changes == ()

    undone = undo(*found.changes, now=shop.product, base=dict(shop.link.base))
    assert undone.refused == ()
    shop.apply(item.change for item in undone.changes)
    assert shop.product.metafields == before.metafields
    assert replace(shop.product, metafields=()) == replace(before, metafields=())

    holds = {item.change.ref: item.hold for item in undone.changes}
    shop.link = replace(
        shop.link, base={ref: mark for ref, mark in shop.link.base.items() if ref not in holds}
    )
    again = plan_product(main, shop.product, shop.link, rules(), holds)
    assert again.changes == ()
    assert set(again.held) == set(holds)
    assert again.released == ()

    moved = replace(main, title="Newer")
    (change,) = plan_product(moved, shop.product, shop.link, rules(), holds).changes
    assert (change.field, change.before, change.after) == ("TITLE", "Old", "Newer")


def test_released_hold_brings_back_mains_value_whatever_the_policy() -> None:
    main, before = pair()
    moved = plan_product(
        main, before, link(main, before), rules(EVERYTHING), {Ref(TWIN, "TITLE"): Hold("earlier")}
    )
    assert moved.released == (Ref(TWIN, "TITLE"),)
    assert ("TITLE", "New") in [(change.field, change.after) for change in moved.changes]
