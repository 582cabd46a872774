"""Titles of products, as they are now."""

from uuid import UUID

from backend.models.connection import Connection
from backend.schema.context import Info


async def title_of(info: Info, tie: Connection, shop: UUID, gid: str) -> str:
    """Of a product of `shop`, one side of `tie`; "" where it is not known, or not the caller's to know."""
    if not info.context.scope.knows(tie, shop):
        return ""
    return await info.context.loaders.title.load((shop, gid)) or ""
