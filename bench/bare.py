"""The least that takes a webhook in: reads the body, verifies it, answers. Nothing is kept.

`uvicorn --factory bench.bare:create_app`
"""

import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend.shopify.auth import AppCredentials
from backend.shopify.webhooks import Delivery, verify
from backend.web.webhooks import PATH


def create_app() -> Starlette:
    app = AppCredentials(os.environ["SHOPIFY_CLIENT_ID"], os.environ["SHOPIFY_CLIENT_SECRET"])

    async def take_in(request: Request) -> Response:
        verified = verify(await request.body(), request.headers, app)
        return Response(status_code=200 if isinstance(verified, Delivery) else 401)

    return Starlette(routes=[Route(PATH, take_in, methods=["POST"])])
