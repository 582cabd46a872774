"""A shop's role, and the key by which others connect to a main."""

import secrets
from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.crypto import Keyring, SealError
from backend.errors import ErrorCode, UserError
from backend.jobs.queue import transaction
from backend.models.connection import Connection, ConnectionState
from backend.models.invitation import Invitation, InvitationState
from backend.models.shop import Role, Shop

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that reads like another one
_PREFIX = "mss"
_GROUPS, _GROUP = 5, 6


def new_key() -> str:
    """A connection key, 148 bits: mss_ and five groups of six."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "_".join((_PREFIX, *groups))


def normalised(key: str) -> str:
    """`key` as it was made, whatever a mail program did to its spaces, line breaks and capitals."""
    return "".join(key.split()).lower()


def key_context(shop: UUID) -> str:
    """What a shop's sealed connection key is bound to."""
    return f"shop:{shop}:connection_key"


def shown_key(shop: Shop, keyring: Keyring) -> str | None:
    """The connection key of a main, None for any other shop or where it can't be opened."""
    if shop.role is not Role.MAIN or shop.connection_key is None:
        return None
    try:
        return keyring.open(bytes(shop.connection_key), key_context(shop.id))
    except SealError:
        return None


async def choose_role(shop_id: UUID, role: Role, keyring: Keyring, *, now: datetime) -> Shop:
    """Give the shop its role; a main gets a connection key. What a former main has asked others waits no
    longer. Raises UserError ROLE_HAS_CONNECTIONS."""
    async with transaction() as client:
        shop = await locked_shop(client, shop_id)
        if shop.role is role:
            return shop
        if await _is_connected(client, shop_id):
            raise UserError(
                ErrorCode.ROLE_HAS_CONNECTIONS,
                "Disconnect first: a role changes only alone.",
                field=("role",),
            )
        if shop.role is Role.MAIN:
            waiting = Invitation.filter(main_id=shop_id, state=InvitationState.PENDING)
            await waiting.using_db(client).update(state=InvitationState.REVOKED, answered_at=now)
        shop.role = role
        if role is Role.MAIN and shop.connection_key is None:
            _give_key(shop, keyring)
        await _save(client, shop)
        return shop


async def rotate_key(shop_id: UUID, keyring: Keyring) -> Shop:
    """A new connection key; the old one stops working, connections stay. Raises UserError NOT_A_MAIN."""
    async with transaction() as client:
        shop = await locked_shop(client, shop_id)
        if shop.role is not Role.MAIN:
            raise UserError(ErrorCode.NOT_A_MAIN, "Only a main shop has a connection key.")
        _give_key(shop, keyring)
        await _save(client, shop)
        return shop


async def locked_shop(client: BaseDBAsyncClient, shop_id: UUID) -> Shop:
    return await Shop.filter(id=shop_id).using_db(client).select_for_update().get()


def _give_key(shop: Shop, keyring: Keyring) -> None:
    key = new_key()
    shop.connection_key = keyring.seal(key, key_context(shop.id))
    shop.connection_key_hash = keyring.digest(key)
    shop.connection_key_version += 1


async def _save(client: BaseDBAsyncClient, shop: Shop) -> None:
    fields = ["role", "connection_key", "connection_key_hash", "connection_key_version"]
    await shop.save(update_fields=fields, using_db=client)


async def _is_connected(client: BaseDBAsyncClient, shop_id: UUID) -> bool:
    for column in ("main_id", "dependent_id"):
        ties = Connection.filter(**{column: shop_id}).exclude(state=ConnectionState.DISCONNECTED)
        if await ties.using_db(client).exists():
            return True
    return False
