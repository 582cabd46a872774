"""`python -m dev.sdl`: compare schema.graphql with the API's schema; `--write` writes it."""

import argparse
import difflib
import subprocess
import sys

from dev.errors import DevError
from dev.paths import ROOT, VENV_PYTHON

COMMITTED = ROOT / "schema.graphql"


def printed() -> str:
    """The API's schema as SDL, as the code has it now. Raises DevError when it cannot be built."""
    export = subprocess.run(
        [VENV_PYTHON, "-m", "backend.schema.export"], cwd=ROOT, capture_output=True, text=True
    )
    if export.returncode:
        raise DevError(f"The API's schema cannot be built:\n{export.stderr.strip()}")
    return export.stdout.strip() + "\n"


def difference(committed: str, actual: str) -> str:
    """A unified diff from `committed` to `actual`; empty when they are equal."""
    return "".join(
        difflib.unified_diff(
            committed.splitlines(keepends=True),
            actual.splitlines(keepends=True),
            fromfile="schema.graphql",
            tofile="the code",
        )
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write schema.graphql")
    write = parser.parse_args(arguments).write
    try:
        actual = printed()
    except DevError as error:
        print(error)
        return 1
    if write:
        COMMITTED.write_text(actual, encoding="utf-8")
        return 0
    found = difference(COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else "", actual)
    if found:
        print(f"{found}\nThe API has changed: `make schema` writes schema.graphql.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
