"""Storing what a check has found, and forgetting what has been repaired since."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, execute_many
from backend.parity.report import Report
from backend.sync.catalog import ProductId

_CHECKED = """
UPDATE product_link SET checked_at = $3, values_checked = told.number
FROM unnest($1::uuid[], $2::int[]) AS told (id, number) WHERE product_link.id = told.id
"""
_FORGET = "DELETE FROM difference WHERE connection_id = $1 AND main_gid = ANY($2::text[])"
_FOUND = """
INSERT INTO difference (connection_id, main_gid, product_gid, subject, field, key, title, sku, main_value,
                        dependent_value, reason, code, found_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10::jsonb, $11, $12, $13)
ON CONFLICT (connection_id, subject, field, key) DO UPDATE SET
    main_gid = excluded.main_gid, product_gid = excluded.product_gid, title = excluded.title,
    sku = excluded.sku, main_value = excluded.main_value, dependent_value = excluded.dependent_value,
    reason = excluded.reason, code = excluded.code, found_at = excluded.found_at
"""
# A value that was written after it was found to differ is equal now, by Shopify's own answer.
_SAME_VALUE = """
    c.connection_id = d.connection_id AND c.product_gid = d.product_gid AND c.state = 'APPLIED'
    AND c.applied_at >= d.found_at AND c.field = d.field AND c.key = d.key
    AND CASE WHEN c.variant_gid = '' AND c.main_variant_gid = ''
        THEN d.subject IN (c.product_gid, c.main_product_gid)
        ELSE d.subject IN (c.variant_gid, c.main_variant_gid) END
"""
_REPAIRED_BY_JOB = f"DELETE FROM difference d USING change c WHERE c.job_id = $1 AND {_SAME_VALUE}"  # noqa: S608
_REPAIRED = f"DELETE FROM difference d USING change c WHERE {_SAME_VALUE}"  # noqa: S608
_UNLINKED = """
DELETE FROM difference d WHERE NOT EXISTS (
    SELECT 1 FROM product_link l WHERE l.connection_id = d.connection_id AND l.main_gid = d.main_gid
)
"""


async def put_reports(
    client: BaseDBAsyncClient,
    owner: UUID,
    reports: Sequence[tuple[UUID, Report]],
    settled: Sequence[tuple[UUID, ProductId]],
    now: datetime,
) -> None:
    """Store the reports by link in place of what was known of these products; of `settled` ones nothing
    differs."""
    numbers = [(link, told.values) for link, told in reports] + [(link, 0) for link, _ in settled]
    if not numbers:
        return
    mains = [told.main for _, told in reports] + [main for _, main in settled]
    await execute(client, _CHECKED, [link for link, _ in numbers], [number for _, number in numbers], now)
    await execute(client, _FORGET, owner, mains)
    await execute_many(
        client,
        _FOUND,
        [
            (
                owner,
                told.main,
                told.product,
                *each.ref,
                each.title,
                each.sku,
                orjson.dumps(each.main).decode(),
                orjson.dumps(each.dependent).decode(),
                each.reason.value,
                each.code,
                now,
            )
            for _, told in reports
            for each in told.found
        ],
    )


async def forget_repaired(client: BaseDBAsyncClient, job: UUID) -> None:
    """Differences whose value this job has written."""
    await execute(client, _REPAIRED_BY_JOB, job)


async def tidy(client: BaseDBAsyncClient) -> None:
    """Differences that were repaired, whoever did it, and those of products that are not linked any more."""
    await execute(client, _REPAIRED)
    await execute(client, _UNLINKED)
