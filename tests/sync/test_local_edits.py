"""What somebody changed in the dependent: reported with all that a report needs, written over or kept."""

from dataclasses import replace
from decimal import Decimal

import pytest

from backend.sync.catalog import Product
from backend.sync.changeset import Change
from backend.sync.comparison import Hold, LocalEdit, hold_for
from backend.sync.diff import Diff, plan_product
from backend.sync.fingerprint import value_hash
from backend.sync.link import LinkOrigin, Ref
from backend.sync.settings import FieldGroup, LocalEditPolicy, SyncSettings
from tests.sync.factories import EVERYTHING, TWIN, image, link, product, rules, text, twin, variant
from tests.sync.plans import KEEP
from tests.sync.shop import Shop

WINS, KEPT = LocalEditPolicy.MAIN_WINS, LocalEditPolicy.KEEP_LOCAL
TITLE, PRICE = Ref(TWIN, "TITLE"), Ref("d-variant-1", "PRICE")


def policies(details: LocalEditPolicy, prices: LocalEditPolicy) -> SyncSettings:
    return replace(EVERYTHING, local_edits={FieldGroup.DETAILS: details, FieldGroup.PRICES: prices})


def agreed(main: Product, settings: SyncSettings = EVERYTHING) -> Shop:
    """The dependent's shop after a sync: equal, and everything agreed on."""
    shop = Shop(twin(main), link(main, twin(main), LinkOrigin.CREATED))
    shop.remember(plan_product(main, shop.product, shop.link, rules(settings)))
    return shop


def plan(main: Product, shop: Shop, settings: SyncSettings = EVERYTHING) -> Diff:
    return plan_product(main, shop.product, shop.link, rules(settings))


def sync(main: Product, shop: Shop, settings: SyncSettings = EVERYTHING) -> Diff:
    found = plan(main, shop, settings)
    shop.remember(found)
    shop.apply(found.changes)
    return found


def edit(shop: Shop, *, title: str = "Shirt", price: str = "10.00") -> None:
    assert shop.product is not None
    (only,) = shop.product.variants
    shop.product = replace(shop.product, title=title, variants=(replace(only, price=Decimal(price)),))


def marked(diff: Diff) -> list[tuple[str, bool]]:
    return [(change.field.value, change.local_edit) for change in diff.changes]


def test_report_says_all_there_is_to_say() -> None:
    main = product(title="Shirt")
    shop = agreed(main)
    edit(shop, title="My shirt", price="8.00")
    found = plan(replace(main, title="New shirt"), shop)
    assert found.local_edits == (
        LocalEdit(PRICE, "10.00", "8.00", False, TWIN, "New shirt", "SKU-1"),
        LocalEdit(TITLE, "New shirt", "My shirt", False, TWIN, "New shirt", ""),
    )
    assert marked(found) == [("PRICE", True), ("TITLE", True)]


def test_change_that_overwrites_nobodys_work_is_not_marked() -> None:
    main = product(title="Shirt")
    shop = agreed(main)
    edit(shop, price="8.00")
    found = plan(replace(main, title="New shirt"), shop)
    assert marked(found) == [("PRICE", True), ("TITLE", False)]
    assert all(Change.from_json(change.to_json()) == change for change in found.changes)


@pytest.mark.parametrize(
    ("details", "prices", "expected"),
    [
        (WINS, WINS, {"TITLE", "PRICE"}),
        (KEPT, WINS, {"PRICE"}),
        (WINS, KEPT, {"TITLE"}),
        (KEPT, KEPT, set()),
    ],
)
def test_each_field_group_has_its_own_policy(
    details: LocalEditPolicy, prices: LocalEditPolicy, expected: set[str]
) -> None:
    main = product(title="Shirt")
    shop = agreed(main)
    edit(shop, title="My shirt", price="8.00")
    found = plan(main, shop, policies(details, prices))
    assert {change.field.value for change in found.changes} == expected
    assert {each.ref.field for each in found.local_edits if each.kept} == {"TITLE", "PRICE"} - expected


def test_kept_edit_stays_whatever_main_says_later() -> None:
    main = product(title="Shirt")
    shop = agreed(main, KEEP)
    edit(shop, title="My shirt")
    for title in ("Shirt", "New shirt", "Newer shirt"):
        found = sync(replace(main, title=title), shop, KEEP)
        assert found.changes == ()
        assert [(each.main, each.dependent, each.kept) for each in found.local_edits] == [
            (title, "My shirt", True)
        ]
    assert shop.product is not None
    assert shop.product.title == "My shirt"


def test_kept_edit_is_over_once_both_say_the_same() -> None:
    main = product(title="Shirt")
    shop = agreed(main, KEEP)
    edit(shop, title="My shirt")
    same = replace(main, title="My shirt")
    assert sync(same, shop, KEEP).local_edits == ()
    assert marked(sync(replace(main, title="New shirt"), shop, KEEP)) == [("TITLE", False)]


def test_kept_edit_is_written_over_when_the_settings_change() -> None:
    main = product(title="Shirt")
    shop = agreed(main, KEEP)
    edit(shop, title="My shirt")
    sync(main, shop, KEEP)
    assert marked(sync(main, shop, EVERYTHING)) == [("TITLE", True)]
    assert plan(main, shop, EVERYTHING).changes == ()


def test_one_value_can_be_kept_while_the_rest_follows_main() -> None:
    main = product(title="Shirt")
    shop = agreed(main)
    edit(shop, title="My shirt", price="8.00")
    for hold, title, expected in (
        (hold_for("Shirt"), "Shirt", [("PRICE", True)]),
        (hold_for("Shirt"), "New shirt", [("PRICE", True), ("TITLE", False)]),
        (hold_for("Shirt", lasting=True), "New shirt", [("PRICE", True)]),
    ):
        found = plan_product(
            replace(main, title=title), shop.product, shop.link, rules(EVERYTHING), {TITLE: hold}
        )
        assert marked(found) == expected
        assert found.held == (() if ("TITLE", False) in expected else (TITLE,))
        assert {each.ref for each in found.local_edits} == {PRICE}


def test_hold_for() -> None:
    assert hold_for("10.00") == Hold(value_hash("10.00"))
    assert hold_for(None) == Hold(value_hash(None))
    assert hold_for("10.00", lasting=True) == Hold(None)


def test_metafield_that_main_removed_and_the_dependent_edited() -> None:
    main = product(metafields=(text("fit", "slim"),))
    shop = agreed(main)
    assert shop.product is not None
    shop.product = replace(shop.product, metafields=(text("fit", "wide"),))
    removed = replace(main, metafields=())
    found = plan(removed, shop)
    assert [(each.ref.key, each.main, each.kept) for each in found.local_edits] == [
        ("custom.fit", None, False)
    ]
    assert [(change.field, change.after, change.local_edit) for change in found.changes] == [
        ("METAFIELD", None, True)
    ]
    assert plan(removed, shop, KEEP).changes == ()


def test_picture_that_the_dependent_took_out() -> None:
    main = product(media=(image("front"), image("back")))
    shop = agreed(main)
    assert shop.product is not None
    shop.product = replace(shop.product, media=shop.product.media[:1])
    found = plan(main, shop)
    assert [(change.action, change.key, change.local_edit) for change in found.changes] == [
        ("ADD_MEDIA", "back", True)
    ]
    assert plan(main, shop, KEEP).changes == ()
    new = replace(main, media=(*main.media, image("side")))
    assert [(each.key, each.local_edit) for each in plan(new, agreed(main)).changes] == [("side", False)]


def test_option_value_that_the_dependent_renamed() -> None:
    main = product(variant(1, "S"), variant(2, "M"))
    shop = agreed(main, KEEP)
    assert shop.product is not None
    first, second = shop.product.variants
    renamed = replace(second.options[0], value="Medium")
    shop.product = product(first, replace(second, options=(renamed,)), gid=TWIN)
    assert [(change.action, change.local_edit) for change in plan(main, shop).changes] == [
        ("RESTRUCTURE", True)
    ]
    kept = plan(main, shop, KEEP)
    assert [each.kept for each in kept.local_edits if each.ref.field == "OPTIONS"] == [True]
    assert [change.action for change in kept.changes if change.action == "RESTRUCTURE"] == []
