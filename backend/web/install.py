"""First contact with a shop: its row, its offline token, its facts and locations.

A shop that comes back (the app was removed, or its token was lost) is taken up again in the same way.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from backend.database import connection, execute, rows
from backend.errors import AppError, ErrorCode, Unavailable
from backend.jobs.facts import FRESH, refresh_facts
from backend.jobs.leases import Leases
from backend.jobs.queue import enqueue_look, transaction
from backend.jobs.requests import sync_all
from backend.live.pending import hasten_pending
from backend.models.job import Trigger
from backend.models.shop import Shop
from backend.shopify.auth import Invalid, Valid
from backend.shopify.bucket import Priority
from backend.web.services import Services

log = structlog.get_logger(__name__)

_WAIT_SECONDS = 0.1
_WAITS = 150

_ADD_SHOP = """
INSERT INTO shop (id, domain, name, email, currency, timezone, plan_name, scopes, variant_limit,
                  connection_key_version, installed_at)
VALUES (gen_random_uuid(), $1, '', '', '', 'UTC', '', '[]', 2048, 0, $2)
ON CONFLICT (domain) DO NOTHING
"""
# Suspended for no reason any more: the app has access to both shops.
_WITHIN_REACH = """
(main_id = {shop} OR dependent_id = {shop}) AND state = 'SUSPENDED'
  AND EXISTS (SELECT 1 FROM shop_token t WHERE t.shop_id = main_id)
  AND EXISTS (SELECT 1 FROM shop_token t WHERE t.shop_id = dependent_id)
"""
# Nothing is left of an installation (one that failed midway may have brought the token alone), the token
# holds or can be refreshed, and nothing waits for it any more.
_READY = f"""
SELECT shop.id FROM shop JOIN shop_token token ON token.shop_id = shop.id
WHERE shop.domain = $1 AND shop.uninstalled_at IS NULL AND shop.facts_read_at IS NOT NULL
  AND coalesce(CASE WHEN refresh_token IS NULL THEN access_expires_at ELSE refresh_expires_at END > $2, true)
  AND NOT EXISTS (SELECT 1 FROM connection WHERE {_WITHIN_REACH.format(shop="shop.id")})
"""  # noqa: S608
_REVIVE = f"""
UPDATE connection SET state = CASE WHEN paused_by IS NULL THEN 'ACTIVE' ELSE 'PAUSED' END
WHERE {_WITHIN_REACH.format(shop="$1")}
RETURNING id, state = 'ACTIVE' AND settings_version IS NOT NULL AS goes_on
"""  # noqa: S608


async def ensure_shop(services: Services, session: Valid) -> UUID:
    """The shop that a verified session token speaks for, ready to work.

    Raises AppError UNAUTHENTICATED where Shopify does not take the session token any more, AccessLost,
    Throttled or Unavailable where it gives no token.
    """
    ready = await _ready(services, session)
    if ready is not None:
        return ready
    await execute(connection(), _ADD_SHOP, session.shop, services.clock.now())
    shop = await Shop.get(domain=session.shop)
    async with Leases(services.clock) as leases:
        for _ in range(_WAITS):
            if await leases.take(f"shop:{shop.id}:install"):
                break
            await services.clock.sleep(_WAIT_SECONDS)
            if await _ready(services, session) is not None:
                return shop.id
        else:
            raise Unavailable("another request is installing the shop", sent=False)
        if await _ready(services, session) is None:
            await shop.refresh_from_db()
            await _install(services, shop, session)
    return shop.id


async def refresh_shop(services: Services, shop: Shop, *, fresh: timedelta = FRESH) -> None:
    """Read the shop's facts and locations again unless that was less than `fresh` ago. Raises AppError."""
    await refresh_facts(
        shop, services.runtime.open(shop, Priority.INTERACTIVE), services.runtime, fresh=fresh
    )


async def _ready(services: Services, session: Valid) -> UUID | None:
    """The shop, where a request for it can begin at once."""
    found = await rows(connection(), _READY, session.shop, services.clock.now())
    return found[0]["id"] if found else None


async def _install(services: Services, shop: Shop, session: Valid) -> None:
    pair = await services.tokens.client.exchange(session)
    if isinstance(pair, Invalid):
        raise AppError("Shopify does not take this session any more.", code=ErrorCode.UNAUTHENTICATED)
    await services.tokens.put(shop.id, pair)
    await refresh_shop(services, shop, fresh=timedelta(0))
    if shop.uninstalled_at is not None:
        shop.uninstalled_at, shop.installed_at = None, services.clock.now()
        await shop.save(update_fields=["uninstalled_at", "installed_at"])
    revived = await _revive(shop, services.clock.now())
    log.info("shop installed", shop=shop.domain, connections=revived)


async def _revive(shop: Shop, now: datetime) -> int:
    """What had stopped because the shop was out of reach goes on: looks at it, and connections, which catch
    up; how many of these. One that somebody has paused stays so, and one whose other shop is out of reach as
    well waits for that."""
    async with transaction() as client:
        await hasten_pending(client, shop.id, now)
        enqueue_look(shop.id)
        stopped = await rows(client, _REVIVE, shop.id)
        chosen = [row["id"] for row in stopped if row["goes_on"]]
        if chosen:
            await sync_all(chosen, now=now, trigger=Trigger.CONNECTED)
        return len(stopped)
