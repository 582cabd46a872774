"""What changed since the last look, in case an event was lost: ids and times only, and of those only what the
mirror does not have already."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from backend.database import connection, rows
from backend.jobs.queue import transaction
from backend.live.pending import Mark, Taken, forget_pending, mark_pending
from backend.live.poll import OVERLAP
from backend.live.view import View
from backend.models.live import SubjectKind
from backend.models.shop import Role, Shop

_KNOWN = """
SELECT gid FROM mirror_product
WHERE shop_id = $1 AND gid = ANY($2::text[]) AND gone_at IS NULL
  AND observed_at > updated_at + interval '5 seconds'
  AND updated_at >= ALL (
      SELECT told.at FROM unnest($2::text[], $3::timestamptz[]) AS told (gid, at)
      WHERE told.gid = mirror_product.gid
  )
"""


async def look(view: View, taken: Sequence[Taken]) -> None:
    began = view.runtime.clock.now()
    # Of a main, the first read of all says since when; what a dependent was given meanwhile is our own.
    since = view.shop.changes_read_until
    ties = await view.connections()
    if since is not None and ties:
        catalog = view.open().catalog
        async for page in catalog.changed_since(since - OVERLAP):
            view.leases.check()
            await _mark(view, SubjectKind.PRODUCT, await _unknown(view, page))
        async for page in catalog.changed_items_since(since - OVERLAP):
            view.leases.check()
            await _mark(view, SubjectKind.STOCK, page)
    async with transaction() as client:
        if since is not None or view.shop.role is not Role.MAIN:
            await Shop.filter(id=view.shop.id).using_db(client).update(changes_read_until=began)
        await forget_pending(client, taken, view.runtime.clock.now())


async def _unknown(view: View, page: Mapping[str, datetime]) -> dict[str, datetime]:
    """Those that the mirror was not read for since: Shopify counts in seconds, so what was read within the
    same few seconds may be older."""
    gids = sorted(page)
    found = await rows(connection(), _KNOWN, view.shop.id, gids, [page[gid] for gid in gids])
    known = {row["gid"] for row in found}
    return {gid: at for gid, at in page.items() if gid not in known}


async def _mark(view: View, kind: SubjectKind, changed: Mapping[str, datetime]) -> None:
    now = view.runtime.clock.now()
    async with transaction() as client:
        await mark_pending(client, [Mark(view.shop.id, kind, gid, at, now) for gid, at in changed.items()])
