"""`python -m backend.schema.export` prints the API's schema as SDL, sorted."""

import sys

from backend.schema.root import build


def sdl() -> str:
    return build(sort=True).as_str().strip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(sdl())
