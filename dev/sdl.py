"""`python -m dev.sdl`: compare schema.graphql with the API's schema; `--write` writes it."""

import argparse
import difflib
import sys
from importlib import import_module
from pathlib import Path

from dev.paths import ROOT

COMMITTED = ROOT / "schema.graphql"


def printed() -> str:
    """The API's schema as SDL, as the code has it now."""
    schema = import_module("backend.schema.root").schema
    return f"{schema.as_str().strip()}\n"


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


def main(arguments: list[str], committed: Path = COMMITTED) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write schema.graphql")
    if parser.parse_args(arguments).write:
        committed.write_text(printed(), encoding="utf-8")
        return 0
    found = difference(committed.read_text(encoding="utf-8") if committed.exists() else "", printed())
    if found:
        print(found)
        print("The API has changed: `make schema` writes schema.graphql.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
