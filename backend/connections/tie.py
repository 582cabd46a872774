"""Tying a dependent to a main, by its connection key or its invitation, and letting go again.

Disconnecting keeps everything: products stay as they are, and links, settings and mappings wait for the same
two shops to connect again. A pause and a delegation end with it.
"""

from datetime import datetime
from uuid import UUID, uuid4

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError

from backend.access.locked import locked_connection
from backend.access.policy import Guard
from backend.billing.limits import ProductLimit
from backend.billing.reconnect import admit_again
from backend.connections.role import locked_shop, normalised
from backend.crypto import Keyring
from backend.errors import ErrorCode, UserError
from backend.jobs.queue import transaction
from backend.jobs.requests import sync_all
from backend.models.connection import Connection, ConnectionState
from backend.models.invitation import Invitation, InvitationState
from backend.models.job import Job, Trigger
from backend.models.shop import Role, Shop

_KEY = ("key",)


async def connect_with_key(
    dependent_id: UUID,
    key: str,
    keyring: Keyring,
    *,
    limit: ProductLimit,
    now: datetime,
    created_by: str = "",
) -> tuple[Connection, list[Job]]:
    """The connection, and the sync that begins at once where settings are left from an earlier one.

    Raises UserError at `key`: KEY_UNKNOWN, KEY_OF_OWN_SHOP, KEY_OF_DEPENDENT; or ROLE_NOT_CHOSEN,
    NOT_A_DEPENDENT, ALREADY_CONNECTED, CONNECTION_SUSPENDED (the main has removed the app).
    """
    try:
        async with transaction() as client:
            main = await _owner(client, dependent_id, key, keyring)
            dependent = await Shop.get(id=dependent_id, using_db=client)
            return await join(
                client, main, dependent, limit=limit, now=now, created_by=created_by, field=_KEY
            )
    except IntegrityError:
        raise already_connected() from None


async def join(
    client: BaseDBAsyncClient,
    main: Shop,
    dependent: Shop,
    *,
    limit: ProductLimit,
    now: datetime,
    created_by: str,
    field: tuple[str, ...] = (),
) -> tuple[Connection, list[Job]]:
    """Tie the two, both locked in this transaction: as they were before where they have been connected, as
    far as main's plan has room. The main's invitation, if one waits, is accepted by that.

    Raises UserError as `connect_with_key` does, what is wrong with the main at `field`.
    """
    await _check_dependent(client, dependent)
    if main.uninstalled_at is not None:
        raise UserError(ErrorCode.CONNECTION_SUSPENDED, "That shop has removed the app.", field=field)
    connection = await _tie(client, main.id, dependent.id, limit, now)
    waiting = Invitation.filter(main_id=main.id, domain=dependent.domain, state=InvitationState.PENDING)
    await waiting.using_db(client).update(state=InvitationState.ACCEPTED, answered_at=now)
    if connection.settings_version is None:
        return connection, []
    jobs = await sync_all([connection.id], now=now, trigger=Trigger.CONNECTED, created_by=created_by)
    return connection, jobs


async def disconnect(connection_id: UUID, *, allow: Guard, now: datetime) -> Connection:
    """End the connection; jobs under way stop at their next call. Raises UserError: what `allow` raises."""
    async with transaction() as client:
        connection = await locked_connection(client, connection_id, allow)
        connection.state, connection.disconnected_at = ConnectionState.DISCONNECTED, now
        connection.paused_by, connection.delegated = None, False
        fields = ["state", "disconnected_at", "paused_by", "delegated"]
        await connection.save(update_fields=fields, using_db=client)
        return connection


async def _owner(client: BaseDBAsyncClient, own: UUID, key: str, keyring: Keyring) -> Shop:
    """The main whose key it is. Shops are locked lowest id first, so that two requests never wait for each
    other."""
    digest = keyring.digest(normalised(key))
    found = await Shop.filter(connection_key_hash=digest).using_db(client).first()
    if found is None:
        raise UserError(ErrorCode.KEY_UNKNOWN, "No shop has this connection key.", field=_KEY)
    if found.id == own:
        raise UserError(ErrorCode.KEY_OF_OWN_SHOP, "This is the key of your own shop.", field=_KEY)
    for shop_id in sorted((found.id, own)):
        await locked_shop(client, shop_id)
    await found.refresh_from_db(using_db=client)
    if found.connection_key_hash is None or bytes(found.connection_key_hash) != digest:
        raise UserError(ErrorCode.KEY_UNKNOWN, "No shop has this connection key.", field=_KEY)
    if found.role is not Role.MAIN:
        raise UserError(ErrorCode.KEY_OF_DEPENDENT, "That shop is not a main shop.", field=_KEY)
    return found


async def _check_dependent(client: BaseDBAsyncClient, shop: Shop) -> None:
    if shop.role is None:
        raise UserError(ErrorCode.ROLE_NOT_CHOSEN, "Choose the role of this shop first.")
    if shop.role is not Role.DEPENDENT:
        raise UserError(ErrorCode.NOT_A_DEPENDENT, "A main shop can't depend on another one.")
    ties = Connection.filter(dependent_id=shop.id).exclude(state=ConnectionState.DISCONNECTED)
    if await ties.using_db(client).exists():
        raise already_connected()


async def _tie(
    client: BaseDBAsyncClient, main: UUID, dependent: UUID, limit: ProductLimit, now: datetime
) -> Connection:
    """The connection these two had before, or a new one."""
    former = Connection.filter(main_id=main, dependent_id=dependent).order_by("-disconnected_at")
    connection = await former.using_db(client).first()
    if connection is None:
        return await Connection.create(
            id=uuid4(), main_id=main, dependent_id=dependent, created_at=now, using_db=client
        )
    await admit_again(client, limit, connection, now)
    connection.state, connection.disconnected_at, connection.read_at = ConnectionState.ACTIVE, None, None
    await connection.save(update_fields=["state", "disconnected_at", "read_at"], using_db=client)
    return connection


def already_connected() -> UserError:
    return UserError(ErrorCode.ALREADY_CONNECTED, "This shop is connected to a main shop already.")
