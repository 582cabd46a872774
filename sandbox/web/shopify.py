"""Shopify's own addresses, each below `/{shop}/`: GraphQL, tokens, staged uploads, bulk results, files."""

from typing import Any
from uuid import uuid4

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from sandbox import auth, bulk_results, uploads
from sandbox.context import Call
from sandbox.execute import execute
from sandbox.faults import Occasion
from sandbox.root_fields import root_fields
from sandbox.schema import falls_forward
from sandbox.web import faults
from sandbox.web.faults import at_risk
from sandbox.web.placeholder import draw
from sandbox.web.server import server_of, shop_of

INVALID_TOKEN = {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}
MAX_GRAPHQL_BYTES = 10 * 1024 * 1024


async def graphql(request: Request) -> Response:
    plan = server_of(request).sandbox.faults
    if plan is None:
        return await _graphql(request)
    body = await _graphql_body(request)
    names = ("",) if isinstance(body, Response) else _names(body["query"], body["operationName"])
    return await faults.through(plan, request, Occasion.GRAPHQL, names, lambda: _graphql(request))


async def _graphql(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    version = falls_forward(request.path_params["version"])
    headers = {"X-Request-Id": str(uuid4()), "X-Shopify-API-Version": version}
    installation = auth.authenticate(shop, request.headers.get("X-Shopify-Access-Token", ""))
    if installation is None:
        return JSONResponse(INVALID_TOKEN, 401, headers)
    body = await _graphql_body(request)
    if isinstance(body, Response):
        body.headers.update(headers)
        return body
    if server.settings.latency_seconds > 0:
        await server.sandbox.clock.sleep(server.settings.latency_seconds)
    answer = execute(
        Call(server.sandbox, shop, installation, version),
        body["query"],
        body["variables"],
        body["operationName"],
        cost_debug=request.headers.get("Shopify-GraphQL-Cost-Debug") == "1",
    )
    server.traffic.record(shop.domain, body["query"], body["operationName"], answer)
    return Response(orjson.dumps(answer), media_type="application/json", headers=headers)


def _names(query: str, operation: str | None) -> tuple[str, ...]:
    """What a rule may match of a request: its kind (query, mutation) and its root fields."""
    kind, fields = root_fields(query, operation)
    return (kind, *fields)


async def _graphql_body(request: Request) -> dict[str, Any] | Response:
    """query, variables and operationName of a request, or the answer to one that has none."""
    raw = await request.body()
    if len(raw) > MAX_GRAPHQL_BYTES:
        return JSONResponse({"errors": "Request entity too large"}, 413)
    if request.headers.get("Content-Type", "").partition(";")[0].strip() == "application/graphql":
        return {"query": raw.decode("utf-8", "replace"), "variables": {}, "operationName": None}
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return JSONResponse({"errors": {"query": "Required parameter missing or invalid"}}, 400)
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        return JSONResponse({"errors": {"query": "Required parameter missing or invalid"}}, 400)
    variables = body.get("variables") or {}
    if not isinstance(variables, dict):
        return JSONResponse({"errors": {"variables": "must be an object"}}, 400)
    name = body.get("operationName")
    return {
        "query": body["query"],
        "variables": variables,
        "operationName": name if isinstance(name, str) else None,
    }


async def access_token(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    headers = {"Cache-Control": "no-store", "X-Request-Id": str(uuid4())}
    parameters: dict[str, Any] = {}
    if request.headers.get("Content-Type", "").partition(";")[0].strip() == "application/json":
        try:
            body = orjson.loads(await request.body())
        except orjson.JSONDecodeError:
            body = None
        if not isinstance(body, dict):
            error = {"error": "invalid_request", "error_description": "The body is not a JSON object."}
            return JSONResponse(error, 400, headers)
        parameters = body
    else:
        async with request.form(max_files=0) as form:
            parameters = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        return JSONResponse(auth.grant(server.sandbox, shop, parameters), 200, headers)
    except auth.GrantError as refused:
        error = {"error": refused.error, "error_description": refused.description}
        return JSONResponse(error, refused.status, headers)


async def upload(request: Request) -> Response:
    """A staged upload: a form to the folder's address, or a PUT to the file's own signed one."""
    server, shop = server_of(request), shop_of(request)
    path = request.path_params["path"]
    try:
        if request.method == "PUT":
            signature = request.query_params.get("signature", "")
            uploads.receive_put(server.sandbox, shop, path, signature, await request.body())
            return Response(status_code=200)
        parts: list[tuple[str, str | bytes]] = []
        async with request.form(max_files=1, max_fields=50) as form:
            for name, value in form.multi_items():
                parts.append((name, await value.read() if isinstance(value, UploadFile) else value))
        stored = uploads.receive_form(server.sandbox, shop, parts, path)
    except uploads.UploadError as refused:
        return _storage_error(refused)
    location = f"{request.url.replace(query='')}{stored.key}"
    body = f"<PostResponse><Location>{location}</Location><Key>{stored.key}</Key></PostResponse>"
    return Response(body, 201, {"Location": location}, media_type="application/xml")


def _storage_error(refused: uploads.UploadError) -> Response:
    error = f"<Error><Code>{refused.code}</Code><Message>{refused.message}</Message></Error>"
    return Response(
        f"<?xml version='1.0' encoding='UTF-8'?>{error}", refused.status, media_type="application/xml"
    )


async def uploaded(request: Request) -> Response:
    """An uploaded file by its resource address, as Shopify fetches it when it becomes a media."""
    stored = uploads.find(shop_of(request), request.path_params["path"])
    if stored is None or stored.content is None or stored.resource == "BULK_MUTATION_VARIABLES":
        return Response(status_code=404)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
    return Response(stored.content, 200, headers, media_type=stored.mime_type)


async def bulk_result(request: Request) -> Response:
    server, shop = server_of(request), shop_of(request)
    path = bulk_results.find(server.sandbox, shop, request.path_params["name"], request.query_params)
    if path is None:
        return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
    return FileResponse(path, media_type="application/jsonl")


async def media(request: Request) -> Response:
    shop = shop_of(request)
    file = shop.files.get(request.path_params["number"])
    if file is None:
        return Response(status_code=404)
    owner = shop.products.get(next(iter(file.products), None))
    headers = {"Cache-Control": "public, max-age=86400", "Content-Security-Policy": "default-src 'none'"}
    label = owner.title if owner is not None else file.filename
    return Response(draw(file, label), 200, headers, media_type="image/svg+xml")


routes = [
    Route("/{shop}/admin/api/{version}/graphql.json", graphql, methods=["POST"]),
    Route(
        "/{shop}/admin/oauth/access_token", at_risk(Occasion.GRANT, "token", access_token), methods=["POST"]
    ),
    Route("/{shop}/_uploads/{path:path}", at_risk(Occasion.FILE, "upload", upload), methods=["POST", "PUT"]),
    Route("/{shop}/_uploads/{path:path}", uploaded, methods=["GET"]),
    Route("/{shop}/_bulk/{name}", at_risk(Occasion.FILE, "download", bulk_result), methods=["GET"]),
    Route("/{shop}/cdn/files/{number:int}/{name:path}", media, methods=["GET"]),
]
