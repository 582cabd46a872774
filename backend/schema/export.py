"""`python -m backend.schema.export` prints the API's schema as SDL, sorted."""

import sys

from backend.schema.root import schema


def sdl() -> str:
    return schema.as_str().strip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(sdl())
