"""Telling the workers that something is pending."""

from collections.abc import Iterable
from uuid import UUID

from backend.jobs.queue import LOOK, Message, Queue, send


async def wake(shops: Iterable[UUID], *, delay: float = 0.0) -> None:
    """Have these shops looked at, `delay` seconds from now. Call it after the commit; a message that is lost
    is made up for by the sweep."""
    await send([Message(shop, Queue.LIVE, delay, LOOK) for shop in sorted(set(shops))])
