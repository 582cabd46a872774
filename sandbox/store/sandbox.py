"""All shops of one process."""

from dataclasses import dataclass, field
from random import Random

from sandbox.clock import Clock
from sandbox.ids import IdSequence
from sandbox.store.app import App
from sandbox.store.shop import Shop


@dataclass(slots=True, eq=False)
class Sandbox:
    """seed makes everything that is left to chance (the order of bulk results, for one) the same every time."""

    clock: Clock
    seed: int = 0
    shops: dict[str, Shop] = field(default_factory=dict)
    """By domain, for example main-shop.myshopify.com."""
    apps: dict[str, App] = field(default_factory=dict)
    """By client id."""
    ids: IdSequence = field(default_factory=IdSequence, repr=False)
    random: Random = field(init=False, repr=False)
    base_url: str = "http://sandbox.test"
    """Where the server is reached, without a slash at the end: upload, result and media addresses begin so."""

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
