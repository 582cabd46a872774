"""List the verbs of a Makefile with the text behind `##`: `python3 dev/help.py Makefile`."""

import re
import sys


def verbs(makefile: str) -> "list[tuple[str, str]]":
    """(name, explanation) of every target that has one, in the file's order."""
    return re.findall(r"^([a-z][\w-]*):.*?##\s*(.+)$", makefile, flags=re.MULTILINE)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        for name, explanation in verbs(file.read()):
            print("  make %-8s %s" % (name, explanation))
