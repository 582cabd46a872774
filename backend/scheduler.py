"""`python -m backend.scheduler` sends again what was lost and prunes what is too old. Several at once are
safe."""

import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from datetime import timedelta

import structlog

from backend import logs
from backend.clock import Clock, SystemClock
from backend.config import ConfigError, Settings, load
from backend.database import connect, disconnect
from backend.jobs.prune import prune
from backend.jobs.sweep import SWEEP_SECONDS, sweep
from backend.workers.broker import configure

_PRUNE_EVERY = timedelta(hours=1)

log = structlog.get_logger(__name__)


async def run(settings: Settings, clock: Clock, stopping: asyncio.Event) -> None:
    """Until `stopping` is set. Whatever fails is tried again at the next round."""
    async with AsyncExitStack() as stack:
        await connect(settings.database_url, pool_size=2)
        stack.push_async_callback(disconnect)
        prune_at = clock.now()
        while not stopping.is_set():
            try:
                await sweep(clock.now())
                if clock.now() >= prune_at:
                    await prune(clock.now(), timedelta(days=settings.retention_days))
                    prune_at = clock.now() + _PRUNE_EVERY
            except Exception:
                log.exception("sweep failed")
            waiting = asyncio.create_task(stopping.wait())
            await asyncio.wait({waiting}, timeout=SWEEP_SECONDS)
            waiting.cancel()


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
