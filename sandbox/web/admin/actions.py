"""What the products page sends: one field at a time as JSON, and the forms to add and delete a product."""

from typing import Any, TypeVar

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import edits
from sandbox.commands.products import delete_product
from sandbox.store.table import Row, Table
from sandbox.web.server import handle_of, shop_of

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
    return _answer(lambda: edits.edit_variant(shop, variant, name, text))


async def save_stock(request: Request) -> Response:
    """The field's name is the number of the location."""
    shop = shop_of(request)
    variant = _row(shop.variants, request.path_params["number"])
    name, text = await _change(request)
    location = _row(shop.locations, int(name) if name.isdecimal() else 0)
    return _answer(lambda: edits.edit_stock(shop, variant, location, text))


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


def _answer(edit: Any) -> Response:
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
