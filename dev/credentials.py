"""The secrets of a stack on one's own machine: random, made once, readable by their owner only."""

from __future__ import annotations

import base64
import dataclasses
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@dataclass(frozen=True, slots=True)
class DemoSecrets:
    """In the form that the settings of the same names take."""

    client_id: str = field(default_factory=lambda: secrets.token_hex(16))
    client_secret: str = field(default_factory=lambda: f"shpss_{secrets.token_hex(16)}", repr=False)
    encryption_keys: str = field(default_factory=lambda: f"k1:{_key()}", repr=False)
    lookup_key: str = field(default_factory=_key, repr=False)

    @classmethod
    def kept_in(cls, file: Path) -> Self:
        """Those in `file`; new ones, written there, when it has none or others than are needed now."""
        try:
            return cls(**json.loads(file.read_text()))
        except (OSError, ValueError, TypeError):
            made = cls()
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                json.dump(dataclasses.asdict(made), out)
            return made
