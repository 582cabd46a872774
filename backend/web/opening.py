"""Opens what the API's process works with; the exit stack closes it in reverse."""

import asyncio
from contextlib import AsyncExitStack

import httpx
from redis.asyncio import Redis

from backend.billing.limits import product_limit
from backend.clock import Clock, SystemClock
from backend.config import Settings
from backend.database import connect, disconnect
from backend.jobs.runtime import Runtime
from backend.jobs.tokens import Tokens
from backend.live.intake import Intake
from backend.live.wake import wake
from backend.shopify import throttle_redis
from backend.shopify.auth import AppCredentials
from backend.shopify.throttle_redis import Throttles
from backend.shopify.tokens import ShopTransport, TokenClient
from backend.web.hub import Hub
from backend.web.metrics import Metrics
from backend.web.services import Services

_CONNECTIONS = 50


async def open_services(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    clock: Clock | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Services:
    """`transport` is the way to Shopify, over the network by default."""
    clock = clock or SystemClock()
    await connect(settings.database_url, pool_size=settings.database_pool)
    stack.push_async_callback(disconnect)
    redis = Redis.from_url(settings.redis_url)
    stack.push_async_callback(redis.aclose)
    buckets = throttle_redis.connect(settings.redis_url)
    stack.push_async_callback(buckets.aclose)
    limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS)
    outward = transport or httpx.AsyncHTTPTransport(limits=limits)
    http = await stack.enter_async_context(httpx.AsyncClient(transport=outward))
    by_domain = ShopTransport(settings.shopify_base_url, outward)
    token_http = httpx.AsyncClient(transport=by_domain)
    app = AppCredentials(settings.client_id, settings.client_secret, settings.old_client_secret)
    tokens = Tokens(TokenClient(app, token_http, clock), settings.keyring, clock)
    runtime = Runtime(
        clock=clock,
        http=http,
        token_of=tokens.current,
        renewal_of=tokens.renewed,
        redis=redis,
        base_url=settings.shopify_base_url,
        api_version=settings.shopify_api_version,
        plans=settings.plans,
        product_limit=product_limit(settings.plans),
        throttle_for=Throttles(buckets, settings.client_id, clock).throttle_for,
    )
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
