"""The stack with small programs in place of the product's: its order, its words, and that nothing is left."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from dev.errors import DevError
from dev.paths import ROOT
from dev.processes import Crash, Process
from dev.run import DEFAULT_PORT, ports
from dev.stack import PortTakenError, Stack, answers, free_ports
from dev.supervisor import Supervisor
from tests.dev.test_child import eventually

SERVER = Process(
    name="server",
    title="Server",
    argv=("{python}", "-m", "http.server", "--bind", "{host}", "{sandbox_port}", "--directory", "docs"),
    ready="{sandbox_url}/",
    on_crash=Crash.REPORT,
)
SLEEPER = Process(name="sleeper", title="Sleeper", argv=("{python}", "-c", "import time; time.sleep(600)"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@contextmanager
def running(home: Path, *processes: Process) -> Iterator[Stack]:
    stack = Stack(home, processes=processes)
    stack.start()
    try:
        yield stack
    finally:
        stack.stop()


def test_it_starts_answers_and_leaves_nothing(home: Path) -> None:
    with running(home, SERVER, SLEEPER) as stack:
        assert list(stack.children) == ["postgres", "valkey", "server", "sleeper"]
        assert answers(stack.urls.sandbox)
        assert stack.crashed() == []
        pids = [child.pid for child in stack.children.values()]
        address = stack.urls.sandbox
    assert [pid for pid in pids if psutil.pid_exists(pid)] == []
    assert not answers(address)


def test_processes_get_the_settings_and_the_app_reads_them(home: Path) -> None:
    code = (
        "from backend.config import load; s = load(); print(s.app_url, s.shopify_base_url, s.frame_ancestors)"
    )
    reader = Process(name="reader", title="Reader", argv=("{python}", "-c", code))
    with running(home, reader) as stack:
        child = stack.children["reader"]
        assert child.wait(30)
        assert child.tail() == f"    {stack.urls.app} {stack.urls.sandbox}/{{shop}} {stack.urls.sandbox}"


def test_what_cannot_start_is_told_with_its_last_lines_and_all_is_stopped(home: Path) -> None:
    broken = Process(
        name="broken",
        title="Broken thing",
        argv=("{python}", "-c", "raise SystemExit('no such setting')"),
        ready="{app_url}/",
    )
    stack = Stack(home, processes=(SERVER, broken))
    with pytest.raises(DevError) as failure:
        stack.start()
    assert str(failure.value) == "Broken thing ended while starting. Its last lines:\n    no such setting"
    assert [name for name, child in stack.children.items() if child.running] == []


def test_a_second_one_in_the_same_folder_is_refused(home: Path) -> None:
    with running(home), pytest.raises(DevError, match="It is running already"):
        Stack(home, processes=()).start()
    with running(home):
        pass


def test_kill_and_restart(home: Path) -> None:
    with running(home, SERVER, SLEEPER) as stack:
        for name in ("sleeper", "postgres", "valkey", "server"):
            before = stack.children[name].pid
            stack.kill(name)
            assert stack.crashed() == [name]
            stack.restart(name)
            assert stack.crashed() == []
            assert stack.children[name].pid != before
        assert answers(stack.urls.sandbox)


def test_the_supervisor_starts_a_worker_again_and_gives_up_at_the_third_crash(home: Path) -> None:
    said: list[str] = []
    with running(home, SLEEPER) as stack:
        supervisor = Supervisor(stack, said.append, monotonic=lambda: 0.0)
        supervisor.check()
        for _ in range(2):
            stack.kill("sleeper")
            supervisor.check()
            assert stack.children["sleeper"].running
        assert said == ["Sleeper ended (signal 9); started again."] * 2
        stack.kill("sleeper")
        with pytest.raises(DevError, match=r"Sleeper ended \(signal 9\). Its last lines"):
            supervisor.check()


def test_crashes_far_apart_are_no_reason_to_give_up(home: Path) -> None:
    now = iter(range(0, 10_000, 100))
    said: list[str] = []
    with running(home, SLEEPER) as stack:
        supervisor = Supervisor(stack, said.append, monotonic=lambda: float(next(now)))
        for _ in range(4):
            stack.kill("sleeper")
            supervisor.check()
    assert len(said) == 4


@pytest.mark.parametrize("name", ["server", "postgres"])
def test_the_supervisor_reports_what_cannot_go_on(home: Path, name: str) -> None:
    with running(home, SERVER) as stack:
        stack.kill(name)
        with pytest.raises(DevError, match=r"ended \(signal 9\)"):
            Supervisor(stack, lambda _line: None).check()


def test_a_taken_port_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"Port {port} is taken by another program"):
            free_ports("127.0.0.1", [0, port])
        code = (
            "import sys; from pathlib import Path\n"
            "from dev.run import run, ports; from dev.stack import Stack\n"
            f"make = lambda: Stack(Path({str(tmp_path)!r}), sandbox_port=ports()[0], processes=())\n"
            "sys.exit(run(make, lambda stack: '', 'demo'))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"Port {port} is taken by another program. Stop that program, or choose another port: "
        f"make demo PORT={port + 10}"
    )


def test_free_ports_are_all_different() -> None:
    found = free_ports("127.0.0.1", [0] * 20)
    assert len(set(found)) == 20


def test_the_port_is_a_setting() -> None:
    assert ports({}) == (DEFAULT_PORT, DEFAULT_PORT + 1)
    assert ports({"PORT": "9000"}) == (9000, 9001)
    for wrong in ("0", "-1", "65535", "http"):
        with pytest.raises(DevError, match="PORT must be a number"):
            ports({"PORT": wrong})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(tmp_path: Path, number: signal.Signals) -> None:
    code = (
        "import sys; from pathlib import Path; from dev.run import run; from dev.stack import Stack\n"
        f"make = lambda: Stack(Path({str(tmp_path)!r}), processes=())\n"
        "greet = lambda stack: 'pids ' + ' '.join(str(child.pid) for child in stack.children.values())\n"
        "sys.exit(run(make, greet, 'demo'))"
    )
    demo = subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background has them ignore SIGINT, and their children would too.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    with demo:
        assert demo.stdout is not None
        line = next(line for line in demo.stdout if line.startswith("pids "))
        pids = [int(pid) for pid in line.split()[1:]]
        assert len(pids) == 2
        demo.send_signal(number)
        assert "Stopping" in demo.stdout.read()
    assert demo.returncode == 0
    eventually(lambda: not any(psutil.pid_exists(pid) for pid in pids))
