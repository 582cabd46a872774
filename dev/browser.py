"""The Chromium that drives the page in tests, and a font for it. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from dev.command import run
from dev.errors import DevError
from dev.paths import VENV_PYTHON
from dev.progress import Step

STATE = "chromium and a font"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_PLAYWRIGHT_EXECUTABLES = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
_FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts",
)
_NONE_WORKS = (
    "No browser for the tests. They need Chromium or Google Chrome: install one (on Debian or Ubuntu: "
    "apt-get install chromium), or set CHROMIUM to the path of one."
)


def find() -> Path:
    """The browser's executable: `CHROMIUM` if set, else the system's, else Playwright's own download.

    Raises DevError when there is none. Start it with `--no-sandbox` when root: `launch_arguments()`.
    """
    for candidate in _candidates():
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    raise DevError(_NONE_WORKS)


def launch_arguments() -> list[str]:
    """Command-line switches the browser needs on this machine; its own sandbox refuses to run as root."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def is_ready() -> bool:
    try:
        find()
    except DevError:
        return False
    return has_font()


def has_font() -> bool:
    """Whether text on a page can be drawn at all: without a font, screenshots are full of boxes."""
    return any(
        next(Path(folder).expanduser().rglob(pattern), None) is not None
        for folder in _FONT_FOLDERS
        for pattern in ("*.ttf", "*.otf", "*.ttc", "*.pfb")
        if Path(folder).expanduser().is_dir()
    )


def install(step: Step) -> None:
    """Get what is missing: Playwright's download, or Debian's packages when that fails and we may.

    Raises DevError in plain words when neither works.
    """
    try:
        find()
    except DevError:
        try:
            run([VENV_PYTHON, "-m", "playwright", "install", "chromium"], step, failure=_NONE_WORKS)
            find()
        except DevError as refused:
            if not _may_apt_get():
                raise
            _apt_get(step, "chromium", refused)
    if not has_font():
        missing = DevError(
            "No font on this machine: install one, for example fonts-dejavu-core or fonts-liberation."
        )
        if not _may_apt_get():
            raise missing
        _apt_get(step, "fonts-dejavu-core", missing)
    step.result = _version(find())


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("CHROMIUM"):
        yield Path(chosen)
        return
    yield from (Path(found) for name in _NAMES if (found := shutil.which(name)))
    yield from map(Path, _MAC_APPLICATIONS)
    folders = (
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH"),
        "~/.cache/ms-playwright",
        "~/Library/Caches/ms-playwright",
    )
    for folder in (Path(name).expanduser() for name in folders if name):
        for pattern in _PLAYWRIGHT_EXECUTABLES:
            yield from sorted(folder.glob(pattern), reverse=True)


def _may_apt_get() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_get(step: Step, package: str, otherwise: DevError) -> None:
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    failure = f"{otherwise}\nDebian's package {package} could not be installed either."
    run(["apt-get", "update", "-q"], step, failure=failure, env=env)
    run(
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", package], step, failure=failure, env=env
    )


def _version(executable: Path) -> str:
    answer = subprocess.run([executable, "--version"], capture_output=True, text=True)
    return answer.stdout.strip() or executable.name
