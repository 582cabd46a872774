"""What happens to a linked product when the ground moves: its SKU, its variants, the locations, the
currency."""

from dataclasses import replace
from decimal import Decimal

from backend.sync.catalog import LocationId, Product, ShopFacts
from backend.sync.diff import Diff, plan_product
from backend.sync.link import LinkOrigin, Ref
from backend.sync.rules import Rules
from backend.sync.settings import (
    DetailField,
    LocationMap,
    PriceRules,
    ProductScope,
    StockMode,
    SyncSettings,
)
from backend.sync.stock import location_map
from tests.sync.factories import (
    DEPENDENT,
    EVERYTHING,
    HERE,
    MAIN,
    ONLY_PRICES,
    ONLY_STOCK,
    THERE,
    TWIN,
    link,
    product,
    rules,
    twin,
    variant,
)
from tests.sync.shop import Shop

ELSEWHERE = LocationId("elsewhere")
SHARED = replace(ONLY_STOCK, stock_mode=StockMode.SHARED)


def told(diff: Diff) -> list[tuple[str, str, str]]:
    return [
        (change.action.value, change.field.value, change.variant or change.main_variant)
        for change in diff.changes
    ]


def converges(main: Product, shop: Shop, settings: SyncSettings = EVERYTHING) -> Product:
    """The dependent's product after the plan, which leaves nothing to plan."""
    found = plan_product(main, shop.product, shop.link, rules(settings))
    shop.remember(found)
    shop.apply(found.changes)
    again = plan_product(main, shop.product, shop.link, rules(settings))
    assert again.changes == ()
    assert shop.product is not None
    return shop.product


def linked(main: Product) -> Shop:
    return Shop(twin(main), link(main, twin(main)))


# A changed SKU


def test_changed_sku_stays_linked_and_is_written_where_it_is_owned() -> None:
    shop = linked(product(variant(sku="OLD")))
    renamed = product(variant(sku="NEW", price=Decimal("12.00")))
    assert converges(renamed, shop).variants[0].sku == "NEW"
    assert shop.link is not None
    assert [(tie.main, tie.dependent) for tie in shop.link.variants.values()] == [
        ("variant-1", "d-variant-1")
    ]


def test_changed_sku_stays_linked_and_is_left_alone_where_it_is_not_owned() -> None:
    masked = replace(EVERYTHING, fields=EVERYTHING.fields - {DetailField.SKU})
    for settings in (ONLY_PRICES, masked):
        shop = linked(product(variant(sku="OLD")))
        (only,) = converges(product(variant(sku="NEW", price=Decimal("12.00"))), shop, settings).variants
        assert (only.sku, only.price) == ("OLD", Decimal("12.00"))


def test_sku_that_changed_in_the_dependent() -> None:
    main = product(variant(sku="OLD", price=Decimal("12.00")))
    for settings, expected in ((EVERYTHING, "OLD"), (ONLY_PRICES, "OTHER")):
        shop = linked(product(variant(sku="OLD")))
        assert shop.product is not None
        shop.product = replace(shop.product, variants=(replace(shop.product.variants[0], sku="OTHER"),))
        (only,) = converges(main, shop, settings).variants
        assert (only.sku, only.price) == (expected, Decimal("12.00"))


def test_skus_that_were_swapped_in_main_follow_their_variants() -> None:
    shop = linked(product(variant(1, "S", sku="A"), variant(2, "M", sku="B")))
    swapped = product(variant(1, "S", sku="B"), variant(2, "M", sku="A"))
    assert [(each.id, each.sku) for each in converges(swapped, shop).variants] == [
        ("d-variant-1", "B"),
        ("d-variant-2", "A"),
    ]


# From one variant to several, and back


def test_main_gets_options() -> None:
    shop = linked(product(variant(1)))
    several = product(variant(1, "S"), variant(2, "M"))
    found = plan_product(several, shop.product, shop.link, rules(EVERYTHING))
    assert told(found) == [
        ("RESTRUCTURE", "OPTIONS", ""),
        ("CREATE_VARIANT", "VARIANT", "variant-2"),
    ]
    after = converges(several, shop)
    assert [(each.sku, each.options[0].value) for each in after.variants] == [("SKU-1", "S"), ("SKU-2", "M")]
    assert after.variants[0].id == "d-variant-1"


def test_main_gets_options_that_the_settings_do_not_own() -> None:
    shop = linked(product(variant(1)))
    several = product(variant(1, "S", price=Decimal("12.00")), variant(2, "M"))
    found = plan_product(several, shop.product, shop.link, rules(ONLY_PRICES))
    assert told(found) == [("SET", "PRICE", "d-variant-1")]
    assert [(each.code, each.skus) for each in found.conflicts] == [("UNEQUAL_VARIANTS", ("SKU-2",))]


def test_main_gets_options_and_all_its_variants_anew() -> None:
    """An app that replaces the default variant: the SKU finds the old one again."""
    shop = linked(product(variant(1)))
    several = product(variant(2, "S", sku="SKU-1"), variant(3, "M"))
    after = converges(several, shop)
    assert [(each.id == "d-variant-1", each.options[0].value) for each in after.variants] == [
        (True, "S"),
        (False, "M"),
    ]


def test_default_variant_whose_twin_is_gone_waits_for_the_policy() -> None:
    shop = linked(product(variant(1)))
    several = product(variant(2, "S"), variant(3, "M"))
    found = plan_product(several, shop.product, shop.link, rules(EVERYTHING))
    assert [tie.dependent for tie in found.absent] == ["d-variant-1"]
    assert [tie.main for tie in found.absent] == ["variant-1"]
    after = converges(several, shop)
    assert {each.options[0].value for each in after.variants} == {"Default Title", "S", "M"}


def test_dependent_has_variants_of_its_own_beside_a_product_without_options() -> None:
    main = product(variant(1, price=Decimal("12.00")))
    theirs = product(
        replace(twin(main).variants[0], options=variant(1, "S").options),
        variant("own", "M"),
        gid=TWIN,
    )
    for origin in (LinkOrigin.SKU, LinkOrigin.CREATED):
        shop = Shop(theirs, link(main, theirs, origin))
        after = converges(main, shop)
        assert [(each.name, each.values) for each in after.options] == [("Size", ("S", "M"))]
        shop.product = after
    assert plan_product(main, theirs, link(main, theirs), rules(EVERYTHING)).conflicts == ()


def test_main_goes_back_to_one_variant() -> None:
    both = product(variant(1, "S"), variant(2, "M"))
    shop = linked(both)
    one = product(variant(1))
    found = plan_product(one, shop.product, shop.link, rules(EVERYTHING))
    assert [tie.dependent for tie in found.absent] == ["d-variant-2"]
    assert [(each.name, each.values) for each in converges(one, shop).options] == [("Size", ("S", "M"))]
    assert shop.product is not None
    shop.product = replace(shop.product, variants=shop.product.variants[:1])
    assert [(each.name, each.values) for each in converges(one, shop).options] == [
        ("Title", ("Default Title",))
    ]


# Locations


def places(
    *pairs: tuple[LocationId, LocationId],
    main: ShopFacts = MAIN,
    dependent: ShopFacts = DEPENDENT,
    settings: SyncSettings = ONLY_STOCK,
) -> Rules:
    return rules(settings, main=main, dependent=dependent, location_map=location_map(pairs, main, dependent))


def stock(main: dict[LocationId, int], dependent: dict[LocationId, int]) -> tuple[Product, Product]:
    mine = product(variant(tracked=True, stock=main))
    theirs = twin(mine)
    return mine, replace(theirs, variants=(replace(theirs.variants[0], stock=dependent),))


def test_stock_of_a_location_that_main_deactivated_no_longer_counts() -> None:
    closed = replace(MAIN, inactive_locations=(ELSEWHERE,))
    mapped = places((HERE, THERE), (ELSEWHERE, THERE), main=closed)
    assert mapped.location_map == LocationMap({THERE: (HERE,)})
    main, theirs = stock({HERE: 3, ELSEWHERE: 9}, {THERE: 12})
    found = plan_product(main, theirs, link(main, theirs), mapped)
    assert [(each.before, each.after) for each in found.changes] == [(12, 3)]
    assert found.refused == ()


def test_target_whose_sources_are_all_deactivated_is_refused_not_zeroed() -> None:
    closed = replace(MAIN, inactive_locations=(ELSEWHERE,))
    target = LocationId("annex")
    for settings in (ONLY_STOCK, SHARED):
        mapped = places((HERE, THERE), (ELSEWHERE, target), main=closed, settings=settings)
        main, theirs = stock({HERE: 3, ELSEWHERE: 9}, {THERE: 5, target: 9})
        base = {Ref("d-variant-1", "STOCK", target): "#9"}
        found = plan_product(main, theirs, link(main, theirs, base=base), mapped)
        assert [(each.key, each.after) for each in found.changes] == [(THERE, 3)]
        assert [(each.ref, each.code) for each in found.refused] == [
            (Ref(main.id, "STOCK", target), "LOCATION_INACTIVE")
        ]
        assert found.forgotten == (), "what is sold there meanwhile is booked once main is back"


def test_location_that_the_dependent_deactivated_is_refused_and_others_go_on() -> None:
    closed = replace(DEPENDENT, inactive_locations=(THERE,))
    main, theirs = stock({HERE: 3, ELSEWHERE: 4}, {THERE: 5, LocationId("annex"): 9})
    base = {Ref("d-variant-1", "STOCK", THERE): "#5"}
    for settings, forgotten in ((ONLY_STOCK, ()), (SHARED, (Ref("d-variant-1", "STOCK", THERE),))):
        mapped = places((HERE, THERE), (ELSEWHERE, LocationId("annex")), dependent=closed, settings=settings)
        found = plan_product(main, theirs, link(main, theirs, base=base), mapped)
        assert [(each.key, each.before, each.after) for each in found.changes] == [("annex", 9, 4)]
        assert [(each.ref, each.code) for each in found.refused] == [
            (Ref(main.id, "STOCK", THERE), "LOCATION_INACTIVE")
        ]
        assert found.forgotten == forgotten, "what deactivating did to shared stock there is no sale"


def test_no_active_location_at_all_pauses_stock() -> None:
    for mapped in (
        places(main=replace(MAIN, inactive_locations=(HERE,))),
        places(dependent=replace(DEPENDENT, inactive_locations=(THERE,))),
    ):
        main, theirs = stock({HERE: 3}, {THERE: 5})
        base = {Ref("d-variant-1", "STOCK", THERE): "#5"}
        found = plan_product(main, theirs, link(main, theirs, base=base), mapped)
        assert (found.changes, found.forgotten) == ((), ())
        assert [(each.ref, each.code) for each in found.refused] == [
            (Ref(main.id, "STOCK"), "LOCATION_INACTIVE")
        ]


def test_location_that_is_active_again_is_fed_again() -> None:
    main, theirs = stock({HERE: 3}, {THERE: 5})
    for settings in (ONLY_STOCK, SHARED):
        found = plan_product(main, theirs, link(main, theirs), places(settings=settings))
        assert [(each.key, each.before, each.after) for each in found.changes] == [(THERE, 5, 3)]


# The currency


def test_changed_currency_pauses_prices_and_nothing_else() -> None:
    rated = PriceRules(conversion_rate=Decimal("1.1"), rate_from="EUR", rate_to="USD")
    settings = replace(EVERYTHING, price_rules=rated)
    dollars, pounds = replace(DEPENDENT, currency="USD"), replace(DEPENDENT, currency="GBP")
    main = product(variant(price=Decimal("20.00"), tracked=True, stock={HERE: 3}), title="New")
    theirs = twin(product(variant(price=Decimal("11.00"), tracked=True, stock={HERE: 5})))
    before = plan_product(main, theirs, link(main, theirs), rules(settings, dependent=dollars))
    assert [(each.field, each.after) for each in before.changes] == [
        ("STOCK", 3),
        ("PRICE", "22.00"),
        ("TITLE", "New"),
    ]
    base = {Ref("d-variant-1", "PRICE"): "agreed"}
    after = plan_product(main, theirs, link(main, theirs, base=base), rules(settings, dependent=pounds))
    assert [(each.field, each.after) for each in after.changes] == [("STOCK", 3), ("TITLE", "New")]
    assert {(each.ref.field, each.code.value) for each in after.refused} == {
        ("PRICE", "CURRENCY_CHANGED"),
        ("COMPARE_AT_PRICE", "CURRENCY_CHANGED"),
        ("COST", "CURRENCY_CHANGED"),
    }
    assert after.forgotten == (), "prices go on from where they were once there is a rate"


def test_changed_currency_creates_no_product_at_a_wrong_price() -> None:
    rated = PriceRules(conversion_rate=Decimal("1.1"), rate_from="EUR", rate_to="USD")
    settings = SyncSettings(ProductScope.ALL, price_rules=rated)
    pounds = replace(DEPENDENT, currency="GBP")
    found = plan_product(product(), None, None, rules(settings, dependent=pounds))
    assert found.changes == ()
    assert [(each.ref.field, each.code) for each in found.refused] == [("PRODUCT", "CURRENCY_CHANGED")]
