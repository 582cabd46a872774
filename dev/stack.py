"""The whole product as child processes of this one: for the demo, for development, for end-to-end tests."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from dev.child import Child
from dev.credentials import DemoSecrets
from dev.errors import DevError
from dev.paths import ROOT, SPA, VENV_PYTHON
from dev.processes import ENVIRONMENT, MIGRATE, PROCESSES, Facts, Process
from dev.services import Services

_START_SECONDS = 60.0
_POLL_SECONDS = 0.05
_DATABASE = "multi_store_sync"


class PortTakenError(DevError):
    """Somebody else listens on `port`."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken by another program.")
        self.port = port


class Steps(Protocol):
    """Shows what is being started; `dev.progress.Progress` is one."""

    def step(self, name: str, /) -> AbstractContextManager[object]: ...


class Silent:
    def step(self, name: str, /) -> AbstractContextManager[object]:  # noqa: ARG002
        return nullcontext()


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses without trailing slash."""

    sandbox: str
    app: str
    database: str
    redis: str


class Stack:
    """PostgreSQL, Redis, sandbox, API, workers, scheduler; data and logs below `home`.

    Port 0 means any free one. Use it as a context manager, or `start()` and `stop()`. `environ` is added to
    the settings of every process. With `page_port`, a process among `processes` serves the page there.
    """

    def __init__(
        self,
        home: Path,
        *,
        scenario: str = "demo",
        sandbox_port: int = 0,
        app_port: int = 0,
        page_port: int | None = None,
        host: str = "127.0.0.1",
        environ: Mapping[str, str] | None = None,
        processes: tuple[Process, ...] = PROCESSES,
    ) -> None:
        self.home = home
        self._host = host
        self._ports = (sandbox_port, app_port)
        self._page_port = page_port
        self._scenario = scenario
        self._environ = dict(environ or {})
        self._processes = processes
        self._services: Services | None = None
        self._facts: Facts | None = None
        self._claim: IO[str] | None = None
        self.children: dict[str, Child] = {}

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def urls(self) -> Urls:
        facts = self._started()
        return Urls(facts.sandbox_url, facts.app_url, facts.database_url, facts.redis_url)

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the app's processes, for a program that is to join them."""
        facts = self._started()
        return {name: facts.fill(value) for name, value in ENVIRONMENT.items()} | self._environ

    def start(self, progress: Steps | None = None) -> None:
        """Bring everything up from nothing; earlier data are dropped, because the sandbox starts anew too.

        Raises DevError saying what did not start and its last lines; then nothing is left running.
        """
        try:
            self._start(progress or Silent())
        except BaseException:
            self.stop()
            raise

    def _start(self, progress: Steps) -> None:
        self._claim_home()
        ports = free_ports(self._host, self._ports)
        if self._page_port is not None:
            free_ports(self._host, [self._page_port])
        shutil.rmtree(self.logs, ignore_errors=True)
        with progress.step("PostgreSQL and Valkey"):
            self._services = Services(self.home)
            self.children |= self._services.children
            self._services.start()
        self._facts = self._gather(*ports)
        with progress.step("Database"):
            self._services.databases.drop(_DATABASE)
            self._services.databases.create(_DATABASE)
            self._migrate()
        for process in self._processes:
            with progress.step(process.title):
                self._launch(process)

    def _claim_home(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        claim = (self.home / "lock").open("w")
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            claim.close()
            raise DevError(f"It is running already, with its data in {self.home}.") from None
        self._claim = claim

    def _gather(self, sandbox_port: int, app_port: int) -> Facts:
        assert self._services is not None
        known = DemoSecrets.kept_in(self.home / "secrets.json")
        return Facts(
            python=str(VENV_PYTHON),
            host=self._host,
            app_port=app_port,
            sandbox_port=sandbox_port,
            app_url=f"http://{self._host}:{app_port}",
            page_url=f"http://{self._host}:{self._page_port or app_port}",
            sandbox_url=f"http://{self._host}:{sandbox_port}",
            database_url=self._services.databases.url(_DATABASE),
            redis_url=self._services.redis_url,
            client_id=known.client_id,
            client_secret=known.client_secret,
            encryption_keys=known.encryption_keys,
            lookup_key=known.lookup_key,
            scenario=self._scenario,
            frontend_dist=str(SPA),
        )

    def _migrate(self) -> None:
        facts = self._started()
        done = subprocess.run(
            [facts.fill(part) for part in MIGRATE],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise DevError(f"The database could not be migrated:\n{done.stdout}{done.stderr}")

    def _launch(self, process: Process) -> None:
        facts = self._started()
        child = Child(
            process.name,
            [facts.fill(part) for part in process.argv],
            self.logs / f"{process.name}.log",
            env=self.environment | {name: facts.fill(value) for name, value in process.env},
        )
        self.children[process.name] = child
        child.start()
        self._await(process)

    def _await(self, process: Process) -> None:
        child = self.children[process.name]
        address = self._started().fill(process.ready)
        deadline = time.monotonic() + _START_SECONDS
        while address and not answers(address):
            if not child.running:
                raise DevError(f"{process.title} ended while starting. Its last lines:\n{child.tail()}")
            if time.monotonic() > deadline:
                raise DevError(
                    f"{process.title} gave no answer for too long. Its last lines:\n{child.tail()}"
                )
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End everything in order: what uses a service before the service. Safe to call twice."""
        app = [child for name, child in self.children.items() if name not in self._service_names()]
        for child in app:
            child.begin_stop()
        for child in app:
            child.stop()
        if self._services is not None:
            self._services.stop()
        if self._claim is not None:
            self._claim.close()

    def kill(self, name: str) -> None:
        """SIGKILL a process and all of its children, as if the machine took them."""
        self.children[name].kill()

    def restart(self, name: str, *, wait: bool = True) -> None:
        """End a process in order if it runs, and start it. `wait`: until it works, which it never does while
        something that it needs is down."""
        child = self.children[name]
        child.stop()
        if process := self.find(name):
            child.start()
            if wait:
                self._await(process)
        elif self._services is not None:
            self._services.start_one(name)

    def crashed(self) -> list[str]:
        """Names of the processes, services included, that have ended without being asked to."""
        return [name for name, child in self.children.items() if child.returncode is not None]

    def find(self, name: str) -> Process | None:
        """The process of that name; None for a service or for nothing."""
        return next((process for process in self._processes if process.name == name), None)

    def _service_names(self) -> set[str]:
        return set(self._services.children) if self._services is not None else set()

    def _started(self) -> Facts:
        if self._facts is None:
            raise DevError("The stack was not started.")
        return self._facts

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def free_ports(host: str, wanted: Sequence[int]) -> list[int]:
    """The `wanted` ports, any free one in place of a 0. Raises DevError when somebody listens on one."""
    with ExitStack() as probes:
        found: list[int] = []
        for port in wanted:
            probe = probes.enter_context(socket.socket())
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise PortTakenError(port) from error
            found.append(probe.getsockname()[1])
        return found


def answers(address: str) -> bool:
    """Whether a GET of `address` answers 200 within a second."""
    try:
        with urllib.request.urlopen(address, timeout=1.0) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
