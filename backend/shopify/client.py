"""One shop's Admin API over HTTP: reserve, send, sort the answer, settle."""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import orjson
import structlog

from backend.clock import Clock
from backend.errors import AccessLost, AppError, InvalidRequest, Throttled, Unavailable
from backend.shopify import answer as answers
from backend.shopify.answer import Answer
from backend.shopify.bucket import NOTHING_KNOWN, Priority, Reservation, Spent
from backend.shopify.cost import requested
from backend.shopify.documents import Document
from backend.shopify.throttle import Throttle
from backend.shopify.usage import Usage

log = structlog.get_logger(__name__)

TokenProvider = Callable[[], Awaitable[str]]
"""The current access token of the shop. It is asked again after a 401, when it may answer a newer one."""
TokenRenewal = Callable[[str], Awaitable[str]]
"""Answers a newer access token than the one that the shop has refused, or that one where there is none."""

DEFAULT_VERSION = "2026-10"
DEFAULT_BASE_URL = "https://{shop}"
# A quick second try spares the job a detour; what lasts longer is for the job to wait out.
ATTEMPTS = 3
BACKOFF_SECONDS = 0.25
LEAST_WAIT = 0.1
# How long a token that was just issued and is refused is given.
FRESH_SECONDS = 1.0
_LONGEST_REQUEST_ID = 128


@dataclass(slots=True)
class ShopClient:
    """`base_url` is a template with `{shop}`. `timeout` stays below the leases of the work, which last 10 s.
    `patience` is how long a call may wait for points before it raises `Throttled` for the job to come back
    later."""

    shop: str
    token: TokenProvider = field(repr=False)
    throttle: Throttle = field(repr=False)
    http: httpx.AsyncClient = field(repr=False)
    clock: Clock = field(repr=False)
    base_url: str = DEFAULT_BASE_URL
    api_version: str = DEFAULT_VERSION
    usage: Usage = field(default_factory=Usage, repr=False)
    priority: Priority = Priority.BACKGROUND
    patience: float = 5.0
    timeout: float = 9.0
    renew: TokenRenewal | None = field(default=None, repr=False)

    async def query(
        self,
        document: Document,
        variables: Mapping[str, Any] | None = None,
        *,
        priority: Priority | None = None,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Run a document and answer its data.

        Queries, and mutations with an idempotency key, are tried again after a failure that passes; any other
        mutation only where it was certainly not sent. Variables go out as given: an explicit None stays a
        null, since Shopify tells `changeFromQuantity: null` from a missing one.

        Raises `Throttled`, `Unavailable` (with `sent`), `AccessLost`, `InvalidRequest`, `TooCostly`,
        `IdempotencySpent`.
        """
        values = dict(variables or {})
        if idempotency_key is not None:
            values["key"] = idempotency_key
        repeatable = not document.is_mutation or idempotency_key is not None
        cost = requested(document, values)
        importance = self.priority if priority is None else priority
        deadline = self.clock.monotonic() + self.patience
        attempt = 0
        while True:
            attempt += 1
            patience = max(0.0, deadline - self.clock.monotonic())
            reservation = await self.throttle.reserve(cost, importance, patience)
            try:
                return await self._attempt(document, values, reservation)
            except Throttled as error:
                self.usage.throttled += 1
                wait = answers.THROTTLED_SECONDS if error.after is None else max(error.after, LEAST_WAIT)
                if self.clock.monotonic() + wait > deadline:
                    raise
            except Unavailable as error:
                if attempt >= ATTEMPTS or (error.sent and not repeatable):
                    raise
                backoff = BACKOFF_SECONDS * 2**attempt * random.uniform(0.5, 1.0)  # noqa: S311
                wait = backoff if error.after is None else max(error.after, LEAST_WAIT)
                if self.clock.monotonic() + wait > deadline:
                    raise
            await self.clock.sleep(wait)

    async def _attempt(
        self, document: Document, variables: Mapping[str, Any], reservation: Reservation
    ) -> Answer:
        sent, spent = False, NOTHING_KNOWN
        try:
            token = await self.token()
            sent = True
            response, observed_at = await self._post(document, variables, token)
            if response.status_code == 401 and (newer := await self._renewed(token)) != token:
                response, observed_at = await self._post(document, variables, newer)
                if response.status_code == 401:
                    # A token of this moment may not be known everywhere at Shopify yet, and whoever loses
                    # access stops until a person opens the app. A refused call has done nothing.
                    await self.clock.sleep(FRESH_SECONDS)
                    response, observed_at = await self._post(document, variables, newer)
            body = self._body(response)
            spent = answers.spent(answers.cost_of(body))
            return self._read(document, response, observed_at, body)
        except Throttled as error:
            # An empty bucket tells its level; a 429, or a refusal without figures, how long to stay away.
            closed_for = (error.after or 0.0) if spent.status is None else 0.0
            spent = Spent(actual=0.0, status=spent.status, closed_for=closed_for)
            raise
        except Unavailable as error:
            sent = error.sent
            raise
        finally:
            if sent:
                await self.throttle.settle(reservation, spent)
            else:
                await self.throttle.release(reservation)

    async def _renewed(self, refused: str) -> str:
        return await self.token() if self.renew is None else await self.renew(refused)

    async def _post(
        self, document: Document, variables: Mapping[str, Any], token: str
    ) -> tuple[httpx.Response, datetime]:
        observed_at = self.clock.now()
        url = f"{self.base_url.format(shop=self.shop)}/admin/api/{self.api_version}/graphql.json"
        headers = {"X-Shopify-Access-Token": token, "Content-Type": "application/json"}
        content = orjson.dumps({"query": document.text, "variables": variables})
        try:
            response = await self.http.post(url, content=content, headers=headers, timeout=self.timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unavailable(f"no connection to Shopify ({type(error).__name__})", sent=False) from None
        except httpx.TransportError as error:
            raise Unavailable(f"no answer from Shopify ({type(error).__name__})") from None
        return response, observed_at

    def _body(self, response: httpx.Response) -> Mapping[str, Any]:
        error = answers.status_error(response.status_code, response.headers, self.clock.now())
        if error is not None:
            raise error
        return answers.parse_body(response.content)

    def _read(
        self, document: Document, response: httpx.Response, observed_at: datetime, body: Mapping[str, Any]
    ) -> Answer:
        cost = answers.cost_of(body)
        if cost is not None and cost.actual is not None:
            self.usage.add(document.name, cost.actual)
        else:
            self.usage.add(document.name, 0)
        version = self._version(response.headers.get("x-shopify-api-version"))
        data = answers.data_of(body)
        return Answer(
            data=data,
            cost=cost,
            version=version,
            observed_at=observed_at,
            answered_at=self.clock.now(),
            request_id=response.headers.get("x-request-id", "")[:_LONGEST_REQUEST_ID],
        )

    def _version(self, answered: str | None) -> str:
        """Shopify answers a version that it no longer serves with its oldest one. A newer one may have
        changed what our documents mean, an older or unknown one has: that is no answer to build on."""
        if answered is None or answered == self.api_version:
            return self.api_version
        if answered in answers.SUPPORTED_VERSIONS or answered > max(answers.SUPPORTED_VERSIONS):
            log.warning("shopify.version", shop=self.shop, asked=self.api_version, answered=answered)
            return answered
        raise InvalidRequest(f"Shopify answers in API version {answered[:20]} instead of {self.api_version}")


def access_lost(error: AppError) -> bool:
    """Whether the shop itself is out of reach, and not one field for want of a scope."""
    return isinstance(error, AccessLost) and error.code is AccessLost.code
