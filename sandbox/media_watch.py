"""Media that become ready some time after they were added.

Nobody acts at that moment, and yet the product changes: its time stamp moves and products/update goes out, as
in a real shop. Without a watch that runs, media become ready in silence.
"""

import asyncio

from sandbox.ids import parse_gid
from sandbox.store.change import Event
from sandbox.store.media import File
from sandbox.store.product import Product
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop


class MediaWatch:
    """start() and stop() in a running event loop."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._waiting: dict[int, asyncio.Task[None]] = {}
        """By product."""
        self._running = False

    def start(self) -> None:
        if not self._running:
            self._running = True
            self._sandbox.listeners.append(self._notice)

    async def stop(self) -> None:
        if not self._running:
            return
        self._running = False
        self._sandbox.listeners.remove(self._notice)
        tasks = list(self._waiting.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._waiting.clear()

    def _notice(self, shop: Shop, event: Event) -> None:
        if event.topic not in ("products/create", "products/update"):
            return
        product = shop.products.get(parse_gid(event.subject, "Product"))
        if product is None or product.id in self._waiting:
            return
        now = shop.clock.monotonic()
        pending = {file: file.ready_from for file in product.media if file.ready_from > now}
        if pending:
            task = asyncio.get_running_loop().create_task(self._tell(shop, product, pending))
            self._waiting[product.id] = task

    async def _tell(self, shop: Shop, product: Product, pending: dict[File, float]) -> None:
        """When the last of them is ready. Media that were settled by hand meanwhile are no news."""
        await shop.clock.sleep(max(pending.values()) - shop.clock.monotonic())
        del self._waiting[product.id]
        news = [file for file, ready in pending.items() if file.ready_from == ready and file in product.media]
        if news and product.id in shop.products:
            with shop.change() as change:
                for file in news:
                    change.touch_file(file)
                change.touch_product(product)
