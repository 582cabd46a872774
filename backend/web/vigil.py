"""Watches over a caller who stays: a token proves who somebody was when the door opened, not for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from backend.access.principal import Principal
from backend.api_tokens.tokens import check_token
from backend.errors import AppError, ErrorCode
from backend.models.shop import Shop
from backend.web.services import Services

CHECK_SECONDS = 60.0
LONGEST_SECONDS = 15 * 60.0


class Vigil:
    """Counts from its making. `check` may be called as often as one likes; `recalled` is set when there is a
    reason to look at once."""

    def __init__(self, services: Services, principal: Principal, recalled: asyncio.Event) -> None:
        self._clock = services.clock
        self._principal = principal
        self._recalled = recalled
        self._began = self._checked = services.clock.monotonic()

    async def rest(self) -> None:
        """Until there is something to check."""
        waiting = (
            asyncio.ensure_future(self._clock.sleep(CHECK_SECONDS)),
            asyncio.ensure_future(self._recalled.wait()),
        )
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()

    async def check(self) -> None:
        """Raises AppError once the caller has stayed 15 minutes, or within a minute of its token being
        revoked or the app being removed from the shop; at once where that was announced."""
        now = self._clock.monotonic()
        if now - self._began >= LONGEST_SECONDS:
            raise AppError("Sign in again.", code=ErrorCode.UNAUTHENTICATED)
        if now - self._checked < CHECK_SECONDS and not self._recalled.is_set():
            return
        self._recalled.clear()
        self._checked = now
        if self._principal.token_id is not None:
            await check_token(self._principal.token_id)
        elif not await Shop.filter(id=self._principal.shop_id, uninstalled_at__isnull=True).exists():
            raise AppError("The app is not installed any more.", code=ErrorCode.UNAUTHENTICATED)


@asynccontextmanager
async def vigil(services: Services, principal: Principal) -> AsyncIterator[Vigil]:
    with services.hub.recalled(principal.shop_id) as recalled:
        yield Vigil(services, principal, recalled)
