import base64

from backend.connections.role import shown_key
from backend.crypto import Keyring
from backend.models.shop import Role, Shop, ShopToken
from backend.rotate_keys import rotate
from tests.api import KEY, Api

NEW = base64.b64encode(b"n" * 32).decode()


async def test_every_secret_is_sealed_with_the_new_key_and_found_by_the_new_lookup(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    old = Keyring.parse(f"k1:{KEY}", KEY)
    key = shown_key(shop, old)
    assert key is not None
    rotated, alone = Keyring.parse(f"k2:{NEW},k1:{KEY}", NEW), Keyring.parse(f"k2:{NEW}", NEW)
    assert await rotate(rotated) == (2, 0)
    assert await rotate(rotated) == (0, 0)
    await shop.refresh_from_db()
    assert shown_key(shop, alone) == key
    assert bytes(shop.connection_key_hash or b"") == alone.digest(key)
    token = await ShopToken.get(shop_id=shop.id)
    assert not alone.needs_resealing(bytes(token.access_token))
    assert alone.open(bytes(token.access_token), f"shop_token:{shop.id}:access").startswith("shpat_")


async def test_a_secret_that_no_key_opens_is_counted_and_left(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    before = bytes((await Shop.get(id=shop.id)).connection_key or b"")
    assert await rotate(Keyring.parse(f"k2:{NEW}", NEW)) == (0, 2)
    assert bytes((await Shop.get(id=shop.id)).connection_key or b"") == before
