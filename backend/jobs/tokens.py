"""A shop's access token, refreshed in time by one process at a time.

Whoever refreshes owns the row by a compare-and-set for some seconds; no transaction is open while Shopify is
asked, and the new pair is written only where the one that was read still stands.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from backend.clock import Clock
from backend.crypto import Keyring, SealError
from backend.database import connection, rows
from backend.errors import AccessLost, Unavailable
from backend.models.shop import Shop, ShopToken
from backend.shopify.tokens import TokenClient, TokenPair

# A token is replaced this long before it expires, so that no call starts with one that dies on its way.
_EARLY = timedelta(minutes=2)
_LEASE = timedelta(seconds=15)
_POLL_SECONDS = 0.2
_POLLS = 50

_TAKE = """
UPDATE shop_token SET lease_until = $3
WHERE shop_id = $1 AND version = $2 AND (lease_until IS NULL OR lease_until < $4) RETURNING version
"""
_WRITE = """
UPDATE shop_token SET access_token = $3, access_expires_at = $4, previous_refresh_token = refresh_token,
    refresh_token = $5, refresh_expires_at = $6, version = version + 1, lease_until = NULL, updated_at = $7
WHERE shop_id = $1 AND version = $2 RETURNING version
"""
_RELEASE = "UPDATE shop_token SET lease_until = NULL WHERE shop_id = $1 AND version = $2 RETURNING version"
_PUT = """
INSERT INTO shop_token (shop_id, access_token, access_expires_at, refresh_token, refresh_expires_at, version,
                        updated_at)
VALUES ($1, $2, $3, $4, $5, 1, $6)
ON CONFLICT (shop_id) DO UPDATE SET
    access_token = excluded.access_token, access_expires_at = excluded.access_expires_at,
    previous_refresh_token = shop_token.refresh_token, refresh_token = excluded.refresh_token,
    refresh_expires_at = excluded.refresh_expires_at, version = shop_token.version + 1, lease_until = NULL,
    updated_at = excluded.updated_at
RETURNING version
"""


def access_context(shop: UUID) -> str:
    return f"shop_token:{shop}:access"


def refresh_context(shop: UUID) -> str:
    return f"shop_token:{shop}:refresh"


@dataclass(slots=True)
class Tokens:
    """The stored pairs of all shops. Opened tokens are kept in memory as long as they are what is stored;
    versions are counted anew when a shop comes back."""

    client: TokenClient
    keyring: Keyring = field(repr=False)
    clock: Clock
    _opened: dict[UUID, tuple[bytes, str]] = field(default_factory=dict, repr=False)

    async def put(self, shop: UUID, pair: TokenPair) -> None:
        """Store a pair that an exchange brought, whatever stood there."""
        await rows(connection(), _PUT, shop, *self._sealed(shop, pair), self.clock.now())

    async def current(self, shop: UUID) -> str:
        """The access token, refreshed if it is about to expire. Raises AccessLost, Unavailable or
        Throttled."""
        for _ in range(_POLLS):
            token = await ShopToken.get_or_none(shop_id=shop)
            if token is None:
                raise AccessLost("the app has no token for the shop")
            now = self.clock.now()
            if token.access_expires_at is None or now < token.access_expires_at - _EARLY:
                return self._open(shop, token)
            if await self._take(token, now):
                return await self._refresh(shop, token)
            if now < token.access_expires_at:
                # Somebody is at it, and this one still works.
                return self._open(shop, token)
            await self.clock.sleep(_POLL_SECONDS)
        raise Unavailable("another process refreshes the shop's token", sent=False)

    async def renewed(self, shop: UUID, refused: str) -> str:
        """A newer access token than the one that the shop has refused, although it should have lived longer;
        that one where it cannot be replaced. Raises AccessLost, Unavailable or Throttled."""
        for _ in range(_POLLS):
            token = await ShopToken.get_or_none(shop_id=shop)
            if token is None:
                raise AccessLost("the app has no token for the shop")
            if token.refresh_token is None or self._open(shop, token) != refused:
                return self._open(shop, token)
            if await self._take(token, self.clock.now()):
                return await self._refresh(shop, token)
            await self.clock.sleep(_POLL_SECONDS)
        raise Unavailable("another process refreshes the shop's token", sent=False)

    async def _take(self, token: ShopToken, now: datetime) -> bool:
        return bool(await rows(connection(), _TAKE, token.shop_id, token.version, now + _LEASE, now))

    async def _refresh(self, shop_id: UUID, token: ShopToken) -> str:
        shop = await Shop.get(id=shop_id)
        try:
            pair = await self._ask(shop, token)
        except BaseException:
            await rows(connection(), _RELEASE, shop_id, token.version)
            raise
        written = await rows(
            connection(), _WRITE, shop_id, token.version, *self._sealed(shop_id, pair), self.clock.now()
        )
        if not written:
            return self._open(shop_id, await ShopToken.get(shop_id=shop_id))
        return pair.access_token

    async def _ask(self, shop: Shop, token: ShopToken) -> TokenPair:
        """With the refresh token, and with the one before where a crash lost the answer of the last
        refresh."""
        candidates = [each for each in (token.refresh_token, token.previous_refresh_token) if each]
        for index, sealed in enumerate(candidates):
            try:
                return await self.client.refresh(shop.domain, self._unseal(sealed, refresh_context(shop.id)))
            except AccessLost:
                if index + 1 == len(candidates):
                    raise
        raise AccessLost("the shop's token has expired and cannot be refreshed")

    def _open(self, shop: UUID, token: ShopToken) -> str:
        stored = bytes(token.access_token)
        sealed, opened = self._opened.get(shop, (b"", ""))
        if sealed != stored:
            opened = self._unseal(stored, access_context(shop))
            self._opened[shop] = (stored, opened)
        return opened

    def _unseal(self, sealed: bytes, context: str) -> str:
        try:
            return self.keyring.open(bytes(sealed), context)
        except SealError as error:
            raise AccessLost("the stored token can't be opened with the keys at hand") from error

    def _sealed(
        self, shop: UUID, pair: TokenPair
    ) -> tuple[bytes, datetime | None, bytes | None, datetime | None]:
        refresh = pair.refresh_token
        return (
            self.keyring.seal(pair.access_token, access_context(shop)),
            pair.access_expires_at,
            None if refresh is None else self.keyring.seal(refresh, refresh_context(shop)),
            pair.refresh_expires_at,
        )
