"""Which creations a bulk operation takes, and how fast both ways are."""

from uuid import UUID

from backend.database import connection, rows
from backend.jobs.change_rows import SELECT, change_of
from backend.jobs.expectation import lines_per_second, to_create
from backend.jobs.runtime import OpenShop
from backend.jobs.step import Slice
from backend.shopify.bulk_creation import MOST_BYTES, creation_line
from backend.shopify.creation_plan import Pace, pace
from backend.sync.batching import batch
from backend.sync.writes import ChangeId, CreateProduct

_LAST = SELECT + (
    "WHERE job_id = $1 AND state = 'PLANNED' AND action = 'CREATE_PRODUCT' AND attempts = 0"
    " ORDER BY seq DESC LIMIT $2"
)
_LEFT = """
SELECT count(*)::int AS number FROM change
WHERE job_id = $1 AND state = 'PLANNED' AND action = 'CREATE_PRODUCT' AND attempts = 0
"""


async def creations_left(job: UUID) -> int:
    """How many nobody has begun. What was tried is for the single creations."""
    (found,) = await rows(connection(), _LEFT, job)
    return int(found["number"])


async def last_creations(job: UUID, number: int) -> tuple[list[ChangeId], list[bytes]]:
    """The last creations that nobody has begun, and their lines; fewer where they are large."""
    changes: list[ChangeId] = []
    lines: list[bytes] = []
    size = 0
    for row in await rows(connection(), _LAST, job, number):
        change_id = ChangeId(row["id"])
        write = next(batch([(change_id, change_of(row))]), None)
        if not isinstance(write, CreateProduct):
            continue
        line = creation_line(write)
        size += len(line)
        if changes and size > MOST_BYTES:
            break
        changes.append(change_id)
        lines.append(line)
    return changes, lines


async def pace_of(work: Slice, door: OpenShop) -> Pace:
    """By what is left to create, the bucket as it is now, and how fast bulk creations in the shop were."""
    left = await to_create(work.job.id)
    points = left.points / left.products if left.products else 1.0
    rate = work.job.bulk_rate or await lines_per_second(work.context.dependent.id)
    return pace(points, await door.throttle.status(), rate)
