"""`python -m backend.rotate_keys` seals every stored secret anew with the first of ENCRYPTION_KEYS, and finds
connection keys by LOOKUP_KEY as it is now. Run it after either has changed; then older keys can go.

Safe to run while the app works, and to run again.
"""

import asyncio
import sys
from uuid import UUID

from backend.config import ConfigError, load
from backend.connections.role import key_context
from backend.crypto import Keyring, SealError
from backend.database import database
from backend.jobs.queue import transaction
from backend.jobs.tokens import access_context, refresh_context
from backend.models.shop import Shop, ShopToken


async def rotate(keyring: Keyring) -> tuple[int, int]:
    """(rows sealed anew, secrets that no key of the ring opens)"""
    changed = lost = 0
    for shop_id in await Shop.all().order_by("id").values_list("id", flat=True):
        for turn in (_shop, _token):
            try:
                changed += await turn(keyring, UUID(str(shop_id)))
            except SealError:
                lost += 1
    return changed, lost


async def _shop(keyring: Keyring, shop_id: UUID) -> int:
    async with transaction() as client:
        shop = await Shop.filter(id=shop_id).using_db(client).select_for_update().get()
        if shop.connection_key is None or shop.connection_key_hash is None:
            return 0
        key = keyring.open(bytes(shop.connection_key), key_context(shop_id))
        digest = keyring.digest(key)
        if digest == bytes(shop.connection_key_hash) and not keyring.needs_resealing(
            bytes(shop.connection_key)
        ):
            return 0
        shop.connection_key, shop.connection_key_hash = keyring.seal(key, key_context(shop_id)), digest
        await shop.save(update_fields=["connection_key", "connection_key_hash"], using_db=client)
        return 1


async def _token(keyring: Keyring, shop_id: UUID) -> int:
    async with transaction() as client:
        token = await ShopToken.filter(shop_id=shop_id).using_db(client).select_for_update().get_or_none()
        if token is None:
            return 0
        contexts = {
            "access_token": access_context(shop_id),
            "refresh_token": refresh_context(shop_id),
            "previous_refresh_token": refresh_context(shop_id),
        }
        fields = []
        for name, context in contexts.items():
            sealed = getattr(token, name)
            if sealed is not None and keyring.needs_resealing(bytes(sealed)):
                setattr(token, name, keyring.seal(keyring.open(bytes(sealed), context), context))
                fields.append(name)
        if fields:
            await token.save(update_fields=fields, using_db=client)
        return min(1, len(fields))


async def _main() -> int:
    settings = load()
    async with database(settings.database_url, pool_size=2):
        changed, lost = await rotate(settings.keyring)
    sys.stdout.write(f"{changed} rows sealed anew.\n")
    if lost:
        sys.stderr.write(f"{lost} rows were sealed with a key that is not in ENCRYPTION_KEYS.\n")
    return 1 if lost else 0


def main() -> int:
    try:
        return asyncio.run(_main())
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
