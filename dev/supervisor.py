"""Watches a running stack: what crashes is started again or reported."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable

from dev.errors import DevError
from dev.processes import Crash
from dev.stack import Stack

_TRIES = 3
_TRIES_SECONDS = 60.0


class Supervisor:
    """`check()` is called now and then; `say` gets a line for a person, `monotonic` is a clock's seconds."""

    def __init__(
        self, stack: Stack, say: Callable[[str], None], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._stack = stack
        self._say = say
        self._monotonic = monotonic
        self._crashes: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_TRIES))

    def check(self) -> None:
        """Start again what has crashed.

        Raises DevError with its last lines for a process that cannot go on where it was, or that crashed
        three times in a minute.
        """
        for name in self._stack.crashed():
            child = self._stack.children[name]
            process = self._stack.find(name)
            ended = f"{process.title if process else name} ended ({_reason(child.returncode)})"
            if process is None or process.on_crash is not Crash.RESTART or not self._may_restart(name):
                raise DevError(f"{ended}. Its last lines, more in {child.log}:\n{child.tail()}")
            self._say(f"{ended}; started again.")
            self._stack.restart(name)

    def _may_restart(self, name: str) -> bool:
        times = self._crashes[name]
        times.append(self._monotonic())
        return len(times) < _TRIES or times[-1] - times[0] > _TRIES_SECONDS


def _reason(returncode: int | None) -> str:
    if returncode is not None and returncode < 0:
        return f"signal {-returncode}"
    return f"exit status {returncode}"
