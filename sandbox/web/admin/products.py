"""A shop's products: a searchable list in which titles, states, prices and stock are edited in place."""

from collections.abc import Iterator
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.journeys import as_json
from sandbox.store.location import Location
from sandbox.store.product import Product, Variant
from sandbox.store.shop import Shop
from sandbox.web.admin.layout import page
from sandbox.web.markup import NOTHING, Html, join, render, template
from sandbox.web.server import handle_of, server_of, shop_of

PAGE_SIZE = 25
_SHOWN_VARIANTS = 4
STATUSES = ("ACTIVE", "DRAFT", "ARCHIVED", "UNLISTED")

_HEAD = template("products/head")

_TOOLBAR = template("products/toolbar")

_PRODUCT = template("products/product")

_VARIANT = template("products/variant")

_STOCK = template("products/stock")

_ADD = template("products/add")

_CONFIRM = template("products/confirm")


async def products(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    query = request.query_params.get("q", "").strip()
    number = max(1, int(text)) if (text := request.query_params.get("page", "1")).isdecimal() else 1
    first = (number - 1) * PAGE_SIZE
    found = _page_of(_matching(shop, query), first)
    shown, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    handle = handle_of(shop)
    count = f"{len(shop.products):,} product{'' if len(shop.products) == 1 else 's'}"
    body = render(
        '{head}<p class="journey" id="journey" role="status" hidden></p>'
        '<div class="card flush">{toolbar}<div id="products" data-revision="{revision}"'
        ' data-watch="/store/{handle}/revision">{rows}</div>{pager}</div>{add}{confirm}',
        handle=handle,
        revision=str(shop.revision),
        head=render(_HEAD, count=count, currency=shop.currency, handle=handle),
        toolbar=render(_TOOLBAR, query=query),
        rows=join(product_row(shop, product) for product in shown) if shown else _empty(query),
        pager=_pager(query, number, more),
        add=render(_ADD, handle=handle, currency=shop.currency, location=shop.primary_location.name),
        confirm=Html(_CONFIRM),
    )
    return page(server, f"Products · {shop.name}", body, shop=shop, section="products")


async def revision(request: Request) -> Response:
    """A number that moves whenever anything in the shop changes, and how far the last change by hand is."""
    server, shop = server_of(request), shop_of(request)
    return JSONResponse({"revision": shop.revision, "journey": as_json(server.journeys.of(shop))})


def _matching(shop: Shop, query: str) -> Iterator[Product]:
    """The newest first. The query is looked for in titles, handles and SKUs, whatever its case."""
    wanted = query.casefold()
    for product in shop.products.descending():
        if (
            not wanted
            or wanted in product.title.casefold()
            or wanted in product.handle
            or any(wanted in (variant.item.sku or "").casefold() for variant in product.variants)
        ):
            yield product


def _page_of(found: Iterator[Product], first: int) -> list[Product]:
    """A page, and one more if there is a next page."""
    page_and_next: list[Product] = []
    for index, product in enumerate(found):
        if index >= first:
            page_and_next.append(product)
        if len(page_and_next) > PAGE_SIZE:
            break
    return page_and_next


def product_row(shop: Shop, product: Product) -> Html:
    """One product of the list, with all its variants."""
    locations = [location for location in shop.locations if location.is_active]
    handle = handle_of(shop)
    rows = [_variant_row(handle, product, variant, locations) for variant in product.variants]
    image = Html('<span class="thumb" aria-hidden="true"></span>')
    if product.media:
        image = render('<img class="thumb" src="{url}" alt="" loading="lazy">', url=_path(product))
    kind = product.product_type or "No type"
    count = len(product.variants)
    plural = "" if count == 1 else "s"
    more = NOTHING
    if len(rows) > _SHOWN_VARIANTS:
        more = render(
            '<button class="button plain more" type="button" data-more>Show {count} more</button>',
            count=str(len(rows) - _SHOWN_VARIANTS),
        )
    return render(
        _PRODUCT,
        id=str(product.id),
        handle=handle,
        title=product.title,
        image=image,
        meta=" · ".join((product.vendor or "No vendor", kind, f"{count} variant{plural}", product.handle)),
        statuses=join(
            render(
                '<option value="{value}"{selected}>{label}</option>',
                value=status,
                label=status.title(),
                selected=Html(" selected") if status == product.status else NOTHING,
            )
            for status in STATUSES
        ),
        locations=join(
            render('<th scope="col" class="number">{name}</th>', name=location.name) for location in locations
        ),
        variants=join(
            row if index < _SHOWN_VARIANTS else Html(row.replace("<tr>", "<tr hidden>", 1))
            for index, row in enumerate(rows)
        ),
        more=more,
    )


def _variant_row(handle: str, product: Product, variant: Variant, locations: list[Location]) -> Html:
    label = f"{product.title}, {variant.title}"
    return render(
        _VARIANT,
        id=str(variant.id),
        handle=handle,
        title=variant.title,
        sku=variant.item.sku or "–",
        price=str(variant.price),
        label=label,
        stock=join(_stock_cell(handle, variant, location, label) for location in locations),
    )


def _stock_cell(handle: str, variant: Variant, location: Location, label: str) -> Html:
    if not variant.item.tracked:
        return Html('<td class="number quiet" title="Inventory is not tracked">∞</td>')
    level = variant.item.levels.get(location.id)
    return render(
        _STOCK,
        id=str(variant.id),
        handle=handle,
        label=label,
        location=location.name,
        location_id=str(location.id),
        available=str(level.available) if level is not None and level.is_active else "",
    )


def _path(product: Product) -> str:
    """The image's address on this server, whatever name the server was reached by."""
    return "/" + product.media[0].url.split("/", 3)[3]


def _empty(query: str) -> Html:
    if query:
        return render('<div class="empty">No product matches “{query}”.</div>', query=query)
    return Html('<div class="empty">This shop has no products yet. Import a CSV file or add one.</div>')


def _pager(query: str, number: int, more: bool) -> Html:
    if number == 1 and not more:
        return NOTHING
    links = []
    for label, target, available in (("Previous", number - 1, number > 1), ("Next", number + 1, more)):
        if available:
            address = "?" + urlencode({"q": query, "page": target})
            links.append(
                render('<a class="button" href="{address}">{label}</a>', address=address, label=label)
            )
        else:
            links.append(render('<span class="button" aria-disabled="true">{label}</span>', label=label))
    return render(
        '<nav class="pager" aria-label="Pages">{back}<span>Page {number}</span>{forth}</nav>',
        back=links[0],
        number=str(number),
        forth=links[1],
    )


routes = [
    Route("/store/{handle}/products", products, methods=["GET"]),
    Route("/store/{handle}/revision", revision, methods=["GET"]),
    Route("/store/{handle}", products, methods=["GET"]),
]
