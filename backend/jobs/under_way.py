"""What a write of ours is changing at this moment.

What is read of it meanwhile may be older than the write or newer, and nobody can tell: such a reading is not
stored, and made again once the write is settled. So the outcome of a write always meets what was known when
it was sent, and never overwrites anything newer.
"""

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

# What a dependent sold is written to main, everything else to the dependent.
_SENT = """
SELECT c.field = 'STOCK' AS is_stock, c.inventory_item_gid AS item,
       CASE WHEN c.action = 'BOOK' THEN c.main_product_gid ELSE c.product_gid END AS product, c.sent_at
FROM change c JOIN connection o ON o.id = c.connection_id
WHERE c.connection_id = ANY(ARRAY(SELECT id FROM connection WHERE main_id = $1 OR dependent_id = $1))
  AND c.state = 'SENT' AND c.sent_at > $2 AND c.product_gid <> '' AND (c.action = 'BOOK') = (o.main_id = $1)
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
