"""What people changed in a dependent, as a plan finds it: reported, whether it is kept or written over."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, execute_many
from backend.sync.catalog import ProductId
from backend.sync.diff import Diff

_PUT = """
INSERT INTO local_edit (id, connection_id, main_gid, product_gid, subject, field, key, title, sku, main_value,
                        dependent_value, kept, found_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11::jsonb, $12, $13)
ON CONFLICT (connection_id, subject, field, key) DO UPDATE SET
    title = excluded.title, sku = excluded.sku, main_value = excluded.main_value,
    dependent_value = excluded.dependent_value, kept = excluded.kept,
    found_at = CASE WHEN local_edit.kept AND excluded.kept
                    AND local_edit.dependent_value IS NOT DISTINCT FROM excluded.dependent_value
               THEN local_edit.found_at ELSE excluded.found_at END
"""
# What was kept and is found no more is over: both say the same again.
_OVER = """
DELETE FROM local_edit
WHERE connection_id = $1 AND kept AND product_gid = ANY($2::text[])
  AND NOT (subject || ' ' || field || ' ' || key) = ANY($3::text[])
"""


async def record_edits(
    client: BaseDBAsyncClient,
    connection: UUID,
    diffs: Mapping[ProductId, Diff],
    products: Mapping[ProductId, ProductId],
    now: datetime,
) -> None:
    """`diffs` by main product, `products` the dependent's of those that are linked."""
    compared = sorted(products[main] for main in diffs if main in products)
    if not compared:
        return
    found = [(main, each) for main, diff in diffs.items() for each in diff.local_edits]
    kept = [f"{each.ref.subject} {each.ref.field} {each.ref.key}" for _, each in found if each.kept]
    await execute(client, _OVER, connection, compared, kept)
    await execute_many(
        client,
        _PUT,
        [
            (
                uuid4(),
                connection,
                main,
                each.product,
                *each.ref,
                each.title,
                each.sku,
                orjson.dumps(each.main).decode(),
                orjson.dumps(each.dependent).decode(),
                each.kept,
                now,
            )
            for main, each in sorted(found, key=lambda pair: pair[1].ref)
        ],
    )
