"""A shop's locations: add, switch off and on."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.commands.shops import add_location, set_location_active
from sandbox.store.location import Location
from sandbox.store.shop import Shop
from sandbox.web.admin.layout import badge, page
from sandbox.web.markup import NOTHING, Html, join, render, template
from sandbox.web.server import handle_of, server_of, shop_of

_LOCATION = template("locations/location")

_TOGGLE = template("locations/toggle")

_PAGE = template("locations/page")


async def locations(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    body = render(
        _PAGE, rows=join(_row(shop, location) for location in shop.locations), handle=handle_of(shop)
    )
    return page(server, f"Locations · {shop.name}", body, shop=shop, section="locations")


def _row(shop: Shop, location: Location) -> Html:
    primary = location.is_active and location is shop.primary_location
    toggle = NOTHING
    if not primary:
        toggle = render(
            _TOGGLE,
            handle=handle_of(shop),
            id=str(location.id),
            value="false" if location.is_active else "true",
            label="Deactivate" if location.is_active else "Activate",
        )
    address = ", ".join(part for part in (location.address.city, location.address.country) if part)
    return render(
        _LOCATION,
        name=location.name,
        primary=badge("Primary", "info") if primary else NOTHING,
        address=address,
        state=badge("Active", "good") if location.is_active else badge("Inactive"),
        stocked=f"{sum(level.is_active for level in location.levels.values()):,}",
        toggle=toggle,
    )


async def add(request: Request) -> Response:
    shop = shop_of(request)
    async with request.form(max_files=0) as form:
        name = str(form.get("name", "")).strip()[:100]
    if name:
        add_location(shop, name)
    return RedirectResponse(f"/store/{handle_of(shop)}/locations", 303)


async def switch(request: Request) -> Response:
    shop = shop_of(request)
    location = shop.locations.get(request.path_params["number"])
    async with request.form(max_files=0) as form:
        active = form.get("active") == "true"
    if location is not None and (active or location is not shop.primary_location):
        set_location_active(shop, location, active)
    return RedirectResponse(f"/store/{handle_of(shop)}/locations", 303)


routes = [
    Route("/store/{handle}/locations", locations, methods=["GET"]),
    Route("/store/{handle}/locations", add, methods=["POST"]),
    Route("/store/{handle}/locations/{number:int}", switch, methods=["POST"]),
]
