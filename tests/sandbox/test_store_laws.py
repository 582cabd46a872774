"""What holds in a shop after any commands, in any order, refused ones among them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.commands import inventory, media, metafields, options, products, stock, variant_bulk
from sandbox.commands.errors import RefusedError
from sandbox.commands.options import OptionChange
from sandbox.commands.product_set import set_product
from sandbox.commands.shops import set_location_active
from sandbox.commands.specs import (
    Choice,
    FileSpec,
    ItemFields,
    MetafieldSpec,
    OptionSpec,
    ProductFields,
    ProductSpec,
    QuantitySpec,
    ValueSpec,
    VariantFields,
    VariantSpec,
)
from sandbox.commands.stock import Row
from sandbox.resolvers.product import total_inventory
from sandbox.store.change import Event
from sandbox.store.product import Product
from sandbox.store.shop import Shop
from tests.sandbox.caller import Caller, caller

NAMES = st.sampled_from(["S", "M", "L", "s", ""])
SKUS = st.sampled_from(["a", "A", "b", "", None])
SMALL = st.integers(0, 3)


class World:
    """A shop, and commands on whatever happens to be in it."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.caller: Caller = caller()
        self.shop: Shop = self.caller.shop
        self.events: list[Event] = []
        self.shop.listeners.append(self.events.append)
        metafields.define(
            self.shop, owner_type="PRODUCT", namespace="app", key="twin", name="Twin", kind="id"
        )

    def product(self) -> Product | None:
        rows = list(self.shop.products)
        return self.draw(st.sampled_from(rows)) if rows else None

    def step(self) -> None:
        action = self.draw(st.sampled_from(ACTIONS))
        self.caller.wait(self.draw(st.sampled_from([0.0, 0.4, 61.0])))
        before = dump(self.shop)
        revision = self.shop.revision
        try:
            action(self)
        except RefusedError:
            assert dump(self.shop) == before, "a refused command changed something"
            assert self.shop.revision == revision
        laws(self.shop)

    def set_product(self) -> None:
        draw = self.draw
        sizes = draw(st.lists(NAMES, max_size=3))
        present = self.product() if draw(st.booleans()) else None
        ids = [variant.id for variant in present.variants] if present else []
        variants = tuple(
            VariantSpec(
                choices=(Choice("Size", size),),
                fields=VariantFields(price=Decimal(draw(st.integers(-1, 99)))),
                item=ItemFields(sku=draw(SKUS), tracked=draw(st.booleans())),
                id=draw(st.sampled_from([None, *ids])),
                quantities=(QuantitySpec(self.shop.primary_location.id, draw(st.integers(-5, 50))),)
                if draw(st.booleans())
                else (),
            )
            for size in sizes
        )
        fields = ProductFields(title=draw(st.sampled_from(["Shirt", "Hat", ""])), tags=("a", draw(NAMES)))
        spec = ProductSpec(fields)
        if draw(st.booleans()):
            spec.options = (
                OptionSpec("Size", tuple(ValueSpec(name) for name in draw(st.lists(NAMES, max_size=4)))),
            )
            spec.variants = variants
        if draw(st.booleans()):
            spec.files = tuple(
                FileSpec(original_source=f"https://img.test/{draw(SMALL)}.png") for _ in range(draw(SMALL))
            )
        if draw(st.booleans()):
            spec.metafields = (MetafieldSpec("twin", str(draw(SMALL)), "app", "id"),)
        set_product(self.shop, spec, present)

    def delete_product(self) -> None:
        if (present := self.product()) is not None:
            products.delete_product(self.shop, present)

    def rename(self) -> None:
        if (present := self.product()) is not None:
            handle = self.draw(st.sampled_from(["shirt", "hat", "cap"]))
            products.update_product(self.shop, present, ProductFields(handle=handle))

    def create_variants(self) -> None:
        if (present := self.product()) is None:
            return
        option = present.options[0].name
        specs = [
            VariantSpec(choices=(Choice(option, self.draw(NAMES)),), item=ItemFields(sku=self.draw(SKUS)))
            for _ in range(self.draw(SMALL))
        ]
        strategy = self.draw(
            st.sampled_from(["DEFAULT", "REMOVE_STANDALONE_VARIANT", "PRESERVE_STANDALONE_VARIANT"])
        )
        variant_bulk.create_variants(self.shop, present, specs, strategy)

    def update_variants(self) -> None:
        if (present := self.product()) is None:
            return
        specs = [
            VariantSpec(
                choices=(Choice(present.options[0].name, self.draw(NAMES)),)
                if self.draw(st.booleans())
                else (),
                item=ItemFields(sku=self.draw(SKUS)),
                id=self.draw(st.sampled_from([*(v.id for v in present.variants), 1])),
            )
            for _ in range(self.draw(SMALL))
        ]
        before = dump(self.shop)
        partial = self.draw(st.booleans())
        _, errors = variant_bulk.update_variants(self.shop, present, specs, partial=partial)
        if errors and not partial:
            assert dump(self.shop) == before

    def delete_variants(self) -> None:
        if (present := self.product()) is not None:
            numbers = self.draw(st.lists(st.sampled_from([v.id for v in present.variants]), max_size=2))
            variant_bulk.delete_variants(self.shop, present, numbers)

    def create_option(self) -> None:
        if (present := self.product()) is not None:
            names = tuple(ValueSpec(name) for name in self.draw(st.lists(NAMES, max_size=3)))
            name = self.draw(st.sampled_from(["Size", "Colour", "Fit"]))
            everything = self.draw(st.booleans())
            options.create_options(self.shop, present, [OptionSpec(name, names)], create_variants=everything)

    def update_option(self) -> None:
        if (present := self.product()) is None:
            return
        option = self.draw(st.sampled_from(present.options))
        change = OptionChange(
            option_id=option.id,
            name=self.draw(st.sampled_from([None, "Fit", "A / B"])),
            position=self.draw(st.sampled_from([None, 1, 2])),
            add=[ValueSpec(name) for name in self.draw(st.lists(NAMES, max_size=2))],
            delete=self.draw(st.lists(st.sampled_from([value.id for value in option.values]), max_size=1))
            if option.values
            else (),
            manage_variants=self.draw(st.booleans()),
        )
        options.update_option(self.shop, present, change)

    def delete_option(self) -> None:
        if (present := self.product()) is not None:
            numbers = [self.draw(st.sampled_from(present.options)).id]
            strategy = self.draw(st.sampled_from(["DEFAULT", "NON_DESTRUCTIVE", "POSITION"]))
            options.delete_options(self.shop, present, numbers, strategy)

    def set_stock(self) -> None:
        if (present := self.product()) is None:
            return
        rows = [
            Row(
                self.draw(st.sampled_from(present.variants)).item.id,
                self.draw(st.sampled_from(list(self.shop.locations))).id,
                self.draw(st.integers(-3, 9)),
                self.draw(st.sampled_from([None, 0, 1])),
            )
            for _ in range(self.draw(SMALL))
        ]
        name = self.draw(st.sampled_from(["available", "on_hand"]))
        stocked = self.draw(st.booleans())
        if self.draw(st.booleans()):
            stock.set_quantities(self.shop, name, "correction", None, rows, only_stocked=stocked)
        else:
            stock.adjust_quantities(self.shop, name, "correction", None, rows, only_stocked=stocked)

    def untrack(self) -> None:
        if (present := self.product()) is not None:
            item = self.draw(st.sampled_from(present.variants)).item
            with self.shop.change() as change:
                inventory.apply_item(self.shop, change, item, ItemFields(tracked=not item.tracked))

    def close_or_open(self) -> None:
        second = list(self.shop.locations)[1]
        set_location_active(self.shop, second, active=not second.is_active)

    def add_media(self) -> None:
        if (present := self.product()) is not None:
            media.add_media(self.shop, present, [FileSpec(original_source="https://img.test/x.png")])

    def delete_media(self) -> None:
        if (present := self.product()) is not None and present.media:
            media.delete_media(self.shop, present, [self.draw(st.sampled_from(present.media)).id])

    def show_media(self) -> None:
        if (present := self.product()) is not None and present.media:
            variant = self.draw(st.sampled_from(present.variants))
            media.give_media(
                self.shop, present, [(variant.id, [self.draw(st.sampled_from(present.media)).id])]
            )


ACTIONS: list[Callable[[World], None]] = [
    World.set_product,
    World.set_product,
    World.set_product,
    World.delete_product,
    World.rename,
    World.create_variants,
    World.update_variants,
    World.delete_variants,
    World.create_option,
    World.update_option,
    World.delete_option,
    World.set_stock,
    World.set_stock,
    World.untrack,
    World.close_or_open,
    World.add_media,
    World.delete_media,
    World.show_media,
]


def laws(shop: Shop) -> None:
    rows = list(shop.products)
    variants = [variant for row in rows for variant in row.variants]
    assert {variant.id for variant in shop.variants} == {variant.id for variant in variants}
    assert {item.id for item in shop.items} == {variant.item.id for variant in variants}
    assert shop.handles == {row.handle: row for row in rows}
    skus: dict[str, dict[int, Any]] = {}
    for variant in variants:
        if variant.item.sku:
            skus.setdefault(variant.item.sku.lower(), {})[variant.id] = variant
    assert shop.skus == skus
    owned = {option.id: row for row in rows for option in row.options}
    owned |= {value.id: row for row in rows for option in row.options for value in option.values}
    assert shop.options == owned
    for row in rows:
        assert row.variants, "a product has at least one variant"
        assert 1 <= len(row.options) <= 3
        assert [variant.position for variant in row.variants] == list(range(1, len(row.variants) + 1))
        combinations = [variant.options for variant in row.variants]
        assert len(set(combinations)) == len(combinations)
        for variant in row.variants:
            assert variant.product is row
            assert variant.item.variant is variant
            assert variant.media is None or variant.media in row.media
            for option, value in zip(row.options, variant.options, strict=True):
                assert value in option.values
        for option in row.options:
            names = [value.name.lower() for value in option.values]
            assert names == list(dict.fromkeys(names)), names
            assert option.values
        assert total_inventory(row) == sum(
            level.available
            for variant in row.variants
            if variant.item.tracked
            for level in variant.item.levels.values()
            if level.is_active and level.location.is_active
        )
        assert len({file.id for file in row.media}) == len(row.media)
        for file in row.media:
            assert shop.files.get(file.id) is file
            assert row.id in file.products
    for file in shop.files:
        for number in file.products:
            assert file in shop.products[number].media
    for location in shop.locations:
        for number, level in location.levels.items():
            assert shop.items[number].levels[location.id] is level
    for item in shop.items:
        assert item.levels, "an item is stocked somewhere"
        for number, level in item.levels.items():
            assert shop.locations[number].levels[item.id] is level
    twins = {row.metafields["app", "twin"].value: row.id for row in rows if ("app", "twin") in row.metafields}
    assert next(iter(shop.definitions.values())).owners == twins
    assert set(shop.metafield_ids) == {m.id for row in rows for m in row.metafields.values()}
    newest = shop.products.changed_since(shop.created_at)
    stamps = [row.updated_at for row in newest]
    assert stamps == sorted(stamps, reverse=True)
    assert len(newest) == len(rows)


def dump(shop: Shop) -> Any:
    """Everything about products that a caller could see, as plain values."""
    return [
        (
            row.id,
            row.title,
            row.handle,
            row.tags,
            row.updated_at,
            [(o.id, o.name, [(v.id, v.name) for v in o.values]) for o in row.options],
            [
                (
                    v.id,
                    v.price,
                    v.item.sku,
                    v.item.tracked,
                    [o.id for o in v.options],
                    v.updated_at,
                    v.media and v.media.id,
                    [(n, lv.available, lv.is_active) for n, lv in v.item.levels.items()],
                )
                for v in row.variants
            ],
            [file.id for file in row.media],
            [(m.id, m.value) for m in row.metafields.values()],
        )
        for row in shop.products
    ]


@given(st.data(), st.integers(1, 25))
@settings(max_examples=100, deadline=None)
def test_the_laws_hold_after_any_commands(data: st.DataObject, steps: int) -> None:
    world = World(data.draw)
    for _ in range(steps):
        world.step()


@given(st.data(), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_time_stamps_and_events_tell_of_changes_and_of_nothing_else(data: st.DataObject, steps: int) -> None:
    world = World(data.draw)
    for _ in range(steps):
        world.caller.wait(60)
        stamps = {row.id: row.updated_at for row in world.shop.products}
        seen = {row[0]: _without_stamps(row) for row in dump(world.shop)}
        world.events.clear()
        try:
            data.draw(st.sampled_from(ACTIONS))(world)
        except RefusedError:
            assert world.events == []
        told = {
            event.subject.rpartition("/")[2] for event in world.events if event.topic == "products/update"
        }
        for row in dump(world.shop):
            if row[0] in seen:
                changed = seen[row[0]] != _without_stamps(row)
                moved = world.shop.products[row[0]].updated_at > stamps[row[0]]
                assert moved == (str(row[0]) in told)
                assert moved or not changed, "a change that moved no time stamp"


def _without_stamps(row: Any) -> Any:
    variants = [(*variant[:5], *variant[6:]) for variant in row[6]]
    return (*row[:4], row[5], variants, *row[7:])
