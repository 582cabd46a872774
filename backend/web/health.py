"""Whether the process lives, whether it can work, and what it counted."""

import asyncio

import structlog
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from tortoise.exceptions import BaseORMException

from backend.database import connection, rows
from backend.web.services import Services

log = structlog.get_logger(__name__)

_PATIENCE_SECONDS = 3.0


async def health(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """503 unless database and Redis answer; tells which does not, never why."""
    services: Services = request.app.state.services
    checks = {"database": _database(), "redis": _redis(services)}
    found = await asyncio.gather(*checks.values())
    states = dict(zip(checks, ("ok" if good else "unavailable" for good in found), strict=True))
    return JSONResponse(states, 200 if all(found) else 503)


async def metrics(request: Request) -> Response:
    services: Services = request.app.state.services
    return PlainTextResponse(
        services.metrics.text(services.hub.watchers), media_type="text/plain; version=0.0.4"
    )


async def _database() -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await rows(connection(), "SELECT 1")
    except (OSError, TimeoutError, BaseORMException) as error:
        log.warning("database does not answer", reason=type(error).__name__)
        return False
    return True


async def _redis(services: Services) -> bool:
    redis = services.runtime.redis
    if redis is None:
        return False
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await redis.ping()
    except (OSError, TimeoutError, RedisError) as error:
        log.warning("Redis does not answer", reason=type(error).__name__)
        return False
    return True
