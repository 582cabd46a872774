"""What a job of one connection has read of main is news to the others of that main: they were not asked, and
the next poll passes over what the mirror knows already."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import rows
from backend.live.dirty import Dirt, put_dirt
from backend.live.poll import EVERY, OVERLAP
from backend.models.live import Stream
from backend.sync.catalog import ProductId

# As the poll, that has asked for everything before; it comes first. What is older than a connection its own
# first read has seen.
_NEWS = """
SELECT c.id AS connection, p.gid, coalesce(p.gone_at, p.updated_at) AS at
FROM shop s
JOIN connection c ON c.main_id = s.id
JOIN mirror_product p ON p.shop_id = s.id
    AND coalesce(p.gone_at, p.updated_at) >= s.changes_read_until - $2::interval
WHERE s.id = $1 AND c.state IN ('ACTIVE', 'PAUSED') AND c.settings_version IS NOT NULL
  AND coalesce(p.gone_at, p.updated_at) >= c.created_at
  AND NOT c.id = ANY($3::uuid[]) AND ($4::text[] IS NULL OR p.gid = ANY($4::text[]))
"""


async def tell_siblings(
    client: BaseDBAsyncClient,
    shop: UUID,
    now: datetime,
    *,
    but: Collection[UUID],
    later: Collection[UUID] = (),
    only: Collection[str] | None = None,
) -> None:
    """Have the connections of this main, but those that plan from the reading themselves, plan anew what has
    changed in main since it was polled last: of all its products, or of those that were read. Those in
    `later` do so only when the next poll would have told them: somebody looks at a preview of it now. Of a
    shop that is no main, nothing."""
    found = await rows(client, _NEWS, shop, OVERLAP, list(but), None if only is None else list(only))
    due = dict.fromkeys(later, now + EVERY)
    news = [(row["connection"], ProductId(row["gid"]), row["at"]) for row in found]
    dirt = [Dirt(owner, Stream.PRODUCT, gid, at, due.get(owner, now)) for owner, gid, at in news]
    await put_dirt(client, dirt, now)
