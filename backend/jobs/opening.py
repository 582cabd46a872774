"""What every process that talks to shops opens first: database, Redis, the way to Shopify."""

from contextlib import AsyncExitStack
from typing import NamedTuple

import httpx
from redis.asyncio import Redis

from backend.billing.limits import product_limit
from backend.clock import Clock, SystemClock
from backend.config import Settings
from backend.database import connect, disconnect
from backend.jobs.runtime import Runtime
from backend.jobs.tokens import Tokens
from backend.shopify import throttle_redis
from backend.shopify.auth import AppCredentials
from backend.shopify.bulk_slices import SliceLimits
from backend.shopify.creation_plan import BatchSizes
from backend.shopify.throttle_redis import Throttles
from backend.shopify.tokens import ShopTransport, TokenClient

_CONNECTIONS = 50


class Opened(NamedTuple):
    runtime: Runtime
    tokens: Tokens
    redis: Redis


async def open_runtime(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    clock: Clock | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Opened:
    """Everything jobs need; `stack` closes it. The database is opened for the whole process. `transport` is
    the way to Shopify, over the network by default."""
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
    token_http = httpx.AsyncClient(transport=ShopTransport(settings.shopify_base_url, outward))
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
        slice_limits=_slice_limits(settings),
        batch_sizes=_batch_sizes(settings),
        throttle_for=Throttles(buckets, settings.client_id, clock).throttle_for,
    )
    return Opened(runtime, tokens, redis)


def _slice_limits(settings: Settings) -> SliceLimits:
    """Half of the smallest slice is worth looking at when it is all that came."""
    smallest, largest = settings.bulk_slice_objects
    return SliceLimits(
        largest=largest,
        smallest=smallest,
        worth=max(1, smallest // 2),
        start_seconds=settings.bulk_start_seconds,
    )


def _batch_sizes(settings: Settings) -> BatchSizes:
    fewest, most = settings.bulk_creation_lines
    return BatchSizes(fewest=fewest, most=most, start_seconds=settings.bulk_start_seconds)
