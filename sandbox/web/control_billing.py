"""Control addresses about what the app charges: seeing it, and doing what the merchant or Shopify does."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from sandbox import edits
from sandbox.commands import billing
from sandbox.commands.errors import RefusedError
from sandbox.ids import gid
from sandbox.store.app import Installation
from sandbox.store.billing import AppSubscription
from sandbox.web.admin.charges import ACTIONS, apply
from sandbox.web.control_route import control_route
from sandbox.web.server import server_of, shop_of


async def show(request: Request, _: dict[str, Any]) -> Any:
    installation = _installation(request)
    billing.expire(shop_of(request), installation)
    return [_told(each) for each in installation.app_subscriptions.values()]


async def act(request: Request, body: dict[str, Any]) -> Any:
    """`{action}`: approve, decline, as the merchant does; freeze, unfreeze, cancel, as Shopify does."""
    shop, installation, action = shop_of(request), _installation(request), str(body["action"])
    found = installation.app_subscriptions.get(request.path_params["number"])
    if found is None:
        raise HTTPException(404, "There is no such subscription.")
    try:
        match action:
            case "approve":
                billing.approve(shop, installation, found)
            case "decline":
                billing.decline(shop, installation, found)
            case _ if action not in ACTIONS:
                raise edits.EditError(f"Nobody can {action} a subscription.")
            case _ if not apply(shop, found, action):
                raise edits.EditError(f"The subscription is {found.status}.")
    except RefusedError as refusal:
        raise edits.EditError(refusal.errors[0].message) from refusal
    return _told(found)


def _told(subscription: AppSubscription) -> dict[str, Any]:
    recurring = subscription.recurring
    return {
        "id": gid("AppSubscription", subscription.id),
        "name": subscription.name,
        "status": subscription.status,
        "price": str(recurring.price) if recurring else None,
        "currency": recurring.currency if recurring else None,
        "test": subscription.test,
        "returnUrl": subscription.return_url,
    }


def _installation(request: Request) -> Installation:
    app = server_of(request).app
    found = None if app is None else shop_of(request).installations.get(app.client_id)
    if found is None:
        raise HTTPException(404, "The app is not installed in this shop.")
    return found


routes = [
    control_route("/shops/{shop}/subscriptions", get=show),
    control_route("/shops/{shop}/subscriptions/{number:int}", post=act),
]
