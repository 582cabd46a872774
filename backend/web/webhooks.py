"""POST /webhooks: one address for every topic. Verified on the raw bytes, committed, then answered.

400 without a signature and 401 with a wrong one, as Shopify's own libraries answer; 503 where a delivery
could not be stored: Shopify sends it again. Whatever else is wrong with a delivery that Shopify signed is
answered with 200, since sending it again would not make it better.
"""

from collections.abc import Mapping
from hashlib import sha256

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.errors import Unavailable
from backend.live.inbox import Arrival
from backend.live.intake import Outcome
from backend.live.topics import CHANGED, TOPICS, MalformedError, Subject, subjects
from backend.shopify.webhooks import Delivery, SignatureMissing, SignatureWrong, verify
from backend.web.body import MOST_BYTES
from backend.web.services import Services

PATH = "/webhooks"
# Room in the table.
_MOST_ID = 128
_EMPTY = [(b"content-length", b"0")]
_HEADERS = {405: [*_EMPTY, (b"allow", b"POST")], 413: [*_EMPTY, (b"connection", b"close")]}

log = structlog.get_logger(__name__)


class Webhooks:
    """Stands before everything else: the busiest address needs no session, no compression and no routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        services: Services = scope["app"].state.services
        began = services.clock.monotonic()
        try:
            topic, outcome, status = await _answer(services, scope, receive)
        except ClientDisconnect:
            services.metrics.webhooks["", "broken_off"] += 1
            return
        services.metrics.requests[PATH, status] += 1
        services.metrics.webhooks[topic, outcome] += 1
        await send({"type": "http.response.start", "status": status, "headers": _HEADERS.get(status, _EMPTY)})
        await send({"type": "http.response.body"})
        services.metrics.webhook_seconds.observe(services.clock.monotonic() - began)


async def _answer(services: Services, scope: Scope, receive: Receive) -> tuple[str, str, int]:
    """The topic and the outcome to count the request by, and the status of the answer."""
    if scope["method"] != "POST":
        return "", "wrong_method", 405
    body = await _body(receive)
    if body is None:
        return "", "too_large", 413
    # ASGI has names in lower case.
    headers = {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name.startswith(b"x-shopify-")
    }
    return await _take_in(services, headers, body)


async def _body(receive: Receive) -> bytes | None:
    """The whole of it as it came, None where that is more than anybody needs."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return b"".join(parts) + part if parts else part
        parts.append(part)


async def _take_in(services: Services, headers: Mapping[str, str], body: bytes) -> tuple[str, str, int]:
    delivery = verify(body, headers, services.credentials)
    match delivery:
        case SignatureMissing():
            return "", "unsigned", 400
        case SignatureWrong():
            return "", "wrong_signature", 401
    # Topics come from outside: they are counted by name only where the name is known.
    topic = delivery.topic if delivery.topic in TOPICS else "other"
    try:
        concerned, understood = subjects(delivery.topic, body), True
    except MalformedError as error:
        concerned, understood = CHANGED, False
        _report(delivery, body, error)
    if not concerned:
        return topic, "ignored", 200
    try:
        outcome = await services.intake.put(_arrival(services, delivery, body, concerned))
    except Unavailable:
        return topic, "unavailable", 503
    if outcome is Outcome.STORED and not understood:
        return topic, "malformed", 200
    return topic, outcome.value, 200


def _report(delivery: Delivery, body: bytes, error: MalformedError) -> None:
    log.warning(
        "webhook not understood",
        shop=delivery.shop,
        topic=delivery.topic,
        webhook=delivery.webhook_id,
        bytes=len(body),
        reason=str(error),
    )


def _arrival(services: Services, delivery: Delivery, body: bytes, concerned: tuple[Subject, ...]) -> Arrival:
    return Arrival(
        id=delivery.webhook_id[:_MOST_ID] or _own_id(delivery, body),
        event_id=delivery.event_id[:_MOST_ID],
        shop=delivery.shop,
        topic=delivery.topic,
        triggered_at=delivery.triggered_at or services.clock.now(),
        subjects=concerned,
    )


def _own_id(delivery: Delivery, body: bytes) -> str:
    """For a delivery without an id: the same again for the same delivery."""
    facts = f"{delivery.shop}\n{delivery.topic}\n{delivery.triggered_at}\n".encode()
    return f"sha256:{sha256(facts + body).hexdigest()}"
