"""Access tokens: exchanged for a session token, refreshed before they expire. Expiring offline tokens only.

Storing a pair and letting one refresher at a time work are the caller's: every refresh answers a new pair,
and the old refresh token works only until the new pair is used for the first time.
"""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from shopify_app import IdTokenDetails, TokenExchangeAccessToken, TokenExchangeResult

from backend.clock import Clock
from backend.errors import AccessLost, AppError, Throttled, Unavailable
from backend.shopify.answer import THROTTLED_SECONDS
from backend.shopify.auth import AppCredentials, Invalid, InvalidReason, Valid


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Expiry is None where Shopify told none: such a token is refreshed when it is refused."""

    access_token: str = field(repr=False)
    access_expires_at: datetime | None
    refresh_token: str | None = field(repr=False)
    refresh_expires_at: datetime | None
    scopes: frozenset[str]


class ShopTransport(httpx.AsyncBaseTransport):
    """Sends what is addressed to a shop's own domain to where `base_url` says the shop is: `shopifyapp`
    builds `https://{shop}.myshopify.com` itself."""

    def __init__(self, base_url: str, inner: httpx.AsyncBaseTransport) -> None:
        self._base_url = base_url
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host.endswith(".myshopify.com"):
            target = httpx.URL(self._base_url.format(shop=request.url.host))
            path = target.raw_path.rstrip(b"/") + request.url.raw_path
            request.url = target.copy_with(raw_path=path)
            request.headers["Host"] = target.netloc.decode("ascii")
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


@dataclass(frozen=True, slots=True)
class TokenClient:
    """`http` reaches shops by their own domains; below another base address, through a `ShopTransport`."""

    app: AppCredentials
    http: httpx.AsyncClient = field(repr=False)
    clock: Clock

    async def exchange(self, session: Valid) -> TokenPair | Invalid:
        """An offline token pair for a verified session token; `Invalid` where Shopify does not take it any
        more.

        Raises `AccessLost` (uninstalled, wrong client), `Throttled`, `Unavailable`.
        """
        details = IdTokenDetails(exchangeable=True, token=session.token, claims=dict(session.claims))
        result = await self._asked(
            self.app.library().exchange_using_token_exchange_async(
                "offline", details, expiring=True, http_client=self.http
            )
        )
        if result.log.code == "invalid_subject_token":
            return Invalid(InvalidReason.EXPIRED)
        return self._pair(result)

    async def refresh(self, shop: str, refresh_token: str) -> TokenPair:
        """The next pair. Raises `AccessLost` where the refresh token is no good: somebody must open the app
        again."""
        token = TokenExchangeAccessToken(
            shop=shop.removesuffix(".myshopify.com"),
            token="",
            expires=None,
            scope="",
            access_mode="offline",
            refresh_token=refresh_token,
            refresh_token_expires=None,
            user=None,
        )
        library = self.app.library()
        return self._pair(
            await self._asked(
                library.refresh_token_exchanged_access_token_async(token, http_client=self.http)
            )
        )

    async def _asked(self, call: Awaitable[TokenExchangeResult]) -> TokenExchangeResult:
        """The library's result. It lets through what a broken body or header makes fall over."""
        try:
            return await call
        except (ValueError, TypeError, AttributeError):
            raise Unavailable("Shopify's answer to a token request makes no sense") from None

    def _pair(self, result: TokenExchangeResult) -> TokenPair:
        token = result.access_token
        if not result.ok or token is None:
            raise _error(result)
        # The library takes these as they come, whatever their type.
        texts: list[object] = [token.token, token.scope]
        if not token.token or not all(isinstance(each, str) for each in texts):
            raise Unavailable("Shopify answers no access token")
        return TokenPair(
            access_token=token.token,
            access_expires_at=self._moment(token.expires),
            refresh_token=token.refresh_token or None,
            refresh_expires_at=self._moment(token.refresh_token_expires),
            scopes=frozenset(filter(None, (each.strip() for each in token.scope.split(",")))),
        )

    def _moment(self, text: str | None) -> datetime | None:
        """The library reckons expiry from the machine's clock; it is told on ours. Where Shopify told none,
        it says that a refreshed token has expired already."""
        if not text:
            return None
        left = datetime.fromisoformat(text).astimezone(UTC) - datetime.now(UTC)
        return self.clock.now() + left if left > timedelta(0) else None


def _error(result: TokenExchangeResult) -> AppError:
    """By the library's code and, where that says nothing, by the last status."""
    status = result.http_logs[-1].res.status if result.http_logs else 0
    match result.log.code:
        case "invalid_client" | "invalid_grant" | "refresh_token_expired" | "invalid_refresh_token":
            return AccessLost("Shopify does not accept the app or its refresh token")
        case "rate_limit_exceeded":
            return Throttled("too many token requests", after=THROTTLED_SECONDS)
        case _ if 400 <= status < 500 and status not in (408, 429):
            return AccessLost("Shopify refuses a token")
        case _:
            return Unavailable("no token from Shopify")
