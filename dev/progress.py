"""One calm line per piece of work: what is done, how far it is, how long it took. Standard library only."""

from __future__ import annotations

import contextlib
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from typing import TextIO

_FRAME_SECONDS = 0.1
_NAME_WIDTH = 26


class Progress:
    """Writes steps to `out`: a line that lives on a terminal, a line at the start and the end elsewhere."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out if out is not None else sys.stdout
        self._live = self._out.isatty()

    def say(self, text: str = "") -> None:
        """Write a line of its own."""
        print(text, file=self._out, flush=True)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Show `name` while the block runs, then the seconds it took, or "failed" when it raises."""
        step = Step(name)
        ticker = threading.Thread(target=self._tick, args=(step,), daemon=True)
        if self._live:
            ticker.start()
        else:
            self.say(f"  {name:<{_NAME_WIDTH}} …")
        try:
            yield step
        except BaseException:
            self._finish(step, ticker, "failed")
            raise
        self._finish(step, ticker, step.result or "done")

    def _tick(self, step: Step) -> None:
        while not step.ended.wait(_FRAME_SECONDS):
            self._redraw(f"  {step.name:<{_NAME_WIDTH}} {step.seconds:5.0f} s  {step.note}")

    def _finish(self, step: Step, ticker: threading.Thread, outcome: str) -> None:
        step.ended.set()
        line = f"  {step.name:<{_NAME_WIDTH}} {step.seconds:5.1f} s  {outcome}"
        if self._live:
            ticker.join()
            self._redraw(line)
            self.say()
        else:
            self.say(line)

    def _redraw(self, line: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        self._out.write("\r\x1b[K" + line[:width])
        self._out.flush()


class Step:
    """What a running step may tell: `note` is shown while it runs, `result` when it has ended."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.note = ""
        self.result = ""
        self.ended = threading.Event()
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started
