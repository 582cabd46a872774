"""`python -m dev.test [PYTEST ARGUMENT ...]`: the page's tests, then pytest, whose closing line comes last.

With arguments only pytest runs.
"""

import json
import os
import subprocess
import sys

from dev.errors import DevError
from dev.node import find_node
from dev.paths import FRONTEND, ROOT, VENV_PYTHON


def page_tests() -> int:
    """Run the frontend's tests if it has any; answers the exit status."""
    package = FRONTEND / "package.json"
    if not package.exists() or "test" not in json.loads(package.read_text())["scripts"]:
        return 0
    node = find_node()
    return subprocess.run(
        [node.npm, "run", "--silent", "test"], cwd=FRONTEND, env={**os.environ, **node.env}
    ).returncode


def main(arguments: list[str]) -> int:
    try:
        page = 0 if arguments else page_tests()
    except DevError as error:
        print(error, file=sys.stderr)
        page = 1
    python = subprocess.run([VENV_PYTHON, "-m", "pytest", *arguments], cwd=ROOT).returncode
    if page:
        print("\nThe page's tests failed, see above.", file=sys.stderr)
    return python or page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
