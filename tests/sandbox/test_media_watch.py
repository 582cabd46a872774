"""What happens to a product when its media are ready."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from sandbox.clock import VirtualClock
from sandbox.commands import files
from sandbox.commands.product_set import set_product
from sandbox.commands.products import delete_product
from sandbox.commands.specs import FileSpec, ProductFields, ProductSpec
from sandbox.media_watch import MediaWatch
from sandbox.store.product import Product
from sandbox.store.shop import Shop
from tests.sandbox.edges import make_sandbox, only_shop, virtual


@dataclass(slots=True)
class Watched:
    shop: Shop
    clock: VirtualClock
    watch: MediaWatch
    topics: list[str]

    def product(self, pictures: int = 1, title: str = "Cup") -> Product:
        sources = tuple(
            FileSpec(original_source=f"https://pictures.test/{title}-{number}.png")
            for number in range(pictures)
        )
        made = set_product(self.shop, ProductSpec(ProductFields(title=title), files=sources))
        self.topics.clear()
        return made

    async def pass_time(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.clock.advance(seconds)
        for _ in range(3):
            await asyncio.sleep(0)


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    sandbox = make_sandbox()
    shop = only_shop(sandbox)
    watch = MediaWatch(sandbox)
    topics: list[str] = []
    shop.listeners.append(lambda event: topics.append(event.topic))
    watch.start()
    yield Watched(shop, virtual(sandbox), watch, topics)
    await watch.stop()
    assert sandbox.listeners == []
    assert virtual(sandbox).next_wake() is None


async def test_a_product_moves_on_when_the_last_of_its_media_is_ready(watched: Watched) -> None:
    product = watched.product(pictures=3)
    await watched.pass_time(files.READY_AFTER - 0.1)
    assert (watched.topics, product.updated_at) == ([], watched.shop.created_at)
    await watched.pass_time(0.1)
    assert watched.topics == ["products/update"]
    assert (product.updated_at - watched.shop.created_at).total_seconds() == files.READY_AFTER
    assert {file.updated_at for file in product.media} == {product.updated_at}
    await watched.pass_time(60)
    assert watched.topics == ["products/update"]


async def test_media_that_come_while_others_are_processed_are_told_in_their_time(watched: Watched) -> None:
    product = watched.product()
    await watched.pass_time(1)
    with watched.shop.change() as change:
        more = files.create_file(
            watched.shop, change, FileSpec(original_source="https://pictures.test/2.png")
        )
        files.attach(change, product, more)
    assert watched.topics == ["products/update"]
    await watched.pass_time(1)
    assert watched.topics == ["products/update"] * 2
    await watched.pass_time(0.9)
    assert watched.topics == ["products/update"] * 2
    await watched.pass_time(0.1)
    assert watched.topics == ["products/update"] * 3


async def test_nothing_is_told_of_what_is_no_news(watched: Watched) -> None:
    watched.product(pictures=0, title="Plain")
    settled = watched.product(title="Settled")
    settled.media[0].ready_from = 0.0
    detached = watched.product(title="Detached")
    with watched.shop.change() as change:
        files.detach(change, detached, detached.media[0])
    delete_product(watched.shop, watched.product(title="Deleted"))
    watched.topics.clear()
    await watched.pass_time(60)
    assert watched.topics == []


async def test_a_watch_that_was_stopped_tells_nothing(watched: Watched) -> None:
    watched.product()
    await watched.pass_time(0.1)
    await watched.watch.stop()
    await watched.watch.stop()
    await watched.pass_time(60)
    assert watched.topics == []
    watched.watch.start()
    watched.watch.start()
    watched.product(title="Plate")
    await watched.pass_time(60)
    assert watched.topics == ["products/update"]
