import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from dev.child import Child
from dev.errors import DevError

SLEEPER = "import time; time.sleep(600)"


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until `condition` holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def with_grandchild(tmp_path: Path, leader: str) -> Child:
    """A process that starts another one, writes its pid, and then runs `leader`."""
    code = f"""
        import pathlib, subprocess, sys, time, signal
        other = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}])
        pathlib.Path({str(tmp_path / "part")!r}).write_text(str(other.pid))
        pathlib.Path({str(tmp_path / "part")!r}).rename({str(tmp_path / "pid")!r})
        {leader}
    """
    return Child("parent", [sys.executable, "-c", textwrap.dedent(code)], tmp_path / "log")


def started(child: Child, tmp_path: Path) -> int:
    """Start `child`; answers the pid of its own child."""
    child.start()
    eventually((tmp_path / "pid").exists)
    return int((tmp_path / "pid").read_text())


@pytest.mark.parametrize(
    "leader",
    ["time.sleep(600)", "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", "sys.exit(3)"],
)
def test_stop_leaves_nothing_of_the_group(tmp_path: Path, leader: str) -> None:
    child = with_grandchild(tmp_path, leader)
    grandchild = started(child, tmp_path)
    child.stop(seconds=0.5)
    assert not child.running
    eventually(lambda: not alive(grandchild))


def test_stop_asks_first(tmp_path: Path) -> None:
    code = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("in order"), sys.exit(0)))
print("ready")
time.sleep(600)
"""
    child = Child("polite", [sys.executable, "-c", code], tmp_path / "log")
    child.start()
    eventually(lambda: "ready" in child.tail())
    child.stop()
    assert child.returncode == 0
    assert child.tail() == "    ready\n    in order"


def test_it_can_be_started_again_and_writes_on_in_its_log(tmp_path: Path) -> None:
    child = Child("twice", [sys.executable, "-c", "print('here')"], tmp_path / "log")
    for _ in range(2):
        child.start()
        assert child.wait(20)
    child.stop()
    assert child.tail() == "    here\n    here"


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    child = Child("absent", [tmp_path / "no-such-program"], tmp_path / "log")
    with pytest.raises(DevError, match=r"absent could not be started: .*no-such-program: No such file"):
        child.start()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_children_end_with_a_parent_that_is_killed(tmp_path: Path, number: signal.Signals) -> None:
    code = f"""
import time
from pathlib import Path
from dev.child import Child
import sys
child = Child("orphan", [sys.executable, "-c", {SLEEPER!r}], Path({str(tmp_path / "log")!r}))
child.start()
print(child.pid, flush=True)
time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        assert alive(orphan)
        os.kill(parent.pid, number)
    eventually(lambda: not alive(orphan))
