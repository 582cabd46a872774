"""Skip work whose inputs have not changed since it last succeeded. Standard library only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from dev.paths import CACHE, ROOT


def digest(files: Iterable[Path], facts: Iterable[str] = ()) -> str:
    """SHA-256 (hex) over the names and contents of `files`, in sorted order, and over `facts`.

    A missing file counts as empty, so that its appearance changes the digest.
    """
    total = hashlib.sha256()
    for fact in facts:
        total.update(b"fact\0" + fact.encode() + b"\0")
    for file in sorted(set(files)):
        name = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
        content = file.read_bytes() if file.is_file() else b""
        total.update(f"file\0{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


class Stamp:
    """The digest under which a named piece of work last succeeded, kept in a file of its own."""

    def __init__(self, name: str, folder: Path = CACHE / "stamps") -> None:
        self._file = folder / name

    def matches(self, current: str) -> bool:
        return self._file.is_file() and self._file.read_text() == current

    def write(self, current: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(current)

    def clear(self) -> None:
        self._file.unlink(missing_ok=True)
