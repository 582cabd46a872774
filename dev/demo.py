"""`python -m dev.demo`: the whole product with a sandbox full of products, and one URL to open."""

import sys

from dev.paths import DATA
from dev.run import ports, run
from dev.stack import Stack


def _stack() -> Stack:
    sandbox_port, app_port = ports()
    return Stack(DATA / "demo", scenario="demo", sandbox_port=sandbox_port, app_port=app_port)


def _greeting(stack: Stack) -> str:
    return (
        f"  Open {stack.urls.sandbox}/\n\n"
        "  Open the app in the main shop and in the other two, connect them, and press Sync all;\n"
        "  then change a price in the main shop and sync again.\n\n"
        "  Every start begins with fresh shops and an empty database."
    )


if __name__ == "__main__":
    sys.exit(run(_stack, _greeting, "demo"))
