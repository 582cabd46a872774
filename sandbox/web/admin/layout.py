"""The frame around every admin page: top bar, shop switcher, navigation, and the answer's security
headers.
"""

from urllib.parse import urlsplit

from starlette.responses import HTMLResponse

from sandbox.store.shop import Shop
from sandbox.web.admin.faults_banner import alarm, banner
from sandbox.web.markup import NOTHING, Html, join, render, template
from sandbox.web.server import Server, handle_of

_PAGE = template("layout/page")

_SWITCH = template("layout/switch")

_MAIN = '<main class="main" id="main"><div class="page">{banner}{body}</div></main>'

_SECTIONS = (
    ("products", "Products"),
    ("locations", "Locations"),
    ("import", "Import products"),
    ("webhooks", "Webhooks"),
    ("settings", "Settings"),
)


def page(
    server: Server,
    title: str,
    body: Html,
    *,
    shop: Shop | None = None,
    section: str = "",
    head: Html = NOTHING,
    status: int = 200,
) -> HTMLResponse:
    """A whole page. With a shop it has the shop's navigation, in which `section` is marked as the current
    one.
    """
    switch = NOTHING
    if shop is not None:
        links = join(
            render(
                '<a href="/store/{handle}/products"{current}>{name}</a>',
                handle=handle_of(other),
                current=Html(' aria-current="true"') if other is shop else NOTHING,
                name=other.name,
            )
            for other in server.sandbox.shops.values()
        )
        switch = render(_SWITCH, name=shop.name, links=links)
        body = render(
            '<div class="frame">{rail}{body}</div>',
            rail=_rail(server, shop, section),
            body=body if section == "app" else render(_MAIN, banner=banner(server.sandbox), body=body),
        )
    else:
        body = render(_MAIN, banner=banner(server.sandbox), body=body)
    text = render(_PAGE, title=title, head=head, alarm=alarm(server.sandbox), switch=switch, body=body)
    return HTMLResponse(
        text, status, {"Content-Security-Policy": _policy(server), "Cache-Control": "no-store"}
    )


def badge(text: str, tone: str = "") -> Html:
    """tone: good, warn, bad, info, or nothing for grey."""
    return render('<span class="badge {tone}">{text}</span>', tone=tone, text=text)


def _rail(server: Server, shop: Shop, section: str) -> Html:
    handle = handle_of(shop)
    links = [
        render(
            '<a href="/store/{handle}/{path}"{current}>{label}</a>',
            handle=handle,
            path=path,
            label=label,
            current=Html(' aria-current="page"') if path == section else NOTHING,
        )
        for path, label in _SECTIONS
    ]
    if server.app is not None:
        links.append(
            render(
                '<p class="heading">Apps</p><a href="/store/{handle}/app" id="app-home"{current}>{title}</a>'
                '<div class="sub" id="app-menu"></div>',
                handle=handle,
                title=server.app.title,
                current=Html(' aria-current="page"') if section == "app" else NOTHING,
            )
        )
    return render('<nav class="rail" aria-label="{name}">{links}</nav>', name=shop.name, links=join(links))


def _policy(server: Server) -> str:
    """Nothing from elsewhere but the app in its frame; nobody may frame the admin itself."""
    frame = "'none'"
    if server.app is not None and server.app.url:
        parts = urlsplit(server.app.url)
        frame = f"{parts.scheme}://{parts.netloc}"
    # The answer to a charge leads back to the app, which may be an address of its own.
    target = "" if frame == "'none'" else f" {frame}"
    return (
        f"default-src 'self'; frame-src {frame}; frame-ancestors 'none'; base-uri 'none';"
        f" form-action 'self'{target}"
    )
