"""`python -m backend.scheduler` sends again what was lost, asks shops what changed, has links checked,
links what waited for room in a plan, and prunes what is too old. Several at once are safe."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import structlog

from backend import logs
from backend.billing import resume
from backend.billing import schedule as billing
from backend.billing.limits import product_limit
from backend.clock import Clock, SystemClock
from backend.config import ConfigError, Settings, load
from backend.database import connect, disconnect
from backend.jobs import unread
from backend.jobs.prune import prune
from backend.jobs.sweep import SWEEP_SECONDS, sweep
from backend.live.poll import poll
from backend.parity import schedule as parity
from backend.workers.broker import configure

_PRUNE_EVERY = timedelta(hours=1)
# How often it is seen which shops are due.
_POLL_EVERY = timedelta(seconds=30)

log = structlog.get_logger(__name__)


async def run(settings: Settings, clock: Clock, stopping: asyncio.Event) -> None:
    """Until `stopping` is set. Whatever fails is tried again at the next round."""
    async with AsyncExitStack() as stack:
        await connect(settings.database_url, pool_size=2)
        stack.push_async_callback(disconnect)
        routine = _routine(settings)
        due = dict.fromkeys(routine, clock.now())
        while not stopping.is_set():
            for name, (every, work) in routine.items():
                if clock.now() < due[name]:
                    continue
                try:
                    await work(clock.now())
                    due[name] = clock.now() + every
                except Exception:
                    log.exception("routine failed", name=name)
            waiting = asyncio.create_task(stopping.wait())
            await asyncio.wait({waiting}, timeout=SWEEP_SECONDS)
            waiting.cancel()


def _routine(settings: Settings) -> Mapping[str, tuple[timedelta, Callable[[datetime], Awaitable[object]]]]:
    """What is done, and how often; what fails is tried again at the next round."""

    async def old(now: datetime) -> object:
        return await prune(now, timedelta(days=settings.retention_days))

    limit = product_limit(settings.plans)

    async def waiting(now: datetime) -> object:
        return await resume.resume_waiting(limit, now)

    return {
        "sweep": (timedelta(0), sweep),
        "poll": (_POLL_EVERY, poll),
        "first reads": (unread.EVERY, unread.read_unread),
        "checks": (parity.EVERY, parity.schedule_checks),
        "waiting": (resume.EVERY, waiting),
        "changes of plans": (billing.WAITING_EVERY, billing.ask_waiting),
        "subscriptions": (billing.PAID_EVERY, billing.ask_paid),
        "prune": (_PRUNE_EVERY, old),
    }


async def _main(settings: Settings) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopping.set)
    configure(settings.redis_url)
    await run(settings, SystemClock(), stopping)


def main() -> int:
    try:
        settings = load()
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.configure(settings.log_level, as_json=settings.log_json)
    asyncio.run(_main(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
