"""Writing media, against a shop of the sandbox."""

from backend.errors import ErrorCode
from backend.shopify.outcome import Applied, NotReady, Stale
from backend.sync.writes import (
    AddMedia,
    AttachVariantMedia,
    MediaAlt,
    NewMedia,
    RemoveMedia,
    SetMedia,
    VariantMedia,
)
from tests.shopify.values import a_product, a_variant, an_image
from tests.shopify.world import World
from tests.shopify.writing import MAIN_VARIANT, MISSING_IMAGE, change, made, outcomes, read, refused


async def test_media_are_added_described_shown_and_taken_away(world: World) -> None:
    front = an_image(1)
    product = await made(world, a_product(a_variant(1, media_id=front.id), a_variant(2), media=(front,)))
    one, two = product.variants
    added = await world.writer.execute(
        AddMedia(product.id, (NewMedia(change(1), an_image(5)), NewMedia(change(2), an_image(6, url=""))))
    )
    assert added.outcomes == {1: Applied(), 2: NotReady()}
    (image,) = added.media
    assert added.created == {an_image(5).id: image.id}
    show = AttachVariantMedia(
        product.id,
        (
            VariantMedia(change(1), one.id, MAIN_VARIANT, image.id, None, one.media_id),
            VariantMedia(change(2), two.id, MAIN_VARIANT, MISSING_IMAGE, None, None),
        ),
    )
    waiting = await outcomes(world, show)
    assert waiting[1] == NotReady()
    assert refused(waiting[2]) == (ErrorCode.GONE, None)
    # The old image stays as long as the new one is not there.
    assert (await read(world, product.id)).variants[0].media_id == one.media_id
    world.clock.advance(60)
    result = await world.writer.execute(show)
    assert (result.outcomes[change(1)], result.values) == (Applied(), {1: {"media": image.id}})
    assert (await read(world, product.id)).variants[0].media_id == image.id
    bare = VariantMedia(change(1), one.id, MAIN_VARIANT, None, None, image.id)
    taken = await world.writer.execute(AttachVariantMedia(product.id, (bare,)))
    assert (taken.outcomes, taken.values) == ({1: Applied()}, {1: None})
    assert (await read(world, product.id)).variants[0].media_id is None
    alts = SetMedia(
        product.id, (MediaAlt(change(1), image.id, "New"), MediaAlt(change(2), MISSING_IMAGE, "x"))
    )
    described = await world.writer.execute(alts)
    assert described.outcomes[change(1)] == Applied()
    assert refused(described.outcomes[change(2)]) == (ErrorCode.GONE, "FILE_DOES_NOT_EXIST")
    assert described.values == {1: "New"}
    assert [each.alt for each in (await read(world, product.id)).media] == ["View 1", "New"]
    removal = RemoveMedia(product.id, ((change(1), image.id), (change(2), MISSING_IMAGE)))
    assert await outcomes(world, removal) == {1: Applied(), 2: Applied()}
    assert [each.alt for each in (await read(world, product.id)).media] == ["View 1"]


async def test_a_file_still_processed_is_not_ready(
    world: World,
) -> None:
    product = await made(world)
    added = await world.writer.execute(AddMedia(product.id, (NewMedia(change(1), an_image(5)),)))
    image = added.media[0]
    alts = SetMedia(product.id, (MediaAlt(change(1), image.id, "New"),))
    assert await outcomes(world, alts) == {1: NotReady()}


async def test_beside_a_refused_address_the_good_ones_are_read_again_first(
    world: World,
) -> None:
    product = await made(world)
    media = (NewMedia(change(1), an_image(5)), NewMedia(change(2), an_image(6, url="no address")))
    found = await outcomes(world, AddMedia(product.id, media))
    assert found[1] == Stale()
    assert refused(found[2]) == (ErrorCode.SHOPIFY_REFUSED, None)
