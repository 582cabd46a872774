"""What a fault plan does to a request: to its answer, to its effect, to the app's access."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from sandbox import allowance, auth
from sandbox.commands.shops import uninstall_app
from sandbox.faults import FaultPlan, Kind, Occasion, Rule, Strike, When
from sandbox.store.shop import Shop
from sandbox.web.connection import Reset, Silence
from sandbox.web.server import server_of, shop_of

Endpoint = Callable[[Request], Awaitable[Response]]

_REASONS = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_PAGE = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"


def at_risk(occasion: Occasion, name: str, endpoint: Endpoint) -> Endpoint:
    """An endpoint to whose requests faults may happen; name is what rules match."""

    async def guarded(request: Request) -> Response:
        plan = server_of(request).sandbox.faults
        if plan is None:
            return await endpoint(request)
        return await through(plan, request, occasion, (name,), lambda: endpoint(request))

    return guarded


async def through(
    plan: FaultPlan,
    request: Request,
    occasion: Occasion,
    names: Sequence[str],
    respond: Callable[[], Awaitable[Response]],
) -> Response:
    """The answer to a request under a plan; respond is what does the work and answers when all goes well."""
    shop, clock = shop_of(request), server_of(request).sandbox.clock
    decisive: Strike | None = None
    for strike in plan.draw(occasion, shop.domain, names):
        if strike.rule.kind is Kind.SLOW:
            await clock.sleep(strike.seconds)
        else:
            decisive = strike
    if decisive is None:
        return await respond()
    rule = decisive.rule
    if rule.kind in (Kind.THROTTLED, Kind.REVOKED, Kind.UNINSTALLED):
        if rule.when is When.AFTER:
            answer = await respond()
            _intervene(rule, shop)
            return answer
        _intervene(rule, shop)
        return await respond()
    done: Response | None = None
    if rule.when is When.AFTER:
        done = await respond()
    else:
        await request.body()  # a peer that closes while it is still being sent to is met in many ways
    match rule.kind:
        case Kind.RESET:
            return Reset(done if isinstance(done, FileResponse) else None)
        case Kind.TIMEOUT:
            return Silence(clock, decisive.seconds)
        case Kind.GARBAGE:
            return HTMLResponse(_PAGE.format("Something went wrong"), 200)
        case Kind.INTERNAL_ERROR:
            return _internal_error()
        case _:
            return _refused(rule)


def _intervene(rule: Rule, shop: Shop) -> None:
    """Take from every app in the shop what it needs: its points, its tokens, its place."""
    for installation in list(shop.installations.values()):
        match rule.kind:
            case Kind.THROTTLED:
                allowance.set_available(shop, installation.app.client_id, 0.0)
            case Kind.REVOKED if rule.refreshable:
                auth.expire_access_tokens(installation, shop.clock.now())
            case Kind.REVOKED:
                auth.revoke_tokens(installation)
            case _:
                uninstall_app(shop, installation.app.client_id)


def _internal_error() -> Response:
    request_id = str(uuid4())
    message = f"Internal error. Looks like something went wrong on our end.\nRequest ID: {request_id}"
    extensions = {"code": "INTERNAL_SERVER_ERROR", "requestId": request_id}
    error = {"message": message, "extensions": extensions}
    return JSONResponse({"errors": [error]}, 200, {"X-Request-Id": request_id})


def _refused(rule: Rule) -> Response:
    headers = {"X-Request-Id": str(uuid4())}
    if rule.status == 429:
        headers["Retry-After"] = f"{rule.retry_after:.1f}"
        return JSONResponse({"errors": "Too Many Requests"}, 429, headers)
    return HTMLResponse(_PAGE.format(_REASONS[rule.status]), rule.status, headers)
