"""`python -m dev.tracked`: tracked files must not tie the project to one machine or one package index.

Lock files name packages and hashes, never addresses, so that a mirror works as well as the public index; and
no file names a folder that exists on one person's machine only.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dev.paths import ROOT

_INDEX_HOSTS = (
    ("pypi", "org"),
    ("python" + "hosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("crates", "io"),
    ("golang", "org"),
    ("maven", "org"),
    ("debian", "org"),
)
_HOME_FOLDERS = ("root", "work", "home/[a-z][a-z0-9_-]*", "Users/[A-Za-z][A-Za-z0-9_-]*")
_RULES = {
    "names a package index": re.compile(
        r"\b(?:{})\b".format("|".join(rf"{name}\.{ending}" for name, ending in _INDEX_HOSTS)), re.IGNORECASE
    ),
    "names a folder of one machine": re.compile(
        r"(?<![\w.}}/:-])/(?:{})(?=/|[\s\"'`),;]|$)".format("|".join(_HOME_FOLDERS)), re.MULTILINE
    ),
}
_LOCK_RULES = {"has an address in a lock file": re.compile(r'"resolved":|--index-url|--find-links')}
_LOCK_FILES = re.compile(r"requirements/\w+\.txt|(?:.*/)?package-lock\.json")


def problems(name: str, text: str) -> Iterator[str]:
    """A line `file:line: what is wrong` for everything in `text` that breaks a rule."""
    rules = _RULES | (_LOCK_RULES if _LOCK_FILES.fullmatch(name) else {})
    for rule, pattern in rules.items():
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: {rule}: {match[0].strip()}"


def tracked_files(root: Path = ROOT) -> list[str]:
    """Names, relative to `root`, of the files git tracks and the working copy still has."""
    answer = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, text=True, check=True)
    return [name for name in answer.stdout.split("\0") if name and (root / name).is_file()]


def main(root: Path = ROOT) -> int:
    if not (root / ".git").exists():
        print("Not a git working copy: nothing is tracked.")
        return 0
    found: list[str] = []
    for name in tracked_files(root):
        content = (root / name).read_bytes()
        if b"\0" not in content[:8192]:
            found.extend(problems(name, content.decode("utf-8", "replace")))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
