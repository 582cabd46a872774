"""A shop's webhooks: what was sent to apps lately, and what they have asked for."""

from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.store.shop import Shop
from sandbox.store.subscription import Subscription
from sandbox.web.admin.layout import badge, page
from sandbox.web.markup import Html, join, render, template
from sandbox.web.server import server_of, shop_of
from sandbox.webhook_delivery import Delivery, State

SHOWN = 20
_PAGE = template("webhooks/page")
_DELIVERY = template("webhooks/delivery")
_TONES = {
    State.WAITING: "info",
    State.SENDING: "info",
    State.RETRYING: "warn",
    State.DELIVERED: "good",
    State.FAILED: "bad",
    State.DROPPED: "",
    State.CANCELED: "",
}


async def webhooks(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    deliveries = server.webhooks.recent(shop)[:SHOWN]
    rows = join(_row(shop, delivery) for delivery in deliveries) or Html(
        '<tr><td colspan="5" class="empty">Nothing was sent yet. Change a product to see it.</td></tr>'
    )
    body = render(_PAGE, rows=rows, shown=str(SHOWN), subscriptions=_subscriptions(shop))
    return page(server, f"Webhooks · {shop.name}", body, shop=shop, section="webhooks")


def _row(shop: Shop, delivery: Delivery) -> Html:
    last = delivery.attempts[-1] if delivery.attempts else None
    answer = "" if last is None else str(last.status) if last.status is not None else last.error
    return render(
        _DELIVERY,
        topic=delivery.topic,
        uri=delivery.subscription.uri,
        state=badge(delivery.state.capitalize(), _TONES[delivery.state]),
        answer=answer or "–",
        tries=str(len(delivery.attempts)),
        moment=delivery.triggered_at.isoformat(),
        time=f"{delivery.triggered_at.astimezone(ZoneInfo(shop.timezone)):%H:%M:%S}",
    )


def _subscriptions(shop: Shop) -> Html:
    found = [
        render(
            '<tr><td>{topic}</td><td class="quiet">{uri}</td><td>{origin}</td></tr>',
            topic=subscription.topic,
            uri=subscription.uri,
            origin=origin,
        )
        for installation in shop.installations.values()
        for origin, group in (
            (f"{installation.app.title}, its file", installation.app.subscriptions),
            (f"{installation.app.title}, by API", list(installation.subscriptions.values())),
        )
        for subscription in _by_topic(group)
    ]
    if not found:
        return Html('<p class="quiet">No app that is installed here has asked for any.</p>')
    head = '<tr><th scope="col">Topic</th><th scope="col">Address</th><th scope="col">Of</th></tr>'
    return render(
        '<div class="scroll"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>',
        head=Html(head),
        rows=join(found),
    )


def _by_topic(subscriptions: list[Subscription]) -> list[Subscription]:
    return sorted(subscriptions, key=lambda subscription: subscription.topic)


routes = [Route("/store/{handle}/webhooks", webhooks, methods=["GET"])]
