"""What the writing phase of a job is expected to take, from its planned changes."""

from uuid import UUID

from backend.database import connection, rows
from backend.jobs.step import Slice
from backend.models.job import Job
from backend.shopify.write_estimate import ToCreate, ToWrite, writing

_TO_WRITE = """
WITH each AS (
    SELECT
        count(*) FILTER (WHERE field = 'STOCK') AS levels,
        bool_or(action = 'SET' AND variant_gid = '' AND field <> 'METAFIELD')::int AS products,
        count(DISTINCT variant_gid) FILTER (
            WHERE action = 'SET' AND variant_gid <> ''
              AND field NOT IN ('STOCK', 'METAFIELD', 'VARIANT_MEDIA')
        ) AS variants,
        count(*) FILTER (WHERE action = 'CREATE_VARIANT') AS made,
        count(*) FILTER (WHERE field = 'METAFIELD') AS metafields,
        count(DISTINCT variant_gid) FILTER (WHERE field = 'METAFIELD') AS owners,
        count(*) FILTER (
            WHERE action NOT IN ('SET', 'BOOK', 'CREATE_VARIANT', 'CREATE_PRODUCT') OR field = 'VARIANT_MEDIA'
        ) AS others
    FROM change WHERE job_id = $1 AND state = 'PLANNED' GROUP BY lane, main_product_gid, product_gid
)
SELECT coalesce(sum(levels), 0)::int AS levels, coalesce(sum(products), 0)::int AS products,
       coalesce(sum(variants + made), 0)::int AS variants,
       coalesce(sum(ceil(variants / 250.0) + ceil(made / 250.0)), 0)::int AS variant_calls,
       coalesce(sum(metafields), 0)::int AS metafields, coalesce(sum(owners), 0)::int AS owners,
       coalesce(sum(others), 0)::int AS others
FROM each
"""
_TO_CREATE = """
SELECT count(*)::int AS products,
       coalesce(sum(jsonb_array_length(after -> 'product' -> 'variants')), 0)::int AS variants,
       coalesce(sum(jsonb_array_length(after -> 'product' -> 'media')), 0)::int AS media,
       coalesce(sum(jsonb_array_length(after -> 'product' -> 'metafields')), 0)::int AS metafields,
       count(*) FILTER (WHERE (after -> 'publish')::boolean)::int AS published
FROM change WHERE job_id = $1 AND state = 'PLANNED' AND action = 'CREATE_PRODUCT'
"""


async def to_create(job: UUID) -> ToCreate:
    """The products that the job has yet to create."""
    (found,) = await rows(connection(), _TO_CREATE, job)
    return ToCreate(**found)


async def lines_per_second(shop: UUID) -> float | None:
    """How fast a bulk creation in this shop was, the last time."""
    known = (
        await Job.filter(connection__dependent_id=shop, bulk_rate__not_isnull=True)
        .order_by("-created_at")
        .first()
    )
    return None if known is None else known.bulk_rate


async def expect_writing(work: Slice) -> None:
    """Note in the job what its planned changes will cost in the dependent, and how long that takes."""
    job, door = work.job, work.open(work.context.dependent)
    (found,) = await rows(connection(), _TO_WRITE, job.id)
    left = ToWrite(**found, create=await to_create(job.id))
    rate = await lines_per_second(work.context.dependent.id) if left.create.products else None
    estimate = writing(left, await door.throttle.status(), rate, work.runtime.batch_sizes)
    job.estimate_points, job.estimate_seconds = estimate.points, estimate.seconds
