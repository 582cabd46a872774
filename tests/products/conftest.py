from collections.abc import AsyncIterator, Iterator
from decimal import Decimal

import pytest

from backend.database import connect, disconnect
from backend.jobs import requests
from backend.models.author import by_person
from backend.models.job import Job
from backend.parity.local import Value
from backend.sync.catalog import ProductId, VariantId
from backend.sync.fields import Field
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.ids import gid
from sandbox.store.product import Product
from tests.jobs.world import World, a_world
from tests.live.events import Events, events_of


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    await connect(database_url, pool_size=8)
    async with a_world() as found:
        yield found
    await disconnect()


@pytest.fixture
def events(world: World) -> Iterator[Events]:
    with events_of(world) as found:
        yield found


def draft(sku: str = "TEA", price: str = "20.00", title: str = "Tea", stock: int = 7) -> ProductDraft:
    variant = VariantDraft(sku=sku, price=Decimal(price), tracked=True, available=(stock,))
    return ProductDraft(title, (variant,))


async def sync(world: World) -> Job:
    (job,) = await requests.sync_all(
        [world.connection.id], now=world.now(), created_by=by_person(world.connection.main_id, "7")
    )
    return await world.finished(job)


def id_of(product: Product) -> ProductId:
    return ProductId(gid("Product", product.id))


def variant_id(product: Product) -> VariantId:
    return VariantId(gid("ProductVariant", next(iter(product.variants)).id))


def value(product: Product, field: Field, key: str = "") -> Value:
    of_variant = field in (Field.PRICE, Field.COMPARE_AT_PRICE, Field.STOCK, Field.SKU)
    return Value(id_of(product), variant_id(product) if of_variant else None, field, key)
