"""The project's own Python environment: made with venv, filled by a locked uv. Standard library only."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from dev.command import run
from dev.errors import DevError
from dev.paths import ROOT, VENV, VENV_PYTHON
from dev.progress import Step

_UV_LOCK = ROOT / "requirements" / "uv.txt"
_DEV_LOCK = ROOT / "requirements" / "dev.txt"


def create_environment(step: Step) -> None:
    """Make `.venv`, with pip in it if this Python can; one of the same Python that works is kept."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    step.result = f"Python {python}"
    if _version_inside() == python:
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    if not _has_ensurepip() and _can_apt_get():
        run(
            ["apt-get", "install", "-y", "-q", f"python{python}-venv"],
            step,
            failure=f"The package python{python}-venv could not be installed.",
            env={"DEBIAN_FRONTEND": "noninteractive"},
        )
    options: list[str]
    if _has_ensurepip():
        options = []
    elif importlib.util.find_spec("pip") is not None:
        options = ["--without-pip"]
    else:
        raise DevError(
            f"This Python {python} can neither make an environment with pip nor has a pip of its own.\n"
            f"On Debian or Ubuntu: apt-get install python{python}-venv. Elsewhere: the full Python."
        )
    run(
        [sys.executable, "-m", "venv", *options, str(VENV)],
        step,
        failure="The Python environment could not be made.",
    )


def install_packages(step: Step) -> None:
    """Make the environment hold exactly what the lock files name, every file checked against its hash."""
    pip: list[str | Path] = (
        [VENV_PYTHON, "-m", "pip"]
        if _pip_inside()
        else [sys.executable, "-m", "pip", "--python", VENV_PYTHON]
    )
    run(
        [*pip, "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", _UV_LOCK],
        step,
        failure="The installer uv could not be installed.",
    )
    run(
        [
            VENV_PYTHON,
            "-m",
            "uv",
            "pip",
            "sync",
            "--python",
            VENV_PYTHON,
            "--require-hashes",
            _UV_LOCK,
            _DEV_LOCK,
        ],
        step,
        failure="The Python packages could not be installed.",
        env=_settings_of_pip(),
    )


def lock(step: Step) -> None:
    """Resolve every requirements/*.in anew, the later files within the bounds of the earlier ones."""
    bounds_of: dict[str, list[str]] = {"uv": [], "app": [], "dev": ["-c", "requirements/app.txt"]}
    for name, bounds in bounds_of.items():
        run(
            [
                *(VENV_PYTHON, "-m", "uv", "pip", "compile", "--upgrade", "--universal", "--generate-hashes"),
                *("--python-version", "3.11", "--no-emit-index-url", "--quiet", *bounds),
                *("-o", f"requirements/{name}.txt", f"requirements/{name}.in"),
            ],
            step,
            failure=f"requirements/{name}.in could not be resolved.",
            env={"UV_CUSTOM_COMPILE_COMMAND": "make lock", **_settings_of_pip()},
        )


def _has_ensurepip() -> bool:
    return (
        subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True).returncode == 0
    )


def _version_inside() -> str:
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    try:
        return subprocess.run([VENV_PYTHON, "-c", code], capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def _pip_inside() -> bool:
    return subprocess.run([VENV_PYTHON, "-c", "import pip"], capture_output=True).returncode == 0


def _can_apt_get() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _settings_of_pip() -> dict[str, str]:
    """The mirror, folder of wheels and certificate that pip has been told of, for uv, which asks no pip."""
    code = (
        "import json; from pip._internal.configuration import Configuration as C\n"
        "c = C(isolated=False); c.load(); print(json.dumps(dict(c.items())))"
    )
    python = VENV_PYTHON if _pip_inside() else Path(sys.executable)
    answer = subprocess.run([python, "-c", code], capture_output=True, text=True)
    if answer.returncode:
        return {}
    flat: dict[str, str] = {}
    for key, value in json.loads(answer.stdout).items():
        flat.update(value if isinstance(value, dict) else {key: value})  # nested by file since pip 25
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    found: dict[str, str] = {}
    for key, value in flat.items():
        target = names.get(key.split(".", 1)[-1])
        if target and value and target not in os.environ:
            found[target] = " ".join(value.split())
    return found
