"""What the products page sends: one field at a time as JSON, and the forms to add and delete a product."""

from collections.abc import Callable
from typing import TypeVar

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import edits, journeys
from sandbox.commands.products import delete_product
from sandbox.store.product import Variant
from sandbox.store.table import Row, Table
from sandbox.web.server import handle_of, server_of, shop_of

R = TypeVar("R", bound=Row)


async def save_product(request: Request) -> Response:
    shop = shop_of(request)
    product = _row(shop.products, request.path_params["number"])
    name, text = await _change(request)
    return _answer(lambda: edits.edit_product(shop, product, name, text))


async def save_variant(request: Request) -> Response:
    shop = shop_of(request)
    variant = _row(shop.variants, request.path_params["number"])
    name, text = await _change(request)
    return _followed(request, variant, name, lambda: edits.edit_variant(shop, variant, name, text))


async def save_stock(request: Request) -> Response:
    """The field's name is the number of the location."""
    shop = shop_of(request)
    variant = _row(shop.variants, request.path_params["number"])
    name, text = await _change(request)
    location = _row(shop.locations, int(name) if name.isdecimal() else 0)
    return _followed(request, variant, "stock", lambda: edits.edit_stock(shop, variant, location, text))


async def add(request: Request) -> Response:
    shop = shop_of(request)
    async with request.form(max_files=0) as form:
        values = {name: str(value) for name, value in form.items()}
    try:
        edits.add_product(
            shop,
            values.get("title", ""),
            values.get("price", ""),
            values.get("sku", ""),
            values.get("available", ""),
        )
    except edits.EditError as error:
        return JSONResponse({"error": str(error)}, 422)
    return RedirectResponse(f"/store/{handle_of(shop)}/products", 303)


async def delete(request: Request) -> Response:
    shop = shop_of(request)
    delete_product(shop, _row(shop.products, request.path_params["number"]))
    return JSONResponse({"deleted": True})


def _followed(request: Request, variant: Variant, what: str, edit: Callable[[], str]) -> Response:
    """As `_answer`; it is then seen when the other shops have moved too."""
    if what not in ("price", "stock"):
        return _answer(edit)
    before = journeys.value(variant, what)
    answer = _answer(edit)
    server_of(request).journeys.begin(shop_of(request), variant, what, before)
    return answer


def _answer(edit: Callable[[], str]) -> Response:
    try:
        return JSONResponse({"value": edit()})
    except edits.EditError as error:
        return JSONResponse({"error": str(error)}, 422)


async def _change(request: Request) -> tuple[str, str]:
    """Name and text of the field that was edited."""
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, "The body is not JSON.") from error
    match body:
        case {"name": str(name), "value": str(text)}:
            return name, text
        case _:
            raise HTTPException(400, "The body must have the texts name and value.")


def _row(table: Table[R], number: int) -> R:
    row = table.get(number)
    if row is None:
        raise HTTPException(404, "It is no longer there. Reload the page.")
    return row


routes = [
    Route("/store/{handle}/products", add, methods=["POST"]),
    Route("/store/{handle}/products/{number:int}", save_product, methods=["POST"]),
    Route("/store/{handle}/products/{number:int}/delete", delete, methods=["POST"]),
    Route("/store/{handle}/variants/{number:int}", save_variant, methods=["POST"]),
    Route("/store/{handle}/variants/{number:int}/stock", save_stock, methods=["POST"]),
]
