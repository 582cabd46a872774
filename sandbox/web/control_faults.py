"""Control addresses of what goes wrong on purpose: the fault plan, and how full a shop's bucket is."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from sandbox import allowance
from sandbox.edits import EditError
from sandbox.faults_read import FaultPlanError, read_plan, told
from sandbox.web.control_route import control_route
from sandbox.web.server import server_of, shop_of


async def show(request: Request, _: dict[str, Any]) -> Any:
    return told(server_of(request).sandbox.faults)


async def begin(request: Request, body: dict[str, Any]) -> Any:
    """The plan takes the place of the one before; its counts begin anew."""
    sandbox = server_of(request).sandbox
    try:
        plan = read_plan(body)
    except FaultPlanError as error:
        raise EditError(str(error)) from error
    named = (plan.shops or frozenset()).union(*(rule.shops or () for rule in plan.rules))
    unknown = sorted(named - sandbox.shops.keys())
    if unknown:
        raise EditError(f"shops has some that are not here: {', '.join(unknown)}.")
    sandbox.faults = plan
    return told(plan)


async def end(request: Request, _: dict[str, Any]) -> Any:
    """Answers what the plan has done. What it has set off already, a late webhook for one, goes on."""
    sandbox = server_of(request).sandbox
    plan, sandbox.faults = sandbox.faults, None
    return told(plan) | {"active": False}


async def show_bucket(request: Request, _: dict[str, Any]) -> Any:
    shop, client_id = shop_of(request), _client_id(request)
    bucket = allowance.bucket_of(shop, client_id)
    return {
        "available": bucket.available(shop.clock.monotonic()),
        "maximum": bucket.tier.maximum,
        "restoreRate": bucket.tier.restore_rate,
    }


async def set_bucket(request: Request, body: dict[str, Any]) -> Any:
    """`{available}`: so many points from now on; the bucket refills at its own rate."""
    shop, points = shop_of(request), body["available"]
    most = shop.tier.maximum
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points <= most:
        raise EditError(f"available must be a number between 0 and {most}.")
    allowance.set_available(shop, _client_id(request), float(points))
    return await show_bucket(request, {})


def _client_id(request: Request) -> str:
    app = server_of(request).app
    if app is None:
        raise HTTPException(404, "No app is configured.")
    return app.client_id


routes = [
    control_route("/faults", get=show, put=begin, delete=end),
    control_route("/shops/{shop}/bucket", get=show_bucket, post=set_bucket),
]
