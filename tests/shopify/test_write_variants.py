"""Writing variants and metafields, against a shop of the sandbox."""

from backend.errors import ErrorCode
from backend.shopify.outcome import Applied
from backend.sync.fields import Field
from backend.sync.writes import (
    CreateVariants,
    DeleteMetafields,
    MetafieldEntry,
    MetafieldKey,
    NewVariant,
    SetMetafields,
    UpdateVariants,
    VariantValues,
)
from tests.shopify.values import a_product, a_variant
from tests.shopify.world import World
from tests.shopify.writing import MISSING_VARIANT, change, made, read, refused, value


async def test_variants_are_written_by_name_and_read_back(world: World) -> None:
    product = await made(world)
    one, two = product.variants
    write = UpdateVariants(
        product.id,
        (
            VariantValues(
                one.id,
                (
                    value(1, Field.PRICE, "21.00"),
                    value(2, Field.COMPARE_AT_PRICE, None),
                    value(3, Field.SKU, "NEW-1"),
                    value(4, Field.WEIGHT, None),
                    value(5, Field.HS_CODE, ""),
                    value(6, Field.COST, None),
                ),
            ),
            VariantValues(
                two.id,
                (value(7, Field.WEIGHT, {"value": "12", "unit": "OUNCES"}), value(8, Field.TAXABLE, False)),
            ),
        ),
    )
    result = await world.writer.execute(write)
    assert result.outcomes == {number: Applied() for number in range(1, 9)}
    assert result.values == {
        1: "21.00",
        2: None,
        3: "NEW-1",
        4: None,
        5: "",
        6: None,
        7: {"value": "12", "unit": "OUNCES"},
        8: False,
    }
    now = await read(world, product.id)
    assert (now.variants[0].barcode, now.variants[0].stock, now.variants[1].price) == (
        one.barcode,
        one.stock,
        two.price,
    )


async def test_prices_alone_cost_ten_points_and_a_fifth_each(world: World) -> None:
    product = await made(world, a_product(*(a_variant(number) for number in range(1, 6))))
    before = world.client.usage.points
    variants = tuple(
        VariantValues(each.id, (value(number, Field.PRICE, "5.00"),))
        for number, each in enumerate(product.variants)
    )
    await world.writer.execute(UpdateVariants(product.id, variants))
    assert world.client.usage.points - before == 11


async def test_a_refused_value_leaves_the_rest_of_its_variant_and_of_the_call(world: World) -> None:
    product = await made(world)
    one, two = product.variants
    write = UpdateVariants(
        product.id,
        (
            VariantValues(one.id, (value(1, Field.PRICE, "21.00"), value(2, Field.COST, "-1.00"))),
            VariantValues(MISSING_VARIANT, (value(3, Field.PRICE, "1.00"),)),
            VariantValues(two.id, (value(4, Field.PRICE, "22.00"),)),
        ),
    )
    result = await world.writer.execute(write)
    assert result.outcomes[change(1)] == Applied()
    assert refused(result.outcomes[change(2)]) == (ErrorCode.SHOPIFY_REFUSED, "GREATER_THAN_OR_EQUAL_TO")
    assert refused(result.outcomes[change(3)]) == (ErrorCode.GONE, "PRODUCT_VARIANT_DOES_NOT_EXIST")
    assert result.outcomes[change(4)] == Applied()
    now = await read(world, product.id)
    assert [str(each.price) for each in now.variants] == ["21.00", "22.00"]
    assert now.variants[0].cost == one.cost


async def test_metafields_are_all_or_nothing_but_a_bad_one_is_left_out(world: World) -> None:
    product = await made(world)
    entries = (
        MetafieldEntry(change(1), product.id, "custom", "size_mm", "number_integer", "12"),
        MetafieldEntry(change(2), product.id, "custom", "weight_g", "number_integer", "heavy"),
        MetafieldEntry(change(3), product.variants[0].id, "custom", "fit", "single_line_text_field", "slim"),
    )
    result = await world.writer.execute(SetMetafields(entries))
    assert refused(result.outcomes[change(2)]) == (ErrorCode.SHOPIFY_REFUSED, "INVALID_VALUE")
    assert (result.outcomes[change(1)], result.outcomes[change(3)]) == (Applied(), Applied())
    assert result.values == {
        1: {"type": "number_integer", "value": "12"},
        3: {"type": "single_line_text_field", "value": "slim"},
    }
    now = await read(world, product.id)
    assert [each.key for each in now.metafields] == ["care", "size_mm"]
    assert [each.key for each in now.variants[0].metafields] == ["fit"]
    keys = (
        MetafieldKey(change(4), product.id, "custom", "size_mm"),
        MetafieldKey(change(5), product.id, "custom", "never_there"),
    )
    deletion = await world.writer.execute(DeleteMetafields(keys))
    assert deletion.outcomes == {4: Applied(), 5: Applied()}
    assert deletion.values == {4: None, 5: None}
    assert [each.key for each in (await read(world, product.id)).metafields] == ["care"]


async def test_created_variants_are_answered_whole_and_a_bad_one_is_left_out(world: World) -> None:
    places = [each.id for each in await world.facts.locations()]
    product = await made(world)
    new = a_variant(3, stock={places[0]: 4})
    write = CreateVariants(product.id, (NewVariant(change(1), new), NewVariant(change(2), a_variant(1))))
    result = await world.writer.execute(write)
    assert result.outcomes[change(1)] == Applied()
    assert refused(result.outcomes[change(2)]) == (ErrorCode.SHOPIFY_REFUSED, "VARIANT_ALREADY_EXISTS")
    (created,) = result.variants
    assert created.product == product.id
    assert result.created == {new.id: created.variant.id}
    now = await read(world, product.id)
    assert len(now.variants) == 3
    assert now.variants[2] == created.variant
