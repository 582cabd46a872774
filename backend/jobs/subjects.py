"""The products that a job is about, when it is not about all of them."""

from collections.abc import Sequence

from backend.database import connection, rows
from backend.models.job import Job
from backend.sync.catalog import ProductId

_LINKED = """
SELECT dependent_gid AS gid FROM product_link WHERE connection_id = $1 AND main_gid = ANY($2::text[])
UNION
SELECT candidate ->> 'product' FROM conflict, jsonb_array_elements(candidates) AS candidate
WHERE connection_id = $1 AND main_gid = ANY($2::text[])
UNION
SELECT decision ->> 'product' FROM conflict
WHERE connection_id = $1 AND main_gid = ANY($2::text[]) AND decision ->> 'product' IS NOT NULL
"""


async def main_subjects(job: Job) -> list[ProductId]:
    """Ids in the main shop."""
    return sorted({ProductId(each) for each in job.payload.get("main_products", ())})


async def dependent_subjects(job: Job) -> list[ProductId]:
    """Ids in the dependent: what is named, and what is linked to the main products or may be."""
    named: Sequence[str] = job.payload.get("products", ())
    linked = await rows(connection(), _LINKED, job.connection_id, await main_subjects(job))
    return sorted({ProductId(each) for each in named} | {ProductId(row["gid"]) for row in linked})
