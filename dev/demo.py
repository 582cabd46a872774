"""`python -m dev.demo`: the whole product with a sandbox full of products, three shops in step, one URL."""

import sys

from dev import tour
from dev.owners import Owners
from dev.paths import DATA, PLANS
from dev.progress import Progress
from dev.run import ports, run
from dev.stack import Stack
from dev.tour import FRESH, MAIN


def _stack() -> Stack:
    sandbox_port, app_port = ports()
    return Stack(
        DATA / "demo",
        scenario="tour",
        sandbox_port=sandbox_port,
        app_port=app_port,
        environ={"PLANS_FILE": str(PLANS)},
    )


def _prepare(stack: Stack, progress: Progress) -> None:
    with Owners(stack.urls.sandbox, stack.urls.app) as owners:
        with progress.step("Three shops connected"):
            jobs = tour.connect(owners)
        with progress.step("Their first sync") as step:

            def note(text: str) -> None:
                step.note = text

            step.result = tour.wait(owners, jobs, note)


def _greeting(stack: Stack) -> str:
    return (
        f"  Open {stack.urls.sandbox}/store/{MAIN}/products\n\n"
        "  Change a price there: a moment later it stands in Berlin Outlet, and converted to pounds in\n"
        "  London Store, without a click. The page says how long it took; have the others open beside it.\n\n"
        f"  All shops: {stack.urls.sandbox}/ - {FRESH} is invited: open the app there and accept.\n"
        "  In the app: Products, a product, then Why? tells where a value comes from. Plan: an upgrade\n"
        "  goes through the sandbox's own confirmation page. Settings: pause a shop, lend your rights to\n"
        "  the main, make an API token.\n\n"
        "  Every start begins with fresh shops and an empty database."
    )


if __name__ == "__main__":
    sys.exit(run(_stack, _greeting, "demo", prepare=_prepare))
