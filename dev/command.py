"""Run one program to its end, showing its latest line of output as progress. Standard library only."""

from __future__ import annotations

import os
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev.errors import DevError
from dev.paths import ROOT
from dev.progress import Step

# Some programs say what is wrong at once and then explain themselves at length, others the reverse.
_FIRST_LINES = 10
_LAST_LINES = 15


def run(
    argv: Sequence[str | Path],
    step: Step,
    *,
    failure: str,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run `argv` until it exits; `env` is added to this process's environment.

    Raises DevError with `failure` and the program's first and last lines when it cannot be started or fails.
    """
    first: list[str] = []
    last: deque[str] = deque(maxlen=_LAST_LINES)
    try:
        process = subprocess.Popen(
            [str(part) for part in argv],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise DevError(f"{failure}\n{argv[0]}: {error.strerror}") from error
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            if text := line.strip():
                if len(first) < _FIRST_LINES:
                    first.append(text)
                else:
                    last.append(text)
                step.note = text
    if process.returncode:
        lines = [*first, *last]
        raise DevError("\n".join([failure, *(f"    {line}" for line in lines)]) + _hint("\n".join(lines)))


_HINTS = {
    (
        "no space left",
        "disk quota exceeded",
    ): "The disk is full: free some space, then run the command again.",
    (
        "could not resolve",
        "name resolution",
        "dns error",
        "connection refused",
        "network is unreachable",
        "timed out",
        "enotfound",
        "econnrefused",
        "econnreset",
        "etimedout",
        "eai_again",
        "failed to fetch",
        "tunnel error",
        "could not find a version that satisfies",
    ): ("The package registry could not be reached: check the network or the proxy, then run it again."),
    ("permission denied", "eacces", "read-only file system"): (
        "Files here cannot be written: check who owns the folder, then run the command again."
    ),
}


def _hint(output: str) -> str:
    lowered = output.lower()
    return next(
        (f"\n{hint}" for signs, hint in _HINTS.items() if any(sign in lowered for sign in signs)),
        "",
    )
