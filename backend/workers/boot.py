"""What a worker process opens before its first message and closes after its last."""

from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import dramatiq
import httpx
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware, MiddlewareError
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

T = TypeVar("T")

_HTTP_CONNECTIONS = 50


class NotBootedError(RuntimeError):
    """An actor ran in a process whose worker was never started."""


_runtime: Runtime | None = None


def runtime() -> Runtime:
    """The runtime of this worker process."""
    if _runtime is None:
        raise NotBootedError("the worker has not been started")
    return _runtime


async def open_runtime(settings: Settings, stack: AsyncExitStack, clock: Clock | None = None) -> Runtime:
    """Everything jobs need, opened; `stack` closes it. The database is opened for the whole process."""
    clock = clock or SystemClock()
    await connect(settings.database_url, pool_size=settings.database_pool)
    stack.push_async_callback(disconnect)
    redis = Redis.from_url(settings.redis_url)
    stack.push_async_callback(redis.aclose)
    buckets = throttle_redis.connect(settings.redis_url)
    stack.push_async_callback(buckets.aclose)
    limits = httpx.Limits(max_connections=_HTTP_CONNECTIONS, max_keepalive_connections=_HTTP_CONNECTIONS)
    http = await stack.enter_async_context(httpx.AsyncClient(limits=limits))
    transport = ShopTransport(settings.shopify_base_url, httpx.AsyncHTTPTransport(limits=limits))
    token_http = await stack.enter_async_context(httpx.AsyncClient(transport=transport))
    app = AppCredentials(settings.client_id, settings.client_secret, settings.old_client_secret)
    tokens = Tokens(TokenClient(app, token_http, clock), settings.keyring, clock)
    return Runtime(
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


def _on_loop(work: Coroutine[Any, Any, T]) -> T:
    thread = get_event_loop_thread()
    if thread is None:
        raise NotBootedError("the AsyncIO middleware has to come first")
    return thread.run_coroutine(work)


class Boot(Middleware):
    """Opens the runtime on the loop of the AsyncIO middleware, before the first message: a hook after the
    boot races with messages. Hooks of a shutdown run in reverse, so the loop is still there to close it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()

    def before_worker_boot(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        global _runtime
        try:
            _runtime = _on_loop(open_runtime(self._settings, self._stack))
        except Exception as error:
            # Any other exception is only logged, and a worker without a runtime would take messages and fail.
            raise MiddlewareError("the worker could not be started") from error

    def after_worker_shutdown(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        global _runtime
        _runtime = None
        _on_loop(self._stack.aclose())
