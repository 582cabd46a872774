"""Control addresses about webhooks: what was sent, sending it again, holding it back, waiting for it; and
the events that nothing else in a sandbox sets off.
"""

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from sandbox import edits
from sandbox.ids import gid
from sandbox.store.app import App
from sandbox.web.control_route import control_route
from sandbox.web.server import server_of, shop_of
from sandbox.webhook_delivery import Delivery
from sandbox.webhook_payloads import customers_data_request, customers_redact, shop_redact
from sandbox.webhook_topics import COMPLIANCE

MAX_WAIT_SECONDS = 60.0
_CUSTOMER, _ORDERS, _EMAIL = 191_167, [299_938, 280_263], "customer@example.com"


async def show(request: Request, _: dict[str, Any]) -> Any:
    """The shop's last deliveries, the newest first; `?topic=` and `?state=` narrow them."""
    topic, state = request.query_params.get("topic"), request.query_params.get("state")
    return [
        told(delivery)
        for delivery in server_of(request).webhooks.recent(shop_of(request))
        if topic in (None, delivery.topic) and state in (None, delivery.state)
    ]


async def redeliver(request: Request, body: dict[str, Any]) -> Any:
    """`{webhookId?, topic?}`: the remembered deliveries it describes, once more; all without either."""
    webhooks = server_of(request).webhooks
    wanted: dict[str, Delivery] = {}
    for delivery in webhooks.recent(shop_of(request)):
        named = body.get("webhookId") in (None, delivery.webhook_id)
        if named and body.get("topic") in (None, delivery.topic):
            wanted[delivery.webhook_id] = delivery
    for delivery in reversed(wanted.values()):
        webhooks.redeliver(delivery)
    return {"redelivered": len(wanted)}


async def idle(request: Request, _: dict[str, Any]) -> Any:
    """Answers when no delivery waits or is under way, or after `?timeout=` seconds (10).

    `?retries=false` does not wait for those that have failed and wait for their next try.
    """
    webhooks = server_of(request).webhooks
    try:
        timeout = min(float(request.query_params.get("timeout", "10")), MAX_WAIT_SECONDS)
    except ValueError as error:
        raise edits.EditError("timeout must be a number of seconds.") from error
    try:
        async with asyncio.timeout(timeout):
            await webhooks.idle(retries=request.query_params.get("retries") != "false")
        quiet = True
    except TimeoutError:
        quiet = False
    return {"idle": quiet, "paused": webhooks.paused, "counts": webhooks.counts}


async def settings(request: Request, _: dict[str, Any]) -> Any:
    webhooks = server_of(request).webhooks
    return {"paused": webhooks.paused, "retryFactor": webhooks.retry_factor}


async def change_settings(request: Request, body: dict[str, Any]) -> Any:
    """`{retryFactor}`: 0.01 makes the hours of retries two minutes and a half."""
    factor = body["retryFactor"]
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 <= factor <= 1:
        raise edits.EditError("retryFactor must be a number between 0 and 1.")
    server_of(request).webhooks.retry_factor = float(factor)
    return await settings(request, {})


async def pause(request: Request, _: dict[str, Any]) -> Any:
    server_of(request).webhooks.pause()
    return {"paused": True}


async def resume(request: Request, _: dict[str, Any]) -> Any:
    server_of(request).webhooks.resume()
    return {"paused": False}


async def compliance(request: Request, body: dict[str, Any]) -> Any:
    """`{topic, customer?, email?, orders?}`: a compliance webhook at once, as when somebody asks for it."""
    shop, app, topic = shop_of(request), _app(request), body["topic"]
    customer, email = int(body.get("customer", _CUSTOMER)), str(body.get("email", _EMAIL))
    orders = [int(number) for number in body.get("orders", _ORDERS)]
    match topic:
        case "customers/redact":
            details = customers_redact(shop, customer, email, orders)
        case "customers/data_request":
            details = customers_data_request(shop, shop.ids.next(), customer, email, orders)
        case "shop/redact":
            details = shop_redact(shop)
        case _:
            raise edits.EditError(f"topic must be one of {', '.join(COMPLIANCE)}.")
    with shop.change() as change:
        change.event(topic, gid("Shop", shop.id), client_id=app.client_id, details=details)
    return {"topic": topic}


def told(delivery: Delivery) -> dict[str, Any]:
    upcoming = delivery.next_attempt_at
    return {
        "webhookId": delivery.webhook_id,
        "eventId": delivery.event_id,
        "topic": delivery.topic,
        "uri": delivery.subscription.uri,
        "state": delivery.state,
        "triggeredAt": delivery.triggered_at.isoformat(),
        "bytes": len(delivery.body),
        "nextAttemptAt": None if upcoming is None else upcoming.isoformat(),
        "attempts": [
            {
                "at": attempt.at.isoformat(),
                "status": attempt.status,
                "error": attempt.error,
                "seconds": round(attempt.seconds, 4),
            }
            for attempt in delivery.attempts
        ],
    }


def _app(request: Request) -> App:
    app = server_of(request).app
    if app is None:
        raise HTTPException(404, "No app is configured.")
    return app


routes = [
    control_route("/shops/{shop}/deliveries", get=show),
    control_route("/shops/{shop}/deliveries/redeliver", post=redeliver),
    control_route("/shops/{shop}/compliance", post=compliance),
    control_route("/deliveries/idle", get=idle),
    control_route("/webhooks", get=settings, patch=change_settings),
    control_route("/webhooks/pause", post=pause),
    control_route("/webhooks/resume", post=resume),
]
