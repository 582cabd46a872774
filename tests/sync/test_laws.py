"""What the engine promises over any state: convergence, ownership, determinism, no-op."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from backend.sync.catalog import InventoryItemId, MediaId, Product, ProductId, Variant, VariantId
from backend.sync.changeset import Changeset, ChecksumBuilder
from backend.sync.diff import Diff, plan_product
from backend.sync.fields import Field
from backend.sync.link import ProductLink
from backend.sync.rules import Rules
from backend.sync.settings import DetailField, SyncSettings
from backend.sync.settle import adopt
from tests.sync.shop import Shop
from tests.sync.states import LOCATIONS, TARGETS, State, products, states
from tests.sync.states import rules as any_rules

laws = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def plan(state: State) -> Diff:
    return plan_product(state.main, state.dependent, state.link, state.rules, state.holds)


@laws
@given(states())
def test_convergence(state: State) -> None:
    """A plan that is applied leaves nothing to plan.

    Where a person must decide which variants belong together, writing SKUs and options may answer the
    question, and the next plan goes on from there: that ends too. What the dependent sold of shared stock is
    booked first, and the plan after that writes what main has left.
    """
    shop = Shop(state.dependent, state.link, state.main)
    first = plan(state)
    for name in {change.field.value for change in first.changes}:
        event(name)
    found, holds = first, dict(state.holds)
    books = any(change.action == "BOOK" for change in first.changes)
    for _ in range((4 if first.conflicts else 1) + books):
        shop.remember(found)
        shop.apply(found.changes)
        holds = {ref: hold for ref, hold in holds.items() if ref not in found.released}
        assert shop.main is not None
        found = plan_product(shop.main, shop.product, shop.link, state.rules, holds)
    assert found.changes == ()
    assert set(found.held) >= set(first.held)


@laws
@given(products("", LOCATIONS), any_rules)
def test_convergence_of_creation(main: Product, rules: Rules) -> None:
    """A product that is created leaves nothing to plan, and everything that is owned is agreed on."""
    shop = Shop()
    shop.apply(plan_product(main, None, None, rules).changes)
    if shop.product is None or shop.link is None:
        assert Field.PRICE in rules.paused or not rules.settings.prices
        assert rules.main.currency != rules.dependent.currency
        return
    base = adopt(main, shop.product, shop.link, rules)
    again = plan_product(main, shop.product, replace(shop.link, base=base), rules)
    assert again.changes == ()
    assert again.agreed == {}
    if rules.settings.prices:
        assert {ref.subject for ref in base if ref.field == "PRICE"} == {
            item.id for item in shop.product.variants
        }


@laws
@given(states())
def test_ownership(state: State) -> None:
    """What the settings don't own is after the plan as it was before."""
    shop = Shop(state.dependent, state.link, state.main)
    first = plan(state)
    shop.remember(first)
    shop.apply(first.changes)
    assert shop.product is not None
    _check_main(state, shop.main)
    before, after = dict(_values(state.dependent)), dict(_values(shop.product))
    owns = _owned(state.rules.settings)
    assert shop.link is not None
    linked = set(shop.link.media.values())
    locations = set(state.rules.location_map.sources)
    created = {item.id for item in shop.product.variants} - {item.id for item in state.dependent.variants}
    for key in before.keys() | after.keys():
        owner, name, detail = key
        if before.get(key) == after.get(key) or owner in created:
            continue
        if name == "options" and created and "options" not in owns:
            _check_only_grown(state.dependent, shop.product)
            continue
        assert name in owns, f"{key} belongs to the dependent"
        assert name != "stock" or detail in locations, f"{key}: no mapping feeds this location"
        assert name != "metafield" or not str(detail).startswith("app--")
        assert name != "media" or before.get(key) is None or detail in linked
    if created:
        assert state.rules.settings.details or state.rules.settings.products == "ALL"
    assert set(before) - set(after) <= {key for key in before if key[1] in ("metafield", "media")}, (
        "nothing disappears but metafields and media that main took away"
    )
    kept = {ref for ref, hold in state.holds.items() if hold.main_hash is None} | set(first.held)
    assert kept.isdisjoint(change.ref for change in first.changes)


def _check_main(state: State, main: Product | None) -> None:
    """Nothing of main is ever written but shared stock, at its mapped locations."""
    assert main is not None
    sources = {place for places in state.rules.location_map.sources.values() for place in places}
    shared = state.rules.settings.quantities and state.rules.settings.stock_mode == "SHARED"
    for before, after in zip(state.main.variants, main.variants, strict=True):
        moved = {place for place in LOCATIONS if before.stock.get(place) != after.stock.get(place)}
        assert moved <= (sources if shared else set())
        assert replace(after, stock=before.stock) == before
    assert replace(main, variants=state.main.variants) == state.main


def _check_only_grown(before: Product, after: Product) -> None:
    """A created variant may bring a new option value with it; all else stays."""
    assert [option.name for option in before.options] == [option.name for option in after.options]
    for old, new in zip(before.options, after.options, strict=True):
        assert new.values[: len(old.values)] == old.values


_PRODUCT_NAMES = (
    *("title", "handle", "description_html", "vendor", "product_type", "category_id", "tags", "status"),
    *("seo_title", "seo_description", "template_suffix"),
)
_VARIANT_NAMES = (
    *("sku", "barcode", "price", "compare_at_price", "cost", "taxable", "inventory_policy", "tracked"),
    *("requires_shipping", "weight", "hs_code", "country_of_origin"),
)


def _values(product: Product) -> Iterator[tuple[tuple[str, str, str], object]]:
    """Every value of a product by (owner, name, detail), told without the engine's own words."""
    for name in _PRODUCT_NAMES:
        yield (product.id, name, ""), getattr(product, name)
    yield (product.id, "options", ""), product.options
    for item in product.media:
        yield (product.id, "media", item.id), item
    owners: list[Product | Variant] = [product, *product.variants]
    for owner in owners:
        for metafield in owner.metafields:
            yield (owner.id, "metafield", f"{metafield.namespace}.{metafield.key}"), metafield
    for variant in product.variants:
        for name in _VARIANT_NAMES:
            yield (variant.id, name, ""), getattr(variant, name)
        yield (variant.id, "variant_media", ""), variant.media_id
        yield (variant.id, "options", ""), variant.options
        for location, count in variant.stock.items():
            yield (variant.id, "stock", location), count


def _owned(chosen: SyncSettings) -> set[str]:
    names = set()
    if chosen.details or chosen.products == "ALL":
        names |= {name for field in chosen.fields for name in _NAMES[field]}
    if chosen.prices:
        names |= {"price", "compare_at_price"} if chosen.price_rules.compare_at else {"price"}
    if chosen.quantities:
        names.add("stock")
    return names


_NAMES = {
    DetailField.TITLE: ("title",),
    DetailField.DESCRIPTION: ("description_html",),
    DetailField.VENDOR: ("vendor",),
    DetailField.PRODUCT_TYPE: ("product_type",),
    DetailField.CATEGORY: ("category_id",),
    DetailField.TAGS: ("tags",),
    DetailField.STATUS: ("status",),
    DetailField.SEO: ("seo_title", "seo_description"),
    DetailField.TEMPLATE_SUFFIX: ("template_suffix",),
    DetailField.HANDLE: ("handle",),
    DetailField.OPTIONS: ("options",),
    DetailField.SKU: ("sku",),
    DetailField.BARCODE: ("barcode",),
    DetailField.WEIGHT: ("weight",),
    DetailField.TAXABLE: ("taxable",),
    DetailField.REQUIRES_SHIPPING: ("requires_shipping",),
    DetailField.TRACKED: ("tracked",),
    DetailField.INVENTORY_POLICY: ("inventory_policy",),
    DetailField.HS_CODE: ("hs_code",),
    DetailField.COUNTRY_OF_ORIGIN: ("country_of_origin",),
    DetailField.COST: ("cost",),
    # Taking a picture out of a product takes it from its variants too.
    DetailField.MEDIA: ("media", "variant_media"),
    DetailField.VARIANT_MEDIA: ("variant_media",),
    DetailField.METAFIELDS: ("metafield",),
}


@laws
@given(states(), st.randoms(use_true_random=False))
def test_determinism(state: State, order: random.Random) -> None:
    """The same facts in another order give the same plan and the same checksum."""

    def shuffled(mapping: Mapping[Any, Any]) -> dict[Any, Any]:
        items = list(mapping.items())
        order.shuffle(items)
        return dict(items)

    first = plan(state)
    link = replace(
        state.link,
        variants=shuffled(state.link.variants),
        media=shuffled(state.link.media),
        base=shuffled(state.link.base),
    )
    second = plan_product(state.main, state.dependent, link, state.rules, shuffled(state.holds))
    assert second.changes == first.changes == Changeset.of(first.changes).changes
    assert second.agreed == first.agreed
    mixed = list(first.changes)
    order.shuffle(mixed)
    builder = ChecksumBuilder()
    for change in mixed:
        builder = ChecksumBuilder(builder.state)
        builder.add(change)
    assert Changeset.of(mixed).changes == Changeset.of(first.changes).changes
    assert builder.checksum == Changeset.of(first.changes).checksum() == Changeset(tuple(mixed)).checksum()


@laws
@given(products("", LOCATIONS), any_rules, st.booleans())
def test_no_op(main: Product, rules: Rules, linked: bool) -> None:
    """A dependent that says what it should is left alone, whether it was linked before or is found just
    now."""
    rules = replace(rules, settings=replace(rules.settings, price_rules=type(rules.settings.price_rules)()))
    main, dependent = _equal(main, rules)
    skus = [item.sku for item in main.variants]
    link = ProductLink(main.id, dependent.id)
    found = plan_product(main, dependent, link, rules)
    assert len(set(skus)) == len(main.variants)
    assert found.changes == ()
    assert found.conflicts == ()
    assert [(tie.main, tie.dependent) for tie in found.variants] == [
        (item.id, f"d-{item.id}") for item in main.variants
    ]
    shop = Shop(dependent, link)
    shop.remember(found)
    assert shop.link is not None
    again = plan_product(main, dependent, shop.link, rules)
    assert (again.changes, again.agreed, again.variants, again.media) == ((), {}, (), {})


def _equal(main: Product, rules: Rules) -> tuple[Product, Product]:
    """Main with a SKU for each variant, and its twin, made without the engine."""
    variants, twins = [], []
    for index, item in enumerate(main.variants):
        item = replace(item, sku=f"SKU-{index}", metafields=())
        before = (
            item.compare_at_price if item.compare_at_price and item.compare_at_price > item.price else None
        )
        stock = {}
        for target in TARGETS:
            sources = rules.location_map.sources.get(target)
            if sources is not None:
                total = sum(item.stock.get(source, 0) for source in sources) - rules.settings.stock_buffer
                cap = rules.settings.stock_cap
                stock[target] = max(0, total if cap is None else min(total, cap))
        variants.append(item)
        twins.append(
            replace(
                item,
                id=VariantId(f"d-{item.id}"),
                inventory_item_id=InventoryItemId(f"d-{item.inventory_item_id}"),
                compare_at_price=before,
                stock=stock,
                media_id=None if item.media_id is None else MediaId(f"d-{item.media_id}"),
            )
        )
    main = replace(main, variants=tuple(variants), metafields=(), status=main.status)
    media = tuple(replace(item, id=MediaId(f"d-{item.id}")) for item in main.media)
    return main, replace(main, id=ProductId("d-product"), variants=tuple(twins), media=media)
