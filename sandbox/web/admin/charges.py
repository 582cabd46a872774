"""What an app charges: the page on which a merchant approves or declines it, and what Shopify may do to it
afterwards. And the app by the address that other pages know it by, to which the merchant returns.
"""

import hmac
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.commands import billing
from sandbox.commands.errors import RefusedError
from sandbox.resolvers.billing import signature
from sandbox.store.app import Installation
from sandbox.store.billing import AppSubscription, Recurring, Usage
from sandbox.store.shop import Shop
from sandbox.web.admin.layout import badge, page
from sandbox.web.markup import NOTHING, Html, join, render, template
from sandbox.web.server import Server, handle_of, server_of, shop_of

_CONFIRM = template("charges/confirm")
_OVER = template("charges/over")
_SUBSCRIPTION = template("settings/subscription")
_ROW = '<tr><th scope="row">{name}</th><td>{value}</td></tr>'
_EVERY = {"EVERY_30_DAYS": "every 30 days", "ANNUAL": "every year"}
_TONES = {"ACTIVE": "good", "PENDING": "info", "FROZEN": "warn"}
# From what an action does to a subscription, and from which states it does so.
ACTIONS = {
    "freeze": ("FROZEN", ("ACTIVE",)),
    "unfreeze": ("ACTIVE", ("FROZEN",)),
    "cancel": ("CANCELLED", ("ACTIVE", "FROZEN")),
}


async def confirm(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    installation, subscription = _asked(request, server, shop)
    billing.expire(shop, installation)
    if subscription.status != "PENDING":
        body = render(
            _OVER, name=subscription.name, status=subscription.status.lower(), handle=handle_of(shop)
        )
        return page(server, "Subscription", body, shop=shop, section="charges")
    payable = subscription.test or not shop.partner_development
    note = f"{billing.UNPAYABLE.message}: this is a development store." if not payable else ""
    if subscription.test:
        note = "This is a test: nothing will be charged."
    body = render(
        _CONFIRM,
        action=f"{request.url.path}?{request.url.query}",
        title=installation.app.title,
        shop=shop.name,
        name=subscription.name,
        items=join(render(_ROW, name=name, value=value) for name, value in map(_item, subscription.items)),
        trial=f"{subscription.trial_days} days" if subscription.trial_days else "None",
        note=render('<p class="quiet">{note}</p>', note=note) if note else NOTHING,
        disabled=NOTHING if payable else Html(" disabled"),
    )
    return page(server, "Approve subscription", body, shop=shop, section="charges")


async def answer(request: Request) -> Response:
    """Back to the app either way: it has to ask what has become of the subscription."""
    server, shop = server_of(request), shop_of(request)
    installation, subscription = _asked(request, server, shop)
    async with request.form(max_files=0) as form:
        said = str(form.get("answer", ""))
    try:
        match said:
            case "approve":
                billing.approve(shop, installation, subscription)
            case "decline":
                billing.decline(shop, installation, subscription)
            case _:
                raise HTTPException(400, "Approve or decline.")
    except RefusedError:
        return RedirectResponse(f"{request.url.path}?{request.url.query}", 303)
    return RedirectResponse(_with(subscription.return_url, charge_id=str(subscription.id)), 303)


async def act(request: Request) -> Response:
    """What Shopify itself does to a subscription."""
    server, shop = server_of(request), shop_of(request)
    if server.app is not None and (installation := shop.installations.get(server.app.client_id)):
        subscription = installation.app_subscriptions.get(request.path_params["number"])
        apply(shop, subscription, request.path_params["what"])
    return RedirectResponse(f"/store/{handle_of(shop)}/settings", 303)


def apply(shop: Shop, subscription: AppSubscription | None, what: str) -> bool:
    """Whether it was done: not to a subscription in another state."""
    status, before = ACTIONS.get(what, ("", ()))
    if subscription is None or subscription.status not in before:
        return False
    billing.set_status(shop, subscription, status)
    return True


async def app_address(request: Request) -> Response:
    """`/{shop}/admin/apps/{client id or handle}/…`: the app in the admin, wherever that shows it."""
    server, shop = server_of(request), shop_of(request)
    name = request.path_params["app"]
    if server.app is None or name not in (server.app.client_id, server.app.handle):
        raise HTTPException(404, "There is no such app in this sandbox.")
    path = quote(request.path_params.get("path", "").lstrip("/"))
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/store/{handle_of(shop)}/app/{path}".rstrip("/") + query, 302)


def subscription_cards(shop: Shop, installation: Installation) -> Html:
    """For the shop's settings: those that anything can still happen to."""
    billing.expire(shop, installation)
    return join(
        render(
            _SUBSCRIPTION,
            name=each.name,
            state=badge(each.status.title(), _TONES.get(each.status, "")),
            price=", ".join(value for _, value in map(_item, each.items)),
            test=" · test" if each.test else "",
            handle=handle_of(shop),
            number=str(each.id),
        )
        for each in installation.app_subscriptions.values()
        if each.status in ("ACTIVE", "FROZEN")
    )


def _asked(request: Request, server: Server, shop: Shop) -> tuple[Installation, AppSubscription]:
    """404 for what the link in hand does not name."""
    for installation in shop.installations.values():
        subscription = installation.app_subscriptions.get(request.path_params["number"])
        if subscription is not None and installation.app.id == request.path_params["app"]:
            given = request.query_params.get("signature", "")
            if hmac.compare_digest(given.encode(), signature(server.sandbox, shop, subscription).encode()):
                return installation, subscription
    raise HTTPException(404, "There is no such charge.")


def _item(item: Recurring | Usage) -> tuple[str, str]:
    if isinstance(item, Recurring):
        return "Price", f"{item.price:.2f} {item.currency} {_EVERY[item.interval]}"
    return "Usage, at most", f"{item.capped_amount:.2f} {item.currency} ({item.terms})"


def _with(address: str, **parameters: str) -> str:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | parameters
    return urlunsplit(parts._replace(query=urlencode(query)))


_CHARGE = (
    "/store/{handle}/charges/{app:int}/{number:int}/RecurringApplicationCharge"
    "/confirm_recurring_application_charge"
)

routes = [
    Route(_CHARGE, confirm, methods=["GET"]),
    Route(_CHARGE, answer, methods=["POST"]),
    Route("/store/{handle}/subscriptions/{number:int}/{what}", act, methods=["POST"]),
    Route("/{shop}/admin/apps/{app}", app_address, methods=["GET"]),
    Route("/{shop}/admin/apps/{app}/{path:path}", app_address, methods=["GET"]),
]
