"""A child process that can be stopped, killed, started again, and that never outlives this one."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev import guard
from dev.errors import DevError
from dev.paths import ROOT

_TAIL_BYTES = 64 * 1024
_POLL_SECONDS = 0.01
# Orphans that nobody reaps (a container without an init) stay in their group although they are dead.
_KILL_SECONDS = 2.0


class Child:
    """One program in a process group of its own, writing to a log file.

    `env` is added to this process's environment. `stop_signal` asks it to end in order. `user` (uid, gid) is
    who it runs as, for programs that refuse to be root.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        stop_signal: signal.Signals = signal.SIGTERM,
        user: tuple[int, int] | None = None,
    ) -> None:
        self.name = name
        self.argv = [str(part) for part in argv]
        self.log = log
        self._env = dict(env or {})
        self._cwd = cwd
        self._stop_signal = stop_signal
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Raises DevError when it was never started."""
        if self._process is None:
            raise DevError(f"{self.name} was never started.")
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def returncode(self) -> int | None:
        """Exit status, negative for a signal; None while it runs or before it was started."""
        return self._process.poll() if self._process is not None else None

    def start(self) -> None:
        """Raises DevError when the program is not there."""
        assert not self.running, f"{self.name} is running"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        uid, gid = self._user or (None, None)
        with self.log.open("ab") as out:
            try:
                self._process = subprocess.Popen(
                    self.argv,
                    cwd=self._cwd,
                    env={**os.environ, "PYTHONUNBUFFERED": "1", **self._env},
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    user=uid,
                    group=gid,
                    extra_groups=[] if self._user else None,
                )
            except OSError as error:
                raise DevError(
                    f"{self.name} could not be started: {self.argv[0]}: {error.strerror}"
                ) from error
        _tell_guard(f"+{self._process.pid} {int(self._stop_signal)}")

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within `seconds`."""
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, seconds: float = 10.0) -> None:
        """Ask it to end; after `seconds` make it end. Nothing of its process group is left."""
        self.begin_stop()
        self.wait(seconds)
        self.kill()

    def begin_stop(self) -> None:
        """Ask it to end and don't wait, so that several can end at the same time."""
        if self.running:
            os.kill(self.pid, self._stop_signal)

    def kill(self) -> None:
        """SIGKILL to its whole process group, as a crash of the machine would do."""
        if self._process is None:
            return
        group = self._process.pid
        deadline = time.monotonic() + _KILL_SECONDS
        while guard.send(group, signal.SIGKILL) and time.monotonic() < deadline:
            self._process.poll()
            time.sleep(_POLL_SECONDS)
        self._process.wait()
        _tell_guard(f"-{group}")

    def restart(self) -> None:
        """End it in order and start it again."""
        self.stop()
        self.start()

    def tail(self, lines: int = 20) -> str:
        """The last lines it wrote, each indented."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def _tell_guard(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(_guard_pipe(os.getpid()), f"{line}\n".encode())


@functools.cache
def _guard_pipe(_owner: int) -> int:
    """Descriptor to this process's guard; keyed by process, because a fork must not speak for its parent."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-S", guard.__file__],
        stdin=reading,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(reading)
    process.returncode = 0  # it ends after this process: nobody is to wait for it
    return writing
