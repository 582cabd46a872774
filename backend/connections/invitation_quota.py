"""How many shops a main may name in a day. The answer to an invitation tells a little about the shop that is
named: enough for one's own shops, too little for a list of strangers' ones."""

from datetime import datetime
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.errors import ErrorCode, UserError

MOST_IN_A_DAY = 500
_KEPT_SECONDS = 2 * 86_400

log = structlog.get_logger(__name__)


async def take(redis: Redis | None, main: UUID, count: int, now: datetime) -> None:
    """Count `count` more names. Without Redis nobody counts: inviting goes on.

    Raises UserError TOO_MANY_INVITATIONS, and then counts nothing.
    """
    if redis is None:
        return
    key = f"invited:{main}:{now:%Y-%m-%d}"
    try:
        async with redis.pipeline(transaction=True) as pipe:
            pipe.incrby(key, count)
            pipe.expire(key, _KEPT_SECONDS)
            total, _ = await pipe.execute()
        if total > MOST_IN_A_DAY:
            await redis.decrby(key, count)
    except (RedisError, OSError) as error:
        log.warning("invitations not counted", reason=type(error).__name__)
        return
    if total > MOST_IN_A_DAY:
        raise UserError(
            ErrorCode.TOO_MANY_INVITATIONS,
            "No more shops can be invited today.",
            params={"limit": str(MOST_IN_A_DAY)},
        )
