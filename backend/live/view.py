"""What a look works with."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import connection, rows
from backend.jobs.context import Context, contexts_of
from backend.jobs.leases import Leases
from backend.jobs.queue import enqueue_look, transaction
from backend.jobs.rematch import conflicting
from backend.jobs.runtime import OpenShop, Runtime
from backend.jobs.under_way import LONGEST_JOB, SOON, of_long_jobs, under_way
from backend.live.dirty import Dirt, put_dirt
from backend.live.pending import Mark, Taken, mark_pending, postpone_pending
from backend.models.connection import Connection, ConnectionState
from backend.models.live import Stream, SubjectKind
from backend.models.shop import Role, Shop
from backend.shopify.bucket import Priority
from backend.shopify.wanted import Wanted
from backend.sync.catalog import ProductId

# How soon to ask again whether a long job is through.
_JOB_SECONDS = timedelta(seconds=5)
_LIVING = (ConnectionState.ACTIVE, ConnectionState.PAUSED)
# Of a dependent's products: the main products they are linked to, or may be, by origin or by SKU.
_MAINS = """
SELECT l.dependent_gid AS own, l.main_gid AS main FROM product_link l
WHERE l.connection_id = $1 AND l.dependent_gid = ANY($2::text[])
UNION
SELECT d.product_gid, m.product_gid FROM mirror_variant d
JOIN mirror_variant m ON m.shop_id = $4 AND m.match_sku = d.match_sku AND m.gone_at IS NULL
WHERE d.shop_id = $3 AND d.product_gid = ANY($2::text[]) AND d.match_sku <> '' AND d.gone_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM product_link l WHERE l.connection_id = $1 AND l.dependent_gid = d.product_gid)
UNION
SELECT p.gid, 'gid://shopify/Product/' || split_part(p.origin, '/', 2) FROM mirror_product p
WHERE p.shop_id = $3 AND p.gid = ANY($2::text[]) AND p.origin LIKE $5 || '/%'
  AND NOT EXISTS (SELECT 1 FROM product_link l WHERE l.connection_id = $1 AND l.dependent_gid = p.gid)
"""


@dataclass(frozen=True, slots=True)
class View:
    """One shop, looked at under a lease."""

    shop: Shop
    leases: Leases
    runtime: Runtime

    def open(self, priority: Priority = Priority.LIVE) -> OpenShop:
        return self.runtime.open(self.shop, priority)

    async def connections(self) -> list[Connection]:
        """The connections that what happens in the shop concerns: all of a main, the one of a dependent."""
        is_main = self.shop.role is Role.MAIN
        tied = (
            Connection.filter(main_id=self.shop.id)
            if is_main
            else Connection.filter(dependent_id=self.shop.id)
        )
        chosen = tied.filter(state__in=_LIVING, settings_version__not_isnull=True)
        return await chosen.select_related("main", "dependent").order_by("id")

    async def contexts(self) -> list[Context]:
        """Those of `connections`, with the settings that apply."""
        return await contexts_of(await self.connections())

    def wanted(self, contexts: Sequence[Context]) -> Wanted | None:
        """What of the shop's catalogue the connections own, those that are paused among them: they go on from
        what is known by then. None for nothing."""
        if not contexts:
            return None
        if self.shop.role is Role.MAIN:
            return reduce(or_, (each.main_wanted for each in contexts))
        return contexts[0].dependent_wanted

    async def undisturbed(self, taken: Sequence[Taken]) -> list[Taken]:
        """Those that no write of ours is changing now; to read the others would be in vain, and they wait a
        moment. So an echo that is faster than the answer costs no read of its own."""
        now = self.runtime.clock.now()
        busy = await under_way(connection(), self.shop.id, now)
        writing = busy.items | busy.owners
        return await self._put_off(taken, {each for each in taken if each.gid in writing}, busy.wait(now))

    async def left_to_jobs(self, taken: Sequence[Taken], *, unknown_only: bool = False) -> list[Taken]:
        """Those that are no echo of what a long job writes to the dependent now: the others wait until it is
        through, or a minute. So a job's points are spent on its writes, and its echoes are read together.
        `unknown_only`: wait for what the job creates, not for what it changes."""
        now = self.runtime.clock.now()
        fresh = {each.gid for each in taken if each.happened_at > now - LONGEST_JOB}
        if self.shop.role is not Role.DEPENDENT or not fresh:
            return list(taken)
        written = await of_long_jobs(connection(), self.shop.id, fresh, now, unknown_only=unknown_only)
        return await self._put_off(taken, {each for each in taken if each.gid in written}, _JOB_SECONDS)

    async def _put_off(
        self, taken: Sequence[Taken], waiting: Collection[Taken], wait: timedelta
    ) -> list[Taken]:
        """The others."""
        if waiting:
            due_at = self.runtime.clock.now() + wait
            async with transaction():
                await postpone_pending(list(waiting), due_at, "", counts=False)
                enqueue_look(self.shop.id, delay=wait.total_seconds())
        return [each for each in taken if each not in waiting]

    async def look_again(
        self, client: BaseDBAsyncClient, kind: SubjectKind, happened: Mapping[str, datetime]
    ) -> None:
        """Have these subjects, which changed then, looked at once more: this look overlapped a write."""
        due_at = self.runtime.clock.now() + SOON
        await mark_pending(
            client, [Mark(self.shop.id, kind, gid, at, due_at) for gid, at in happened.items()]
        )
        if happened:
            enqueue_look(self.shop.id, delay=SOON.total_seconds())

    async def mark(
        self,
        client: BaseDBAsyncClient,
        contexts: Iterable[Context],
        products: Mapping[ProductId, datetime],
        stream: Stream,
    ) -> None:
        """Have the connections plan anew what follows from these products of the shop, which changed then."""
        now = self.runtime.clock.now()
        dirt: list[Dirt] = []
        for each in contexts:
            mains = products if self.shop.role is Role.MAIN else await _mains(client, each, products)
            dirt.extend(
                Dirt(each.connection, stream, main, at, now, from_main=self.shop.role is Role.MAIN)
                for main, at in mains.items()
            )
        await put_dirt(client, dirt, now)

    async def match_again(
        self,
        client: BaseDBAsyncClient,
        contexts: Sequence[Context],
        let_go: Mapping[ProductId, frozenset[str]],
        happened: Mapping[ProductId, datetime],
    ) -> None:
        """Have main products planned anew that had a conflict over SKUs which these products of the shop
        have `let_go`."""
        if not let_go:
            return
        now, is_main = self.runtime.clock.now(), self.shop.role is Role.MAIN
        owners = [each.connection for each in contexts]
        found = (
            await conflicting(client, owners, skus=frozenset().union(*let_go.values()))
            if is_main
            else await conflicting(client, owners, twins=let_go.keys())
        )
        at = min(happened[gid] for gid in let_go)
        dirt = [Dirt(owner, Stream.PRODUCT, main, at, now, from_main=is_main) for owner, main in found]
        await put_dirt(client, dirt, now)


async def _mains(
    client: BaseDBAsyncClient, context: Context, products: Mapping[ProductId, datetime]
) -> dict[ProductId, datetime]:
    found: dict[ProductId, datetime] = {}
    main, dependent = context.main, context.dependent
    values = (context.connection, sorted(products), dependent.id, main.id, main.domain)
    for row in await rows(client, _MAINS, *values):
        gid, at = ProductId(row["main"]), products[ProductId(row["own"])]
        found[gid] = min(at, found.get(gid, at))
    return found


_PRODUCTS_OF_ITEMS = """
SELECT inventory_item_gid AS item, product_gid AS product, tracked FROM mirror_variant
WHERE shop_id = $1 AND inventory_item_gid = ANY($2::text[]) AND gone_at IS NULL
"""


async def products_of_items(shop: UUID, items: Iterable[str]) -> dict[str, tuple[ProductId, bool]]:
    """By inventory item, as the mirror knows them: the product, and whether the item is tracked."""
    return {
        row["item"]: (ProductId(row["product"]), row["tracked"])
        for row in await rows(connection(), _PRODUCTS_OF_ITEMS, shop, sorted(set(items)))
    }
