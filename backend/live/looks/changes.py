"""What changed since the last look, in case an event was lost: ids and times only, and of those only what the
mirror does not have already."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from backend.database import connection, rows
from backend.jobs.queue import transaction
from backend.live.pending import Mark, Taken, forget_pending, mark_pending
from backend.live.poll import OVERLAP
from backend.live.view import View
from backend.models.live import SubjectKind
from backend.models.shop import Role, Shop

# Read since it changed; `known`, so long after that nothing can have been overlooked: Shopify counts in
# seconds, so what was read within the same few may be older.
_READ: Mapping[SubjectKind, str] = MappingProxyType(
    {
        SubjectKind.PRODUCT: """
SELECT told.gid, p.observed_at > p.updated_at + interval '5 seconds' AND p.updated_at >= told.at AS known
FROM unnest($2::text[], $3::timestamptz[]) AS told (gid, at)
JOIN mirror_product p ON p.shop_id = $1 AND p.gid = told.gid
WHERE p.gone_at IS NULL AND p.observed_at >= told.at
""",
        SubjectKind.STOCK: """
SELECT told.gid, false AS known FROM unnest($2::text[], $3::timestamptz[]) AS told (gid, at)
WHERE EXISTS (SELECT 1 FROM mirror_stock s WHERE s.shop_id = $1 AND s.inventory_item_gid = told.gid
              AND s.observed_at >= told.at)
""",
    }
)


async def look(view: View, taken: Sequence[Taken]) -> None:
    began = view.runtime.clock.now()
    # Of a main, the first read of all says since when; what a dependent was given meanwhile is our own.
    since = view.shop.changes_read_until
    ties = await view.connections()
    if since is not None and ties:
        catalog = view.open().catalog
        async for page in catalog.changed_since(since - OVERLAP):
            view.leases.check()
            await _mark(view, SubjectKind.PRODUCT, page)
        async for page in catalog.changed_items_since(since - OVERLAP):
            view.leases.check()
            await _mark(view, SubjectKind.STOCK, page)
    async with transaction() as client:
        if since is not None or view.shop.role is not Role.MAIN:
            await Shop.filter(id=view.shop.id).using_db(client).update(changes_read_until=began)
        await forget_pending(client, taken, view.runtime.clock.now())


async def _mark(view: View, kind: SubjectKind, changed: Mapping[str, datetime]) -> None:
    """Have what may have changed without our knowing looked at. What was read since is only looked at once
    more: a real event that comes just now must not seem to have waited since then."""
    now, shop = view.runtime.clock.now(), view.shop.id
    read = await rows(connection(), _READ[kind], shop, list(changed), list(changed.values()))
    known = {row["gid"]: row["known"] for row in read}
    marks = [
        Mark(shop, kind, gid, now if gid in known else at, now)
        for gid, at in changed.items()
        if not known.get(gid)
    ]
    async with transaction() as client:
        await mark_pending(client, marks)
