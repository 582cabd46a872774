"""Run a stack in the foreground until Ctrl-C, SIGTERM, or the death of the make that started it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping

from dev.errors import DevError
from dev.progress import Progress
from dev.stack import PortTakenError, Stack
from dev.supervisor import Supervisor

DEFAULT_PORT = 8410
_CHECK_SECONDS = 0.5


def ports(environ: Mapping[str, str] = os.environ) -> tuple[int, int]:
    """(sandbox, app): the one that `PORT` says and the next. Raises DevError when it is no port."""
    text = environ.get("PORT", "").strip() or str(DEFAULT_PORT)
    if not text.isdecimal() or not 1 <= int(text) <= 65534:
        raise DevError(f"PORT must be a number between 1 and 65534, not {text!r}.")
    return int(text), int(text) + 1


def run(
    make: Callable[[], Stack],
    greeting: Callable[[Stack], str],
    verb: str,
    work: Callable[[Stack, Progress], None] = lambda _stack, _progress: None,
    *,
    prepare: Callable[[Stack, Progress], None] = lambda _stack, _progress: None,
) -> int:
    """Start the stack, print `greeting`, supervise until told to stop; answers the exit status.

    `prepare` is called once, before the greeting, `work` twice a second after it.
    """
    progress = Progress()
    over = threading.Event()
    previous = {number: signal.signal(number, _raise_interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    parent = os.getppid() if "MAKELEVEL" in os.environ else None
    stack: Stack | None = None
    try:
        stack = make()
        stack.start(progress)
        prepare(stack, progress)
        progress.say(f"\n{greeting(stack)}\n\n  Ctrl-C stops everything. Logs: {stack.logs}\n")
        supervisor = Supervisor(stack, lambda line: progress.say(f"  {line}"))
        while not over.wait(_CHECK_SECONDS) and parent in (None, os.getppid()):
            supervisor.check()
            work(stack, progress)
    except PortTakenError as error:
        example = f"make {verb} PORT={error.port + 10}"
        print(f"\n{error} Stop that program, or choose another port: {example}", file=sys.stderr)
        return 1
    except DevError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        progress.say("\n  Stopping …")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if stack is not None:
            stack.stop()
        for number, handler in previous.items():
            signal.signal(number, handler)
    return 0


def _raise_interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
