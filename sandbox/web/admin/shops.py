"""The first page: all shops of the sandbox."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.store.shop import Shop
from sandbox.web.admin.faults import section
from sandbox.web.admin.layout import badge, page
from sandbox.web.markup import NOTHING, Html, join, render, template
from sandbox.web.server import Server, handle_of, server_of

_SHOP = template("shops/shop")


async def shops(request: Request) -> Response:
    server = server_of(request)
    cards = join(_card(server, shop) for shop in server.sandbox.shops.values())
    if cards:
        content = render('<div class="shops">{cards}</div>', cards=cards)
    else:
        content = Html(
            '<div class="card empty"><p>There are no shops yet.</p>'
            "<p>Make one by <code>POST /_control/shops</code>, or start with"
            " <code>--scenario demo</code>.</p></div>"
        )
    body = render(
        '<div class="head"><h1>Shops</h1></div><p class="quiet">Every shop here lives in this process alone:'
        " edit, import and delete as you like. A restart begins anew.</p>{content}{faults}",
        content=content,
        faults=section(server.sandbox),
    )
    return page(server, "Shops", body)


def _card(server: Server, shop: Shop) -> Html:
    handle = handle_of(shop)
    open_app, state = NOTHING, badge("No app configured")
    if server.app is not None:
        installed = server.app.client_id in shop.installations
        state = badge("Installed", "good") if installed else badge("Not installed")
        label = "Open the app" if installed else "Install the app"
        open_app = render(
            '<a class="button primary" href="/store/{handle}/app">{label}</a>', handle=handle, label=label
        )
    return render(
        _SHOP,
        handle=handle,
        name=shop.name,
        domain=shop.domain,
        products=f"{len(shop.products):,}",
        variants=f"{len(shop.variants):,}",
        locations=str(sum(location.is_active for location in shop.locations)),
        currency=shop.currency,
        plan=f"{shop.tier.name.title()}, {shop.tier.restore_rate} points/s",
        app=state,
        open_app=open_app,
    )


routes = [Route("/", shops)]
