"""Opens what the API's process works with; the exit stack closes it in reverse."""

import asyncio
from contextlib import AsyncExitStack

import httpx

from backend.clock import Clock
from backend.config import Settings
from backend.jobs.opening import open_runtime
from backend.live.intake import Intake
from backend.live.wake import wake
from backend.web.hub import Hub
from backend.web.metrics import Metrics
from backend.web.services import Services


async def open_services(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    clock: Clock | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Services:
    """`transport` is the way to Shopify, over the network by default."""
    runtime, tokens, redis = await open_runtime(settings, stack, clock=clock, transport=transport)
    clock = runtime.clock
    hub = Hub(redis, clock)
    listening = asyncio.create_task(hub.run())

    async def stop_listening() -> None:
        # A cancellation that meets Redis' client while it connects gets lost there.
        while not listening.done():
            listening.cancel()
            await asyncio.wait({listening}, timeout=0.2)

    stack.push_async_callback(stop_listening)
    metrics = Metrics()
    intake = await stack.enter_async_context(Intake(clock, wake, metrics.webhook_groups.observe))
    return Services(settings, runtime, tokens, hub, intake, metrics)
