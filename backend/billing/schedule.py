"""When subscriptions are asked about although nothing has told of a change: a webhook may get lost."""

from datetime import datetime, timedelta

from backend.database import connection, rows
from backend.jobs.queue import enqueue_look, transaction
from backend.live.pending import Mark, mark_pending
from backend.models.live import SubjectKind

# A change that waits for the merchant is worth a look now and then; what is paid for, once a day.
WAITING_EVERY = timedelta(minutes=10)
PAID_EVERY = timedelta(hours=24)

_SHOPS = """
SELECT p.shop_id FROM shop_plan p JOIN shop s ON s.id = p.shop_id AND s.uninstalled_at IS NULL
WHERE CASE WHEN $1 THEN p.subscription_gid IS NOT NULL ELSE p.pending_gid IS NOT NULL END
"""


async def ask_waiting(now: datetime) -> int:
    """Have the shops asked whose change of the plan waits; how many."""
    return await _ask(now, paid=False)


async def ask_paid(now: datetime) -> int:
    """Have the shops asked that pay for their plan; how many."""
    return await _ask(now, paid=True)


async def _ask(now: datetime, *, paid: bool) -> int:
    shops = [row["shop_id"] for row in await rows(connection(), _SHOPS, paid)]
    async with transaction() as client:
        await mark_pending(client, [Mark(shop, SubjectKind.PLAN, "", now, now) for shop in shops])
        for shop in shops:
            enqueue_look(shop)
    return len(shops)
