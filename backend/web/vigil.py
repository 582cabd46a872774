"""Watches over a caller who stays: a session token proves who somebody was when the door opened, not for
ever."""

from backend.access.principal import Principal
from backend.errors import AppError, ErrorCode
from backend.models.shop import Shop
from backend.web.services import Services

CHECK_SECONDS = 60.0
LONGEST_SECONDS = 15 * 60.0


class Vigil:
    """Counts from its making. `check` may be called as often as one likes."""

    def __init__(self, services: Services, principal: Principal) -> None:
        self._clock = services.clock
        self._principal = principal
        self._began = self._checked = services.clock.monotonic()

    async def check(self) -> None:
        """Raises AppError UNAUTHENTICATED once the caller has stayed 15 minutes, or within a minute of the
        app being removed from the shop."""
        now = self._clock.monotonic()
        if now - self._began >= LONGEST_SECONDS:
            raise AppError("Sign in again.", code=ErrorCode.UNAUTHENTICATED)
        if now - self._checked < CHECK_SECONDS:
            return
        self._checked = now
        if not await Shop.filter(id=self._principal.shop_id, uninstalled_at__isnull=True).exists():
            raise AppError("The app is not installed any more.", code=ErrorCode.UNAUTHENTICATED)
