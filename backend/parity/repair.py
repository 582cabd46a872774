"""Making equal what differs, because a person asks for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.access.locked import by_itself
from backend.access.policy import Guard
from backend.database import rows
from backend.errors import ErrorCode, UserError
from backend.jobs.queue import Queue, transaction
from backend.jobs.requests import new_job, working_connection
from backend.models.job import Job, JobKind, Trigger
from backend.parity.share import KEPT
from backend.sync.catalog import ProductId

# More products than these are read faster as a whole.
_MOST = 2_000
# So few are done while a person looks on.
_AT_ONCE = 250

_DIFFERENT = """
SELECT DISTINCT main_gid FROM difference
WHERE connection_id = $1 AND NOT reason = ANY($2::text[])
  AND ($3::text[] IS NULL OR product_gid = ANY($3::text[]))
ORDER BY main_gid LIMIT $4
"""


async def repair(
    connection: UUID,
    products: Sequence[ProductId] | None = None,
    *,
    now: datetime,
    allow: Guard = by_itself,
    created_by: str = "",
) -> Job:
    """A job that reads the products known to differ anew and writes every value that the settings own,
    mirrored stock too; `products` (the dependent's) are those it is about, all without. What is held or kept
    local stays, and what the brake holds asks again.

    Raises UserError with NOTHING_TO_REPAIR, CONNECTION_PAUSED, CONNECTION_SUSPENDED or NOT_CONNECTED.
    """
    chosen = None if products is None else sorted(set(products))
    async with transaction() as client:
        await working_connection(client, connection, allow)
        kept = sorted(each.value for each in KEPT)
        mains = [
            row["main_gid"] for row in await rows(client, _DIFFERENT, connection, kept, chosen, _MOST + 1)
        ]
        if not mains:
            raise UserError(ErrorCode.NOTHING_TO_REPAIR, "No value of these is known to differ.")
        payload: dict[str, Any] = {"repair": True}
        if len(mains) <= _MOST:
            payload["main_products"] = mains
        few = len(mains) <= _AT_ONCE
        return await new_job(
            client,
            connection,
            JobKind.REPAIR,
            Trigger.MANUAL,
            payload,
            now,
            by=created_by,
            queue=Queue.LIVE if few else Queue.BACKGROUND,
        )
