"""Switching faults on and off: a section of the first page."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.faults import FaultPlan
from sandbox.faults_presets import PRESETS, is_of_presets, rules_of, struck
from sandbox.store.sandbox import Sandbox
from sandbox.web.admin.layout import badge
from sandbox.web.markup import Html, join, render, template
from sandbox.web.server import server_of

_SECTION = template("faults/section")
_PRESETS = template("faults/presets")
_PRESET = template("faults/preset")
_OTHER = template("faults/other")


def section(sandbox: Sandbox) -> Html:
    plan = sandbox.faults
    if plan is not None and not is_of_presets(plan):
        total = plan.struck.total()
        content = render(
            _OTHER,
            rules=f"{len(plan.rules)} rule{'s' if len(plan.rules) != 1 else ''}",
            shops="" if plan.shops is None else f" for {', '.join(sorted(plan.shops))}",
            struck="once" if total == 1 else f"{total:,} times",
        )
    else:
        content = render(_PRESETS, rows=join(_row(plan, name) for name in PRESETS))
    state = badge("Off") if plan is None else badge("On", "warn")
    return render(_SECTION, state=state, content=content)


def _row(plan: FaultPlan | None, name: str) -> Html:
    preset = PRESETS[name]
    on = plan is not None and name in plan.presets
    return render(
        _PRESET,
        name=name,
        title=preset.title,
        text=preset.text,
        struck=f"{struck(plan, name):,}" if plan is not None and on else "",
        next="false" if on else "true",
        label="Switch off" if on else "Switch on",
    )


async def switch(request: Request) -> Response:
    """One preset on or off; without one, all off."""
    sandbox = server_of(request).sandbox
    async with request.form(max_files=0) as form:
        name, on = str(form.get("preset", "")), form.get("on") == "true"
    present = sandbox.faults.presets if sandbox.faults is not None else ()
    wanted = tuple(each for each in PRESETS if (on if each == name else each in present)) if name else ()
    sandbox.faults = FaultPlan(sandbox.seed, rules_of(wanted), presets=wanted) if wanted else None
    return RedirectResponse("/#faults", 303)


routes = [Route("/faults", switch, methods=["POST"])]
