"""Reading a shop of the sandbox: everything, however much there is, and only what is owned."""

from dataclasses import replace
from decimal import Decimal

import pytest

from backend.shopify.connections import Sizes
from backend.shopify.pages import START, OwnedVariant, PageCursor
from backend.shopify.reader import CatalogReader
from backend.shopify.wanted import Wanted
from backend.sync.catalog import (
    InventoryItemId,
    InventoryPolicy,
    LocationId,
    Metafield,
    Option,
    OptionValue,
    Product,
    ProductId,
    ProductStatus,
    Weight,
)
from backend.sync.settings import DetailField, FieldGroup
from sandbox.catalogue import Recipe, generate
from sandbox.commands.shops import set_location_active
from sandbox.draft import ImageDraft, MetafieldDraft, ProductDraft, VariantDraft
from tests.shopify.world import World, a_world

SEED = 20261124


async def all_products(reader: CatalogReader, wanted: Wanted, cursor: PageCursor = START) -> list[Product]:
    found: list[Product] = []
    following: PageCursor | None = cursor
    while following is not None:
        page = await reader.products_page(PageCursor.from_json(following.to_json()), wanted)
        found += page.products
        following = page.next
    return found


async def all_variants(
    reader: CatalogReader, wanted: Wanted, cursor: PageCursor = START
) -> list[OwnedVariant]:
    found: list[OwnedVariant] = []
    following: PageCursor | None = cursor
    while following is not None:
        page = await reader.variants_page(PageCursor.from_json(following.to_json()), wanted)
        found += page.variants
        following = page.next
    return found


async def location_ids(world: World) -> tuple[LocationId, ...]:
    return tuple(each.id for each in sorted(await world.facts.locations(), key=lambda each: each.name))


def shirt() -> ProductDraft:
    return ProductDraft(
        title="Linen Shirt",
        description_html="<p>Washed linen.</p>",
        vendor="Acme",
        product_type="Shirts",
        tags=("summer", "linen", "summer"),
        status="DRAFT",
        options=("Size",),
        images=(ImageDraft("https://cdn.example.com/a.jpg", "Front"),),
        seo_title="Linen",
        variants=(
            VariantDraft(
                option_values=("S",),
                sku="SHIRT-S",
                barcode="4006381333931",
                price=Decimal("19.90"),
                compare_at_price=Decimal("29.90"),
                cost=Decimal("7.5"),
                tracked=True,
                available=(3, 0),
                weight=Decimal("0.4"),
                country_code_of_origin="PT",
                harmonized_system_code="610910",
                image="https://cdn.example.com/a.jpg",
                metafields=(MetafieldDraft("custom", "fit", "single_line_text_field", "slim"),),
            ),
            VariantDraft(option_values=("M",), price=Decimal("5"), policy="CONTINUE", available=(1, None)),
        ),
        metafields=(MetafieldDraft("custom", "care", "single_line_text_field", "Wash cold"),),
    )


async def test_a_product_is_read_as_the_shop_has_it() -> None:
    async with a_world() as world:
        store, warehouse = await location_ids(world)
        placed = world.place(shirt())
        (product,) = (await world.reader.by_ids([gid(placed.id)], Wanted())).products
    (image,) = product.media
    small, medium = product.variants
    assert replace(product, media=(), variants=()) == Product(
        id=gid(placed.id),
        title="Linen Shirt",
        handle="linen-shirt",
        description_html="<p>Washed linen.</p>",
        vendor="Acme",
        product_type="Shirts",
        tags=("linen", "summer"),
        status=ProductStatus.DRAFT,
        seo_title="Linen",
        options=(Option("Size", ("S", "M")),),
        metafields=(Metafield("custom", "care", "single_line_text_field", "Wash cold"),),
        updated_at=product.updated_at,
    )
    assert (image.alt, image.ready, image.width > 0, image.url != "") == ("Front", True, True, True)
    assert small == replace(
        small,
        options=(OptionValue("Size", "S"),),
        position=1,
        sku="SHIRT-S",
        barcode="4006381333931",
        price=Decimal("19.90"),
        compare_at_price=Decimal("29.90"),
        cost=Decimal("7.50"),
        inventory_policy=InventoryPolicy.DENY,
        tracked=True,
        weight=Weight(Decimal("0.4"), "KILOGRAMS"),
        hs_code="610910",
        country_of_origin="PT",
        media_id=image.id,
        metafields=(Metafield("custom", "fit", "single_line_text_field", "slim"),),
        stock={warehouse: 3, store: 0},
    )
    assert (medium.sku, medium.tracked, medium.weight, medium.cost) == ("", False, None, None)
    assert medium.inventory_policy is InventoryPolicy.CONTINUE
    assert medium.stock == {warehouse: 1}


def gid(number: int) -> ProductId:
    return ProductId(f"gid://shopify/Product/{number}")


@pytest.mark.parametrize("named", [True, False])
async def test_pages_of_any_size_and_reading_by_ids_agree(named: bool) -> None:
    async with a_world() as world:
        for draft in generate(Recipe(seed=SEED, locations=2), 60):
            world.place(draft)
        wanted = Wanted(locations=await location_ids(world) if named else ())
        flat = await all_products(world.reader, wanted, PageCursor(sizes=Sizes(page=7)))
        variants = await all_variants(world.reader, wanted, PageCursor(sizes=Sizes(page=11)))
        by_ids = await world.reader.by_ids([each.id for each in flat], wanted)
        assert flat == await all_products(world.reader, wanted)
        assert variants == await all_variants(world.reader, wanted)
        assert len(flat) == 60
        assert len(variants) == len(world.shop.variants)
    assert [replace(each, variants=()) for each in by_ids.products] == flat
    nested = {each.id: (owner.id, each) for owner in by_ids.products for each in owner.variants}
    assert {each.variant.id: (each.product, each.variant) for each in variants} == nested
    assert any(each.variant.stock for each in variants)


async def test_a_catalogue_deeper_than_a_connection_is_read_in_slices() -> None:
    async with a_world() as world:
        for number in range(30):
            world.place(ProductDraft(f"Product {number:02}", (VariantDraft(sku=f"S{number}"),)))
        whole = await all_products(world.reader, Wanted())
        near_the_end = PageCursor(depth=24_992, sizes=Sizes(page=5))
        first = await world.reader.products_page(near_the_end, Wanted())
        second = await world.reader.products_page(first.next or START, Wanted())
        assert len(first.products + second.products) == 8
        assert second.next is not None
        assert (second.next.after, second.next.depth) == (None, 0)
        assert second.next.above == int(whole[7].id.rpartition("/")[2])
        rest = await all_products(world.reader, Wanted(), second.next)
        assert [*first.products, *second.products, *rest] == whole


async def test_however_much_a_product_has_it_is_read_whole() -> None:
    """More variants, media, metafields and levels than any page holds."""
    places = tuple(f"Place {number:02}" for number in range(9))
    draft = ProductDraft(
        "Everything",
        options=("Number",),
        images=tuple(
            ImageDraft(f"https://cdn.example.com/{number}.jpg", f"{number}") for number in range(40)
        ),
        metafields=tuple(
            MetafieldDraft("custom", f"key_{number:03}", "number_integer", f"{number}")
            for number in range(30)
        ),
        variants=tuple(
            VariantDraft(
                option_values=(f"{number}",),
                sku=f"E-{number}",
                tracked=True,
                available=tuple(number for _ in places),
                metafields=tuple(
                    MetafieldDraft("custom", f"key_{key}", "number_integer", f"{key}")
                    for key in range(number % 4)
                ),
            )
            for number in range(300)
        ),
    )
    async with a_world(locations=places) as world:
        placed = world.place(draft)
        (product,) = (await world.reader.by_ids([gid(placed.id)], Wanted())).products
        (flat,) = await all_products(world.reader, Wanted())
        variants = await all_variants(world.reader, Wanted())
    assert [each.sku for each in product.variants] == [f"E-{number}" for number in range(300)]
    assert [each.alt for each in product.media] == [f"{number}" for number in range(40)]
    assert [each.value for each in product.metafields] == [f"{number}" for number in range(30)]
    assert [len(each.metafields) for each in product.variants] == [number % 4 for number in range(300)]
    for number, each in enumerate(product.variants):
        assert list(each.stock.values()) == [number] * 9
    assert flat == replace(product, variants=())
    assert [each.variant for each in variants] == list(product.variants)


async def test_a_page_that_cuts_many_short_is_asked_for_larger_and_the_cursor_remembers() -> None:
    async with a_world(locations=tuple(f"Place {number}" for number in range(6))) as world:
        for number in range(20):
            levels = tuple(range(6))
            world.place(ProductDraft(f"P{number}", (VariantDraft(tracked=True, available=levels),)))
        page = await world.reader.variants_page(PageCursor(sizes=Sizes(page=10)), Wanted())
        assert page.next is not None
        assert page.next.sizes == Sizes(page=10, levels=7)
        calls = world.client.usage.calls
        following = await world.reader.variants_page(page.next, Wanted())
        assert world.client.usage.calls == calls + 1
        assert world.client.usage.calls_by_operation["RestOfLevels"] == 0
    assert all(len(each.variant.stock) == 6 for each in page.variants + following.variants)


async def test_what_is_not_owned_is_left_at_its_default() -> None:
    async with a_world() as world:
        placed = world.place(shirt())
        wanted = Wanted(frozenset({FieldGroup.PRICES}))
        (product,) = (await world.reader.by_ids([gid(placed.id)], wanted)).products
    assert (product.title, product.tags, product.vendor) == ("Linen Shirt", ("linen", "summer"), "Acme")
    assert (product.description_html, product.seo_title, product.media, product.metafields) == (
        "",
        "",
        (),
        (),
    )
    small = product.variants[0]
    assert (small.sku, small.price, small.tracked) == ("SHIRT-S", Decimal("19.90"), True)
    assert (small.barcode, small.cost, small.weight, small.stock) == ("", None, None, {})
    # The values still tell variants apart, where no SKU does.
    assert small.options == (OptionValue("1", "S"),)


@pytest.mark.parametrize("groups", [frozenset(FieldGroup), frozenset({FieldGroup.PRICES})])
async def test_the_default_variant_is_known_without_its_options(groups: frozenset[FieldGroup]) -> None:
    async with a_world() as world:
        placed = world.place(ProductDraft("Mug", (VariantDraft(sku="MUG"),)))
        (product,) = (await world.reader.by_ids([gid(placed.id)], Wanted(groups))).products
    assert product.variants[0].options == (OptionValue("Title", "Default Title"),)


async def test_several_options_are_told_apart_by_their_places() -> None:
    draft = ProductDraft("Shirt", (VariantDraft(("S", "Red")),), options=("Size", "Colour"))
    async with a_world() as world:
        placed = world.place(draft)
        wanted = Wanted(frozenset({FieldGroup.QUANTITIES}))
        (product,) = (await world.reader.by_ids([gid(placed.id)], wanted)).products
    assert product.variants[0].options == (OptionValue("1", "S"), OptionValue("2", "Red"))


async def test_a_masked_detail_is_not_read() -> None:
    async with a_world() as world:
        placed = world.place(shirt())
        mask = frozenset(DetailField) - {DetailField.MEDIA, DetailField.VARIANT_MEDIA, DetailField.COST}
        wanted = Wanted(frozenset({FieldGroup.DETAILS}), mask)
        (product,) = (await world.reader.by_ids([gid(placed.id)], wanted)).products
    assert product.media == ()
    assert product.variants[0].cost is None
    assert product.variants[0].barcode == "4006381333931"


async def test_only_the_named_locations_are_read_however_many() -> None:
    places = tuple(f"Place {number}" for number in range(8))
    async with a_world(locations=places) as world:
        placed = world.place(ProductDraft("P", (VariantDraft(tracked=True, available=tuple(range(8))),)))
        every = await location_ids(world)
        item = InventoryItemId(f"gid://shopify/InventoryItem/{placed.variants[0].item.id}")
        for count in (1, 2, 5, 7):
            expected = dict(zip(every[:count], range(count), strict=True))
            stock = await world.reader.levels([item], every[:count])
            assert (stock[item].tracked, stock[item].available) == (True, expected)
        assert (await world.reader.levels([item]))[item].available == dict(zip(every, range(8), strict=True))


async def test_what_is_gone_is_told_from_what_is_there() -> None:
    async with a_world() as world:
        placed = world.place(shirt())
        product, gone = gid(placed.id), gid(1)
        variant = f"gid://shopify/ProductVariant/{placed.variants[0].id}"
        found = await world.reader.by_ids([gone, product, product], Wanted())
        assert [each.id for each in found.products] == [product]
        assert found.missing == {gone}
        assert await world.reader.exists([product, variant, gone]) == {product, variant}
        assert await world.reader.levels([InventoryItemId("gid://shopify/InventoryItem/1")]) == {}
        assert (await world.reader.by_ids([], Wanted())).products == ()


async def test_the_shop_itself() -> None:
    async with a_world(locations=("Warehouse", "Store", "Old Store")) as world:
        world.place(shirt())
        old = next(each for each in world.shop.locations if each.name == "Old Store")
        set_location_active(world.shop, old, False)
        shop = await world.facts.shop()
        locations = {each.name: each for each in await world.facts.locations()}
        counts = await world.facts.counts()
    assert (shop.facts.domain, shop.facts.currency) == ("main-shop.myshopify.com", "EUR")
    assert shop.facts.primary_location_id == locations["Warehouse"].id
    assert shop.scopes >= {"write_products", "write_inventory"}
    assert shop.variant_limit == 2048
    assert {name: (each.is_primary, each.is_active) for name, each in locations.items()} == {
        "Warehouse": (True, True),
        "Store": (False, True),
        "Old Store": (False, False),
    }
    assert (counts.products, counts.variants, counts.exact) == (1, 2, True)


async def test_reading_ten_thousand_products_costs_what_the_docstring_says() -> None:
    """A page's price by the sandbox, times the pages of 10,000 products with 5 variants."""
    async with a_world() as world:
        for number in range(49):
            variants = tuple(
                VariantDraft((f"{size}",), sku=f"{number}-{size}", tracked=True, available=(size,))
                for size in range(5)
            )
            world.place(ProductDraft(f"Product {number}", variants, options=("Size",)))
        places = await location_ids(world)
        groups = frozenset({FieldGroup.PRICES, FieldGroup.QUANTITIES})
        wanted = Wanted(groups, locations=places[:1])
        await all_products(world.reader, wanted)
        await all_variants(world.reader, wanted)
        usage = world.client.usage
    # 49 of the 244 products that fit on a page, all 245 variants on two pages of 244 and 1.
    assert dict(usage.calls_by_operation) == {"Locations": 1, "Products": 1, "Variants": 2}
    assert usage.points_by_operation["Products"] <= 22
    assert usage.points_by_operation["Variants"] <= 52 + 8
