"""A dependent's word that the main may act for it: off until it is given, and revocable at once."""

from uuid import UUID

import structlog

from backend.access.locked import locked_connection
from backend.access.policy import Guard
from backend.jobs.queue import transaction
from backend.models.connection import Connection

log = structlog.get_logger(__name__)


async def set_delegation(connection_id: UUID, enabled: bool, *, allow: Guard, by: str = "") -> Connection:
    """What the main has begun by then goes on. Raises UserError: what `allow` raises."""
    async with transaction() as client:
        connection = await locked_connection(client, connection_id, allow)
        if connection.delegated is not enabled:
            connection.delegated = enabled
            await connection.save(update_fields=["delegated"], using_db=client)
            log.info("delegation set", connection=str(connection_id), delegated=enabled, by=by)
        return connection
