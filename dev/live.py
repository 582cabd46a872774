"""`python -m dev.live`: the demo for somebody who changes the code.

A change below backend/ restarts the API, the workers and the scheduler; the page comes from Vite, which
replaces what has changed in the open browser. The sandbox keeps running, and its shops with it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from dev.node import find_node
from dev.paths import DATA, FRONTEND, PLANS, ROOT
from dev.processes import PROCESSES, Crash, Process
from dev.progress import Progress
from dev.run import ports, run
from dev.stack import Stack

_BACKEND = ("api", "worker-live", "worker-background", "scheduler")


def fingerprint(folder: Path) -> frozenset[tuple[Path, int]]:
    """The Python files and GraphQL documents below `folder`, each with its time of change in nanoseconds."""

    def files() -> Iterator[tuple[Path, int]]:
        for pattern in ("*.py", "*.graphql"):
            for file in folder.rglob(pattern):
                try:
                    yield file, file.stat().st_mtime_ns
                except FileNotFoundError:
                    continue  # an editor was writing it anew

    return frozenset(files())


class Reloader:
    """Restarts what runs the backend's code when that code has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = fingerprint(folder)

    def __call__(self, stack: Stack, progress: Progress) -> None:
        now = fingerprint(self._folder)
        if now == self._seen:
            return
        changed = sorted({file.name for file, _ in now ^ self._seen})
        self._seen = now
        with progress.step(f"Changed: {changed[0]}{' …' if changed[1:] else ''}"):
            for name in _BACKEND:
                stack.restart(name)


def page(port: int) -> Process:
    """Vite's development server, which hands what is not the page to the API."""
    return Process(
        name="page",
        title="Page",
        argv=(
            *(str(find_node().npm), "--prefix", str(FRONTEND), "run", "dev", "--"),
            *("--host", "{host}", "--port", str(port), "--strictPort", "--clearScreen", "false"),
        ),
        ready="{page_url}/",
        on_crash=Crash.REPORT,
        env=(("API_URL", "{app_url}"), *find_node().env.items()),
    )


_ENVIRON = {"PLANS_FILE": str(PLANS)}


def _stack() -> Stack:
    sandbox_port, app_port = ports()
    if not (FRONTEND / "package-lock.json").exists():
        return Stack(DATA / "dev", sandbox_port=sandbox_port, app_port=app_port, environ=_ENVIRON)
    page_port = app_port + 1
    return Stack(
        DATA / "dev",
        sandbox_port=sandbox_port,
        app_port=app_port,
        page_port=page_port,
        environ=_ENVIRON,
        processes=(*PROCESSES, page(page_port)),
    )


def _greeting(stack: Stack) -> str:
    return (
        f"  Open {stack.urls.sandbox}/\n\n  What you change in backend/ and frontend/ is taken over at once."
    )


if __name__ == "__main__":
    sys.exit(run(_stack, _greeting, "dev", Reloader(ROOT / "backend")))
