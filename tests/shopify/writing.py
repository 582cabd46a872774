"""What tests of writes share: a shop, a product in it, outcomes by change."""

from uuid import UUID

from backend.errors import ErrorCode
from backend.shopify.outcome import Failed, Outcome
from backend.shopify.wanted import Wanted
from backend.sync.catalog import (
    MediaId,
    Product,
    ProductId,
    VariantId,
)
from backend.sync.fields import Field
from backend.sync.fingerprint import Json
from backend.sync.writes import (
    ChangeId,
    CreateProduct,
    FieldValue,
    Write,
)
from tests.shopify.values import ORIGIN, a_product
from tests.shopify.world import World

KEY = UUID("11111111-2222-3333-4444-555555555555")
MISSING_VARIANT = VariantId("gid://shopify/ProductVariant/99")
MISSING_IMAGE = MediaId("gid://shopify/MediaImage/99")
GONE_PRODUCT = ProductId("gid://shopify/Product/99")
MAIN_VARIANT = VariantId("gid://shopify/ProductVariant/1")


def change(number: int) -> ChangeId:
    return ChangeId(number)


def value(number: int, field: Field, to: Json) -> FieldValue:
    return FieldValue(change(number), field, to)


async def read(world: World, product: ProductId) -> Product:
    (found,) = (await world.reader.by_ids([product], Wanted())).products
    return found


async def made(world: World, product: Product | None = None) -> Product:
    """A product that stands in the shop, its media ready."""
    write = CreateProduct(change(1), product or a_product(), ORIGIN, publish=False)
    (created,) = (await world.writer.execute(write)).products
    world.clock.advance(60)
    return await read(world, created.id)


async def outcomes(world: World, write: Write) -> dict[int, Outcome]:
    result = await world.writer.execute(write, KEY)
    return {int(number): outcome for number, outcome in result.outcomes.items()}


def refused(outcome: Outcome) -> tuple[ErrorCode, str | None]:
    assert isinstance(outcome, Failed)
    return outcome.code, outcome.shopify_code
