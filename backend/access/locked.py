"""The row under which everything that is done about a connection happens, one after the other."""

from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.access.policy import Guard
from backend.errors import NotFound
from backend.models.connection import Connection


def by_itself(_: Connection) -> None:
    """The guard of what the app does without being asked, or what follows from something that was guarded."""


async def locked_connection(client: BaseDBAsyncClient, connection_id: UUID, allow: Guard) -> Connection:
    """The connection, locked until the transaction ends. The right to act is asked for as it is now: it may
    have been taken back since the caller was let in.

    Whoever locks rows of the connection too locks it first. Rows that refer to it can be added meanwhile: the
    workers wait for nobody. Raises NotFound, and what `allow` raises.
    """
    rows = Connection.filter(id=connection_id).using_db(client)
    found = await rows.select_for_update(no_key=True).get_or_none()
    if found is None:
        raise NotFound
    allow(found)
    return found
