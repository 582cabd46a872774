"""What a working copy needs, each as a step that is skipped while nothing it depends on has changed.

Standard library only: these steps make the environment in which anything else can be imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from dev import browser, python, shopify_schema
from dev.command import run
from dev.node import find_node
from dev.paths import FRONTEND, ROOT, SPA, VENV, VENV_PYTHON
from dev.progress import Progress, Step
from dev.stamp import Stamp, digest

_UNWATCHED = {"node_modules", "dist", "generated", "coverage"}


@dataclass(frozen=True, slots=True)
class SetupStep:
    """`state` digests everything the result depends on; `exists` tells whether the result is there."""

    name: str
    title: str
    state: Callable[[], str]
    exists: Callable[[], bool]
    work: Callable[[Step], None]

    def ensure(self, progress: Progress) -> bool:
        """Do the work unless it is done; answers whether there was any. Raises DevError."""
        stamp = Stamp(self.name)
        state = self.state()
        if stamp.matches(state) and self.exists():
            return False
        stamp.clear()
        with progress.step(self.title) as step:
            self.work(step)
        stamp.write(self.state())
        return True


def _has_frontend() -> bool:
    return (FRONTEND / "package-lock.json").is_file()


def _requirements() -> str:
    return digest((ROOT / "requirements").glob("*.txt"), [str(VENV), VENV_PYTHON.resolve().as_posix()])


def _frontend_packages() -> str:
    names = ("package.json", "package-lock.json", ".npmrc")
    node = find_node().version[0] if _has_frontend() else 0
    return digest((FRONTEND / name for name in names), [f"node {node}"])


def _install_frontend_packages(step: Step) -> None:
    if not _has_frontend():
        step.result = "no frontend here"
        return
    node = find_node()
    run(
        [node.npm, "ci", "--no-audit", "--no-fund"],
        step,
        failure="The frontend's packages could not be installed.",
        cwd=FRONTEND,
        env=node.env,
    )


def _frontend_sources() -> str:
    return digest([*_watched(FRONTEND), ROOT / "schema.graphql"])


def _watched(folder: Path) -> Iterable[Path]:
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.is_dir():
            if entry.name not in _UNWATCHED:
                yield from _watched(entry)
        else:
            yield entry


def _build_page(step: Step) -> None:
    if not _has_frontend():
        step.result = "no frontend here"
        return
    node = find_node()
    run(
        [node.npm, "run", "build"],
        step,
        failure="The page could not be built.",
        cwd=FRONTEND,
        env=node.env,
    )


STEPS: dict[str, SetupStep] = {
    step.name: step
    for step in (
        SetupStep(
            "venv",
            "Python environment",
            state=lambda: digest([], ["{}.{}".format(*sys.version_info), str(VENV)]),
            exists=VENV_PYTHON.exists,
            work=python.create_environment,
        ),
        SetupStep(
            "packages",
            "Python packages",
            state=_requirements,
            exists=VENV_PYTHON.exists,
            work=python.install_packages,
        ),
        SetupStep(
            "shopify",
            "Shopify's schema",
            state=shopify_schema.pinned,
            exists=shopify_schema.is_current,
            work=shopify_schema.fetch,
        ),
        SetupStep(
            "node",
            "Frontend packages",
            state=_frontend_packages,
            exists=lambda: (FRONTEND / "node_modules").is_dir() or not _has_frontend(),
            work=_install_frontend_packages,
        ),
        SetupStep(
            "page",
            "Page",
            state=_frontend_sources,
            exists=lambda: (SPA / "index.html").is_file() or not _has_frontend(),
            work=_build_page,
        ),
        SetupStep(
            "browser",
            "Browser for the tests",
            state=lambda: digest([], [browser.STATE]),
            exists=browser.is_ready,
            work=browser.install,
        ),
    )
}
