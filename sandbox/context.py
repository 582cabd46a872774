"""What every resolver is handed: who calls which shop, in which version."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.ids import Gid, gid, parse_gid
from sandbox.store.app import Installation
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop


@dataclass(slots=True, eq=False)
class Call:
    sandbox: Sandbox
    shop: Shop
    installation: Installation
    version: str
    unpaged: bool = False
    """Connections answer with every row, as bulk operations read them."""
    bulk: bool = False
    """A line of a bulk mutation: always synchronous, charged to nobody."""

    @property
    def now(self) -> datetime:
        return self.shop.now()

    @property
    def app_id(self) -> int:
        return self.installation.app.id

    def allows(self, scopes: frozenset[str]) -> bool:
        """Whether one of the scopes is granted; write_x includes read_x."""
        granted = self.installation.scopes
        return any(
            scope in granted or (scope.startswith("read_") and f"write_{scope[5:]}" in granted)
            for scope in scopes
        )


def number_of(text: str | None, *kinds: str) -> int | None:
    """The number in an id of one of the kinds; None for anything else, so that nothing is found for it."""
    return None if text is None else parse_gid(text, *kinds)


__all__ = ["Call", "Gid", "gid", "number_of"]
