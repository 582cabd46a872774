"""Control addresses below `/_control/`, for tests, benchmarks and curiosity. JSON in, JSON out.

Edits go through the very commands that the admin page uses. Refusals are `{"error": …}` with status 422.
"""

from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request

from sandbox import auth, edits
from sandbox.bucket import Tier
from sandbox.catalogue import Recipe, generate
from sandbox.clock import VirtualClock
from sandbox.commands.errors import RefusedError
from sandbox.commands.products import delete_product
from sandbox.commands.shops import (
    add_location,
    add_shop,
    delete_location,
    edit_shop,
    install_app,
    rename_location,
    set_location_active,
    uninstall_app,
)
from sandbox.csv_import import import_products
from sandbox.csv_rows import UnreadableFileError
from sandbox.ids import gid, parse_gid
from sandbox.loading import load
from sandbox.session_token import mint, owner
from sandbox.store.app import App, Installation
from sandbox.store.shop import Shop
from sandbox.store.table import Table
from sandbox.web.control_route import control_route
from sandbox.web.dump import dump_product, dump_shop, dump_variant
from sandbox.web.server import Server, server_of, shop_of


async def list_shops(request: Request, _: dict[str, Any]) -> Any:
    return [_summary(server_of(request), shop) for shop in server_of(request).sandbox.shops.values()]


async def make_shop(request: Request, body: dict[str, Any]) -> Any:
    """`{domain, name?, currency?, tier?, locale?, locations?}`"""
    server = server_of(request)
    try:
        shop = add_shop(
            server.sandbox,
            body["domain"],
            name=body.get("name"),
            currency=body.get("currency", "EUR"),
            tier=Tier[body.get("tier", "STANDARD").upper()],
            locale=body.get("locale", "en"),
            locations=body.get("locations", ["Main Warehouse"]),
        )
    except (KeyError, ValueError) as error:
        raise edits.EditError(f"The shop could not be made: {error}.") from error
    return _summary(server, shop)


async def show_shop(request: Request, _: dict[str, Any]) -> Any:
    return dump_shop(shop_of(request))


async def change_shop(request: Request, body: dict[str, Any]) -> Any:
    """Any of name, currency, locale, timezone, tier."""
    server, shop = server_of(request), shop_of(request)
    known = ("name", "currency", "locale", "timezone")
    texts = {field: str(body[field]) for field in known if field in body}
    try:
        tier = Tier[str(body["tier"]).upper()] if "tier" in body else None
        ZoneInfo(texts.get("timezone", shop.timezone))
    except (KeyError, ValueError) as error:
        raise edits.EditError(f"The shop cannot be changed so: {error}.") from error
    edit_shop(shop, **texts, tier=tier)
    return _summary(server, shop)


async def list_products(request: Request, _: dict[str, Any]) -> Any:
    """The products above the number `after`, `first` of them (250 without it), as in the dump of the shop."""
    shop = shop_of(request)
    after, first = request.query_params.get("after", "0"), request.query_params.get("first", "250")
    if not after.isdecimal() or not first.isdecimal():
        raise edits.EditError("after and first must be whole numbers.")
    rows = islice(shop.products.ascending(above=int(after)), int(first))
    return [dump_product(shop, product) for product in rows]


async def make_product(request: Request, body: dict[str, Any]) -> Any:
    """`{title, price?, sku?, available?}`"""
    shop = shop_of(request)
    product = edits.add_product(
        shop,
        str(body.get("title", "")),
        str(body.get("price", "0")),
        str(body.get("sku", "")),
        str(body.get("available", "0")),
    )
    return dump_product(shop, product)


async def edit_product(request: Request, body: dict[str, Any]) -> Any:
    """Any of title, status, descriptionHtml, vendor, productType, handle, tags (with commas)."""
    shop = shop_of(request)
    product = _row(shop.products, request.path_params["number"])
    for name, value in body.items():
        edits.edit_product(shop, product, name, str(value))
    return dump_product(shop, product)


async def remove_product(request: Request, _: dict[str, Any]) -> Any:
    shop = shop_of(request)
    delete_product(shop, _row(shop.products, request.path_params["number"]))
    return {"deleted": True}


async def edit_variant(request: Request, body: dict[str, Any]) -> Any:
    """Any of price, compareAtPrice, sku, barcode, cost, tracked; null clears what may be empty."""
    shop = shop_of(request)
    variant = _row(shop.variants, request.path_params["number"])
    for name, value in body.items():
        text = {None: "", True: "true", False: "false"}.get(value, str(value))
        edits.edit_variant(shop, variant, name, text)
    return dump_variant(variant)


async def edit_stock(request: Request, body: dict[str, Any]) -> Any:
    """`{location?, available}`, or `change` for so many more; without a location it is the primary one."""
    shop = shop_of(request)
    variant = _row(shop.variants, request.path_params["number"])
    location = shop.primary_location
    if "location" in body:
        location = _row(shop.locations, parse_gid(str(body["location"]), "Location") or 0)
    wanted = str(body.get("available", ""))
    if "change" in body:
        level = variant.item.levels.get(location.id)
        wanted = str((level.available if level else 0) + edits.quantity(str(body["change"])))
    edits.edit_stock(shop, variant, location, wanted)
    return dump_variant(variant)


async def make_location(request: Request, body: dict[str, Any]) -> Any:
    return {"id": gid("Location", add_location(shop_of(request), str(body["name"])).id)}


async def edit_location(request: Request, body: dict[str, Any]) -> Any:
    """Any of name, active."""
    shop = shop_of(request)
    location = _row(shop.locations, request.path_params["number"])
    if "name" in body:
        rename_location(shop, location, str(body["name"]))
    if "active" in body:
        set_location_active(shop, location, bool(body["active"]))
    return dump_shop(shop)["locations"]


async def remove_location(request: Request, _: dict[str, Any]) -> Any:
    """Only one that is not active can go."""
    shop = shop_of(request)
    try:
        delete_location(shop, _row(shop.locations, request.path_params["number"]))
    except RefusedError as refused:
        raise edits.EditError(refused.errors[0].message) from refused
    return dump_shop(shop)["locations"]


async def make_catalogue(request: Request, body: dict[str, Any]) -> Any:
    """`{count, seed?, start?, variants?, images?, locations?}`: generated products."""
    shop = shop_of(request)
    known = {name: body[name] for name in ("seed", "variants", "images", "locations") if name in body}
    drafts = generate(Recipe(**known), int(body["count"]), int(body.get("start", 0)))
    return {"products": load(shop, drafts)}


async def import_csv(request: Request, _: dict[str, Any]) -> Any:
    """The body is the file; `?overwrite=true` changes products that are there."""
    try:
        report = import_products(
            shop_of(request),
            await request.body(),
            overwrite=request.query_params.get("overwrite") == "true",
            settled=True,
        )
    except UnreadableFileError as error:
        raise edits.EditError(str(error)) from error
    return {
        "rows": report.rows,
        "created": len(report.created),
        "updated": len(report.updated),
        "skipped": report.skipped,
        "refused": [
            {"row": refusal.row, "handle": refusal.handle, "reason": refusal.reason, "rows": refusal.rows}
            for refusal in report.refusals
        ],
        "warnings": report.warnings,
    }


async def install(request: Request, body: dict[str, Any]) -> Any:
    """`{scopes?}`: a list, by default what the app asks for; where it is installed, others in their place."""
    server, shop = server_of(request), shop_of(request)
    return {
        "scopes": sorted(install_app(server.sandbox, shop, _app(server).client_id, body.get("scopes")).scopes)
    }


async def uninstall(request: Request, _: dict[str, Any]) -> Any:
    server, shop = server_of(request), shop_of(request)
    uninstall_app(shop, _app(server).client_id)
    return {"uninstalled": True}


async def revoke(request: Request, _: dict[str, Any]) -> Any:
    return {"revoked": auth.revoke_tokens(_installation(request))}


async def expire(request: Request, _: dict[str, Any]) -> Any:
    return {"expired": auth.expire_access_tokens(_installation(request), shop_of(request).clock.now())}


async def session_token(request: Request, _: dict[str, Any]) -> Any:
    """A session token as the admin would give it to the app's page."""
    server, shop = server_of(request), shop_of(request)
    return {"token": mint(_app(server), shop, owner(shop), shop.clock.now())}


async def mark(request: Request, body: dict[str, Any]) -> Any:
    """`{name}`: remember the counts of now."""
    server_of(request).traffic.mark(str(body["name"]))
    return {"name": body["name"]}


async def counts(request: Request, _: dict[str, Any]) -> Any:
    """Per shop: requests, points, throttled, queries and mutations by name; `?since=` a mark."""
    try:
        found = server_of(request).traffic.since(request.query_params.get("since"))
    except KeyError as error:
        raise HTTPException(404, "There is no such mark.") from error
    return {shop: count.as_json() for shop, count in found.items()}


async def show_settings(request: Request, _: dict[str, Any]) -> Any:
    server = server_of(request)
    return {
        "latencySeconds": server.settings.latency_seconds,
        "bulkStartDelaySeconds": server.sandbox.bulk.start_delay_seconds,
        "bulkObjectsPerSecond": server.sandbox.bulk.objects_per_second,
        "bulkLinesPerSecond": server.sandbox.bulk.lines_per_second,
    }


async def change_settings(request: Request, body: dict[str, Any]) -> Any:
    """Any of latencySeconds, bulkStartDelaySeconds, bulkObjectsPerSecond, bulkLinesPerSecond."""
    server = server_of(request)
    for name, value in body.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise edits.EditError(f"{name} must be a number of 0 or more.")
        match name:
            case "latencySeconds":
                server.settings.latency_seconds = float(value)
            case "bulkStartDelaySeconds":
                server.sandbox.bulk.start_delay_seconds = float(value)
            case "bulkObjectsPerSecond" if value > 0:
                server.sandbox.bulk.objects_per_second = float(value)
            case "bulkLinesPerSecond" if value > 0:
                server.sandbox.bulk.lines_per_second = float(value)
            case _:
                raise edits.EditError(f"{name} cannot be set to {value}.")
    return await show_settings(request, {})


async def advance(request: Request, body: dict[str, Any]) -> Any:
    """`{seconds}`: move a virtual clock on."""
    clock = server_of(request).sandbox.clock
    if not isinstance(clock, VirtualClock):
        raise edits.EditError("The clock of this sandbox is the machine's own.")
    clock.advance(float(body["seconds"]))
    return {"now": clock.now().isoformat()}


def _summary(server: Server, shop: Shop) -> dict[str, Any]:
    return {
        "domain": shop.domain,
        "name": shop.name,
        "currency": shop.currency,
        "locale": shop.locale,
        "tier": shop.tier.name,
        "products": len(shop.products),
        "variants": len(shop.variants),
        "installed": server.app is not None and server.app.client_id in shop.installations,
    }


def _app(server: Server) -> App:
    if server.app is None:
        raise HTTPException(404, "No app is configured.")
    return server.app


def _installation(request: Request) -> Installation:
    found = shop_of(request).installations.get(_app(server_of(request)).client_id)
    if found is None:
        raise HTTPException(404, "The app is not installed in this shop.")
    return found


def _row(table: Table[Any], number: int) -> Any:
    row = table.get(number)
    if row is None:
        raise HTTPException(404, "There is no such object.")
    return row


_SHOP = "/shops/{shop}"

routes = [
    control_route("/shops", get=list_shops, post=make_shop),
    control_route(_SHOP, get=show_shop, patch=change_shop),
    control_route(f"{_SHOP}/products", get=list_products, post=make_product),
    control_route(f"{_SHOP}/products/{{number:int}}", patch=edit_product, delete=remove_product),
    control_route(f"{_SHOP}/variants/{{number:int}}", patch=edit_variant),
    control_route(f"{_SHOP}/variants/{{number:int}}/stock", put=edit_stock),
    control_route(f"{_SHOP}/locations", post=make_location),
    control_route(f"{_SHOP}/locations/{{number:int}}", patch=edit_location, delete=remove_location),
    control_route(f"{_SHOP}/catalogue", post=make_catalogue),
    control_route(f"{_SHOP}/import", post=import_csv),
    control_route(f"{_SHOP}/install", post=install),
    control_route(f"{_SHOP}/uninstall", post=uninstall),
    control_route(f"{_SHOP}/tokens/revoke", post=revoke),
    control_route(f"{_SHOP}/tokens/expire", post=expire),
    control_route(f"{_SHOP}/session-token", post=session_token),
    control_route("/marks", post=mark),
    control_route("/counts", get=counts),
    control_route("/settings", get=show_settings, patch=change_settings),
    control_route("/clock/advance", post=advance),
]
