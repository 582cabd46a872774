"""A Shopify that answers by script: for answers that no shop and no sandbox gives."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from backend.shopify.client import ShopClient
from backend.shopify.throttle import LocalThrottle
from sandbox.clock import VirtualClock

SHOP = "main-shop.myshopify.com"
TOKEN = "shpat_the-secret-token"
URL = f"https://{SHOP}/admin/api/2026-10/graphql.json"

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def body(data: Any = None, *, errors: Any = None, cost: Any = "usual", **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = dict(more)
    if data is not None:
        given["data"] = data
    if errors is not None:
        given["errors"] = errors
    if cost == "usual":
        cost = {
            "requestedQueryCost": 10,
            "actualQueryCost": 10,
            "throttleStatus": {"maximumAvailable": 2000, "currentlyAvailable": 1990, "restoreRate": 100},
        }
    if cost is not None:
        given["extensions"] = {"cost": cost}
    return given


def reply(
    data: Any = None, *, status: int = 200, headers: dict[str, str] | None = None, **more: Any
) -> Reply:
    return httpx.Response(status, json=body(data, **more), headers=headers)


def raw(content: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return httpx.Response(status, content=content, headers=headers)


@dataclass(slots=True)
class Script:
    """Answers requests one by one and remembers them. `tokens` are what the provider answers, the last for
    ever."""

    replies: Iterator[Reply]
    tokens: list[str]
    clock: VirtualClock = field(default_factory=VirtualClock)
    requests: list[httpx.Request] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = next(self.replies)
        match answer:
            case Exception():
                raise answer
            case httpx.Response():
                return answer
            case _:
                return answer(request)

    async def token(self) -> str:
        return self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The variables of every request."""
        return [orjson.loads(each.content)["variables"] for each in self.requests]


def scripted(*replies: Reply, tokens: Iterable[str] = (TOKEN,), **settings: Any) -> tuple[ShopClient, Script]:
    script = Script(iter(replies), list(tokens))
    client = ShopClient(
        shop=SHOP,
        token=script.token,
        throttle=LocalThrottle(script.clock),
        http=httpx.AsyncClient(transport=httpx.MockTransport(script.handle)),
        clock=script.clock,
        **settings,
    )
    return client, script
