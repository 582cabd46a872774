"""Defects of ours that one product brings to light: they cost that product, not its page, and not the job."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TypeVar
from uuid import uuid4

import structlog
from tortoise.exceptions import BaseORMException

from backend.database import PASSING
from backend.errors import AppError, LeaseLost
from backend.jobs.context import ConnectionStoppedError
from backend.jobs.ending import CanceledError

K = TypeVar("K")

# These speak of the shops, the database or a person, not of a product.
NOT_OF_THE_PRODUCT = (AppError, LeaseLost, ConnectionStoppedError, CanceledError, BaseORMException, *PASSING)

log = structlog.get_logger(__name__)


def reason_of(error: Exception, what: str, subjects: Collection[object]) -> str:
    """Logs the defect under an id, which the reason names."""
    incident = uuid4().hex[:12]
    log.error(what, subjects=[str(each) for each in subjects][:5], incident=incident, exc_info=error)
    return f"Something went wrong here ({type(error).__name__}); the log has it under {incident}."


async def apart(
    keys: Sequence[K],
    work: Callable[[Sequence[K]], Awaitable[bool]],
    aside: Callable[[K, Exception], Awaitable[None]],
) -> bool:
    """Have `work` done on all keys at once; where that brings a defect to light, on each alone, and `aside`
    is told of those that have it. Answers False as soon as `work` does: it can't go on now.

    `work` must leave nothing behind when it raises."""
    try:
        return await work(keys)
    except NOT_OF_THE_PRODUCT:
        raise
    except Exception as error:  # noqa: BLE001 - a defect must not stop the other products
        if len(keys) == 1:
            await aside(keys[0], error)
            return True
    for key in keys:
        if not await apart([key], work, aside):
            return False
    return True
