"""Inventory items whose quantities moved: one read of their levels."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, rows
from backend.jobs.context import Context
from backend.jobs.mirror_write import lock_mirror, put_stock
from backend.jobs.queue import transaction
from backend.jobs.under_way import under_way
from backend.live.pending import Mark, Taken, forget_pending, mark_pending
from backend.live.view import View, products_of_items
from backend.models.live import Stream, SubjectKind
from backend.models.shop import Role
from backend.shopify.pages import ItemStock
from backend.sync.catalog import InventoryItemId, LocationId, ProductId
from backend.sync.settings import StockMode

# Levels that are not there any more.
_DROP = """
DELETE FROM mirror_stock
WHERE shop_id = $1 AND inventory_item_gid = ANY($2::text[]) AND observed_at <= $3
  AND ($5::text[] = '{}' OR location_gid = ANY($5::text[]))
  AND NOT (inventory_item_gid || ' ' || location_gid) = ANY($4::text[])
"""
# A write of our own was stamped after this read began: the read may be older, and has to be repeated.
_NEWER = """
SELECT DISTINCT inventory_item_gid FROM mirror_stock
WHERE shop_id = $1 AND inventory_item_gid = ANY($2::text[]) AND observed_at > $3
"""


async def look(view: View, taken: Sequence[Taken]) -> None:
    contexts = await view.contexts()
    wanted = view.wanted(contexts)
    now = view.runtime.clock.now
    if wanted is None or not wanted.quantities:
        async with transaction() as client:
            await forget_pending(client, taken, now())
        return
    taken = await view.undisturbed(await view.left_to_jobs(taken, unknown_only=True))
    if not taken:
        return
    items = {InventoryItemId(each.gid): each for each in taken}
    observed_at = now()
    found = await view.open().catalog.levels(items, wanted.locations)
    view.leases.check()
    async with transaction() as client:
        await lock_mirror(client, view.shop.id)
        spare = await under_way(client, view.shop.id, observed_at)
        again = await _newer(client, view, items, observed_at) | (spare.items & set(items))
        levels = [
            (item, place, count) for item, stock in found.items() for place, count in stock.available.items()
        ]
        await put_stock(client, view.shop.id, levels, observed_at, spare=spare)
        await _drop(client, view, items.keys() - spare.items, levels, observed_at, wanted.locations)
        known = await products_of_items(view.shop.id, items)
        await _look_at_products(client, view, items, found, known)
        changed: dict[ProductId, datetime] = {}
        for item, (product, _) in known.items():
            at = items[InventoryItemId(item)].happened_at
            changed[product] = min(at, changed.get(product, at))
        await view.mark(client, _concerned(view, contexts), changed, Stream.STOCK)
        await forget_pending(client, [each for each in taken if each.gid not in again], now())
        await view.look_again(
            client,
            SubjectKind.STOCK,
            {gid: items[InventoryItemId(gid)].happened_at for gid in sorted(again)},
        )


def _concerned(view: View, contexts: Sequence[Context]) -> list[Context]:
    """Main's stock concerns everybody; what a dependent sells is its own affair, unless stock is shared."""
    if view.shop.role is Role.MAIN:
        return list(contexts)
    return [each for each in contexts if each.settings.stock_mode is StockMode.SHARED]


async def _newer(
    client: BaseDBAsyncClient, view: View, items: Iterable[InventoryItemId], observed_at: datetime
) -> frozenset[str]:
    found = await rows(client, _NEWER, view.shop.id, sorted(items), observed_at)
    return frozenset(row["inventory_item_gid"] for row in found)


async def _drop(
    client: BaseDBAsyncClient,
    view: View,
    items: Iterable[InventoryItemId],
    levels: Iterable[tuple[InventoryItemId, LocationId, int]],
    observed_at: datetime,
    places: Sequence[LocationId],
) -> None:
    present = [f"{item} {place}" for item, place, _ in levels]
    await execute(client, _DROP, view.shop.id, sorted(items), observed_at, present, list(places))


async def _look_at_products(
    client: BaseDBAsyncClient,
    view: View,
    items: Mapping[InventoryItemId, Taken],
    found: Mapping[InventoryItemId, ItemStock],
    known: Mapping[str, tuple[ProductId, bool]],
) -> None:
    """An item that is gone, that is not known yet, or whose tracking changed is a matter of its product."""
    marks = []
    for item, each in items.items():
        product, tracked = known.get(item, (None, None))
        stock = found.get(item)
        if stock is None and product is None:
            continue
        if stock is None or product is None or stock.tracked != tracked:
            gid = item if product is None else product
            now = view.runtime.clock.now()
            marks.append(Mark(view.shop.id, SubjectKind.PRODUCT, gid, each.happened_at, now))
    await mark_pending(client, marks)
