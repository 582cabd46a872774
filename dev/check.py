"""`python -m dev.check`: everything that can be told without running the product.

All checks run, whatever the first ones say; only what fails shows its output.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dev.node import find_node
from dev.paths import FRONTEND, ROOT, VENV_PYTHON

_PYTHON = str(VENV_PYTHON)
IMPORT_RULES = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))"


@dataclass(frozen=True, slots=True)
class Check:
    """One program whose exit status is the verdict."""

    name: str
    argv: Sequence[str]
    cwd: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)


def checks() -> list[Check]:
    """The checks that apply to this working copy."""
    found = [
        Check("format", (_PYTHON, "-m", "ruff", "format", "--check", "--quiet", ".")),
        Check("lint", (_PYTHON, "-m", "ruff", "check", "--quiet", ".")),
        Check("types", (_PYTHON, "-m", "mypy")),
        Check("import rules", (_PYTHON, "-c", IMPORT_RULES)),
        Check("tracked files", (_PYTHON, "-m", "dev.tracked")),
    ]
    if (ROOT / "backend" / "schema" / "export.py").exists():
        found.append(Check("API schema", (_PYTHON, "-m", "dev.sdl")))
    if (FRONTEND / "package-lock.json").exists():
        node = find_node()
        for script in ("typecheck", "lint"):
            argv = (str(node.npm), "run", "--silent", script)
            found.append(Check(f"page {script}", argv, cwd=FRONTEND, env=node.env))
    return found


def passes(check: Check) -> bool:
    """Run `check`, print its verdict, and its output when it fails."""
    started = time.monotonic()
    result = subprocess.run(
        check.argv,
        cwd=check.cwd,
        env={**os.environ, **check.env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    verdict = "failed" if result.returncode else "ok"
    print(f"  {check.name:<26} {time.monotonic() - started:5.1f} s  {verdict}", flush=True)
    if result.returncode:
        print("".join(f"      {line}\n" for line in result.stdout.splitlines()))
    return result.returncode == 0


def main() -> int:
    verdicts = {check.name: passes(check) for check in checks()}
    failed = [name for name, good in verdicts.items() if not good]
    if failed:
        print(f"\nNot in order: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
