"""Shops: who asks, whom it is connected to, and its role."""

from datetime import datetime
from uuid import UUID

import strawberry
import structlog
from tortoise.expressions import Case, When

from backend.access.ids import row_id
from backend.access.policy import demand_person
from backend.connections.role import choose_role as choose
from backend.connections.role import rotate_key, shown_key
from backend.errors import AppError
from backend.live.standstill import unattended_since as standing_still_since
from backend.models.shop import Role
from backend.models.shop import Shop as ShopRow
from backend.schema.app_info import AppInfo
from backend.schema.context import Info
from backend.schema.location import Location
from backend.schema.paging import Key, Order, Page, page
from backend.schema.payloads import (
    ChooseRolePayload,
    FinishOnboardingPayload,
    RotateConnectionKeyPayload,
)
from backend.schema.shop import Shop
from backend.web.install import refresh_shop

log = structlog.get_logger(__name__)

SELF_FIRST: Order = (Key("place", int), Key("domain", str), Key("id", UUID))


async def app(info: Info) -> AppInfo:
    return AppInfo.of(info.context.services.settings)


async def shop(info: Info) -> Shop:
    return Shop.of(await info.context.scope.own_shop())


async def unattended_since(info: Info) -> datetime | None:
    return await standing_still_since(info.context.scope.shop_id, info.context.services.clock.now())


async def shops(info: Info, first: int | None = None, after: str | None = None) -> Page[Shop]:
    scope = info.context.scope
    own = When(id=scope.shop_id, then="0")
    ordered = scope.shops().annotate(place=Case(own, default="1"))
    return await page(ordered, SELF_FIRST, Shop.of, first=first, after=after)


async def locations(info: Info, shop_id: strawberry.ID | None = None) -> list[Location]:
    """Read from Shopify again where that was a while ago; what is stored has to do when Shopify is away."""
    scope = info.context.scope
    row = await scope.own_shop() if shop_id is None else await scope.shop(row_id(shop_id, "shopId"), "shopId")
    await _brought_up_to_date(info, row)
    found = await scope.locations(row).order_by("-is_active", "-is_primary", "name", "gid")
    return [Location.of(each) for each in found]


async def _brought_up_to_date(info: Info, row: ShopRow) -> None:
    try:
        await refresh_shop(info.context.services, row)
    except AppError as error:
        log.warning("shop not read", shop=row.domain, code=error.code)


async def choose_role(info: Info, role: Role) -> ChooseRolePayload:
    demand_person(info.context.scope.principal)
    services = info.context.services
    row = await choose(info.context.scope.shop_id, role, services.settings.keyring, now=services.clock.now())
    return ChooseRolePayload(shop=Shop.of(row))


async def finish_onboarding(info: Info) -> FinishOnboardingPayload:
    demand_person(info.context.scope.principal)
    own, now = info.context.scope.shop_id, info.context.services.clock.now()
    await ShopRow.filter(id=own, onboarded_at__isnull=True).update(onboarded_at=now)
    return FinishOnboardingPayload(shop=Shop.of(await info.context.scope.own_shop()))


async def rotate_connection_key(info: Info) -> RotateConnectionKeyPayload:
    demand_person(info.context.scope.principal)
    keyring = info.context.services.settings.keyring
    row = await rotate_key(info.context.scope.shop_id, keyring)
    return RotateConnectionKeyPayload(connection_key=shown_key(row, keyring), shop=Shop.of(row))
