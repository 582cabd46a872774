"""API tokens: seeing, making and revoking them."""

from typing import Annotated

import strawberry

from backend.access.ids import row_id
from backend.access.policy import demand_person
from backend.api_tokens.tokens import create_token, revoke_token
from backend.jobs.events import Recall, publish
from backend.models.api_token import TokenScope
from backend.schema.api_token import ApiToken
from backend.schema.context import Info
from backend.schema.paging import NEWEST_FIRST, Page, page
from backend.schema.payloads import CreateApiTokenPayload, RevokeApiTokenPayload


async def api_tokens(
    info: Info,
    first: int | None = None,
    after: str | None = None,
    include_revoked: Annotated[
        bool, strawberry.argument(description="Also those that do not work any more.")
    ] = False,
) -> Page[ApiToken]:
    rows = info.context.scope.api_tokens()
    if not include_revoked:
        rows = rows.filter(revoked_at__isnull=True)
    return await page(rows, NEWEST_FIRST, ApiToken.of, first=first, after=after)


async def create_api_token(info: Info, name: str, scope: TokenScope) -> CreateApiTokenPayload:
    principal, services = info.context.scope.principal, info.context.services
    demand_person(principal)
    row, token = await create_token(
        principal.shop_id,
        name,
        scope,
        services.settings.keyring,
        now=services.clock.now(),
        created_by=principal.user,
    )
    return CreateApiTokenPayload(api_token=ApiToken.of(row), token=token)


async def revoke_api_token(info: Info, id: strawberry.ID) -> RevokeApiTokenPayload:  # noqa: A002
    scope, services = info.context.scope, info.context.services
    demand_person(scope.principal)
    row = await scope.api_token(row_id(id, "id"), "id")
    revoked = await revoke_token(row, now=services.clock.now())
    await publish(services.runtime.redis, Recall(scope.shop_id))
    return RevokeApiTokenPayload(api_token=ApiToken.of(revoked))
