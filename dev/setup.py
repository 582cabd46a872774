"""Make this working copy ready: `python3 dev/setup.py [STEP ...]`, all steps by default.

Needs nothing but a Python; a second run finds everything in place and ends at once. This file alone is also
readable by Pythons that are too old, so that they can be told so.
"""

import os
import shutil
import sys

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def use_newer_python() -> None:
    """Start again under a newer Python if there is one on PATH; else say what is needed."""
    for name in NEWER:
        found = shutil.which(name)
        if found and os.system('"%s" -c "" 2>%s' % (found, os.devnull)) == 0:
            os.execv(found, [found, os.path.abspath(__file__)] + sys.argv[1:])
    sys.exit("Python %d.%d or newer is needed; this is %d.%d." % (OLDEST + tuple(sys.version_info[:2])))


def main(names: list) -> int:  # type: ignore[type-arg]
    sys.path[0] = ROOT
    os.chdir(ROOT)
    from dev.provision import provision

    return provision(names)


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        use_newer_python()
    sys.exit(main(sys.argv[1:]))
