"""Stops what a dead parent left running: `python -S dev/guard.py`, fed by the parent through standard input.

Lines are `+PID SIGNAL` for a process group to look after and `-PID` for one that has ended. When the parent
ends in whatever way, the pipe closes: each remaining group gets its signal, and after a while SIGKILL. (A
signal sent by the kernel at a parent's death exists on Linux only, and reaches direct children only.)
Standard library only.
"""

import os
import signal
import sys
import time

GRACE_SECONDS = 8.0
_POLL_SECONDS = 0.05


def watch() -> dict[int, int]:
    """Read until the parent is gone; answers the groups that are left, each with its signal."""
    groups: dict[int, int] = {}
    for line in sys.stdin:
        group, _, number = line[1:].partition(" ")
        if line[0] == "+":
            groups[int(group)] = int(number)
        else:
            groups.pop(int(group), None)
    return groups


def send(group: int, number: int) -> bool:
    """Whether the group still had a process to receive the signal."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    left = watch()
    for group, number in left.items():
        send(group, number)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and any(send(group, 0) for group in left):
        time.sleep(_POLL_SECONDS)
    for group in left:
        send(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
