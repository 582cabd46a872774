"""`python -m dev.lock`: resolve the Python dependencies anew and write the hashed lock files."""

import sys

from dev.errors import DevError
from dev.progress import Progress
from dev.python import lock


def main() -> int:
    try:
        with Progress().step("Python dependencies") as step:
            lock(step)
    except DevError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
