"""What every page says while faults are switched on."""

from sandbox.faults_presets import PRESETS, is_of_presets
from sandbox.store.sandbox import Sandbox
from sandbox.web.markup import NOTHING, Html, render, template

_BANNER = template("faults/banner")
_ALARM = Html('<a class="alarm" href="/#faults">Faults on</a>')


def banner(sandbox: Sandbox) -> Html:
    """Nothing while all is well."""
    plan = sandbox.faults
    if plan is None:
        return NOTHING
    names = "a plan of rules"
    if is_of_presets(plan):
        names = ", ".join(PRESETS[name].title for name in plan.presets)
    return render(_BANNER, names=names)


def alarm(sandbox: Sandbox) -> Html:
    """For the top bar, where the app's own page leaves no room for more."""
    return NOTHING if sandbox.faults is None else _ALARM
