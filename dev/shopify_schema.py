"""Shopify's Admin schema as introspection JSON, out of an npm package. Standard library only.

The package `@shopify/dev-mcp` carries the schemas of all supported versions, and a very large tree of
dependencies that nothing here needs. So the package alone is packed and checked, and two files are taken out.
"""

from __future__ import annotations

import base64
import hashlib
import tarfile
import tempfile
from pathlib import Path

from dev.command import run
from dev.errors import DevError
from dev.node import find_node
from dev.paths import SHOPIFY_SCHEMA
from dev.progress import Step

PACKAGE = "@shopify/dev-mcp@1.16.0"
_PACKAGE_SHA512 = "tqgRnK7sQhjew+htxtleTH23nXB5fZcsrhWgEkomsorGXvLOB2mh2upwZm8uzuTDNTZnqtLMe64yIwh6s2awtw=="
_FILES_SHA256 = {
    "admin_2026-07.json.gz": "5bcde995c89c59acdb2ee494378d96f45ce7378a16ec829a74b71d696a08ef19",
    "admin_2026-10.json.gz": "f3b522f264556925eada700e795e4a002a9cba83444ebcc6c0d724254a0c6593",
}
_LARGEST_FILE = 16 * 1024 * 1024


def pinned() -> str:
    """What the files' presence depends on: the package and the hashes."""
    return f"{PACKAGE} {_PACKAGE_SHA512} {sorted(_FILES_SHA256.items())}"


def is_current(folder: Path = SHOPIFY_SCHEMA) -> bool:
    """Whether every schema file is there with the pinned content."""
    return all(_sha256(folder / name) == expected for name, expected in _FILES_SHA256.items())


def fetch(step: Step) -> None:
    """Put the schema files into the cache. Raises DevError when the package differs from the pinned one."""
    node = find_node()
    with tempfile.TemporaryDirectory() as scratch:
        run(
            [node.npm, "pack", PACKAGE, "--pack-destination", scratch, "--silent"],
            step,
            failure="Shopify's schema could not be fetched.",
            cwd=Path(scratch),
            env=node.env,
        )
        archives = list(Path(scratch).glob("*.tgz"))
        if len(archives) != 1:
            raise DevError(f"npm pack {PACKAGE} left {len(archives)} archives where one was expected.")
        unpack(archives[0], SHOPIFY_SCHEMA)


def unpack(archive: Path, folder: Path, sha512: str = _PACKAGE_SHA512) -> None:
    """Check `archive` against `sha512` (base64) and write its schema files into `folder`."""
    with archive.open("rb") as file:
        actual = base64.b64encode(hashlib.file_digest(file, "sha512").digest()).decode()
    if actual != sha512:
        raise DevError(
            f"{PACKAGE} is not the package that was expected (sha512 {actual}). Nothing was unpacked."
        )
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "r:gz") as package:
        for name in _FILES_SHA256:
            member = package.getmember(f"package/dist/data/{name}")
            content = (
                package.extractfile(member) if member.isfile() and member.size <= _LARGEST_FILE else None
            )
            if content is None:
                raise DevError(f"{PACKAGE} holds no usable {name}.")
            part = folder / f"{name}.part"
            part.write_bytes(content.read())
            part.replace(folder / name)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
