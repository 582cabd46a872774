"""How long a value that a person has changed in one shop takes to move the same variant in the others.

The sandbox knows nothing of the app: it sees that a variant with the same SKU gets another price, or another
quantity, and when. What the other shops make of it (a converted price) is their affair.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.store.change import Event
from sandbox.store.product import Variant
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop

REMEMBERED = 20
_TOPICS = {
    "price": frozenset({"products/update"}),
    "stock": frozenset({"inventory_levels/update", "inventory_levels/connect"}),
}


@dataclass(slots=True)
class Waiting:
    """A variant elsewhere, the value that it had, and after how many seconds it had another one."""

    shop: Shop
    variant: Variant
    before: str
    seconds: float | None = None


@dataclass(slots=True)
class Journey:
    """`what` is "price" or "stock"; `began` is of the clock's monotonic seconds."""

    shop: Shop
    variant: Variant
    what: str
    before: str
    after: str
    began: float
    others: list[Waiting] = field(default_factory=list)


class Journeys:
    """The last changes by hand, the newest first, and what they did in shops that have an app.

    Listens to all shops from its first change on."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._known: deque[Journey] = deque(maxlen=REMEMBERED)
        self._listening = False

    def begin(self, shop: Shop, variant: Variant, what: str, before: str) -> None:
        """A person has just changed the variant's price or stock, which was `before`."""
        after = value(variant, what)
        if not variant.item.sku or after == before:
            return
        if not self._listening:
            self._sandbox.listeners.append(self._notice)
            self._listening = True
        others = [
            Waiting(other, twin, value(twin, what))
            for other in self._sandbox.shops.values()
            if other is not shop and other.installations
            for twin in _with_sku(other, variant.item.sku)
        ]
        now = self._sandbox.clock.monotonic()
        self._known.appendleft(Journey(shop, variant, what, before, after, now, others))

    def of(self, shop: Shop) -> Journey | None:
        """The last change by hand in that shop."""
        return next((each for each in self._known if each.shop is shop), None)

    def _notice(self, shop: Shop, event: Event) -> None:
        for journey in self._known:
            if event.topic not in _TOPICS[journey.what]:
                continue
            for each in journey.others:
                waits = each.shop is shop and each.seconds is None
                if waits and value(each.variant, journey.what) != each.before:
                    each.seconds = self._sandbox.clock.monotonic() - journey.began


def value(variant: Variant, what: str) -> str:
    """The price, or all that is available, as text."""
    if what == "price":
        return str(variant.price)
    return str(sum(level.available for level in variant.item.levels.values() if level.is_active))


def as_json(journey: Journey | None) -> dict[str, Any] | None:
    """For the page: one line about the change and one entry for every shop that has the variant."""
    if journey is None:
        return None
    product = journey.variant.product.title
    return {
        "change": f"{journey.what.title()} of {product}: {journey.before} → {journey.after}",
        "shops": [
            {
                "name": each.shop.name,
                "value": value(each.variant, journey.what),
                "seconds": None if each.seconds is None else round(each.seconds, 2),
            }
            for each in journey.others
        ],
    }


def _with_sku(shop: Shop, sku: str) -> Iterator[Variant]:
    return (variant for variant in shop.variants if variant.item.sku == sku)
