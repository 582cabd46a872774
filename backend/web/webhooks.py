"""POST /webhooks: one address for every topic. Verified on the raw bytes, committed, then answered.

400 without a signature and 401 with a wrong one, as Shopify's own libraries answer; 503 where a delivery
could not be stored: Shopify sends it again. Whatever else is wrong with a delivery that Shopify signed is
answered with 200, since sending it again would not make it better.
"""

from hashlib import sha256

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from backend.errors import Unavailable
from backend.live.inbox import Arrival
from backend.live.intake import Outcome
from backend.live.signature import Delivery, SignatureMissing, SignatureWrong, verify
from backend.live.topics import CHANGED, TOPICS, MalformedError, Subject, subjects
from backend.web.services import Services

PATH = "/webhooks"
# Room in the table.
_MOST_ID = 128

log = structlog.get_logger(__name__)


class Webhooks:
    """The ASGI application of the address."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
            return
        services: Services = scope["app"].state.services
        began = services.clock.monotonic()
        body = await Request(scope, receive).body()
        topic, outcome, status = await _take_in(services, Headers(scope=scope), body)
        services.metrics.webhooks[topic, outcome] += 1
        await Response(status_code=status)(scope, receive, send)
        services.metrics.webhook_seconds.observe(services.clock.monotonic() - began)


async def _take_in(services: Services, headers: Headers, body: bytes) -> tuple[str, str, int]:
    """The topic and the outcome to count the delivery by, and the status of the answer."""
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
