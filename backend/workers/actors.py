"""What the workers run: an id comes in, the row tells the rest. A message that fails is not tried again by
the queue; the sweep sends it when its job is due."""

from uuid import UUID

import dramatiq

from backend.jobs.queue import LOOK, Queue
from backend.jobs.runner import run_job
from backend.live.look import look_at
from backend.workers.boot import runtime

# Far above a slice, so that only a slice that hangs is ever cut short; a bulk result of a million variants is
# stored in one. Milliseconds.
_TIME_LIMIT = 1_800_000


@dramatiq.actor(
    actor_name=Queue.LIVE.actor, queue_name=Queue.LIVE.value, max_retries=0, time_limit=_TIME_LIMIT
)
async def run_live_job(job_id: str) -> None:
    await run_job(UUID(job_id), runtime())


@dramatiq.actor(actor_name=LOOK, queue_name=Queue.LIVE.value, max_retries=0, time_limit=_TIME_LIMIT)
async def look_at_shop(shop_id: str) -> None:
    await look_at(UUID(shop_id), runtime())


@dramatiq.actor(
    actor_name=Queue.BACKGROUND.actor,
    queue_name=Queue.BACKGROUND.value,
    max_retries=0,
    time_limit=_TIME_LIMIT,
)
async def run_background_job(job_id: str) -> None:
    await run_job(UUID(job_id), runtime())
