"""A shop's settings: the admin's language, and what a merchant or Shopify can do to the installed app."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox import auth
from sandbox.commands.shops import edit_shop, uninstall_app
from sandbox.store.shop import Shop
from sandbox.web.admin.charges import subscription_cards
from sandbox.web.admin.layout import badge, page
from sandbox.web.markup import NOTHING, Html, join, render, template
from sandbox.web.server import Server, handle_of, server_of, shop_of

LOCALES = {"en": "English", "fr": "Français", "de": "Deutsch", "es": "Español", "it": "Italiano"}

_PAGE = template("settings/page")

_APP = template("settings/app")

_DONE = {
    "locale": "Language saved.",
    "expire": "The access tokens have expired.",
    "revoke": "All tokens are revoked.",
    "uninstall": "The app is uninstalled.",
}


async def settings(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    done = _DONE.get(request.query_params.get("done", ""))
    facts = {
        "Domain": shop.domain,
        "Currency": shop.currency,
        "Time zone": shop.timezone,
        "Plan": shop.tier.name.title(),
        "API limit": f"{shop.tier.restore_rate} points/s, bucket of {shop.tier.maximum:,}",
    }
    body = render(
        _PAGE,
        done=render('<div class="banner good" role="status">{text}</div>', text=done) if done else NOTHING,
        handle=handle_of(shop),
        locales=join(
            render(
                '<option value="{value}"{selected}>{name}</option>',
                value=value,
                name=name,
                selected=Html(" selected") if value == shop.locale else NOTHING,
            )
            for value, name in LOCALES.items()
        ),
        facts=join(
            render('<tr><th scope="row">{name}</th><td>{value}</td></tr>', name=name, value=value)
            for name, value in facts.items()
        ),
        app=_app(server, shop),
    )
    return page(server, f"Settings · {shop.name}", body, shop=shop, section="settings")


def _app(server: Server, shop: Shop) -> Html:
    if server.app is None:
        return NOTHING
    installation = shop.installations.get(server.app.client_id)
    if installation is None:
        return render(
            '<section class="card"><h2>{title} {state}</h2>'
            '<a class="button" href="/store/{handle}/app">Install</a></section>',
            title=server.app.title,
            state=badge("Not installed"),
            handle=handle_of(shop),
        )
    card = render(
        _APP,
        title=server.app.title,
        state=badge("Installed", "good"),
        scopes=", ".join(sorted(installation.scopes)),
        tokens=str(auth.alive(installation, shop.clock.now())),
        handle=handle_of(shop),
    )
    return join([card, subscription_cards(shop, installation)])


async def change(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    what = request.path_params["what"]
    installation = None if server.app is None else shop.installations.get(server.app.client_id)
    match what:
        case "locale":
            async with request.form(max_files=0) as form:
                locale = str(form.get("locale", ""))
            if locale in LOCALES:
                edit_shop(shop, locale=locale)
        case "expire" if installation is not None:
            auth.expire_access_tokens(installation, shop.clock.now())
        case "revoke" if installation is not None:
            auth.revoke_tokens(installation)
        case "uninstall" if installation is not None:
            uninstall_app(shop, installation.app.client_id)
        case _:
            return RedirectResponse(f"/store/{handle_of(shop)}/settings", 303)
    return RedirectResponse(f"/store/{handle_of(shop)}/settings?done={what}", 303)


routes = [
    Route("/store/{handle}/settings", settings, methods=["GET"]),
    Route("/store/{handle}/settings/{what}", change, methods=["POST"]),
]
