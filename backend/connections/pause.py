"""Pausing a connection and letting it go on.

While it is paused nothing is sent. What happens in both shops is taken in all the same: the products to be
planned wait as rows. What was missed nevertheless is found by the sync that follows a resume.
"""

from datetime import datetime
from uuid import UUID

from backend.access.locked import locked_connection
from backend.access.policy import Guard
from backend.jobs.queue import transaction
from backend.jobs.requests import sync_all
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Job, Trigger
from backend.models.shop import Role


async def pause(connection_id: UUID, by: Role, *, allow: Guard) -> Connection:
    """Jobs under way stop at their next call. Pausing twice changes nothing; the dependent's pause prevails
    over the main's, since it alone can end it. A suspended connection is paused for when its shop is back.

    Raises UserError: what `allow` raises.
    """
    async with transaction() as client:
        connection = await locked_connection(client, connection_id, allow)
        if connection.paused_by is not Role.DEPENDENT:
            connection.paused_by = by
        if connection.state is ConnectionState.ACTIVE:
            connection.state = ConnectionState.PAUSED
        await connection.save(update_fields=["state", "paused_by"], using_db=client)
        return connection


async def resume(
    connection_id: UUID, *, allow: Guard, now: datetime, created_by: str = ""
) -> tuple[Connection, Job | None]:
    """The connection, and the sync that brings what has changed meanwhile: None where nothing was paused, no
    settings are chosen yet, or a shop has removed the app. Resuming twice changes nothing.

    Raises UserError: what `allow` raises.
    """
    async with transaction() as client:
        connection = await locked_connection(client, connection_id, allow)
        connection.paused_by = None
        if connection.state is not ConnectionState.PAUSED:
            await connection.save(update_fields=["paused_by"], using_db=client)
            return connection, None
        connection.state = ConnectionState.ACTIVE
        await connection.save(update_fields=["state", "paused_by"], using_db=client)
        if connection.settings_version is None:
            return connection, None
        jobs = await sync_all([connection.id], now=now, trigger=Trigger.RESUMED, created_by=created_by)
        return connection, jobs[0]
