"""The result of a bulk query: lines of JSON, children after their parents in any order, of any size.

Lines are sorted into files by the parent they belong to, so that only one file's worth of them is in memory.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson

from backend.errors import Unavailable
from backend.shopify import json_text

# How much of a result is held in memory at once, in bytes of JSON; as objects it takes several times that.
PART_BYTES = 2 * 1024 * 1024


class Spool:
    """Takes lines one by one, gives back objects with their children as connections."""

    def __init__(self, folder: Path, expected_bytes: int) -> None:
        count = max(1, -(-expected_bytes // PART_BYTES))
        # More files than a process may hold open help nobody.
        self._paths = [folder / f"part-{index}.jsonl" for index in range(min(count, 200))]
        self._stack = ExitStack()
        self._files = [self._stack.enter_context(path.open("wb")) for path in self._paths]
        self._rest = b""
        self.received = 0

    def feed(self, data: bytes) -> None:
        """Any piece of the download. Raises `Unavailable` for a line that is no JSON object."""
        self.received += len(data)
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            self._add(line)

    def close(self) -> None:
        self._stack.close()

    def finish(self) -> None:
        """The download is complete."""
        self._add(self._rest)
        self._rest = b""
        self._stack.close()

    def objects(self) -> Iterator[dict[str, Any]]:
        """Root objects with their children: metafields, inventoryLevels and media as `{"nodes": [...]}`.

        A child whose parent is not there is left out: its parent was deleted while the operation ran.
        """
        for path in self._paths:
            roots: dict[str, dict[str, Any]] = {}
            children: list[dict[str, Any]] = []
            for line in path.read_bytes().splitlines():
                value = json_text.loads(line)
                if "__parentId" in value:
                    children.append(value)
                else:
                    roots[value["id"]] = value
            path.unlink()
            for child in children:
                parent = roots.get(child["__parentId"])
                if parent is not None:
                    parent.setdefault(_connection(child), {"nodes": []})["nodes"].append(child)
            yield from roots.values()

    def _add(self, line: bytes) -> None:
        if not line.strip():
            return
        try:
            value = orjson.loads(line)
            owner = value.get("__parentId") or value["id"]
            place = crc32(owner.encode()) % len(self._files)
        except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
            raise Unavailable("a line of the bulk result is no object") from None
        self._files[place].write(line + b"\n")


def _connection(child: dict[str, Any]) -> str:
    if "namespace" in child:
        return "metafields"
    return "inventoryLevels" if "quantities" in child else "media"
