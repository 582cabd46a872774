"""Creating, changing, restructuring, ordering and deleting products, against a shop of the sandbox."""

from dataclasses import replace

import pytest

from backend.errors import ErrorCode
from backend.shopify.outcome import Applied, Stale
from backend.sync.catalog import (
    Option,
    OptionValue,
    Variant,
)
from backend.sync.fields import Field
from backend.sync.writes import (
    CreateProduct,
    CreateVariants,
    DeleteProduct,
    DeleteVariants,
    NewVariant,
    ReorderMedia,
    ReorderOptions,
    ReorderVariants,
    Restructure,
    UpdateProduct,
    UpdateVariants,
    VariantOptions,
    VariantValues,
    Write,
)
from sandbox.commands.variant_bulk import delete_variants
from tests.shopify.values import MAIN_PRODUCT, ORIGIN, a_product, a_variant, an_image
from tests.shopify.world import SCOPES, World, a_world
from tests.shopify.writing import GONE_PRODUCT, MISSING_VARIANT, change, made, outcomes, read, refused, value


async def test_a_created_product_is_the_desired_one_and_is_answered_as_it_stands(world: World) -> None:
    places = [each.id for each in await world.facts.locations()]
    front, back = an_image(1), an_image(2)
    desired = a_product(
        a_variant(1, media_id=front.id, stock={places[0]: 5}),
        a_variant(2, stock={places[0]: 0, places[1]: 2}),
        media=(front, back),
    )
    result = await world.writer.execute(CreateProduct(change(1), desired, ORIGIN, publish=True))
    assert result.outcomes == {1: Applied()}
    (answered,) = result.products
    world.clock.advance(60)
    stands = await read(world, answered.id)
    assert {one.name for one in world.shop.publications} == {"Online Store", "Point of Sale"}
    (published,) = world.shop.products
    online = next(one for one in world.shop.publications if one.name == "Online Store")
    assert set(published.publications) == {online.id}
    # Files are still processed when the creation is answered.
    assert [replace(each, url="", width=0, height=0, ready=False) for each in stands.media] == list(
        answered.media
    )
    assert replace(stands, media=(), updated_at=None) == replace(answered, media=(), updated_at=None)
    assert answered.origin == ORIGIN
    assert replace(
        answered,
        id=desired.id,
        handle=desired.handle,
        origin="",
        updated_at=None,
        media=(),
        variants=tuple(map(as_sent, answered.variants, desired.variants)),
    ) == replace(desired, media=())
    tied: dict[str, str] = {MAIN_PRODUCT: answered.id}
    tied |= {str(sent.id): one.id for sent, one in zip(desired.variants, stands.variants, strict=True)}
    tied |= {str(sent.id): one.id for sent, one in zip(desired.media, stands.media, strict=True)}
    assert result.created == tied


def as_sent(mine: Variant, theirs: Variant) -> Variant:
    return replace(mine, id=theirs.id, inventory_item_id=theirs.inventory_item_id, media_id=theirs.media_id)


async def test_a_creation_sent_twice_is_one_product(world: World) -> None:
    write = CreateProduct(change(1), a_product(), ORIGIN, publish=False)
    first = await world.writer.execute(write)
    assert await world.writer.by_origin(ORIGIN) == first.products[0].id
    second = await world.writer.execute(write)
    assert second.products[0].id == first.products[0].id
    assert len(world.shop.products) == 1
    assert await world.writer.by_origin("other.myshopify.com/7") is None
    calls = world.client.usage.calls_by_operation
    assert calls["CreateOriginDefinition"] == 1


async def test_a_product_without_options_is_created_with_the_default_variant(world: World) -> None:
    desired = a_product(a_variant(1, options=()), options=())
    stands = await made(world, desired)
    assert stands.options == (Option("Title", ("Default Title",)),)
    assert [each.sku for each in stands.variants] == ["SKU-1"]


async def test_a_product_of_more_variants_than_a_page_is_created_and_tied_whole(world: World) -> None:
    desired = a_product(*(a_variant(number) for number in range(1, 301)))
    result = await world.writer.execute(CreateProduct(change(1), desired, ORIGIN, publish=False))
    (answered,) = result.products
    assert [each.sku for each in answered.variants] == [each.sku for each in desired.variants]
    assert len(result.created) == 301


async def test_a_handle_that_is_taken_does_not_stand_against_a_creation(world: World) -> None:
    first = await made(world, a_product(handle="linen"))
    other = CreateProduct(change(2), a_product(handle="linen"), "main.myshopify.com/8", publish=False)
    result = await world.writer.execute(other)
    assert result.outcomes == {2: Applied()}
    assert first.handle == "linen"
    assert result.products[0].handle == "linen-shirt"


async def test_a_refused_creation_makes_nothing_and_says_why(world: World) -> None:
    bad = a_product(a_variant(1, cost=-a_variant().price))
    result = await world.writer.execute(CreateProduct(change(1), bad, ORIGIN, publish=True))
    assert refused(result.outcomes[change(1)]) == (ErrorCode.SHOPIFY_REFUSED, "INVALID_VARIANT")
    assert len(world.shop.products) == 0


async def test_a_product_that_may_not_be_published_is_created_with_a_note() -> None:
    scopes = tuple(each for each in SCOPES if each != "write_publications")
    async with a_world(scopes=scopes) as world:
        result = await world.writer.execute(CreateProduct(change(1), a_product(), ORIGIN, publish=True))
        assert result.outcomes == {1: Applied(note=ErrorCode.SCOPE_MISSING)}
        assert len(world.shop.products) == 1


async def test_details_are_written_by_name_and_read_back(world: World) -> None:
    product = await made(world)
    values = (
        value(1, Field.TITLE, "Hemp Shirt"),
        value(2, Field.TAGS, ["z", "a"]),
        value(3, Field.HANDLE, "Hemp Shirt"),
        value(4, Field.SEO_TITLE, ""),
        value(5, Field.STATUS, "ARCHIVED"),
        value(6, Field.TEMPLATE_SUFFIX, "wide"),
    )
    result = await world.writer.execute(UpdateProduct(product.id, values))
    assert result.outcomes == {number: Applied() for number in range(1, 7)}
    assert result.values == {
        1: "Hemp Shirt",
        2: ["a", "z"],
        3: "hemp-shirt",
        4: "",
        5: "ARCHIVED",
        6: "wide",
    }
    now = await read(world, product.id)
    assert (now.title, now.tags, now.handle) == ("Hemp Shirt", ("a", "z"), "hemp-shirt")
    # What is not named stays, the other half of SEO too.
    assert (now.seo_description, now.description_html, now.vendor, now.variants, now.metafields) == (
        product.seo_description,
        product.description_html,
        product.vendor,
        product.variants,
        product.metafields,
    )
    emptied = UpdateProduct(product.id, (value(1, Field.TEMPLATE_SUFFIX, ""), value(2, Field.TAGS, [])))
    assert (await world.writer.execute(emptied)).values == {1: "", 2: []}


async def test_one_refused_detail_does_not_hold_up_the_others(world: World) -> None:
    product = await made(world)
    values = (value(1, Field.TITLE, "x" * 256), value(2, Field.VENDOR, "Other"))
    result = await world.writer.execute(UpdateProduct(product.id, values))
    assert refused(result.outcomes[change(1)]) == (ErrorCode.SHOPIFY_REFUSED, None)
    assert result.outcomes[change(2)] == Applied()
    now = await read(world, product.id)
    assert (now.title, now.vendor) == (product.title, "Other")


@pytest.mark.parametrize(
    "write",
    [
        UpdateProduct(GONE_PRODUCT, (value(1, Field.TITLE, "x"),)),
        UpdateVariants(GONE_PRODUCT, (VariantValues(MISSING_VARIANT, (value(1, Field.PRICE, "1.00"),)),)),
        CreateVariants(GONE_PRODUCT, (NewVariant(change(1), a_variant()),)),
        Restructure(change(1), GONE_PRODUCT, (), ()),
        ReorderOptions(change(1), GONE_PRODUCT, (Option("Size", ("S",)),)),
    ],
    ids=lambda write: type(write).__name__,
)
async def test_what_is_written_to_a_product_that_is_gone_says_so(world: World, write: Write) -> None:
    (outcome,) = (await outcomes(world, write)).values()
    assert refused(outcome)[0] is ErrorCode.GONE


async def test_deleting_takes_what_is_gone_for_deleted(world: World) -> None:
    product = await made(world)
    one, two = product.variants
    pairs = ((change(1), one.id), (change(2), MISSING_VARIANT))
    assert await outcomes(world, DeleteVariants(product.id, pairs)) == {1: Applied(), 2: Applied()}
    assert [each.id for each in (await read(world, product.id)).variants] == [two.id]
    deletion = DeleteProduct(change(3), product.id)
    assert await outcomes(world, deletion) == {3: Applied()}
    assert len(world.shop.products) == 0
    assert await outcomes(world, deletion) == {3: Applied()}


async def test_restructuring_keeps_every_variant_and_its_values(world: World) -> None:
    product = await made(world)
    one, two = product.variants
    write = Restructure(
        change(1),
        product.id,
        (Option("Fit", ("Slim", "Wide")),),
        (
            VariantOptions(one.id, (OptionValue("Fit", "Slim"),)),
            VariantOptions(two.id, (OptionValue("Fit", "Wide"),)),
        ),
    )
    result = await world.writer.execute(write)
    assert result.outcomes == {1: Applied()}
    assert result.values == {
        1: {
            "options": [["Fit", ["Slim", "Wide"]]],
            "variants": {one.id: [["Fit", "Slim"]], two.id: [["Fit", "Wide"]]},
        }
    }
    now = await read(world, product.id)
    assert now.options == (Option("Fit", ("Slim", "Wide")),)
    assert [replace(each, options=()) for each in now.variants] == [
        replace(each, options=()) for each in product.variants
    ]
    assert (now.tags, now.metafields) == (product.tags, product.metafields)


async def test_restructuring_never_deletes_a_variant_it_does_not_know(world: World) -> None:
    product = await made(world)
    one = product.variants[0]
    options = VariantOptions(one.id, (OptionValue("Fit", "Slim"),))
    write = Restructure(change(1), product.id, (Option("Fit", ("Slim",)),), (options,))
    assert await outcomes(world, write) == {1: Stale()}
    assert await read(world, product.id) == product


async def test_orders_put_mains_first_and_keep_what_only_this_shop_has(world: World) -> None:
    media = (an_image(1), an_image(2), an_image(3))
    product = await made(world, a_product(a_variant(1), a_variant(2), a_variant(3), media=media))
    variants = tuple(each.id for each in product.variants)
    images = tuple(each.id for each in product.media)
    options = (Option("Size", ("Size 3", "Size 1")), Option("Colour", ("Red",)))
    for write in (
        ReorderOptions(change(1), product.id, options),
        ReorderVariants(change(1), product.id, (), (variants[2], variants[0])),
        ReorderMedia(change(1), product.id, (), (images[2], images[0])),
    ):
        assert await outcomes(world, write) == {1: Applied()}
        world.clock.advance(60)
    now = await read(world, product.id)
    assert now.options == (Option("Size", ("Size 3", "Size 1", "Size 2")),)
    assert [each.id for each in now.variants] == [variants[2], variants[0], variants[1]]
    assert [each.id for each in now.media] == [images[2], images[0], images[1]]


async def test_values_whose_variants_are_gone_are_ordered_too(world: World) -> None:
    """Shopify refuses an order that leaves one out."""
    product = await made(world, a_product(a_variant(1), a_variant(2), a_variant(3)))
    (stored,) = world.shop.products
    delete_variants(world.shop, stored, [next(iter(stored.variants)).id])
    write = ReorderOptions(change(1), product.id, (Option("Size", ("Size 3", "Size 2")),))
    assert await outcomes(world, write) == {1: Applied()}
    assert [each.name for each in stored.options[0].values] == ["Size 3", "Size 2", "Size 1"]
