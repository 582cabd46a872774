"""Several who write one shop's mirror at once wait for each other, and none of them is thrown out."""

import asyncio
from contextvars import Context
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from backend.database import connection, rows
from backend.jobs.mirror_write import put_products
from backend.jobs.queue import transaction
from backend.models.mirror import MirrorProduct
from backend.models.shop import Shop
from backend.shopify.wanted import Wanted
from backend.sync.catalog import ProductId
from tests.sync.factories import product

_BLOCKED = "SELECT count(*) AS number FROM pg_locks WHERE NOT granted"
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


async def blocked() -> int:
    return int((await rows(connection(), _BLOCKED))[0]["number"])


async def test_writes_settled_in_any_order_and_a_page_that_is_read_meanwhile(database: str) -> None:
    shop = await Shop.create(id=uuid4(), domain="a-shop.myshopify.com")
    first, second = (
        replace(product(), id=ProductId(f"gid://shopify/Product/{n}"), variants=()) for n in (1, 2)
    )
    async with transaction() as client:
        await put_products(client, shop.id, [first, second], Wanted(), NOW)

    async def page() -> None:
        async with transaction() as client:
            await put_products(client, shop.id, [first, second], Wanted(), NOW)

    async with transaction() as client:
        await put_products(client, shop.id, [replace(second, title="Second")], Wanted(), NOW)
        reading = asyncio.create_task(page(), context=Context())
        while not await blocked():
            assert not reading.done()
        await put_products(client, shop.id, [replace(first, title="First")], Wanted(), NOW)
    await reading

    assert await MirrorProduct.filter(shop=shop).count() == 2
