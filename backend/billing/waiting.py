"""Products that wait for a plan: known by the plans of jobs, which say each time who waits."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.billing.room import Lacking
from backend.database import execute, execute_many
from backend.sync.catalog import ProductId

_PUT = """
INSERT INTO waiting_product (connection_id, main_gid, by_main, by_dependent, since, seen_at)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (connection_id, main_gid) DO UPDATE SET
    by_main = excluded.by_main, by_dependent = excluded.by_dependent, seen_at = excluded.seen_at
"""
_CLOSE = """
DELETE FROM waiting_product
WHERE connection_id = $1 AND seen_at < $2 AND ($3::text[] IS NULL OR main_gid = ANY($3::text[]))
"""


async def put_waiting(
    client: BaseDBAsyncClient, connection: UUID, waiting: Mapping[ProductId, Lacking], now: datetime
) -> None:
    """These main products wait, as was seen now."""
    await execute_many(
        client,
        _PUT,
        [(connection, gid, each.main, each.dependent, now) for gid, each in sorted(waiting.items())],
    )


async def close_waiting(
    client: BaseDBAsyncClient, connection: UUID, before: datetime, only: Collection[str] | None = None
) -> None:
    """Those that a plan of all products, or of `only` these, begun at `before`, has not seen waiting."""
    await execute(client, _CLOSE, connection, before, None if only is None else list(only))
