"""What a write of ours is changing at this moment.

What is read of it meanwhile may be older than the write or newer, and nobody can tell: such a reading is not
stored, and made again once the write is settled. So the outcome of a write always meets what was known when
it was sent, and never overwrites anything newer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import rows

# Longer than any call, its retries included. What was sent before and still has no answer (its worker was
# killed, its connection stopped) has had its effect or has not: a reading does not hang in between.
LONGEST = timedelta(seconds=30)
# Most writes are settled within this time: then it is worth while to read again.
SOON = timedelta(seconds=0.3)

# What a long job writes to a dependent is read once it is through, all at once: until then its own points are
# not spent on its own echoes. What a person changed at the same time is seen after this time at the latest.
LONGEST_JOB = timedelta(seconds=60)

# What a dependent sold is written to main, everything else to the dependent.
_SENT = """
SELECT c.field = 'STOCK' AS is_stock, c.inventory_item_gid AS item,
       CASE WHEN c.action = 'BOOK' THEN c.main_product_gid ELSE c.product_gid END AS product, c.sent_at
FROM change c JOIN connection o ON o.id = c.connection_id
WHERE c.connection_id = ANY(ARRAY(SELECT id FROM connection WHERE main_id = $1 OR dependent_id = $1))
  AND c.state = 'SENT' AND c.sent_at > $2 AND c.product_gid <> '' AND (c.action = 'BOOK') = (o.main_id = $1)
"""


# Its products that a long job has written a moment ago; and what nobody knows while such a job creates some.
_OF_JOBS = """
WITH writing AS (
    SELECT j.id, j.connection_id FROM job j JOIN connection c ON c.id = j.connection_id
    WHERE c.dependent_id = $1 AND j.queue = 'background' AND j.phase = 'APPLY'
      AND j.state IN ('QUEUED', 'RUNNING', 'WAITING')
), told AS (
    SELECT t.gid, coalesce(p.gid, v.product_gid) AS product FROM unnest($2::text[]) AS t (gid)
    LEFT JOIN mirror_product p ON p.shop_id = $1 AND p.gid = t.gid
    LEFT JOIN mirror_variant v ON v.shop_id = $1 AND v.inventory_item_gid = t.gid
)
SELECT DISTINCT told.gid FROM told WHERE told.product IS NULL AND EXISTS (
    SELECT 1 FROM writing w JOIN change c ON c.job_id = w.id
    WHERE c.state = 'SENT' AND c.action = 'CREATE_PRODUCT'
) OR NOT $4 AND EXISTS (
    SELECT 1 FROM writing w JOIN change c ON c.job_id = w.id AND c.connection_id = w.connection_id
    WHERE c.product_gid = told.product AND c.applied_at > $3
)
"""

# A full sync that is about to compare everything.
_COMPARING = """
SELECT 1 FROM job WHERE connection_id = $1 AND kind = 'SYNC_ALL' AND phase IN ('REFRESH', 'PLAN')
  AND (state IN ('RUNNING', 'WAITING') OR state = 'QUEUED' AND next_run_at < $2) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """`products` are those of which values are being written, `items` the inventory items of which quantities
    are, `owners` the products of either. `since` is when the latest of it was sent."""

    products: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    since: datetime | None = None

    def wait(self, now: datetime) -> timedelta:
        """How long to wait before it is worth while to read: longer, the longer nothing was answered."""
        return SOON if self.since is None else max(SOON, (now - self.since) / 2)


NOTHING = UnderWay()


async def under_way(client: BaseDBAsyncClient, shop: UUID, begun: datetime) -> UnderWay:
    """What is being written to the shop now, as far as a reading that began at `begun` can't tell."""
    found = await rows(client, _SENT, shop, begun - LONGEST)
    return UnderWay(
        frozenset(row["product"] for row in found if not row["is_stock"]),
        frozenset(row["item"] for row in found if row["is_stock"]),
        frozenset(row["product"] for row in found),
        max((row["sent_at"] for row in found), default=None),
    )


async def is_being_compared(client: BaseDBAsyncClient, owner: UUID, now: datetime) -> bool:
    """Whether a full sync of the connection is under way, or begins now, and has not planned everything."""
    return bool(await rows(client, _COMPARING, owner, now + LONGEST))


async def of_long_jobs(
    client: BaseDBAsyncClient, shop: UUID, gids: Collection[str], now: datetime, *, unknown_only: bool
) -> frozenset[str]:
    """Those of a dependent's products and inventory items that changed, in all likelihood, because a long job
    of ours writes there. `unknown_only`: because it creates them."""
    found = await rows(client, _OF_JOBS, shop, sorted(gids), now - LONGEST_JOB, unknown_only)
    return frozenset(row["gid"] for row in found)
